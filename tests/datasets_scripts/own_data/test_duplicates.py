# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pandas
import pytest

from labelwise.datasets_scripts.own_data.duplicates import Texts, report_overlaps, rows_without_duplicates
from labelwise.datasets_scripts.own_data.spool import text_key


def texts(words):
    """Texts and labels of a split from words such as "a1": the text "a" with the label 1."""
    words = words.split()
    keys = np.array([ord(word[0]) * 2**56 for word in words], dtype=np.uint64)
    return Texts(keys, np.array([int(word[1:]) for word in words], dtype=np.int64).view(np.uint64))


def splits(**words):
    return {split: texts(of_split) for split, of_split in words.items()}


def messages(caplog):
    return [record.getMessage() for record in caplog.records]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"train": "a1 b1 a1 c2", "validation": "d1", "test": "e1 e2"}, []),
        (
            {"train": "a1 b1 a2 c2 b-1 a1"},
            ["train: 2 of 3 texts occur in several rows with different labels; if each row has one label of its docu"],
        ),
        (
            {"train": "a1 b1 c1", "validation": "d1", "test": "a1 b2 b1 e1"},
            ["3 of 4 test documents have a text that is in train too, 1 of them with other labels: measured results"],
        ),
        (
            {"train": "a1", "validation": "a1 b1", "test": "b2 b1"},
            [
                "1 of 2 validation documents has a text that is in train too, 0 of them with other labels: measured",
                "2 of 2 test documents have a text that is in validation too, 1 of them with other labels: measured",
            ],
        ),
        ({"validation": "a1 a2"}, []),
        ({"test": "a1 a2"}, []),
    ],
)
def test_overlaps_are_told(caplog, words, told):
    report_overlaps(splits(**words))
    found = messages(caplog)
    assert len(found) == len(told)
    assert all(one.startswith(start) for one, start in zip(found, told, strict=True))


def test_blank_texts_are_not_compared(caplog):
    blank = np.uint64(text_key(""))
    one, two = texts("a1 b1 b2 c1"), texts("a1 b2 c1")
    one.keys[1:3] = two.keys[1] = blank
    report_overlaps({"train": one, "test": two})
    (told,) = messages(caplog)
    assert told.startswith("2 of 3 test documents have a text that is in train too, 0 of them with other labels")


def test_the_advice_of_one_row_per_label_is_that_of_pandas(caplog):
    """What the message says makes one row per document."""
    report_overlaps(splits(train="a1 a2"))
    (told,) = messages(caplog)
    call = told.partition("join the rows: ")[2].partition(" in pandas")[0]
    df = pandas.DataFrame({"text": ["x", "y", "x"], "labels": ["a", "a", "b"]})
    assert eval(call, {"df": df}).to_dict() == {"x": ["a", "b"], "y": ["a"]}


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        ({"train": "a1 b1 a2", "test": "c1"}, {"train": [0, 1], "test": [0]}),
        ({"train": "a1 b1 c1", "validation": "b1 d1 e1", "test": "c1 d2 c1"}, {"train": [0], "validation": [0, 2]}),
        ({"train": "c1 b1 a1"}, {"train": [0, 1, 2]}),
        ({"train": "a1", "test": "a1"}, {"train": [], "test": [0]}),
    ],
)
def test_the_rows_without_duplicates_are_the_first_of_the_last_split(words, rows):
    found = {split: kept.tolist() for split, kept in rows_without_duplicates(splits(**words)).items()}
    assert found == {"test": [0, 1], **rows} if len(words) == 3 else found == rows


def test_what_is_dropped_is_told(caplog):
    rows_without_duplicates(splits(train="a1 a2 b1 c1", test="b1"))
    assert messages(caplog) == [
        "train: 2 documents are dropped, because their text occurs elsewhere; 1 text of the split had different "
        "labels, of which the first are kept"
    ]
