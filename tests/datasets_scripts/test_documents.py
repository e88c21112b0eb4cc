# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest
from datasets import ClassLabel, List

from labelwise.datasets_scripts.documents import Document, make_features, to_dataset


def test_labels_are_sorted_and_come_once():
    dataset = to_dataset([Document("7", "x", ["b", "a", "b"]), Document("8", "y", [])], ["a", "b"])
    assert dataset[:] == {"id": ["7", "8"], "text": ["x", "y"], "labels": [[0, 1], []]}
    assert dataset.features == make_features(["a", "b"])
    assert dataset.features["labels"] == List(ClassLabel(names=["a", "b"]))


def test_unknown_name_is_a_bug():
    with pytest.raises(KeyError):
        to_dataset([Document("1", "x", ["c"])], ["a", "b"])
