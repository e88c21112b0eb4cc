# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Probabilities by cross-validation."""

import logging

import numpy as np
import pytest
from sklearn.base import BaseEstimator

from labelwise.errors import UserInputError
from labelwise.runs.out_of_fold import cross_validate_probabilities, make_classifier


class Recorder(BaseEstimator):
    """Predicts how many of the texts it was trained on."""

    def fit(self, texts, labels, label_names):
        assert label_names == ["a", "b"]
        assert len(texts) == len(labels)
        logging.getLogger("labelwise.datasets_scripts.anything").warning("not to be seen")
        self.texts = set(texts)
        return self

    def predict_proba(self, texts):
        return np.array([[text in self.texts, len(self.texts)] for text in texts], dtype=np.float32)


def test_no_document_is_scored_by_a_model_that_read_it(caplog):
    texts = [f"text {number // 2}" for number in range(20)]  # each twice
    groups = np.arange(20) // 2
    labels = np.zeros((20, 2), dtype=np.int8)
    with caplog.at_level(logging.INFO):
        scores = cross_validate_probabilities(Recorder(), texts, labels, ["a", "b"], groups, num_folds=5)
    assert not scores[:, 0].any()
    assert (scores[:, 1] == 8).all()
    assert len([record for record in caplog.records if "fold" in record.message]) == 5
    assert "not to be seen" not in caplog.text
    assert logging.getLogger("labelwise.datasets_scripts").level == logging.NOTSET


def test_too_few_texts():
    with pytest.raises(UserInputError, match="2 different texts cannot be cut into 3 folds"):
        cross_validate_probabilities(Recorder(), ["x"] * 4, np.zeros((4, 2)), ["a", "b"], np.array([0, 0, 1, 1]), 3)


def test_a_system_of_this_package():
    texts = [f"{words} {number}" for number in range(30) for words in ("money loan bank", "ball goal team")]
    labels = np.array([[1, 0], [0, 1]] * 30, dtype=np.int8)
    labels[0, 0] = -100
    classifier = make_classifier("br").set_params(min_df=1)
    scores = cross_validate_probabilities(classifier, texts, labels, ["a", "b"], np.arange(60), num_folds=2)
    assert scores.dtype == np.float32
    assert ((scores > 0.5) == (labels == 1))[1:].all()
    assert scores[0].tolist() == pytest.approx(scores[2].tolist(), abs=0.1)
