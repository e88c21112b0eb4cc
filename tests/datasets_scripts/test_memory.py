# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import json

import numpy as np
import pandas
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, List, Value
from scipy import sparse

from labelwise.datasets_scripts import from_lists, load_files
from labelwise.errors import UserInputError
from labelwise.trainer.preprocessing import multi_hot

TEXTS = [f"Text {i}" for i in range(20)]
NAMES = [["b", "a"] if i % 2 else ["c"] if i % 4 else [] for i in range(20)]
COLUMNS = ["c", "a", "b"]
ONES = [[int(name in names) for name in COLUMNS] for names in NAMES]


def equal(one, two):
    """Return whether two corpora have the same splits, columns, features and rows, in the same order."""
    assert list(one) == list(two)
    for split in one:
        assert one[split].features == two[split].features
        assert one[split][:] == two[split][:]
    return True


@pytest.fixture
def files(tmp_path):
    """Load a corpus with `load_files` from JSONL files that contain the given rows."""

    def load(label_names=None, seed=0, **splits):
        paths = {}
        for split, (texts, labels, *unknown) in splits.items():
            rows = [{"text": text, "labels": names} for text, names in zip(texts, labels, strict=True)]
            for row, names in zip(rows, *unknown, strict=True) if unknown else ():
                row["unknown_labels"] = names
            path = tmp_path / f"{split}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
            paths[f"{split}_file"] = str(path)
        return load_files(**paths, label_names=label_names, seed=seed)

    return load


@pytest.mark.parametrize("seed", [0, 3])
def test_equals_files_without_validation_split(files, seed):
    expected = files(train=(TEXTS, NAMES), test=(TEXTS[:2], NAMES[:2]), seed=seed)
    splits = {"test": (TEXTS[:2], NAMES[:2]), "train": (TEXTS, [tuple(names) for names in NAMES])}
    assert equal(from_lists(splits, seed=seed), expected)
    assert len(expected["validation"]) == 2


def test_equals_files_with_validation_split(files):
    expected = files(train=(TEXTS, NAMES), validation=(TEXTS[:3], NAMES[:3]))
    splits = {"train": (pandas.Series(TEXTS), map(set, NAMES)), "validation": (TEXTS[:3], NAMES[:3])}
    assert equal(from_lists(splits), expected)


def test_allowed_names_give_the_order(files):
    expected = files(label_names=["d", *COLUMNS], train=(TEXTS, NAMES))
    assert equal(from_lists({"train": (TEXTS, NAMES)}, ["d", *COLUMNS]), expected)
    assert expected["train"].features["labels"].feature.names == ["d", *COLUMNS]


@pytest.mark.parametrize(
    "convert",
    [
        lambda ones: ones,
        np.array,
        lambda ones: np.array(ones, dtype=bool),
        lambda ones: np.array(ones, dtype=float),
        sparse.coo_array,
        lambda ones: sparse.csc_matrix(np.array(ones)),
        lambda ones: pandas.DataFrame(ones, columns=COLUMNS),
        pandas.DataFrame,
    ],
)
def test_matrices(files, convert):
    expected = files(label_names=COLUMNS, train=(TEXTS, NAMES), test=(TEXTS[:3], NAMES[:3]))
    splits = {"train": (TEXTS, convert(ONES)), "test": (TEXTS[:3], convert(ONES[:3]))}
    assert equal(from_lists(splits, COLUMNS), expected)


def test_names_of_columns():
    named = pandas.DataFrame(ONES, columns=COLUMNS)
    found = from_lists({"train": (TEXTS, named), "test": (TEXTS, named[["a", "b", "c"]])})
    assert found["test"].features["labels"].feature.names == COLUMNS
    assert multi_hot(found["test"]["labels"], 3).tolist() == ONES
    mixed = from_lists({"train": (TEXTS, NAMES), "validation": (TEXTS, named)})
    assert mixed["train"]["labels"][:] == mixed["validation"]["labels"][:]
    unnamed = from_lists({"train": (TEXTS, ONES), "validation": (TEXTS, ONES)})
    assert unnamed["train"].features["labels"].feature.names == ["0", "1", "2"]
    assert unnamed["train"]["labels"][:] == found["test"]["labels"][:]


