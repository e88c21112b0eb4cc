# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import datetime

import numpy as np
import pytest

from labelwise.errors import UserInputError


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
    told = "train: no column 'c', which is one of the label columns; there are: text, b$"
    with pytest.raises(UserInputError, match=told):
        read_rows(
            [{"text": "x", "a": 1}, {"text": "y", "b": 1}], columns=["a", "c", "b"], label_columns=["a", "c", "b"]
        )


def test_texts_that_are_missing_are_counted(read_rows):
    rows = [["a"], {"text": None, "labels": ["a"]}, {"text": float("nan"), "labels": ["b"]}]
    with pytest.raises(UserInputError, match=r"train row 2: the text is missing \(null\), as in 2 of 3 rows of train;"):
        read_rows(rows)


def test_texts_that_are_numbers_are_counted(read_rows):
    numbers = [12345, 1.5, True, np.int64(3), datetime.date(2026, 1, 2), datetime.time(12)]
    rows = [["a"], *({"text": number, "labels": ["a"]} for number in numbers)]
    advice = "write them as text: in JSON in quotes, in Excel after an apostrophe, in pandas by astype(str)"
    with pytest.raises(UserInputError) as error:
        read_rows(rows)
    what = "train row 2: the text is of type int, not a string"
    assert str(error.value) == f"{what}, as in 6 of 7 rows of train; {advice}"
    with pytest.raises(UserInputError, match=r"row 1: the text \(title\) is of type int, not a string, as in 1 of 2"):
        read_rows([{"text": "x", "title": 7}, {"text": "y", "title": float("nan")}], text_column=["title", "text"])
    with pytest.raises(UserInputError, match=r"train row 2: the text is of type dict, not a string$"):
        read_rows([{"text": 7, "labels": ["a"]}, {"text": {}, "labels": ["a"]}])


def test_a_blank_text_is_a_text(read_rows):
    assert spooled(read_rows([{"text": "", "labels": ["a"]}, {"text": " ", "labels": ["a"]}]), "text") == ["", " "]


@pytest.mark.parametrize("blank", ["", " \t\n"])
def test_texts_that_are_all_blank_are_told(read_rows, caplog, blank):
    read_rows([{"text": blank, "labels": ["a"]}] * 2)
    assert caplog.messages == ["train: all texts are blank; text_column names the column of the text"]


@pytest.mark.parametrize("blank", ["", " \t\n"])
def test_blank_texts_of_training_are_counted(read_rows, caplog, blank):
    rows = [{"text": text, "labels": ["a"]} for text in ("x", blank, "y", blank)]
    read_rows(rows, split="test")
    assert caplog.messages == []
    read_rows(rows)
    assert caplog.messages == ["train: 2 of 4 texts are blank, the first at train row 2; correct or remove them"]


def test_labels_that_are_not_read(read_rows):
    with pytest.raises(UserInputError, match="train row 1: the labels are of type date, which is not read"):
        read_rows([datetime.date(2026, 1, 2)])


def test_a_missing_column_of_labels(read_rows):
    with pytest.raises(UserInputError, match=r"^train: no column 'labels'; there are: text, tags \(label_column names"):
        read_rows([{"text": "x", "tags": "a"}])
    advice = r"; label_columns names columns of 0 and 1, one per label, such as toxic spam\)$"
    with pytest.raises(UserInputError, match=advice):
        read_rows([{"text": "x", "id": 1, "toxic": 1, "length": 7, "spam": "no"}])
    told = r"there are: text, 'a, b', late rent .* such as 'a, b' 'late rent'\)$"
    with pytest.raises(UserInputError, match=told):
        read_rows([{"text": "x", "a, b": 1, "late rent": 0}])


def test_labels_that_are_nested_too_deep(read_rows):
    labels = []
    for _ in range(2000):
        labels = [labels]
    with pytest.raises(UserInputError, match="train row 1: the labels are nested too deep; expected a list of names"):
        read_rows([{"text": "a", "labels": labels}])
