# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Linear layers and attention in blocks: the results of one block, and bits that do not depend on later blocks."""

import pytest
import torch
from torch import nn

from labelwise import CNNConfig
from labelwise.modeling.label_blocks import LinearInBlocks, times
from labelwise.modeling.label_wise_attention import LabelContexts, attend
from labelwise.modeling.sentences import SentenceGrid

BLOCKS = [slice(0, 5), slice(5, 6), slice(6, 9)]


@pytest.mark.parametrize("inputs", [[slice(None)], times(BLOCKS, 4)])
@pytest.mark.parametrize("outputs", [[slice(None)], BLOCKS])
def test_a_linear_layer_in_blocks_is_a_linear_layer(inputs, outputs):
    torch.manual_seed(0)
    blocks, whole = LinearInBlocks(36, 9, outputs, inputs), nn.Linear(36, 9)
    whole.load_state_dict(blocks.state_dict())
    batch = torch.randn(7, 36)
    torch.testing.assert_close(blocks(batch), whole(batch))


def test_shapes_for_which_one_product_rounds_otherwise():
    """Of many shapes, some differ in one product and none in blocks."""
    differ = 0
    for seed in range(60):
        torch.manual_seed(seed)
        labels, width, batch = [int(torch.randint(1, 40, ())) for _ in range(3)]
        weight, bias, inputs = torch.randn(labels + 3, width), torch.randn(labels + 3), torch.randn(batch, width)
        small = LinearInBlocks(width, labels)
        large = LinearInBlocks(width, labels + 3, [slice(0, labels), slice(labels, labels + 3)])
        with torch.no_grad():
            small.weight.copy_(weight[:labels])
            small.bias.copy_(bias[:labels])
            large.weight.copy_(weight)
            large.bias.copy_(bias)
            expected = small(inputs)
            assert torch.equal(large(inputs)[:, :labels], expected)
            differ += not torch.equal(nn.functional.linear(inputs, weight, bias)[:, :labels], expected)
    assert differ


def test_later_inputs_of_weight_zero_change_no_bit():
    for seed in range(20):
        torch.manual_seed(seed)
        columns = times([slice(0, 7), slice(7, 9)], 13)
        small, large = LinearInBlocks(91, 7), LinearInBlocks(117, 9, [slice(0, 7), slice(7, 9)], columns)
        inputs = torch.randn(5, 117)
        with torch.no_grad():
            large.weight[:7] = 0
            large.weight[:7, :91], large.bias[:7] = small.weight, small.bias
            assert torch.equal(large(inputs)[:, :7], small(inputs[:, :91].contiguous()))


@pytest.mark.parametrize("hierarchical", [False, True])
def test_contexts_in_blocks(hierarchical):
    torch.manual_seed(0)
    states = torch.randn(3, 12, 16)
    parts = 4 if hierarchical else 1
    positions = torch.arange(12).view(1, parts, -1).expand(3, -1, -1)
    mask = positions < torch.tensor([12, 7, 0])[:, None, None]
    grid = SentenceGrid(positions, mask)
    blocks, whole = LabelContexts(9, 16, hierarchical, BLOCKS), LabelContexts(9, 16, hierarchical)
    for parameter in blocks.parameters():
        nn.init.normal_(parameter)
    whole.load_state_dict(blocks.state_dict())
    found = blocks(states, grid)
    torch.testing.assert_close(found, whole(states, grid))
    for block in BLOCKS:
        assert torch.equal(found[:, block], whole(states, grid, block))


def test_recorded_weights_are_those_of_all_blocks():
    torch.manual_seed(0)
    hidden, contexts = torch.randn(2, 5, 8), torch.randn(9, 8)
    mask = torch.ones(2, 5, dtype=torch.bool)
    recorded = []
    sums, weights = attend(hidden, contexts, mask, lambda weights: recorded.append(weights) or weights, BLOCKS)
    assert [found.shape for found in recorded] == [(2, 9, 5)]
    torch.testing.assert_close(sums, attend(hidden, contexts, mask)[0])
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(2, 9))


def test_blocks_of_a_configuration():
    config = CNNConfig(num_labels=9, label_blocks=[5, 1, 3])
    assert config.label_slices == BLOCKS
    assert CNNConfig(num_labels=9).label_slices == [slice(0, 9)]
    with pytest.raises(ValueError, match=r"label_blocks \[5, 1\]: must be >= 1 each, and add up to the 9 labels"):
        CNNConfig(num_labels=9, label_blocks=[5, 1])
