# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Dropout whose mask is drawn four numbers at a time: what torch's does, in distribution and in its settings."""

import pytest
import torch

from labelwise.modeling.recurrent import Dropout, dropout


@pytest.mark.parametrize("rate", [0.2, 0.5, 0.99])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_it_drops_at_its_rate_and_keeps_the_mean(rate, dtype):
    torch.manual_seed(0)
    output = dropout(torch.ones(1000, 1001, dtype=dtype), rate, True)  # not a multiple of four
    dropped = output == 0
    spread = (rate * (1 - rate) / output.numel()) ** 0.5
    assert abs(dropped.float().mean() - rate) < 5 * spread + 2**-17
    assert output.dtype == dtype and output[~dropped].unique().numel() == 1
    torch.testing.assert_close(float(output[~dropped][0]), 1 / (1 - rate), rtol=5e-3, atol=0)


def test_neighbours_are_dropped_independently():
    torch.manual_seed(0)
    dropped = (dropout(torch.ones(1_000_000), 0.5, True) == 0).float()
    for distance in range(1, 6):
        both = (dropped[distance:] * dropped[:-distance]).mean()
        assert abs(both - 0.25) < 5 * (0.1875 / 1_000_000) ** 0.5


def test_gradients_take_the_same_mask_and_the_seed_repeats_it():
    inputs = torch.ones(7, 3, requires_grad=True)
    torch.manual_seed(1)
    output = dropout(inputs, 0.4, True)
    output.sum().backward()
    torch.testing.assert_close(inputs.grad, output.detach())
    torch.manual_seed(1)
    torch.testing.assert_close(dropout(inputs, 0.4, True), output)


@pytest.mark.parametrize("rate", [0.0, 1e-9, 1 - 1e-9, 1.0])
def test_rates_that_sixteen_bits_cannot_hold(rate):
    torch.manual_seed(0)
    output = dropout(torch.ones(100), rate, True)
    assert output.eq(0.0 if rate > 0.5 else 1.0).all()


def test_nothing_is_drawn_outside_of_training_or_from_nothing():
    inputs = torch.randn(5)
    state = torch.get_rng_state()
    assert Dropout(0.5).eval()(inputs) is inputs or Dropout(0.5).eval()(inputs).equal(inputs)
    assert torch.get_rng_state().equal(state)
    assert Dropout(0.5)(torch.ones(0, 4)).shape == (0, 4)
