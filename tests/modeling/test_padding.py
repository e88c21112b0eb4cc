# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Masks of the steps that exist, softmax and maximum over them; a sequence of no steps gives zeros."""

import pytest
import torch

from labelwise.modeling.padding import length_mask, masked_softmax, max_over_time


def test_length_mask():
    mask = length_mask(torch.tensor([2, 0, 3]), 3)
    assert mask.tolist() == [[True, True, False], [False, False, False], [True, True, True]]
    assert length_mask(torch.tensor([0, 0]), 0).shape == (2, 0)


def test_the_softmax_is_that_of_the_steps_that_exist():
    scores = torch.tensor([[[1.0, -2.0, 9.0], [0.0, 3.0, float("inf")]], [[1.0, 2.0, 3.0], [4.0, 4.0, 4.0]]])
    weights = masked_softmax(scores, length_mask(torch.tensor([2, 3]), 3)[:, None])
    torch.testing.assert_close(weights[0, :, :2], scores[0, :, :2].softmax(dim=-1))
    torch.testing.assert_close(weights[1], scores[1].softmax(dim=-1))
    assert weights[0, :, 2].eq(0).all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_no_steps_give_zeros_and_zero_gradients(dtype):
    scores = torch.randn(2, 3, dtype=dtype, requires_grad=True)
    weights = masked_softmax(scores, length_mask(torch.tensor([0, 2]), 3))
    (weights**2).sum().backward()
    assert weights.dtype == dtype and weights[0].eq(0).all()
    assert scores.grad.isfinite().all() and scores.grad[0].eq(0).all() and scores.grad[1, 2] == 0


def test_the_maximum_and_its_gradients():
    states = torch.tensor([[[-3.0], [-2.0], [9.0]], [[5.0], [7.0], [6.0]], [[1.0], [2.0], [3.0]]], requires_grad=True)
    highest = max_over_time(states, torch.tensor([2, 3, 0]))
    assert highest.tolist() == [[-2.0], [7.0], [0.0]]  # below zero too, not what stands behind, not the minimum
    highest.sum().backward()
    assert states.grad[..., 0].tolist() == [[0, 1, 0], [0, 1, 0], [0, 0, 0]]


def test_the_maximum_of_no_steps_has_finite_gradients():
    for dtype in (torch.float32, torch.bfloat16, torch.float16):
        states = torch.randn(2, 3, 4, dtype=dtype, requires_grad=True)
        (max_over_time(states, torch.tensor([0, 1])) * 1000).sum().backward()
        assert states.grad.isfinite().all() and states.grad[0].eq(0).all()
