# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Average precision and ROC-AUC of each label, in memory or from a file, read in parts."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from labelwise.errors import UserInputError
from labelwise.trainer import metrics_label_scores
from labelwise.trainer.metrics_label_scores import LabelScores


def draw(decimals=9, documents=90, labels=11):
    rng = np.random.default_rng(0)
    true = rng.random((documents, labels)) < np.linspace(0.02, 0.9, labels)
    known = rng.random(true.shape) < 0.8
    true[:, 0], true[:, 1] = False, True  # one kind of documents each
    logits = np.round(rng.normal(size=true.shape) + true, decimals).astype(np.float32)
    return logits, true & known, known


def measure(logits, true, known, blocks=(1, 40, 49)):
    scores = LabelScores()
    for rows in np.split(np.arange(len(true)), np.cumsum(blocks)[:-1]):
        scores.update(logits[rows], true[rows], known[rows])
    return scores


@pytest.mark.parametrize("decimals", [0, 9])
@pytest.mark.parametrize(("in_memory", "pairs"), [(2**27, 2**22), (100, 2**22), (100, 250), (2**27, 1)])
def test_as_scikit_learn(monkeypatch, decimals, in_memory, pairs):
    monkeypatch.setattr(metrics_label_scores, "_IN_MEMORY", in_memory)
    monkeypatch.setattr(metrics_label_scores, "_PAIRS", pairs)
    logits, true, known = draw(decimals)
    scores = measure(logits, true, known)
    labels = [(true[known[:, k], k], logits[known[:, k], k]) for k in range(true.shape[1])]
    expected = [average_precision_score(*label) if 0 < label[0].mean() < 1 else np.nan for label in labels]
    assert scores.average_precision == pytest.approx(expected, rel=1e-12, nan_ok=True)
    assert np.flatnonzero(np.isnan(expected)).tolist() == [0, 1]
    assert scores.compute() == pytest.approx(
        {
            "micro_average_precision": average_precision_score(true[known], logits[known]),
            "macro_average_precision": np.mean(expected[2:]),
            "micro_roc_auc": roc_auc_score(true[known], logits[known]),
            "macro_roc_auc": np.mean([roc_auc_score(*label) for label in labels[2:]]),
        },
        rel=1e-12,
    )


def test_labels_that_are_ranked_last():
    """Minus infinity is the lowest score, not an unknown one."""
    logits, true, known = draw()
    last = logits.copy()
    last[logits < -1] = -np.inf
    lowest = np.where(logits < -1, np.float32(-9), logits)
    assert measure(last, true, known).compute() == measure(lowest, true, known).compute()


def test_a_full_disk_is_told(monkeypatch):
    class Full:
        def __init__(self, size):
            pass

        def write(self, data):
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(metrics_label_scores, "SpooledTemporaryFile", Full)
    with pytest.raises(UserInputError, match=r"do not fit in .*No space left on device.*set TMPDIR"):
        measure(*draw())
