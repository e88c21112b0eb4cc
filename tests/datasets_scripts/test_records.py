# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts.records import (
    check_names,
    id_to_name,
    numeric_first,
    read_labels,
)
from labelwise.errors import UserInputError


def test_strings_are_split_and_stripped():
    assert read_labels(" a b ; c;; ", "here", ";", None) == ["a b", "c"]
    assert read_labels("a;b", "here", None, None) == ["a;b"]
    assert read_labels("  ", "here", None, None) == []


def test_names_in_lists_are_stripped_but_not_split():
    assert read_labels([" a", "b;c"], "here", ";", None) == ["a", "b;c"]
    with pytest.raises(UserInputError, match="here: label 'a' is named twice"):
        read_labels(["a", "a "], "here", None, None)
    with pytest.raises(UserInputError, match="here: label '' is an empty string"):
        read_labels(["a", " "], "here", None, None)


def test_half_a_character():
    with pytest.raises(UserInputError, match="here: character 2 of the label is half a surrogate pair"):
        read_labels(["a\ud800"], "here", None, None)


def test_ids():
    assert id_to_name(5, "here", None) == "5"
    assert id_to_name(1, "here", ["x", "y"]) == "y"
    # The names of a model that was trained on ids.
    assert id_to_name(3, "here", ["0", "1", "3"]) == "3"
    with pytest.raises(UserInputError, match="here: label id 2 is out of range"):
        id_to_name(2, "here", ["x", "y"])


def test_order_of_names():
    names = ["10", "b", "2", "a", "9" * 5000]
    assert sorted(names, key=numeric_first) == ["2", "10", "9" * 5000, "a", "b"]


def test_given_names():
    assert check_names(("y", " x ")) == ["y", "x"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["a", "b", "a"], "'a' is named twice"),
        ([], "must be a list of names"),
        ("abc", "must be a list of names"),
        (["a", 3], "number 2 is 3, not a name"),
        (["a", " "], "number 2 is ' ', not a name"),
    ],
)
def test_wrong_names(names, message):
    with pytest.raises(UserInputError, match=message):
        check_names(names)