@pytest.mark.parametrize(
    "convert",
    [
        lambda rows: rows,
        lambda rows: np.array(rows, dtype=float),
        lambda rows: np.array(rows, dtype=object),
        lambda rows: sparse.csr_array(np.array(rows, dtype=float)),
        lambda rows: pandas.DataFrame(rows, columns=COLUMNS, dtype="Int64"),
    ],
)
def test_unknown_labels(files, convert):
    rows = [*ONES[:-1], [None, -100, 1]]
    unknown = [[] for _ in TEXTS[:-1]] + [["a", "c"]]
    names = [*NAMES[:-1], ["b"]]
    expected = files(label_names=COLUMNS, train=(TEXTS, names, unknown), test=(TEXTS[:1], NAMES[:1]))
    found = from_lists({"train": (TEXTS, convert(rows)), "test": (TEXTS[:1], convert(ONES[:1]))}, COLUMNS)
    assert equal(found, expected)
    assert found["test"].features["unknown_labels"] == List(ClassLabel(names=COLUMNS))
    (row,) = [row for split in ("train", "validation") for row in found[split] if row["unknown_labels"]]
    assert row == {"id": "20", "text": "Text 19", "labels": [2], "unknown_labels": [0, 1]}


def test_tables(files):
    expected = files(train=(TEXTS, NAMES), test=(TEXTS, NAMES))
    frame = pandas.DataFrame({"body": TEXTS, "tags": NAMES, "other": 1.5})
    splits = {"train": frame, "test": Dataset.from_dict({"body": TEXTS, "tags": NAMES})}
    assert equal(from_lists(splits, text_column="body", label_column="tags"), expected)
    arrays = frame.assign(tags=[np.array(names, dtype=object) for names in NAMES])
    assert equal(from_lists({**splits, "train": arrays}, text_column="body", label_column="tags"), expected)


def test_corpus_comes_back_the_same(files):
    corpus = files(label_names=["d", *COLUMNS], train=(TEXTS, NAMES, [["d"] for _ in TEXTS]))
    assert equal(from_lists(corpus), corpus)
    assert equal(from_lists(DatasetDict({split: part.with_format("numpy") for split, part in corpus.items()})), corpus)


