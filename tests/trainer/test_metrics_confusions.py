# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The label that is most often confused with another."""

import numpy as np

from labelwise.trainer import metrics_confusions
from labelwise.trainer.metrics_confusions import Confusions


def confuse(predicted, true, known=None, logits=None, blocks=1):
    predicted, true = np.array(predicted, dtype=bool), np.array(true, dtype=bool)
    known = np.ones(true.shape, dtype=bool) if known is None else np.array(known, dtype=bool)
    logits = np.zeros(true.shape) if logits is None else np.array(logits)
    confusions = Confusions()
    for rows in np.array_split(np.arange(len(true)), blocks):
        confusions.update(logits[rows], predicted[rows], true[rows] & known[rows], known[rows])
    return [part.tolist() for part in confusions.compute()]


def test_by_hand():
    true = [[1, 0, 0, 0], [1, 0, 0, 0], [1, 0, 0, 1], [0, 1, 0, 0]]
    predicted = [[0, 1, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 1, 0, 0]]
    # Label 0 is missed three times, label 1 predicted instead twice and label 2 once; label 3 is always right.
    assert confuse(predicted, true) == [[1, 0, 0, -1], [2, 2, 1, 0]]
    assert confuse(predicted, true, blocks=3) == [[1, 0, 0, -1], [2, 2, 1, 0]]


def test_both_directions_count():
    true = [[1, 0], [0, 1], [0, 1]]
    predicted = [[0, 1], [1, 0], [1, 0]]
    assert confuse(predicted, true) == [[1, 0], [3, 3]]


def test_unknown_labels_are_confused_with_none():
    true, predicted = [[1, 0, 0]], [[0, 1, 1]]
    assert confuse(predicted, true, known=[[1, 0, 1]]) == [[2, -1, 0], [1, 0, 1]]
    assert confuse(predicted, true, known=[[0, 1, 1]]) == [[-1, -1, -1], [0, 0, 0]]


def test_nothing_wrong_or_no_documents():
    assert confuse([[1, 0]], [[1, 0]]) == [[-1, -1], [0, 0]]
    assert confuse(np.zeros((0, 3)), np.zeros((0, 3))) == [[-1] * 3, [0] * 3]


def test_against_a_plain_count():
    rng = np.random.default_rng(0)
    true, predicted, known = (rng.random((60, 9)) < share for share in (0.3, 0.3, 0.9))
    times = np.zeros((9, 9), dtype=int)
    for t, p, k in zip(true & known, predicted, known, strict=True):
        for one in np.flatnonzero(t & ~p):
            for other in np.flatnonzero(p & ~t & k):
                times[one, other] += 1
                times[other, one] += 1
    partners, documents = confuse(predicted, true, known, blocks=4)
    assert documents == times.max(axis=1).tolist()
    assert partners == times.argmax(axis=1).tolist()


def test_of_many_wrong_labels_the_highest_scores_count(monkeypatch):
    monkeypatch.setattr(metrics_confusions, "_MOST_WRONG", 2)
    true, predicted = [[1, 0, 0, 0, 0]], [[0, 1, 1, 1, 1]]
    logits = [[-1, 3, 1, 4, 2]]
    partners, documents = confuse(predicted, true, logits=logits)
    assert documents == [1, 1, 0, 1, 0] and partners == [1, 0, -1, 0, -1]
