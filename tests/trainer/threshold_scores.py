# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents to tune thresholds on, and what thresholds score."""

import itertools

import numpy as np
import pytest

from labelwise import MultiLabelMetrics, predict_labels
from labelwise.trainer.thresholds import MODES, TUNABLE_METRICS

EVERY = pytest.mark.parametrize(("mode", "metric"), list(itertools.product(MODES, TUNABLE_METRICS)))


def draw(seed: int, documents: int = 40, labels: int = 5, signal: float = 2.0):
    """Logits of an under-confident model, and the labels; the last label never holds."""
    rng = np.random.default_rng(seed)
    true = rng.random((documents, labels)) < 0.3
    true[:, -1] = False
    return (rng.normal(size=true.shape) + signal * true - 1.5).astype(np.float32), true.astype(np.int64)


def scores(logits, labels, thresholds) -> dict[str, float]:
    return MultiLabelMetrics().compute(predictions=logits, references=labels, thresholds=thresholds)


def quick_score(logits, labels, thresholds, metric: str) -> float:
    """The same in numpy, a hundred times faster; `test_thresholds.py` compares them."""
    held, true = predict_labels(logits, thresholds).numpy(), labels == 1
    if metric == "subset_accuracy":
        return (held == true).all(axis=1).mean()
    hits, sizes = (held & true).sum(axis=0), held.sum(axis=0) + true.sum(axis=0)
    return 2 * hits.sum() / sizes.sum() if metric == "micro_f1" else (2 * hits / np.maximum(sizes, 1)).mean()
