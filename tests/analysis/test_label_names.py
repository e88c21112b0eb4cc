# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Near-equal names of labels."""

import random
import time

import pytest

from labelwise.analysis.label_names import EQUAL, find_near_equal_names


def difference(one: str, two: str) -> str | None:
    found = find_near_equal_names(["something", one, two, "unlike it"])
    assert len(found) <= 1
    return found["difference"][0] if len(found) else None


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Natural Gas", "natural-gas"),
        ("natgas", " nat_gas"),
        ("ﬁnance", "finance"),
        ("ＡＢＣ", "abc"),
        ("Straße", "STRASSE"),
        ("caf\u00e9", "cafe\u0301"),
        ("soup", "so\u200bup"),
        ("中 文", "中文"),
    ],
)
def test_equal(one, two):
    assert difference(one, two) == EQUAL


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("bug crash", "crash bug", "order of words"),
        ("refund", "refunds", "plural"),
        ("policy change", "Policies changes", "plural"),
        ("box", "boxes", "plural"),
        ("admiration", "admiraton", "one letter"),
        ("admiration", "admirration", "one letter"),
        ("admiration", "admirotion", "one letter"),
        ("admiration", "admiraiton", "one letter"),
        ("grief", "greif", "one letter"),
    ],
)
def test_close(one, two, expected):
    assert expected in difference(one, two)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("corn", "coin"),
        ("heat", "wheat"),
        ("approval", "disapproval"),
        ("sun-oil", "lin-oil"),
        ("label 1", "label 2"),
        ("region10", "region1"),
        ("loss", "los"),
        ("+", "-"),
        ("中文", "中国"),
        ("abcdef", "bcdefg"),
    ],
)
def test_different(one, two):
    assert difference(one, two) is None


def test_sure_ones_come_first_and_each_pair_once():
    found = find_near_equal_names(["sports", "sport", "Sport", "politics"])
    pairs = found[["label", "other"]].to_numpy().tolist()
    assert pairs == [["sport", "Sport"], ["sports", "sport"], ["sports", "Sport"]]
    assert find_near_equal_names([]).empty


def test_thousands_of_labels():
    rng = random.Random(0)
    names = list({"".join(rng.choices("abcdefghijklmnopqrstuvwxyz ", k=rng.randint(4, 30))) for _ in range(3000)})
    start = time.monotonic()
    find_near_equal_names(names)
    assert time.monotonic() - start < 5


def test_a_name_of_1_mb():
    name = "x" * 1_000_000
    assert difference(name, name.upper()) == EQUAL
