# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest
from datasets import ClassLabel, List

from labelwise.datasets_scripts.documents import Document, check_text, describe, make_features, to_examples
from labelwise.errors import UserInputError


def test_labels_are_sorted_and_come_once():
    examples = to_examples([Document("7", "x", ["b", "a", "b"]), Document("8", "y", [])], ["a", "b"])
    assert list(examples) == [{"id": "7", "text": "x", "labels": [0, 1]}, {"id": "8", "text": "y", "labels": []}]
    assert make_features(["a", "b"])["labels"] == List(ClassLabel(names=["a", "b"]))


def test_unknown_name_is_a_bug():
    with pytest.raises(KeyError):
        list(to_examples([Document("1", "x", ["c"])], ["a", "b"]))


def test_unknown_labels_have_a_column():
    documents = [Document("7", "x", ["b"], ["c", "a"]), Document("8", "y", [])]
    first, second = to_examples(documents, ["a", "b", "c"], with_unknown=True)
    assert first == {"id": "7", "text": "x", "labels": [1], "unknown_labels": [0, 2]}
    assert second["unknown_labels"] == []
    assert make_features(["a"], with_unknown=True)["unknown_labels"] == List(ClassLabel(names=["a"]))


def test_descriptions():
    described = [describe(value) for value in (None, "", 1.5, "x", [])]
    assert described == ["missing (null)", "an empty string", "of type float", "of type str", "of type list"]


def test_texts():
    assert check_text("", "here") == ""
    assert check_text("\U0001d11e é", "here") == "\U0001d11e é"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, r"here: the text is missing \(null\), not a string"),
        (3, "here: the text is of type int, not a string"),
        (["x"], "here: the text is of type list, not a string"),
        (b"x", "here: the text is of type bytes, not a string"),
        ("a\ud800", "here: character 2 of the text is half a surrogate pair; remove it"),
    ],
)
def test_what_is_no_text(text, message):
    with pytest.raises(UserInputError, match=message):
        check_text(text, "here")
    with pytest.raises(UserInputError, match=r"the title is|of the title"):
        check_text(text, "here", "title")
