# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import re

import numpy as np
import pytest

from labelwise.datasets_scripts.own_data.label_profile import Cell
from labelwise.datasets_scripts.own_data.label_sets import (
    COLUMNS,
    LabelSet,
    id_to_name,
    is_id,
    numeric_first,
    pack_columns,
    read_label_set,
)
from labelwise.errors import UserInputError

COLUMN_NAMES = ["a", "b", "c"]


def read(value, reading, names=None, columns=COLUMN_NAMES, blank_is_negative=False, separator=None):
    cell = Cell(value, separator, keeps_strings=reading == COLUMNS)
    return read_label_set(cell, reading, "here", names, columns, blank_is_negative)


def test_columns_are_one_character_each():
    assert pack_columns([1, "0", None, -100], [*COLUMN_NAMES, "d"], "here") == "10?u"
    assert pack_columns(["yes", False, " ", np.nan], [*COLUMN_NAMES, "d"], "here") == "10??"
    with pytest.raises(UserInputError, match=r"here: '2' in the column 'b'; give 1 or 0, or leave it blank if it is"):
        pack_columns(["1", "2", ""], COLUMN_NAMES, "here")


@pytest.mark.parametrize(
    ("packed", "blank_is_negative", "expected"),
    [
        ("101", False, LabelSet(["a", "c"], [], ["b"])),
        ("1?0", False, LabelSet(["a"], ["b"], ["c"])),
        ("1u?", False, LabelSet(["a"], ["b", "c"], [])),
        ("1u?", True, LabelSet(["a"], ["b"], ["c"])),
        ("000", False, LabelSet([], [], ["a", "b", "c"])),
    ],
)
def test_columns_of_0_and_1(packed, blank_is_negative, expected):
    assert read(packed, COLUMNS, blank_is_negative=blank_is_negative) == expected


def test_rows_of_0_and_1():
    assert read([1, 0, True], "indicators") == LabelSet(["a", "c"], [], ["b"])
    assert read([1, None, -100], "indicators") == LabelSet(["a"], ["b", "c"], [])
    assert read([1, None, -100], "indicators", blank_is_negative=True) == LabelSet(["a"], ["c"], ["b"])
    assert read("1 0 1", "indicators", separator=" ") == LabelSet(["a", "c"], [], ["b"])
    with pytest.raises(UserInputError, match="here: 2 numbers for 3 labels; give one number per label"):
        read([1, 0], "indicators")


def test_objects_say_which_labels_apply_and_leave_the_others_unknown():
    assert read({"x": 1, " y ": False, "z": None}, "objects") == LabelSet(["x"], ["z"], ["y"], True)
    assert read({}, "objects") == LabelSet([], [], [], True)
    assert read({"x": 1, "y": 0, "z": None}, "objects", blank_is_negative=True) == LabelSet(["x"], [], ["y", "z"])
    for twice in ({"x": 1, "x ": 0}, {"": 1}):
        with pytest.raises(UserInputError, match=r"here: (label 'x' is named twice|a label has no name)"):
            read(twice, "objects")
    with pytest.raises(UserInputError, match="here: 'maybe' for label 'x'; give 1 or 0, or null if it is unknown"):
        read({"x": "maybe"}, "objects")


def test_names_are_stripped():
    assert read(" a b ; c;; ", "names", separator=";").labels == ["a b", "c"]
    assert read(["x ", "y;z"], "names").labels == ["x", "y;z"]
    assert read(["x", "x "], "names").labels == ["x", "x"]
    assert read([], "names") == LabelSet([])


def test_numbers_may_be_names():
    assert read([3, "x"], "names", names=["p", "q"]).labels == ["3", "x"]


def test_ids_are_places_in_the_names():
    assert read([1, "0"], "ids", names=["p", "q"]).labels == ["q", "p"]
    assert read(1, "ids", names=["p", "q"]).labels == ["q"]
    assert read([10, 2], "ids").labels == ["10", "2"]


@pytest.mark.parametrize(
    ("value", "reading", "message"),
    [
        ([1.5], "names", "here: label 1.5 is of type float; expected a name"),
        ([True], "names", "here: label True is of type bool; expected a name"),
        ([None], "names", "here: label None is missing (null); expected a name"),
        (["a\ud800"], "names", "here: character 2 of the label is half a surrogate pair; remove it"),
        ({"a\ud800": 1}, "objects", "here: character 2 of the label is half a surrogate pair"),
        (["x"], "ids", "here: label 'x' is of type str; expected a label id"),
        ([True], "ids", "here: label True is of type bool; expected a label id"),
        ([-1], "ids", "here: label id -1 is negative; ids count from 0"),
    ],
)
def test_items_that_do_not_fit(value, reading, message):
    with pytest.raises(UserInputError, match=re.escape(message)):
        read(value, reading)


def test_ids():
    assert id_to_name(5, "here", None) == "5"
    assert id_to_name(1, "here", ["x", "y"]) == "y"
    # The names of a model that was trained on ids.
    assert id_to_name(3, "here", ["0", "1", "3"]) == "3"
    for label_id in (2, -1):
        with pytest.raises(UserInputError, match=f"here: label id {label_id} is out of range; there are ids 0 to 1"):
            id_to_name(label_id, "here", ["x", "y"])


def test_what_is_an_id():
    assert [is_id(value) for value in (0, -1, 10**30, True, 1.0, "1", None)] == [True] * 3 + [False] * 4


def test_order_of_names():
    names = ["10", "b", "2", "a", "9" * 5000]
    assert sorted(names, key=numeric_first) == ["2", "10", "9" * 5000, "a", "b"]
