# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Focal loss against its formula by hand."""

from math import log

import pytest
import torch

from labelwise.trainer.losses import FocalLoss


def logit(probability):
    return log(probability / (1 - probability))


LOGITS = torch.tensor([[logit(0.9), logit(0.8), logit(0.1)], [logit(0.25), logit(0.5), logit(0.6)]])
LABELS = torch.tensor([[1, 0, 0], [1, -100, 1]])


def test_by_hand():
    first = 0.1**2 * -log(0.9) + 0.8**2 * -log(0.2) + 0.1**2 * -log(0.9)
    second = 0.75**2 * -log(0.25) + 0.4**2 * -log(0.6)
    assert FocalLoss()(LOGITS, LABELS).item() == pytest.approx((first + second) / 2)
    assert (first + second) / 2 == pytest.approx(0.9468, abs=1e-4)


def test_alpha():
    first = 0.25 * 0.1**3 * -log(0.9) + 0.75 * 0.8**3 * -log(0.2) + 0.75 * 0.1**3 * -log(0.9)
    second = 0.25 * 0.75**3 * -log(0.25) + 0.25 * 0.4**3 * -log(0.6)
    assert FocalLoss(gamma=3, alpha=0.25)(LOGITS, LABELS).item() == pytest.approx((first + second) / 2)


def test_far_from_right_it_is_cross_entropy():
    """(1 - p_t)^gamma is 1 there."""
    assert FocalLoss()(torch.tensor([[-100.0, 100.0]]), torch.tensor([[1, 0]])).item() == 200


def test_what_is_right_weighs_less_the_larger_gamma_is():
    found = [FocalLoss(gamma)(torch.tensor([[2.0]]), torch.tensor([[1]])).item() for gamma in (0, 1, 2, 5)]
    assert found == sorted(found, reverse=True) and found[0] > 100 * found[-1]
