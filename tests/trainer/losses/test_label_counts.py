# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""How often labels hold, and what is refused."""

import datasets
import pytest

from labelwise.datasets_scripts.errors import UserInputError
from labelwise.trainer.losses.label_counts import count_labels

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
def test_labels_that_cannot_be_weighed(rows, told):
    with pytest.raises(UserInputError, match=f"{told}take that out of the labels, or take another loss"):
        count_labels(documents(rows), NAMES)


@pytest.mark.parametrize("dataset", [None, [{"labels": [1, 0, 0]}], documents([[1, 0, 0]]).to_iterable_dataset()])
def test_no_dataset(dataset):
    with pytest.raises(ValueError, match=r"pass train_dataset, a datasets\.Dataset"):
        count_labels(dataset, NAMES)
