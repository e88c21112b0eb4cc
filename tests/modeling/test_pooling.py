# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The maximum over time: of the steps that there are, and zero where there are none."""

import torch

from labelwise.modeling.pooling import max_over_time


def test_values_and_gradients():
    states = torch.tensor([[[-3.0], [-2.0], [9.0]], [[5.0], [7.0], [6.0]], [[1.0], [2.0], [3.0]]], requires_grad=True)
    highest = max_over_time(states, torch.tensor([2, 3, 0]))
    assert highest.tolist() == [[-2.0], [7.0], [0.0]]  # below zero too, not what stands behind, not the minimum
    highest.sum().backward()
    assert states.grad[..., 0].tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_nothing_is_infinite_or_not_a_number_in_any_precision():
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        states = torch.randn(2, 3, 4, dtype=dtype, requires_grad=True)
        (max_over_time(states, torch.tensor([0, 1])) * 1000).sum().backward()
        assert states.grad.isfinite().all() and states.grad[0].eq(0).all()
