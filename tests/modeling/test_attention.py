# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Attention with context vectors (Eqs. 5-6), and one level of the encoder, against loops."""

import pytest
import torch

from labelwise.modeling import length_chunks
from labelwise.modeling.attention import RecurrentAttention, attend
from labelwise.modeling.recorded_attention import Recorded

LENGTHS = [4, 0, 6, 1]


def by_hand(hidden, contexts, length):
    """Q_k = (softmax(H U_k))^T H for each U_k, over the steps that exist."""
    states = hidden[:length]
    weights = [torch.softmax(states @ context, dim=0) for context in contexts]
    summary = torch.stack([sum((w * s for w, s in zip(weight, states, strict=True))) for weight in weights])
    return summary, torch.stack(weights)


def recorded_in(record):
    """Puts states, then weights, into a list."""

    def keep(tensor):
        record.append(tensor)
        return tensor

    return Recorded(keep, keep)


@pytest.mark.parametrize("own", [False, True], ids=["shared contexts", "own contexts"])
def test_attend(own):
    torch.manual_seed(0)
    hidden = torch.randn(4, 6, 3, requires_grad=True)
    contexts = torch.randn(*([4] if own else []), 5, 3, requires_grad=True)
    summary, weights = attend(hidden, contexts, torch.tensor(LENGTHS))
    for row, length in enumerate(LENGTHS):
        if length == 0:
            assert summary[row].eq(0).all() and weights[row].eq(0).all()
            continue
        right_summary, right_weights = by_hand(hidden[row], contexts[row] if own else contexts, length)
        torch.testing.assert_close(summary[row], right_summary, atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(weights[row, :, :length], right_weights, atol=1e-5, rtol=1e-5)
        assert weights[row, :, length:].eq(0).all()
    (summary**2).sum().backward()
    assert hidden.grad.isfinite().all() and contexts.grad.isfinite().all()
    assert hidden.grad[1].eq(0).all()


def test_a_bias_on_the_score_changes_nothing():
    """The authors' code has one; here is why the model does not."""
    torch.manual_seed(0)
    hidden, context, bias = torch.randn(6, 3), torch.randn(3), torch.randn(())
    torch.testing.assert_close((hidden @ context + bias).softmax(0), (hidden @ context).softmax(0))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_empty_sequences_in_every_precision(dtype):
    hidden = torch.randn(2, 3, 4, dtype=dtype)
    summary, weights = attend(hidden, torch.randn(1, 4, dtype=dtype), torch.tensor([0, 3]))
    assert summary.isfinite().all() and summary[0].eq(0).all() and weights[0].eq(0).all()
    torch.testing.assert_close(weights[1].sum().float(), torch.tensor(1.0), atol=1e-2, rtol=0)


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
