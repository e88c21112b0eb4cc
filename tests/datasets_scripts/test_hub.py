# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import datasets
import pytest
from datasets import ClassLabel, Dataset, DatasetDict, Features, List, Value

from labelwise.datasets_scripts.hub import load_hub
from labelwise.errors import UserInputError

from ..hub.hub_server import Repo


def publish(monkeypatch, **splits):
    """Replace the Hub with one that contains these splits."""
    monkeypatch.setattr(datasets, "load_dataset", lambda *_, **__: DatasetDict(splits))


def split(labels, feature=None, column="labels"):
    rows = {"text": [f"text {i}" for i in range(len(labels))], column: labels}
    features = feature and Features({"text": Value("string"), column: feature})
    return Dataset.from_dict(rows, features=features)


def fault(**arguments):
    with pytest.raises(UserInputError) as error:
        load_hub("ns/name", **arguments)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_class_label_ids(monkeypatch):
    # Names that look like ids of other names.
    labels = List(ClassLabel(names=["2", "0", "1"]))
    publish(monkeypatch, train=split([[0], [1, 2]] * 5, labels), test=split([[2, 0], []], labels))
    dataset = load_hub("ns/name")
    assert dataset["train"].features["labels"] == labels
    assert dataset["test"]["labels"][:] == [[0, 2], []]
    assert {name: len(part) for name, part in dataset.items()} == {"train": 9, "validation": 1, "test": 2}


def test_lists_of_names(monkeypatch):
    publish(monkeypatch, train=split([["b", "a"], []]), validation=split([["a"]]), extra=split([["x"]]))
    dataset = load_hub("ns/name")
    assert list(dataset) == ["train", "validation"]
    assert dataset["train"]["labels"][:] == [[0, 1], []]


def test_single_labels(monkeypatch):
    publish(monkeypatch, train=split([1, 0, 1], ClassLabel(names=["x", "y"]), "label"))
    assert load_hub("ns/name", label_column="label")["train"].features["labels"].feature.names == ["x", "y"]
    publish(monkeypatch, train=split(["sport", "art"]), test=split(["art"]))
    assert load_hub("ns/name")["test"]["labels"][:] == [[0]]


def test_columns_of_0_and_1(monkeypatch):
    rows = {"comment": ["x", "y", "z"], "toxic": [1, 0, 0], "spam": [True, False, None], "likes": [3, 1, 0]}
    publish(monkeypatch, train=Dataset.from_dict(rows), validation=Dataset.from_dict(rows))
    options = {"text_column": "comment", "label_columns": ["toxic", "spam"]}
    found = load_hub("ns/name", **options)["train"]
    assert found.features["labels"].feature.names == ["toxic", "spam"]
    assert (found["labels"][:], found["unknown_labels"][:]) == ([[0, 1], [], []], [[], [], [1]])
    other = load_hub("ns/name", model_labels=["spam", "toxic"], **options)["train"]
    assert (other["labels"][:], other["unknown_labels"][:]) == ([[0, 1], [], []], [[], [], [0]])


def test_rows_without_labels(monkeypatch):
    publish(monkeypatch, train=split([["a"], None, ["b"]]), validation=split([["a"]]))
    assert "ns/name train row 2: the labels are missing, as in 1 of 3 rows of ns/name train" in fault()
    assert load_hub("ns/name", missing_labels="drop")["train"]["id"][:] == ["1", "3"]


def test_faults(monkeypatch):
    publish(monkeypatch, test=split([["a"]]))
    assert "ns/name has no train split; it has: test" in fault()
    assert load_hub("ns/name", model_labels=["b", "a"])["test"]["labels"][:] == [[1]]
    publish(monkeypatch, train=split([1, 0], ClassLabel(names=["x", "y"]), "label"))
    assert "ns/name train: no column 'labels'; there are: text, label" in fault()
    publish(
        monkeypatch,
        train=split([0, 1], ClassLabel(names=["x", "y"])),
        test=split([0, -1], ClassLabel(names=["x", "y"])),
    )
    assert "ns/name test row 2: label id -1 has no name" in fault()
    publish(monkeypatch, train=split([["a"], ["b"]]), test=split([["a"], ["c"]]))
    told = "ns/name test row 2: 'c': 1 label (1 time in all) is not among the 2 of training"
    assert told in fault()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"PAR1 and nothing more", "check its files and the configuration"),
        (b"", "check its files and the configuration"),
    ],
)
def test_files_that_are_none(hub, cache, content, told):
    repo = Repo("ann/broken", "dataset", private=False)
    repo.commit("main", "broken", {"data/train-00000-of-00001.parquet": content})
    hub.repos["dataset", "ann/broken"] = repo
    with pytest.raises(UserInputError, match="ann/broken cannot be loaded from the Hub: ") as error:
        load_hub("ann/broken", cache_dir=cache)
    assert told in str(error.value)


def test_unknown_configuration(hub, cache):
    DatasetDict(train=split([["a"], ["b"]] * 5)).push_to_hub("ann/rows", "some")
    assert len(load_hub("ann/rows", cache_dir=cache)["train"]) == 9
    assert len(load_hub("ann/rows", config_name="some", cache_dir=cache)["train"]) == 9
    with pytest.raises(UserInputError, match="BuilderConfig 'other' not found"):
        load_hub("ann/rows", config_name="other", cache_dir=cache)
