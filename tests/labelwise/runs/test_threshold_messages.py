# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The line on a model that predicts no label."""

import numpy as np
import torch

from labelwise.runs.threshold_messages import NoLabels, explain_no_labels

WEIGH = "weigh positives (--loss weighted_bce)"


def logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


def test_no_probability_is_high_enough():
    logits = np.array([[logit(0.03), logit(0.02)]])
    assert explain_no_labels(logits, 0.5, f"tune thresholds, or {WEIGH}") == (
        f"no probability is above 0.5; the highest is 0.03: tune thresholds, or {WEIGH}"
    )
    assert explain_no_labels(logits, 0.25, WEIGH) == f"no probability is above 0.25; the highest is 0.03: {WEIGH}"
    assert explain_no_labels(logits, [0.25, 0.5], WEIGH) == (
        f"no probability is above its label's threshold; the highest is 0.03: {WEIGH}"
    )


def test_nothing_to_explain():
    logits = np.array([[logit(0.03), logit(0.6)]])
    assert explain_no_labels(logits, 0.5, WEIGH) is None
    assert explain_no_labels(logits, [0.01, 0.7], WEIGH) is None
    assert explain_no_labels(np.empty((0, 2)), 0.5, WEIGH) is None


def test_block_by_block():
    no_labels = NoLabels(0.5)
    for probability in (0.1, 0.3, 0.2):
        no_labels.update(torch.tensor([[logit(probability)]]))
    assert "the highest is 0.3:" in no_labels.explain(WEIGH)
    no_labels.update(torch.tensor([[logit(0.7)]]))
    no_labels.update(torch.tensor([[logit(0.1)]]))
    assert no_labels.explain(WEIGH) is None
