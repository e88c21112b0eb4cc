# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The recurrent core: two implementations, and chunks, all equal to the module on each sequence alone."""

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from labelwise.modeling import length_chunks, recurrent
from labelwise.modeling.recurrent import run_bidirectional

IMPLEMENTATIONS = [recurrent._run_dense, recurrent._run_packed]
LENGTHS = {
    "mixed": [3, 0, 7, 1, 7, 4, 0],
    "equal": [7, 7, 7],
    "empty": [0, 0, 0],
    "one row": [5],
    "one empty row": [0],
    "one step": [1, 1],
}
EMBEDDING, HIDDEN, STEPS = 3, 4, 7


def make(rnn_class, layers, lengths):
    torch.manual_seed(0)
    rnn = rnn_class(EMBEDDING, HIDDEN, layers, batch_first=True, bidirectional=True)
    return rnn, torch.randn(len(lengths), STEPS, EMBEDDING, requires_grad=True), torch.tensor(lengths)


def one_by_one(rnn, inputs, lengths):
    """Each sequence alone and unpadded through torch's module."""
    rows = []
    for sequence, length in zip(inputs, lengths.tolist(), strict=True):
        output = rnn(sequence[:length])[0] if length else sequence.new_zeros(0, 2 * HIDDEN)
        rows.append(torch.cat([output, output.new_zeros(STEPS - length, 2 * HIDDEN)]))
    return torch.stack(rows)


def assert_equal_with_gradients(rnn, inputs, output, expected):
    torch.testing.assert_close(output, expected, atol=1e-5, rtol=1e-5)
    weight = torch.randn(expected.shape, generator=torch.Generator().manual_seed(1))
    parameters = [inputs, *rnn.parameters()]
    found = [torch.zeros_like(parameter) for parameter in parameters]
    if output.requires_grad:
        found = torch.autograd.grad((output * weight).sum(), parameters, allow_unused=True, materialize_grads=True)
    if expected.requires_grad:
        right = torch.autograd.grad((expected * weight).sum(), parameters, allow_unused=True, materialize_grads=True)
    else:  # nothing was read
        right = [torch.zeros_like(parameter) for parameter in parameters]
    for one, other in zip(found, right, strict=True):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("run", IMPLEMENTATIONS)
@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("rnn_class", [nn.LSTM, nn.GRU])
@pytest.mark.parametrize("lengths", LENGTHS.values(), ids=LENGTHS)
def test_both_implementations_equal_the_module_on_each_sequence(run, layers, rnn_class, lengths):
    rnn, inputs, lengths = make(rnn_class, layers, lengths)
    assert_equal_with_gradients(rnn, inputs, run(rnn, inputs, lengths), one_by_one(rnn, inputs, lengths))


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("rnn_class", [nn.LSTM, nn.GRU])
def test_the_dense_implementation_equals_pack_padded_sequence(layers, rnn_class):
    rnn, inputs, lengths = make(rnn_class, layers, [3, 7, 1, 7, 4])
    packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
    expected, _ = pad_packed_sequence(rnn(packed)[0], batch_first=True, total_length=STEPS)
    assert_equal_with_gradients(rnn, inputs, run_bidirectional(rnn, inputs, lengths), expected)


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize("rnn_class", [nn.LSTM, nn.GRU])
def test_equal_lengths_equal_the_module(layers, rnn_class):
    rnn, inputs, lengths = make(rnn_class, layers, LENGTHS["equal"])
    output = run_bidirectional(rnn, inputs, lengths)
    assert_equal_with_gradients(rnn, inputs, output, one_by_one(rnn, inputs, lengths))
    with torch.no_grad():
        torch.testing.assert_close(run_bidirectional(rnn.eval(), inputs, lengths), output)