def test_class_ids_of_a_dataset():
    features = Features(text=Value("string"), labels=List(ClassLabel(names=["z", "y"])))
    rows = Dataset.from_dict({"text": ["one", "two"], "labels": [[1], [1, 0]]}, features=features)
    found = from_lists({"train": rows, "validation": (["three"], [["y"]])})
    assert found["train"].features["labels"].feature.names == ["z", "y"]
    assert found["train"]["labels"][:] == [[1], [0, 1]]
    assert found["validation"]["labels"][:] == [[1]]


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        ({}, "splits must be a dict with at least one split"),
        ((["x"], [["a"]]), "splits must be a dict"),
        ({"dev": (["x"], [["a"]])}, "unknown split 'dev'; known: train, validation, test"),
        ({"test": (["x"], [["a"]])}, "the labels are unknown: give a train split to take them from, or label_names"),
        ({"train": ["x", "y", "z"]}, r"train: expected a pair \(texts, labels\)"),
        ({"train": ([], [])}, "train: no documents"),
        ({"train": pandas.DataFrame({"text": [], "labels": []})}, "train: no documents"),
        ({"train": ("x", [["a"]])}, "train: the texts are of type str; give a list"),
        ({"train": (["x"], None)}, "train: the labels are of type NoneType; give a list"),
        ({"train": (["x"] * 3, [["a"]] * 2)}, "train: 3 texts, but labels of 2 documents; give one row per text"),
        ({"train": (["x"] * 3, np.ones((2, 3)))}, "train: 3 texts, but labels of 2 documents"),
        ({"train": (["x", 5], [["a"]] * 2)}, "train row 2: the text is of type int, not a string"),
        ({"train": (["x", None], [["a"]] * 2)}, r"train row 2: the text is missing \(null\), not a string"),
        ({"train": (["x"] * 2, [["a"], ["b", 3]])}, "train: labels up to row 2 are both names and numbers; give"),
        ({"train": (["x"] * 2, [["a"], [0, 1]])}, "train: labels up to row 2 are both names and numbers"),
        ({"train": (["x"] * 2, [[0, 1], [1, "bug"]])}, "train: labels up to row 2 are both names and numbers"),
        (
            {"train": pandas.DataFrame({"text": ["x"] * 2, "labels": [["a"], [np.int64(1)]]})},
            "train: labels up to row 2 are both names and numbers",
        ),
        ({"train": (["x"] * 3, [["a"], [], "bug"])}, "labels of row 3 are the string 'bug'; give a list of names"),
        ({"train": (["x"] * 2, np.array(["a", "b"]))}, "labels of row 1 are the string 'a'; give a list of names"),
        ({"train": (["x"] * 2, [[1, 0], "bug"])}, "labels of row 2 are the string 'bug'; give a list of names"),
        ({"train": (["x"] * 2, [[], [1, 0]])}, "train row 1: 0 values, expected 2"),
        ({"train": (["x"] * 2, [7, [1, 0]])}, "labels of row 1 are of type int; give a list of names"),
        ({"train": (["x"], [None])}, r"labels of row 1 are missing \(null\); give a list of names"),
        ({"train": (["x"], [[" "]])}, "train row 1: label '' is an empty string"),
        ({"train": (["x"] * 2, [["a", "a"], []])}, "train row 1: label 'a' is named twice"),
        ({"train": (["x"] * 2, [[], []])}, r"no training document has a label \(up to train row 2\)"),
        ({"train": (["x"] * 2, [["a"], []]), "test": (["x"], [["b"]])}, "test row 1: label 'b' is not one of the 1"),
        ({"train": (["x"] * 2, [[0, 1], [0, 2]])}, "train row 2: 2 for label '1'; give 1, 0, or -100 or None if"),
        ({"train": (["x"] * 2, np.array([[0.5], [1]]))}, "train row 1: 0.5 for label '0'"),
        ({"train": (["x"] * 2, sparse.csr_array([[0, 1], [0, 3]]))}, "train row 2: 3 for label '1'"),
        ({"train": (["x"], pandas.DataFrame({"a": ["1"]}))}, "train row 1: 1 for label 'a'"),
        ({"train": (["x"], np.ones((1, 2, 2)))}, r"train row 1: \[1. 1.\] for label '0'"),
        ({"train": (["x"] * 2, [[0, 1], [1]])}, "train row 2: 1 values, expected 2; rows of numbers are a matrix"),
        ({"train": (["x"] * 2, np.ones((2, 2))), "test": (["x"], [[1]])}, "test: the labels have 1 columns, but there"),
        ({"train": (["x"], pandas.DataFrame({"a": [1]})), "test": (["x"], pandas.DataFrame({"b": [1]}))}, "column 'b'"),
        ({"train": (["x"], [["a"]]), "validation": (["x"], [[1]])}, "the labels are a matrix without names"),
        (
            {"train": pandas.DataFrame({"body": ["x"], "labels": [["a"]]})},
            "train: no column 'text'; there are: body, l",
        ),
        ({"train": Dataset.from_dict({"text": ["x"]})}, "train: no column 'labels'; there are: text"),
        ({"train": Dataset.from_dict({"text": ["x"], "labels": ["a;b"]})}, "labels of row 1 are the string 'a;b'"),
    ],
)
def test_faults(splits, message):
    with pytest.raises(UserInputError, match=message) as error:
        from_lists(splits)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("label_names", "message"),
    [
        (["a", "b"], "train: the labels have 3 columns, but there are 2 label names"),
        ([], r"label_names must be a list of names, not \[\]"),
    ],
)
def test_wrong_label_names(label_names, message):
    with pytest.raises(UserInputError, match=message):
        from_lists({"train": (TEXTS, ONES)}, label_names)


def test_label_outside_of_label_names():
    with pytest.raises(UserInputError, match="train row 2: label 'b' is not one of the 2 labels"):
        from_lists({"train": (TEXTS, NAMES)}, ["a", "c"])
