# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Planted label errors."""

import json

import numpy as np
import pytest

from labelwise.analysis import label_errors
from labelwise.analysis.label_errors import check_cleanlab, find_label_errors, label_quality, list_label_errors
from labelwise.errors import UserInputError

from .made_up import make_documents


def plant(seed: int = 0):
    """Labels with planted errors, probabilities of the true ones, and where the errors are."""
    rng = np.random.default_rng(seed)
    true_DL = (rng.random((400, 3)) < [0.5, 0.3, 0.1]).astype(np.int8)
    probabilities_DL = np.clip(np.where(true_DL, 0.8, 0.15) + rng.normal(0, 0.08, true_DL.shape), 0, 1)
    is_planted_DL = rng.random(true_DL.shape) < 0.05
    return np.where(is_planted_DL, 1 - true_DL, true_DL).astype(np.int8), probabilities_DL, is_planted_DL


@pytest.fixture(autouse=True)
def cleanlab():
    pytest.importorskip("cleanlab", reason="label errors need the extra `audit`")


def test_planted_errors_are_found():
    labels_DL, probabilities_DL, is_planted_DL = plant()
    found_DL = find_label_errors(labels_DL, probabilities_DL)
    assert is_planted_DL[found_DL].mean() > 0.95
    assert found_DL[is_planted_DL].mean() > 0.7


def test_unknown_labels_are_no_errors():
    labels_DL, probabilities_DL, is_planted_DL = plant()
    labels_DL[is_planted_DL] = -100
    assert not find_label_errors(labels_DL, probabilities_DL).any()
    assert np.isnan(label_quality(labels_DL, probabilities_DL)[is_planted_DL]).all()


def test_unscored_documents_and_rare_labels_are_left_out():
    labels_DL, probabilities_DL, is_planted_DL = plant()
    probabilities_DL[:200] = np.nan
    found_DL = find_label_errors(labels_DL, probabilities_DL)
    assert not found_DL[:200].any()
    assert found_DL[200:][is_planted_DL[200:]].mean() > 0.7
    labels_DL[:, 0], labels_DL[:, 1] = 1, 0
    labels_DL[300:304, 1] = 1  # too few to check
    assert not find_label_errors(labels_DL, probabilities_DL)[:, :2].any()


def test_table():
    labels_DL, probabilities_DL, _ = plant()
    documents = make_documents(["text"] * 400, [[]] * 400, names=["a", "b", "c"])
    documents.labels_DL = labels_DL
    labels_DL[0] = [1, 0, -100]
    probabilities_DL[0] = [0.01, 0.1, 0.9]
    table = list_label_errors(documents, probabilities_DL)
    assert table["label_quality"].is_monotonic_increasing
    assert len(table) == find_label_errors(labels_DL, probabilities_DL).sum()
    first = table[table["id"] == "d0"].to_dict("records")
    (row,) = first
    assert (row["label"], row["given"], row["probability"], row["label_quality"]) == ("a", True, 0.01, 0.01)
    assert row["split"] == "train"
    assert json.loads(row["labels"]) == ["a"]
    assert 0 <= row["document_quality"] < 0.6


def test_nothing_is_wrong():
    labels_DL = np.tile(np.array([[1, 0], [0, 1]], dtype=np.int8), (10, 1))
    documents = make_documents(["text"] * 20, [[]] * 20, names=["a", "b"])
    documents.labels_DL = labels_DL
    assert list_label_errors(documents, np.where(labels_DL, 0.9, 0.1)).empty


def test_missing_package(monkeypatch):
    monkeypatch.setattr(label_errors, "find_spec", lambda name: None)
    with pytest.raises(UserInputError, match=r'pip install "labelwise\[audit\]"'):
        check_cleanlab()