@pytest.mark.parametrize("run", IMPLEMENTATIONS)
@pytest.mark.parametrize("rnn_class", [nn.LSTM, nn.GRU])
def test_what_stands_behind_a_length_is_not_read(monkeypatch, run, rnn_class):
    monkeypatch.setattr(recurrent, "_run_dense", run)
    rnn, inputs, lengths = make(rnn_class, 2, LENGTHS["mixed"])
    padding = torch.arange(STEPS) >= lengths[:, None]
    corrupted = inputs.detach().masked_fill(padding[..., None], float("nan")).requires_grad_()
    output = run_bidirectional(rnn, corrupted, lengths)
    assert output[padding].eq(0).all()
    torch.testing.assert_close(output, run(rnn, inputs, lengths))
    output.sum().backward()
    assert all(parameter.grad.isfinite().all() for parameter in [corrupted, *rnn.parameters()])


@pytest.mark.parametrize("run", IMPLEMENTATIONS)
def test_dropout_stands_between_the_layers_and_only_in_training(run):
    rnn, inputs, lengths = make(nn.LSTM, 2, [7, 7])
    rnn.dropout = 1.0
    second = nn.LSTM(2 * HIDDEN, HIDDEN, batch_first=True, bidirectional=True)
    second.load_state_dict(
        {name.replace("_l1", "_l0"): value for name, value in rnn.state_dict().items() if "_l1" in name}
    )
    of_nothing = second(torch.zeros(2, STEPS, 2 * HIDDEN))[0]
    torch.testing.assert_close(run(rnn.train(), inputs, lengths), of_nothing)
    if run is not recurrent._run_packed:  # torch's module drops nothing then
        with torch.no_grad():
            torch.testing.assert_close(run(rnn, inputs, lengths), of_nothing)
    torch.testing.assert_close(run(rnn.eval(), inputs, lengths), rnn(inputs)[0])


def test_no_gradient_no_graph():
    rnn, inputs, lengths = make(nn.LSTM, 1, [2, 7])
    expected = run_bidirectional(rnn, inputs, lengths)
    with torch.no_grad():
        output = run_bidirectional(rnn, inputs, lengths)
    assert not output.requires_grad
    torch.testing.assert_close(output, expected)


@pytest.mark.parametrize("rnn_class", [nn.LSTM, nn.GRU])
@pytest.mark.parametrize("budget", [1, 10, 40, 2**19])
@pytest.mark.parametrize("lengths", LENGTHS.values(), ids=LENGTHS)
def test_chunks_equal_the_module_on_each_sequence(monkeypatch, rnn_class, budget, lengths):
    monkeypatch.setattr(length_chunks, "CHUNK_STEPS_TIMES_WIDTH", budget * HIDDEN)
    rnn, inputs, lengths = make(rnn_class, 2, lengths)
    assert_equal_with_gradients(rnn, inputs, run_bidirectional(rnn, inputs, lengths), one_by_one(rnn, inputs, lengths))


@pytest.mark.parametrize("budget", [1, 10, 2**19])
def test_prepare_sees_the_steps_that_are_read_and_summarize_each_chunk(monkeypatch, budget):
    monkeypatch.setattr(length_chunks, "CHUNK_STEPS_TIMES_WIDTH", budget * HIDDEN)
    rnn, inputs, lengths = make(nn.LSTM, 1, LENGTHS["mixed"])
    shapes = []

    def summarize(states, lengths, factors):
        shapes.append(tuple(states.shape))
        return recurrent.final_states(states, lengths) * factors[:, None], lengths

    factors = torch.arange(1.0, 8.0)
    summary, numbers = run_bidirectional(
        rnn, inputs, lengths, factors, prepare=lambda cells: 2 * cells, summarize=summarize
    )
    expected = recurrent.final_states(one_by_one(rnn, 2 * inputs, lengths), lengths) * factors[:, None]
    assert_equal_with_gradients(rnn, inputs, summary, expected)
    assert numbers.equal(lengths)
    assert sum(rows for rows, _, _ in shapes) == int((lengths > 0).sum())
    if budget == 1:
        assert all(rows == 1 for rows, _, _ in shapes)
