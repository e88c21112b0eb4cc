# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import json

import numpy as np
import pandas
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, List, Value
from scipy import sparse

from labelwise.datasets_scripts import from_lists, load_files
from labelwise.datasets_scripts.own_data.memory import is_matrix
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

    def load(label_names=None, split_seed=0, **splits):
        paths = {}
        for split, (texts, labels, *unknown) in splits.items():
            rows = [{"text": text, "labels": names} for text, names in zip(texts, labels, strict=True)]
            for row, names in zip(rows, *unknown, strict=True) if unknown else ():
                row["unknown_labels"] = names
            path = tmp_path / f"{split}.jsonl"
            path.write_text("".join(json.dumps(row) + "\n" for row in rows))
            paths[f"{split}_file"] = str(path)
        return load_files(**paths, label_names=label_names, split_seed=split_seed)

    return load


@pytest.mark.parametrize("seed", [0, 3])
def test_equals_files_without_validation_split(files, seed):
    expected = files(train=(TEXTS, NAMES), test=(TEXTS[:2], NAMES[:2]), split_seed=seed)
    splits = {"test": (TEXTS[:2], NAMES[:2]), "train": (TEXTS, [tuple(names) for names in NAMES])}
    assert equal(from_lists(splits, split_seed=seed), expected)
    assert len(expected["validation"]) == 2


def test_equals_files_with_validation_split(files):
    expected = files(train=(TEXTS, NAMES), validation=(TEXTS[:3], NAMES[:3]))
    splits = {"train": (pandas.Series(TEXTS), map(set, NAMES)), "validation": (TEXTS[:3], NAMES[:3])}
    assert equal(from_lists(splits), expected)


def test_allowed_names_give_the_order(files):
    expected = files(label_names=["d", *COLUMNS], train=(TEXTS, NAMES))
    assert equal(from_lists({"train": (TEXTS, NAMES)}, label_names=["d", *COLUMNS]), expected)
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
    assert equal(from_lists(splits, label_names=COLUMNS), expected)


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
    splits = {"train": (TEXTS, convert(rows)), "test": (TEXTS[:1], convert(ONES[:1]))}
    found = from_lists(splits, label_names=COLUMNS)
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
    ("labels", "options", "expected"),
    [
        (["a", "b"], {}, [["a"], ["b"]]),
        (["a;b", "c"], {"label_separator": ";"}, [["a", "b"], ["c"]]),
        (["['a', 'b']", "[]"], {}, [["a", "b"], []]),
        (["[a, b]", "c"], {"label_format": "strings"}, [["[a, b]"], ["c"]]),
        (np.array(["a", "b"]), {}, [["a"], ["b"]]),
        (pandas.Series(["a", "b"], dtype="category"), {}, [["a"], ["b"]]),
        (["a", ["b", "a"]], {}, [["a"], ["a", "b"]]),
        ([["a", "a"], ["b"]], {}, [["a"], ["b"]]),
        ([7, [10, 2]], {}, [["7"], ["2", "10"]]),
        (np.array([0, 2]), {}, [["0"], ["2"]]),
        ([[0, 1], [0, 2]], {}, [["0", "1"], ["0", "2"]]),
        ([np.array([0, 1, 1]), np.array([0, 0, 1])], {}, [["1", "2"], ["2"]]),
        ([[True, False], [True, True]], {}, [["0"], ["0", "1"]]),
        ([[0, 1], [1, 0]], {"label_format": "indicators"}, [["1"], ["0"]]),
        ([[0, 1], [1, 0]], {"label_format": "ids"}, [["0", "1"], ["0", "1"]]),
        ([{"a": 1, "b": 0}, {"a": 0, "b": True}], {}, [["a"], ["b"]]),
        ([["a"], None], {"missing_labels": "negative"}, [["a"], []]),
        (pandas.DataFrame({"a": ["1", "0"], "b": ["yes", "no"]}), {}, [["a", "b"], []]),
        (pandas.DataFrame([[1, 0], [0, 1]], columns=[2020, 1999]), {}, [["2020"], ["1999"]]),
    ],
)
def test_labels_of_a_pair_are_what_a_label_column_contains(labels, options, expected):
    rows = from_lists({"train": (["x", "y"], labels), "validation": (["x", "y"], labels)}, **options)["train"]
    names = rows.features["labels"].feature.names
    assert [sorted(names[i] for i in ids) for ids in rows["labels"]] == [sorted(of_row) for of_row in expected]


def test_columns_of_a_frame_may_be_labels(caplog):
    frame = pandas.DataFrame({"text": TEXTS, "toxic": ["1", "0"] * 10, "spam": [1, None] * 10, "likes": range(20)})
    one = from_lists({"train": frame}, label_columns=["toxic", "spam"])
    assert one["train"].features["labels"].feature.names == ["toxic", "spam"]
    rows = {row["text"]: (row["labels"], row["unknown_labels"]) for part in one.values() for row in part}
    assert rows == {f"Text {i}": (([0, 1], []) if i % 2 == 0 else ([], [1])) for i in range(20)}
    assert equal(from_lists({"train": frame}, label_columns="auto"), one)
    assert "train: the label columns are toxic, spam (label_columns sets them)" in caplog.text


def test_a_path_is_read_as_a_file(tmp_path):
    file = tmp_path / "train.jsonl"
    file.write_text("".join(json.dumps({"text": t, "labels": n}) + "\n" for t, n in zip(TEXTS, NAMES, strict=True)))
    for path in (file, str(file)):
        assert equal(from_lists({"train": path}), from_lists({"train": (TEXTS, NAMES)}))


def test_several_text_columns_of_a_table():
    frame = pandas.DataFrame({"title": ["One", None], "body": ["x", "y"], "labels": [["a"], ["b"]]})
    corpus = from_lists({"train": frame, "validation": frame}, text_column=["title", "body"])
    assert corpus["train"]["text"][:] == ["One\nx", "y"]


def test_labels_of_a_model():
    model_labels = ["d", *COLUMNS]
    found = from_lists({"test": (TEXTS, NAMES)}, model_labels=model_labels)["test"]
    assert found.features["labels"].feature.names == model_labels
    assert found["labels"][:] == [
        [model_labels.index(name) for name in sorted(names, key=model_labels.index)] for names in NAMES
    ]
    named = pandas.DataFrame(ONES, columns=COLUMNS)
    assert from_lists({"test": (TEXTS, named)}, model_labels=model_labels)["test"]["labels"][:] == found["labels"][:]
    numbered = {"test": (TEXTS, np.array(ONES))}
    assert (
        from_lists(numbered, model_labels=model_labels, label_names=COLUMNS)["test"]["labels"][:] == found["labels"][:]
    )


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (np.eye(2), True),
        (sparse.csr_array(np.eye(2)), True),
        (pandas.DataFrame({"a": [1]}), True),
        ([[0, 1], [None, -100]], True),
        ([np.array([0, 1])], True),
        ([[0, 1], [1]], False),
        ([["a"], ["b"]], False),
        (["a", "b"], False),
        ([0, 1], False),
        (np.array([0, 1]), False),
        ([{"a": 1}], False),
        ([], False),
    ],
)
def test_what_is_a_matrix(labels, expected):
    assert is_matrix(labels) is expected
