# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0

from labelwise.datasets_scripts.own_data.names import clip, shorten


def test_a_long_list_is_shortened():
    assert shorten(["a", "b"]) == "a, b"
    assert shorten(list("abcdef"), 3) == "a, b, c, …"
    assert shorten([]) == ""


def test_names_that_could_be_taken_for_several_are_quoted():
    assert shorten(["Küche", "noise, nights", "rent: late", "it's"]) == "Küche, 'noise, nights', rent: late, it's"
    assert shorten([" a", "b\n", "c\td", "", "la\u200bw"]) == r"' a', 'b\n', 'c\td', '', 'la\u200bw'"


def test_a_long_name_is_cut():
    assert clip("x" * 60) == "x" * 60
    assert clip("x" * 61) == "x" * 59 + "…"
    assert shorten(["x" * 100, "a, b" * 30]) == f"{'x' * 59}…, '{('a, b' * 30)[:59]}…'"
