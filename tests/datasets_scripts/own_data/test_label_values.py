# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import datetime

import numpy as np
import pandas
import pytest

from labelwise.datasets_scripts.own_data.label_values import (
    is_indicator,
    is_missing,
    is_null,
    parse_literal,
    read_indicator,
    to_plain,
)

NULLS = [None, float("nan"), np.float32("nan"), pandas.NA, pandas.NaT]


@pytest.mark.parametrize("value", NULLS)
def test_nulls_are_missing(value):
    assert is_null(value) and is_missing(value)
    assert read_indicator(value) is None


@pytest.mark.parametrize("value", ["", " ", "\t\n"])
def test_blank_strings_are_missing_and_no_nulls(value):
    assert is_missing(value) and not is_null(value)
    assert read_indicator(value) is None


@pytest.mark.parametrize("value", [0, 0.0, False, "None", "nan", [], {}, np.array([])])
def test_what_is_not_missing(value):
    assert not is_missing(value)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, 1.0, True, np.int64(1), np.float32(1), np.bool_(True), "1", " 1 ", "1.0", "true", "Yes", "T", "y"], 1),
        ([0, 0.0, False, np.int8(0), np.bool_(False), "0", "0.0", "FALSE", "no", "f", "N"], 0),
        ([-100, -100.0, np.int64(-100), "-100", "-100.0"], None),
    ],
)
def test_indicators(values, expected):
    assert [read_indicator(value) for value in values] == [expected] * len(values)
    assert all(is_indicator(value) for value in values)


@pytest.mark.parametrize("value", [2, -1, 0.5, "2", "x", "nan", "on", "1,0", [1], [], {}, datetime.date(2026, 1, 2)])
def test_what_is_no_indicator(value):
    assert not is_indicator(value)
    with pytest.raises(ValueError):
        read_indicator(value)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("['tax', 'law']", ["tax", "law"]),
        ('["tax", "law"]', ["tax", "law"]),
        ("['tax' 'law']", ["tax", "law"]),
        ("['tax'\n 'law']", ["tax", "law"]),
        ("""["it's" 'a, b']""", ["it's", "a, b"]),
        ("('tax', 'law')", ["tax", "law"]),
        ("('tax',)", ["tax"]),
        ("{'tax', 'law'}", ["law", "tax"]),
        (" ['tax'] ", ["tax"]),
        ("[]", []),
        ("()", []),
        ("set()", []),
        ("frozenset()", []),
        ("array([], dtype=object)", []),
        ("[0, 1, 0]", [0, 1, 0]),
        ("[0 1 0]", [0, 1, 0]),
        ("[1. 0.\n 1.]", [1.0, 0.0, 1.0]),
        ("[-100 1]", [-100, 1]),
        ("[true, null]", [True, None]),
        ("[True, None]", [True, None]),
        ("array(['tax'], dtype=object)", ["tax"]),
        ("array([1, 0])", [1, 0]),
        ("[np.str_('tax'), np.int64(1), np.True_]", None),
        ("[np.str_('tax'), np.int64(1)]", ["tax", 1]),
        ("[['tax']]", [["tax"]]),
        ("{'tax': 1, 'law': None}", {"tax": 1, "law": None}),
        ('{"tax": true}', {"tax": True}),
        ("{}", {}),
    ],
)
def test_lists_and_objects_in_strings(cell, expected):
    assert parse_literal(cell) == expected


@pytest.mark.parametrize("cell", ["tax", "", "1", "null", '"tax"', "[tax]", "(tax)", "[tax] law", "['tax'", "{tax}"])
def test_strings_that_are_no_lists(cell):
    assert parse_literal(cell) is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.array(["tax", "law"]), ["tax", "law"]),
        (np.array([[0, 1]]), [[0, 1]]),
        (np.array([1.0, np.nan]), [1.0, None]),
        (np.array(["tax", None], dtype=object), ["tax", None]),
        (("tax", {"law"}), ["tax", ["law"]]),
        ({"tax", "law"}, ["law", "tax"]),
        (frozenset({2, 1}), [1, 2]),
        (np.int64(3), 3),
        (np.str_("tax"), "tax"),
        ([np.float32(1), pandas.NA], [1.0, None]),
        (["", " "], ["", " "]),
        ({1: np.int8(0), "law": " ", "tax": float("nan")}, {"1": 0, "law": None, "tax": None}),
        ("tax", "tax"),
        (None, None),
    ],
)
def test_plain_values_have_the_types_of_json(value, expected):
    found = to_plain(value)
    assert found == expected and type(found) is type(expected)
    if isinstance(found, list):
        assert [type(item) for item in found] == [type(item) for item in expected]
