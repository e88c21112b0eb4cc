# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""ZLPR against its formula by hand."""

from math import exp, log

import pytest
import torch

from labelwise.trainer.losses import ZLPRLoss


def test_by_hand():
    logits = torch.tensor([[2.0, -1.0, 0.5, -3.0], [1.0, 4.0, -2.0, 9.0]])
    labels = torch.tensor([[1, 1, 0, 0], [0, 0, 0, -100]])
    first = log(1 + exp(-2) + exp(1)) + log(1 + exp(0.5) + exp(-3))
    second = log(1) + log(1 + exp(1) + exp(4) + exp(-2))  # no label holds
    assert ZLPRLoss()(logits, labels).item() == pytest.approx((first + second) / 2)


def test_as_ranks_of_pairs_with_a_border_at_zero():
    """The paper's way to it: log of the sum of e^(s_j - s_i) over pairs, i that holds, j that does not, 0 in both."""
    positive, negative = [0.3, -1.2, 0.0], [0.7, -2.0, 0.0]
    pairs = sum(exp(j - i) for i in positive for j in negative)
    found = ZLPRLoss()(torch.tensor([[0.3, -1.2, 0.7, -2.0]]), torch.tensor([[1, 1, 0, 0]]))
    assert found.item() == pytest.approx(log(pairs), rel=1e-5)


def test_soft_labels():
    found = ZLPRLoss()(torch.tensor([[2.0, -1.0]]), torch.tensor([[0.9, 0.2]]))
    expected = log(1 + 0.9 * exp(-2) + 0.2 * exp(1)) + log(1 + 0.1 * exp(2) + 0.8 * exp(-1))
    assert found.item() == pytest.approx(expected)


def test_the_largest_mistake_takes_the_gradient():
    logits = torch.tensor([[100.0, 50.0, -100.0]], requires_grad=True)
    loss = ZLPRLoss()(logits, torch.tensor([[0, 0, 1]]))
    loss.backward()
    assert loss.item() == 200
    torch.testing.assert_close(logits.grad, torch.tensor([[1.0, 0.0, -1.0]]))
