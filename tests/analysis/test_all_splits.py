# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents of all splits in one row after the other."""

import numpy as np

from labelwise.analysis.all_splits import join_splits
from labelwise.datasets_scripts import from_lists


def test_splits_are_joined_in_their_order():
    corpus = from_lists({"train": (["a", "b"], [["x"], ["y", "x"]]), "test": (["c"], [["y"]])})
    documents = join_splits(corpus)
    first = documents.in_split("train")
    assert documents.split_names[0] == "train"
    assert [documents.texts[row] for row in np.flatnonzero(first)] == corpus["train"]["text"][:]
    assert not documents.in_split("nothing").any()
    row = documents.texts.index("b")
    assert documents.names_of(row) == ["x", "y"]
    assert len(documents.ids) == len(documents.texts) == len(documents.labels_DL) == len(documents.split_D) == 3


def test_unknown_labels_are_marked():
    labels = np.array([[1, 0], [0, -100], [0, 1]])
    documents = join_splits(from_lists({"test": (["a", "b", "c"], labels)}, label_names=["x", "y"]))
    assert documents.labels_DL.tolist() == labels.tolist()
    assert documents.names_of(1) == []
