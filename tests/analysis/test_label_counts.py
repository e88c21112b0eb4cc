# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Frequencies of labels and of pairs, by hand."""

import numpy as np
import pytest

from labelwise.analysis.label_correlation import label_correlation
from labelwise.analysis.label_counts import count_known, count_labels, count_together, list_label_pairs

from .made_up import make_documents

LABELS = [["a", "b"], ["a", "b"], ["a"], ["c"], [], ["a"]]
SPLITS = ["train"] * 4 + ["test"] * 2


def test_labels():
    documents = make_documents("uvwxyz", LABELS, SPLITS, names=["c", "a", "b", "never"], unknown=[(4, "a"), (5, "c")])
    table = count_labels(documents).set_index("label")
    assert list(table.index) == ["a", "b", "c", "never"]
    assert table.loc["a", ["train", "test", "all", "unknown", "alone"]].tolist() == [3, 1, 4, 1, 2]
    assert table.loc["a", "share"] == pytest.approx(4 / 5)
    assert table.loc["b", ["most_often_with", "share_of_it"]].tolist() == ["a", 1]
    assert table.loc["a", ["most_often_with", "share_of_it"]].tolist() == ["b", 0.5]
    assert table.loc["never", ["all", "most_often_with"]].tolist() == [0, ""]


def test_pairs():
    documents = make_documents("uvwxyz", LABELS)
    table = list_label_pairs(documents)
    (row,) = table.to_dict("records")
    assert (row["label"], row["other"], row["together"]) == ("a", "b", 2)
    assert (row["share_of_label"], row["share_of_other"]) == (0.5, 1)
    expected = label_correlation(documents.labels_DL, documents.label_names).loc["a", "b"]
    assert row["correlation"] == pytest.approx(expected)
    assert count_together(documents.labels_DL).tolist() == [[4, 2, 0], [2, 2, 0], [0, 0, 1]]


def test_pairs_of_known_labels():
    unknown = [(2, "b"), (3, "a"), (4, "a"), (4, "b")]
    documents = make_documents("uvwxyz", [["a", "b"], ["a", "b"], ["a"], ["b"], [], ["a"]], unknown=unknown)
    (row,) = list_label_pairs(documents).to_dict("records")
    assert (row["together"], row["share_of_label"], row["share_of_other"]) == (2, 2 / 3, 1)
    expected = label_correlation(documents.labels_DL, documents.label_names).loc["a", "b"]
    assert np.isnan(row["correlation"]) and np.isnan(expected)  # where both are known, a always applies
    documents = make_documents("uvwxy", [["a", "b"], ["a"], ["a"], ["b"], []], unknown=[(1, "b"), (3, "a")])
    (row,) = list_label_pairs(documents).to_dict("records")
    expected = label_correlation(documents.labels_DL, documents.label_names).loc["a", "b"]
    assert row["correlation"] == pytest.approx(expected) == pytest.approx(0.5)
    assert count_known(documents.labels_DL).tolist() == [[3, 2], [1, 2]]
    assert count_labels(documents).set_index("label")["share_of_it"].to_dict() == {"a": 0.5, "b": 1}


def test_a_label_of_all_documents_has_no_correlation():
    table = list_label_pairs(make_documents("xyz", [["a", "b"], ["a"], ["a", "b"]]))
    assert np.isnan(table["correlation"]).all()
