# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import datetime

import numpy as np
import pytest

from labelwise.datasets_scripts.own_data.options import LabelOptions
from labelwise.datasets_scripts.own_data.reading import Source, find_columns, list_indicator_columns, read_text
from labelwise.datasets_scripts.own_data.sources import Record
from labelwise.errors import UserInputError


def source(*rows, name="a.csv"):
    return Source(name, lambda: (Record(f"line {i}", row) for i, row in enumerate(rows, start=2)))


def spooled(reader, column):
    return [value for batch in reader.spool.batches() for value in batch.column(column).to_pylist()]


def test_rows_are_checked_and_kept(read_rows):
    reader = read_rows([["b", "a"], {"text": " x ", "labels": ("a",), "id": 7, "other": object()}, [np.int64(3)]])
    assert spooled(reader, "where") == ["train row 1", "train row 2", "train row 3"]
    assert spooled(reader, "id") == ["1", "7", "3"]
    assert spooled(reader, "text") == ["text 1", " x ", "text 3"]
    assert spooled(reader, "labels") == ['["b", "a"]', '["a"]', "[3]"]
    assert spooled(reader, "unknown") == [None] * 3
    assert [*reader.profile.kinds] == ["list"] and [*reader.profile.types] == ["name", "id"]


@pytest.mark.parametrize("given", [None, " ", float("nan")])
def test_without_an_id_the_number_of_the_row_is_the_id(read_rows, given):
    assert spooled(read_rows([["a"], {"text": "x", "labels": ["b"], "id": given}]), "id") == ["1", "2"]


def test_an_id_that_is_half_a_character(read_rows):
    with pytest.raises(UserInputError, match="character 2 of the id is half a surrogate pair; remove it"):
        read_rows([{"id": "a\ud800", "text": "a", "labels": ["x"]}])


def test_rows_without_labels_are_counted(read_rows):
    reader = read_rows([["a"], None, {"text": "no key"}, "  ", float("nan"), []])
    assert (reader.num_missing, reader.first_missing) == (4, "train row 2")
    assert spooled(reader, "labels") == ['["a"]', "null", "null", "null", "null", "[]"]


def test_columns_of_0_and_1_are_packed(read_rows):
    rows = [{"text": "x", "b": "1", "a": 0}, {"text": "y", "b": None}, {"text": "z", "a": True, "b": -100}]
    reader = read_rows(rows, columns=["a", "b"], label_columns=["a", "b"])
    assert spooled(reader, "labels") == ['"01"', '"??"', '"1u"']
    assert (reader.num_missing, reader.profile.kinds) == (0, {})


def test_a_label_column_that_no_row_has(read_rows):
    with pytest.raises(UserInputError, match="train: no column 'c', which is one of the label columns"):
        read_rows(
            [{"text": "x", "a": 1}, {"text": "y", "b": 1}], columns=["a", "c", "b"], label_columns=["a", "c", "b"]
        )


def test_texts_that_are_missing_are_counted(read_rows):
    rows = [["a"], {"text": None, "labels": ["a"]}, {"text": float("nan"), "labels": ["b"]}]
    with pytest.raises(UserInputError, match=r"train row 2: the text is missing \(null\), as in 2 of 3 rows of train;"):
        read_rows(rows)


def test_a_blank_text_is_a_text(read_rows):
    assert spooled(read_rows([{"text": "", "labels": ["a"]}, {"text": " ", "labels": ["a"]}]), "text") == ["", " "]


@pytest.mark.parametrize("blank", ["", " \t\n"])
def test_texts_that_are_all_blank_are_told(read_rows, caplog, blank):
    read_rows([{"text": blank, "labels": ["a"]}, {"text": "x", "labels": ["a"]}])
    assert caplog.messages == []
    read_rows([{"text": blank, "labels": ["a"]}] * 2)
    assert caplog.messages == ["train: all texts are blank; text_column names the column of the text"]


def test_labels_that_are_not_read(read_rows):
    with pytest.raises(UserInputError, match="train row 1: the labels are of type date, which is not read"):
        read_rows([datetime.date(2026, 1, 2)])


def test_a_missing_column_of_labels(read_rows):
    with pytest.raises(UserInputError, match=r"^train: no column 'labels'; there are: text, tags \(label_column names"):
        read_rows([{"text": "x", "tags": "a"}])
    advice = r"; label_columns names columns of 0 and 1, one per label, such as toxic spam\)$"
    with pytest.raises(UserInputError, match=advice):
        read_rows([{"text": "x", "id": 1, "toxic": 1, "length": 7, "spam": "no"}])


# Texts


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


# Columns


def test_columns_that_contain_only_0_and_1():
    rows = [
        {"text": "1", "id": "1", "b": "1", "a": 0, "x": "1", "blank": "", "unknown_labels": "1", "": "1"},
        {"text": "0", "id": "0", "b": "", "a": None, "x": "2", "blank": None, "late": True},
    ]
    assert list_indicator_columns(source(*rows), LabelOptions()) == (["b", "a", "late"], [])


def test_columns_that_nearly_contain_only_0_and_1_are_described():
    rows = [{"text": "x", "a": 0, "b": 1, "c": 1}] * 20 + [{"text": "x", "a": 2, "b": 1, "c": "?"}]
    found, nearly = list_indicator_columns(source(*rows), LabelOptions())
    assert (found, nearly) == (["b"], ["'a', which has 2 at line 22", "'c', which has '?' at line 22"])
    assert list_indicator_columns(source(*rows[15:]), LabelOptions()) == (["b"], [])


def test_label_columns_are_found_and_told(caplog):
    rows = [{"text": "x", "a": "0", "b": "1", "n": "7"}, {"text": "y", "a": "yes", "b": "0", "n": "0"}]
    assert find_columns(source(*rows), LabelOptions(label_columns="auto"), None) == ["a", "b"]
    assert "a.csv: the label columns are a, b (label_columns sets them)" in caplog.text


def test_columns_that_are_nearly_label_columns_are_told(caplog):
    rows = [{"text": "x", "a": "0", "b": "1"}] * 10 + [{"text": "x", "a": "0", "b": "?"}]
    assert find_columns(source(*rows), LabelOptions(label_columns="auto"), None) == ["a"]
    assert "a.csv: not read as label columns: 'b', which has '?' at line 12" in caplog.text


def test_label_columns_of_a_model_are_those_with_its_names():
    rows = [{"text": "x", "a": "7", "c": "1", "n": "0"}]
    options = LabelOptions(label_columns="auto")
    assert find_columns(source(*rows), options, ["c", "b", "a"]) == ["c", "a"]
    with pytest.raises(UserInputError, match="no column has the name of a label of the model; name the columns"):
        find_columns(source(*rows), options, ["b"])


def test_no_label_columns():
    with pytest.raises(UserInputError, match="label_columns auto: no column contains only 0 and 1; name the columns"):
        find_columns(source({"text": "x", "a": "7"}), LabelOptions(label_columns="auto"), None)


def test_columns_that_are_given_are_not_looked_for():
    options = LabelOptions(label_columns=["a", "b"])
    assert find_columns(source(), options, None) == ["a", "b"]
    assert find_columns(source(), LabelOptions(), None) is None


def test_labels_that_are_nested_too_deep(read_rows):
    labels = []
    for _ in range(2000):
        labels = [labels]
    with pytest.raises(UserInputError, match="train row 1: the labels are nested too deep; expected a list of names"):
        read_rows([{"text": "a", "labels": labels}])
