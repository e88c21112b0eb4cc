# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Asymmetric loss against its formula by hand."""

from math import log

import pytest
import torch

from labelwise.trainer.losses import AsymmetricLoss


def logit(probability):
    return log(probability / (1 - probability))


LOGITS = torch.tensor([[logit(0.9), logit(0.8), logit(0.03)], [logit(0.25), logit(0.5), logit(0.6)]])
LABELS = torch.tensor([[1, 0, 0], [1, -100, 0]])


def test_by_hand():
    first = -log(0.9) - 0.75**4 * log(0.25) + 0  # 0.03 is below the margin
    second = -log(0.25) - 0.55**4 * log(0.45)
    assert AsymmetricLoss()(LOGITS, LABELS).item() == pytest.approx((first + second) / 2)


def test_other_settings():
    first = -(0.1**1) * log(0.9) - 0.7**2 * log(0.3)
    second = -(0.75**1) * log(0.25) - 0.5**2 * log(0.5)
    loss = AsymmetricLoss(gamma_pos=1, gamma_neg=2, margin=0.1)
    assert loss(LOGITS, LABELS).item() == pytest.approx((first + second) / 2)


@pytest.mark.parametrize("probability", [1e-6, 0.01, 0.0499])
def test_negatives_below_the_margin_cost_nothing(probability):
    logits = torch.tensor([[logit(probability)]], requires_grad=True)
    loss = AsymmetricLoss()(logits, torch.tensor([[0]]))
    loss.backward()
    assert loss.item() == 0 and logits.grad.item() == 0
    assert AsymmetricLoss(margin=0)(logits, torch.tensor([[0]])) > 0 or probability < 1e-5


def test_the_hardest_negatives_press_less_than_hard_ones():
    """They may be wrong labels: the gradient falls again towards p = 1, which the margin does."""
    logits = torch.tensor([[logit(0.95), 100.0]], requires_grad=True)
    AsymmetricLoss()(logits, torch.tensor([[0, 0]])).backward()
    hard, hardest = logits.grad[0].tolist()
    assert 0 <= hardest < 1e-6 < hard
    assert AsymmetricLoss()(torch.tensor([[100.0]]), torch.tensor([[0]])).item() == pytest.approx(
        -(0.95**4) * log(0.05)
    )
