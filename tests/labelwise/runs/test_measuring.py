# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Metrics on documents some of whose labels training has not."""

import numpy as np
import pytest

from labelwise.datasets_scripts import from_lists
from labelwise.runs.measuring import describe_unseen, measure
from labelwise.trainer.preprocessing import label_matrix

LOGITS = np.array([[2.0, -2.0], [-2.0, 2.0], [-2.0, -2.0]])
LABELS = [["a", "x"], ["b"], ["x", "y"]]


@pytest.fixture
def documents():
    splits = {"train": (["p", "q"], [["a"], ["b"]]), "validation": (["r"], [["a"]]), "test": (["s", "t", "u"], LABELS)}
    return from_lists(splits, unseen_labels="miss")["test"]


@pytest.mark.parametrize("thresholds", [0.5, [0.5, 0.5]])
def test_an_unseen_label_is_one_that_is_never_predicted(documents, thresholds):
    labels = label_matrix(documents)
    missed = measure(LOGITS, labels, thresholds, documents)
    ignored = measure(LOGITS, labels, thresholds, documents, "ignore")
    # Two labels are predicted, both rightly; five are true, three of them unseen.
    assert (missed["micro_f1"], ignored["micro_f1"]) == (pytest.approx(2 * 2 / (2 + 5)), 1.0)
    assert (missed["macro_f1"], ignored["macro_f1"]) == (pytest.approx(0.5), 1.0)
    assert (missed["subset_accuracy"], ignored["subset_accuracy"]) == (pytest.approx(1 / 3), 1.0)


def test_documents_without_unseen_labels_are_measured_as_they_are(documents):
    documents = documents.remove_columns("unseen_labels")
    found = measure(LOGITS, label_matrix(documents), 0.5, documents)
    assert found["micro_f1"] == 1.0


def test_unseen_labels_are_described(documents):
    told = {"labels": 2, "occurrences": 3}
    assert describe_unseen(documents, "miss") == {"counted_as": "miss", **told}
    assert describe_unseen(documents, "ignore") == {"counted_as": "ignore", **told}
    assert describe_unseen(documents.select([1]), "miss") == {}
    assert describe_unseen(documents.remove_columns("unseen_labels"), "miss") == {}
