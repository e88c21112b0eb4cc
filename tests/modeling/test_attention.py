# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""One level of the encoder, against loops."""

import pytest
import torch

from labelwise.modeling import length_chunks
from labelwise.modeling.attention import RecurrentAttention
from labelwise.modeling.recorded_attention import Recorded

from .test_label_wise_attention import LENGTHS, by_hand


def recorded_in(record):
    """Puts states, then weights, into a list."""

    def keep(tensor):
        record.append(tensor)
        return tensor

    return Recorded(keep, keep)


@pytest.mark.parametrize("rnn_type", ["lstm", "gru"])
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("budget", [8, 2**19], ids=["many chunks", "one chunk"])
def test_a_level_equals_norm_module_and_attention_on_each_sequence(make_config, monkeypatch, rnn_type, layers, budget):
    monkeypatch.setattr(length_chunks, "CHUNK_STEPS_TIMES_WIDTH", budget)
    torch.manual_seed(0)
    level = RecurrentAttention(make_config(rnn_type=rnn_type, num_hidden_layers=layers), 6).eval()
    torch.nn.init.normal_(level.context)
    steps = torch.randn(4, 6, 6)
    record = []
    output = level(steps, torch.tensor(LENGTHS), recorded=recorded_in(record))
    torch.testing.assert_close(level(steps, torch.tensor(LENGTHS)), output)
    states, weights = record
    for row, length in enumerate(LENGTHS):
        assert states[row, length:].eq(0).all()
        if length == 0:
            assert output[row].eq(0).all()
            continue
        hidden = level.rnn(level.layer_norm(steps[row, :length]))[0]
        summary, right_weights = by_hand(hidden, level.context, length)
        torch.testing.assert_close(states[row, :length], hidden, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(weights[row, :, :length], right_weights, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(output[row], summary, atol=1e-5, rtol=1e-5)


def test_each_sequence_may_bring_its_own_contexts_in_any_chunk(make_config, monkeypatch):
    monkeypatch.setattr(length_chunks, "CHUNK_STEPS_TIMES_WIDTH", 8)
    torch.manual_seed(0)
    level = RecurrentAttention(make_config(), 6).eval()
    torch.nn.init.normal_(level.context)
    steps, lengths = torch.randn(4, 6, 6), torch.tensor(LENGTHS)
    class_ids = torch.tensor([3, 1, 0, 2])
    own = level(steps, lengths, level.contexts_of(class_ids))[:, 0]
    every = level(steps, lengths)
    torch.testing.assert_close(own, every[torch.arange(4), class_ids], atol=1e-6, rtol=1e-5)


def test_one_context_serves_every_label(make_config):
    level = RecurrentAttention(make_config(label_wise=False), 6)
    torch.nn.init.normal_(level.context)
    assert level.context.shape == (1, 10)
    assert level.contexts_of(torch.tensor([3, 0])).equal(level.context.expand(2, 1, 10))


def test_dropout_stands_on_the_input_behind_the_norm(make_config):
    level = RecurrentAttention(make_config(num_hidden_layers=1), 6).train()
    level.dropout.p = 1.0
    torch.nn.init.normal_(level.context)
    torch.nn.init.normal_(level.layer_norm.bias)
    record = []
    level(torch.randn(1, 3, 6), torch.tensor([3]), recorded=recorded_in(record))
    torch.testing.assert_close(record[0][0], level.rnn(torch.zeros(3, 6))[0])
