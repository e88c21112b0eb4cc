# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import json

from datasets import DatasetDict

from labelwise.datasets_scripts.documents import Document, to_dataset
from labelwise.datasets_scripts.stats import format_stats, stats


def make(texts_and_labels, names=("a", "b", "c")):
    documents = [Document(str(i), text, labels) for i, (text, labels) in enumerate(texts_and_labels)]
    return to_dataset(documents, names)


def test_english():
    train = make([("One two  three.", ["b", "a"]), ("Four", ["b"]), ("", [])])
    numbers = stats(DatasetDict(train=train, test=make([("Five 中", [])])))
    assert numbers == {
        "N": 3,
        "V": 0,
        "M": 1,
        "L": 3,
        "mean_labels": 0.75,
        "mean_words": 1.5,
        "word_unit": "words",
        "label_counts": {"b": 2, "a": 1, "c": 0},
    }
    assert list(numbers["label_counts"]) == ["b", "a", "c"]
    json.dumps(numbers)


def test_chinese():
    numbers = stats(DatasetDict(train=make([("价格 不高。", ["a"]), ("EP020车", [])])))
    assert (numbers["word_unit"], numbers["mean_words"]) == ("words", 1.5)
    numbers = stats(DatasetDict(train=make([("价格 不高。", ["a"]), ("好车", [])])))
    assert (numbers["word_unit"], numbers["mean_words"]) == ("characters", 3.5)


def test_empty():
    assert stats(DatasetDict(train=make([])))["mean_labels"] == 0


def test_table():
    lines = format_stats(stats(DatasetDict(train=make([("One two", ["b"])] * 1200)))).splitlines()
    assert lines[0].startswith("training documents (N) ") and lines[0].endswith("1,200")
    assert lines[5].startswith("words a document") and lines[5].endswith("2.0")
    assert lines[6] == "" and lines[7].startswith("b ") and lines[7].endswith("1,200")
