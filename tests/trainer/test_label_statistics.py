# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Counts and co-occurrence of labels, by hand."""

import datasets
import numpy as np
import pytest
import torch

from labelwise.errors import UserInputError
from labelwise.trainer.label_statistics import count_labels, label_cooccurrence

NAMES = ["bank", "sport", "food"]


def documents(labels):
    return datasets.Dataset.from_dict({"labels": labels, "input_ids": [[3]] * len(labels)})


@pytest.mark.parametrize("kind", [int, float])
@pytest.mark.parametrize("form", [None, "numpy", "torch"])
def test_counts(kind, form):
    rows = [[1, 0, 0], [1, 1, 0], [0, -100, 1], [-100, -100, 0]]
    dataset = documents([[kind(label) for label in row] for row in rows]).with_format(form)
    positives, negatives = count_labels(dataset, NAMES)
    assert positives.tolist() == [2, 1, 1] and negatives.tolist() == [1, 1, 3]
    assert dataset.format["type"] == form  # left as it was


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([[1, 0, 0], [0, 1, 0]], "no training document has food: "),
        ([[0, 0, 0], [0, 1, 0]], "no training document has bank, food: "),
        ([[1, 1, 0], [0, 1, 1]], "every training document has sport: "),
        ([[1, 0, -100], [0, 1, -100]], "no training document has food: "),
    ],
)
def test_labels_without_a_weight(rows, told):
    with pytest.raises(UserInputError, match=f"{told}remove these labels, or choose another loss"):
        count_labels(documents(rows), NAMES)


@pytest.mark.parametrize("dataset", [None, [{"labels": [1, 0, 0]}], documents([[1, 0, 0]]).to_iterable_dataset()])
def test_no_dataset(dataset):
    with pytest.raises(ValueError, match=r"pass train_dataset, a datasets\.Dataset"):
        count_labels(dataset, NAMES)


# Labels a, b, c and d: no document has d.
LABELS = [
    [1, 1, 0, 0],
    [1, 0, 0, 0],
    [1, 1, 1, 0],
    [0, 0, 1, 0],
    [1, 0, 0, 0],
    [0, 0, 0, 0],
]
BY_HAND = [
    [1, 2 / 4, 1 / 4, 0],  # a four times, twice with b, once with c
    [2 / 2, 1, 1 / 2, 0],
    [1 / 2, 1 / 2, 1, 0],
    [0, 0, 0, 1],
]


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float32])
def test_cooccurrence(dtype):
    found = label_cooccurrence(np.array(LABELS, dtype=dtype))
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, torch.tensor(BY_HAND))


def test_cooccurrence_of_a_label_of_every_document():
    found = label_cooccurrence([[1, 0], [1, 1], [1, 0]])
    torch.testing.assert_close(found, torch.tensor([[1, 1 / 3], [1, 1]]))


def test_cooccurrence_leaves_out_unknown_labels():
    """Three documents have a; for one of them b is unknown."""
    found = label_cooccurrence([[1, 1], [1, 0], [1, -100], [-100, 1]])
    torch.testing.assert_close(found, torch.tensor([[1, 1 / 2], [1, 1]]))


@pytest.mark.parametrize("labels", [np.zeros((3, 2)), np.full((3, 2), -100), np.zeros((0, 2))], ids=str)
def test_cooccurrence_of_nothing_is_the_identity(labels):
    assert label_cooccurrence(labels).equal(torch.eye(2))
