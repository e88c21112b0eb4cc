# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`from_lists` on wrong input: one line that says what, where and what to do."""

import numpy as np
import pandas
import pytest
from datasets import Dataset, DatasetDict
from scipy import sparse

from labelwise.datasets_scripts import from_lists
from labelwise.errors import UserInputError

XY = ["x", "y"]
NAMES = [["b", "a"] if i % 2 else ["c"] for i in range(20)]
ROWS = [[0, 1, 1] if i % 2 else [1, 0, 0] for i in range(20)]


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        ({}, "splits must be a dict with at least one split"),
        ((["x"], [["a"]]), "splits must be a dict"),
        ({"dev": (["x"], [["a"]])}, "unknown split 'dev'; known: train, validation, test"),
        ({"test": (["x"], [["a"]])}, "the labels are unknown: give a train split to take them from, or label_names"),
        (
            {"train": ["x", "y", "z"]},
            r"train: expected a pair \(texts, labels\), a Dataset, a pandas DataFrame or a path$",
        ),
        (
            {"train": DatasetDict()},
            r'DataFrame or a path; of a DatasetDict, give ds\["train"\], and validation=ds\["validation"\]$',
        ),
        ({"test": DatasetDict()}, r'DataFrame or a path; of a DatasetDict, give ds\["test"\]$'),
        ({"train": ([], [])}, "train: no documents"),
        ({"train": pandas.DataFrame({"text": [], "labels": []})}, "train: no documents"),
        ({"train": ("x", [["a"]])}, "train: the texts are of type str; give a list"),
        ({"train": (["x"], None)}, "train: the labels are of type NoneType; give a list"),
        ({"train": (["x"], {"a": [1]})}, "train: the labels are of type dict; give a list"),
        ({"train": (["x"] * 3, [["a"]] * 2)}, "train: 3 texts, but labels of 2 documents; give one row per text"),
        ({"train": (["x"] * 3, np.ones((2, 3)))}, "train: 3 texts, but labels of 2 documents"),
        ({"train": (["x", 5], [["a"]] * 2)}, "train row 2: the text is of type int, not a string"),
        ({"train": (["x", None], [["a"]] * 2)}, r"train row 2: the text is missing \(null\), as in 1 of 2 rows"),
        ({"train": (XY, [["a"], ["b", 3]])}, r'row 2: the labels \["b", 3\] are numbers, but those of train row 1'),
        (
            {"train": pandas.DataFrame({"text": XY, "labels": [["a"], [np.int64(1)]]})},
            r'train row 2: the labels \[1\] are numbers, but those of train row 1, \["a"\], are names; write all',
        ),
        ({"train": (XY, [[0, 1], [1, 0]])}, r"train row 1: the labels \[0, 1\] may be ids or indicators, and all rows"),
        (
            {"train": (XY, [["a"], None])},
            "train row 2: the labels are missing, as in 1 of 2 rows of train; correct them,",
        ),
        ({"train": (["x"], [[" "]])}, "train row 1: label '' is an empty string"),
        ({"train": (XY, [[], []])}, "train: no training document has a label; check the column 'labels'"),
        (
            {"train": (XY, [["a"], []]), "test": (["x"], [["b"]])},
            "test row 1: 'b': 1 label .* not among the 1 of train",
        ),
        (
            {"train": (XY, np.array([[0.5], [1]]))},
            "train row 1: 0.5 for label '0'; give 1, 0, or -100 or None if unknown",
        ),
        ({"train": (XY, sparse.csr_array([[0, 1], [0, 3]]))}, "train row 2: 3 for label '1'"),
        ({"train": (["x"], pandas.DataFrame({"a": ["maybe"]}))}, "train row 1: maybe for label 'a'"),
        ({"train": (["x"], np.ones((1, 2, 2)))}, r"train row 1: label \[1.0, 1.0\] is of type list"),
        ({"train": (XY, [[0, 1, 1], [1]])}, "train row 2: 1 number of 0 and 1, but 3 in train row 1; give one number"),
        (
            {"train": (["x"], pandas.DataFrame({"a": [1]})), "test": (["x"], pandas.DataFrame({"b": [1]}))},
            "test row 1: 'b': 1 label",
        ),
        (
            {"train": pandas.DataFrame({"body": ["x"], "labels": [["a"]]})},
            "train row 1: no column 'text'; there are: body, labels",
        ),
        ({"train": Dataset.from_dict({"text": ["x"]})}, "train: no column 'labels'; there are: text"),
    ],
)
def test_faults(splits, message):
    with pytest.raises(UserInputError, match=message) as error:
        from_lists(splits)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("labels", "options", "message"),
    [
        (
            ROWS,
            {"label_names": ["a", "b"]},
            r"row 1: 3 numbers of 0 and 1, which is not the",
        ),
        (
            np.array(ROWS),
            {"label_names": ["a", "b"]},
            "train: the labels have 3 columns, but label_names or the model has 2 label names",
        ),
        (ROWS, {"label_names": []}, "label_names is empty: give at least one name"),
        (NAMES, {"label_names": ["a", "c"]}, "train row 2: 'b': 1 label .10 times in all. .* the 2 of label_names"),
        (NAMES, {"model_labels": ["a", "c"]}, "train row 2: 'b': 1 label .* is not among the 2 of the model"),
        (
            NAMES,
            {"label_columns": ["a"]},
            "train: text_column and label_columns name columns of a table, but texts are a",
        ),
        (NAMES, {"text_column": ["title", "body"]}, "train: text_column and label_columns name columns of a table"),
    ],
)
def test_options_that_do_not_fit(labels, options, message):
    with pytest.raises(UserInputError, match=message):
        from_lists({"train": ([f"text {i}" for i in range(20)], labels)}, **options)
