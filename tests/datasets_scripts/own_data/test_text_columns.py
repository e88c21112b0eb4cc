# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts.own_data.text_columns import check_text_columns, read_text
from labelwise.errors import UserInputError


def test_one_text_column():
    assert read_text({"text": " x\n", "title": "y"}, ["text"], "here") == " x\n"


def test_several_text_columns_are_joined_by_line_ends():
    row = {"title": "One", "body": "Two", "end": None, "note": " "}
    assert read_text(row, ["title", "body"], "here") == "One\nTwo"
    assert read_text(row, ["end", "body", "note", "title"], "here") == "Two\nOne"


@pytest.mark.parametrize(
    ("row", "columns", "message"),
    [
        ({"body": "x", "": 1}, ["text"], r"here: no column 'text'; there are: body \(text_column names that of the te"),
        ({"Text": "x"}, ["text"], r"no column 'text'; there are: Text \(did you mean text_column Text\?\)"),
        ({"text": "x"}, ["text", "title"], "no column 'title'"),
        ({"text": 3}, ["text"], "here: the text is of type int, not a string"),
        ({"text": "x", "title": 3}, ["text", "title"], r"here: the text \(title\) is of type int, not a string"),
    ],
)
def test_texts_that_are_refused(row, columns, message):
    with pytest.raises(UserInputError, match=message):
        read_text(row, columns, "here")


@pytest.mark.parametrize(
    "row",
    [
        {"text": {"0": "x", "1": "y"}, "labels": {"0": "a", "1": "b"}},  # pandas' df.to_json()
        {"text": ["x", "y"], "labels": [["a"], ["b"]]},
    ],
)
def test_a_row_of_whole_columns(row):
    told = r'not a string; if this is a whole column of texts, .* df\.to_json\(path, orient="records", lines=True\)$'
    with pytest.raises(UserInputError, match=told):
        read_text(row, ["text"], "here")
    with pytest.raises(UserInputError, match=r"not a string$"):
        read_text(row | {"id": 1}, ["text"], "here")


def test_columns_of_a_header():
    check_text_columns(["text", "title"], ["title", "text"], "here", "line")
    told = (
        r"^here: no column 'text'; there are: 'Hello, you', x{59}… \(the first line is read as the header; text_column"
    )
    with pytest.raises(UserInputError, match=told):
        check_text_columns(["Hello, you", "", "x" * 70], ["text"], "here", "line")
    with pytest.raises(UserInputError, match=r"Text, labels \(did you mean text_column Text\?\)"):
        check_text_columns(["Text", "labels"], ["text"], "here", "row")
