# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Weighted binary cross-entropy against sums written out by hand."""

from math import exp, log

import pytest
import torch

from labelwise.trainer.losses import WeightedBinaryCrossEntropy


def test_by_hand():
    loss = WeightedBinaryCrossEntropy(torch.tensor([9.0, 0.5, 1.0]))
    logits, labels = torch.tensor([[1.0, -2.0, 0.0], [0.5, 0.0, 3.0]]), torch.tensor([[1, 1, 0], [0, -100, 1]])
    first = 9 * log(1 + exp(-1)) + 0.5 * log(1 + exp(2)) + log(2)
    second = log(1 + exp(0.5)) + log(1 + exp(-3))
    assert loss(logits, labels).item() == pytest.approx((first + second) / 2)


def test_as_in_torch():
    weights = torch.tensor([3.0, 0.2, 7.0, 1.0])
    logits, labels = torch.randn(5, 4), torch.rand(5, 4).lt(0.5).float()
    expected = torch.nn.BCEWithLogitsLoss(pos_weight=weights)(logits, labels) * 4  # a mean over labels too
    torch.testing.assert_close(WeightedBinaryCrossEntropy(weights)(logits, labels), expected)
