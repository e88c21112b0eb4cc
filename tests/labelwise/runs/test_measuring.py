# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Metrics on documents some of whose labels no training document has."""

import numpy as np
import pytest
from datasets import ClassLabel, Dataset, Features, List, Value

from labelwise import MultiLabelMetrics
from labelwise.datasets_scripts import from_lists
from labelwise.datasets_scripts.documents import UNSEEN_COLUMN
from labelwise.runs.measuring import Measurement, count_labels, describe_unseen, measure
from labelwise.trainer.metrics_top_k import label_propensities
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


# Further metrics

NAMES, UNSEEN = ["tax", "law", "sport"], ["odd", "rare"]
SCORES = np.array([[2.0, 1, -1], [-1, 1, 0.5], [0.5, -2, -3], [-1, -1, 2]], dtype=np.float32)


@pytest.fixture
def tax_documents():
    features = Features(
        {
            "text": Value("string"),
            "labels": List(ClassLabel(names=NAMES)),
            UNSEEN_COLUMN: List(ClassLabel(names=UNSEEN)),
        }
    )
    labels, unseen = [[0], [1, 2], [], [2]], [[], [1], [0, 1], []]
    return Dataset.from_dict({"text": ["a", "b", "c", "d"], "labels": labels, UNSEEN_COLUMN: unseen}, features)


def all_metrics(tax_documents, unseen_labels="miss", **options):
    measurement = Measurement(tax_documents, 0.5, unseen_labels, metrics="all", **options)
    measurement.update(SCORES, label_matrix(tax_documents), tax_documents[UNSEEN_COLUMN])
    return measurement


def test_labels_that_training_has_not_are_never_predicted(tax_documents):
    unseen = np.array([[0, 0], [0, 1], [1, 1], [0, 0]])
    appended = {
        "predictions": np.concatenate([SCORES, np.full((4, 2), -np.inf)], axis=1),
        "references": np.concatenate([label_matrix(tax_documents), unseen], axis=1),
    }
    found = all_metrics(tax_documents).compute()
    assert found == MultiLabelMetrics().compute(**appended, metrics="all")
    # All true labels that the model has are among its first two: of the documents, 1, 2 of 3, 0 of 2, 1 are found.
    assert found["recall_at_5"] == pytest.approx((1 + 2 / 3 + 0 + 1) / 4)
    assert all_metrics(tax_documents).label_names == [*NAMES, *UNSEEN]


def test_or_do_not_count(tax_documents):
    found = all_metrics(tax_documents, "ignore").compute()
    assert found == MultiLabelMetrics().compute(
        predictions=SCORES, references=label_matrix(tax_documents), metrics="all"
    )


def test_measure_is_the_six_of_them(tax_documents):
    for unseen_labels in ("miss", "ignore"):
        six = measure(SCORES, label_matrix(tax_documents), 0.5, tax_documents, unseen_labels)
        assert len(six) == 6 and six.items() <= all_metrics(tax_documents, unseen_labels).compute().items()


def test_thresholds_of_labels_that_training_has_not(tax_documents):
    measurement = Measurement(tax_documents, [0.4, 0.5, 0.6], by_label=True)
    measurement.update(SCORES, label_matrix(tax_documents), tax_documents[UNSEEN_COLUMN])
    assert measurement.thresholds == [0.4, 0.5, 0.6, 0.5, 0.5]
    assert measurement.accumulator.label_sets.counts.true.tolist() == [1, 1, 2, 1, 2]


def test_their_propensities_are_those_of_no_document(tax_documents):
    found = all_metrics(tax_documents, training_counts=({"tax": 5, "law": 60, "sport": 9}, 100)).compute()
    references = np.concatenate([label_matrix(tax_documents), [[0, 0], [0, 1], [1, 1], [0, 0]]], axis=1)
    expected = MultiLabelMetrics().compute(
        predictions=np.concatenate([SCORES, np.full((4, 2), -np.inf)], axis=1),
        references=references,
        metrics="all",
        propensities=label_propensities([5, 60, 9, 0, 0], 100),
    )
    assert found == expected and "psp_at_3" in found


def test_count_labels(tax_documents):
    assert count_labels(tax_documents) == {"tax": 1, "law": 1, "sport": 2}
    assert count_labels(tax_documents.select([2])) == {"tax": 0, "law": 0, "sport": 0}
