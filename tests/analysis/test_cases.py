# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Planted cases come in the order that is promised."""

from labelwise.analysis.cases import Case, find_cases


def case(id: str, labels: str, *predicted: str, text: str = "text") -> Case:
    return Case(id, text, set(labels), [set(one) for one in predicted])


def test_order():
    cases = [
        case("same", "a", "a", "a", "a"),
        case("all wrong in the same way", "a", "b", "b", "b"),
        case("loss", "ab", "ab", "a", "a"),
        case("the one between differs", "a", "a", "b", "a"),
        case("long gain", "a", "b", "b", "a", text="a longer text"),
        case("gain", "a", "b", "a", "a"),
        case("gain of two labels", "ab", "a", "a", "ab"),
        case("nothing where nothing is true", "", "a", "a", ""),
    ]
    found = find_cases(cases)
    assert [one.id for one in found] == [
        "gain of two labels",
        "gain",
        "nothing where nothing is true",
        "long gain",  # the second of its labels
        "loss",
        "the one between differs",
    ]
    assert [one.id for one in found if one.is_gain] == [one.id for one in found[:4]]
    assert [one.id for one in found if one.is_loss] == ["loss"]


def test_none():
    assert find_cases([]) == []
