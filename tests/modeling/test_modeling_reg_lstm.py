# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LSTM-reg: what it computes, and what is dropped in training and only there."""

import pytest
import torch
from torch import nn

from labelwise import RegLSTMConfig, RegLSTMForSequenceClassification, RegLSTMModel
from labelwise.modeling import length_chunks, recurrent
from labelwise.modeling.modeling_reg_lstm import ActivationPenalty, drop_weights

PAD, SEP = 0, 2
DOCUMENTS = [[5, 6, 7, SEP, 8, 9, SEP], [*range(40, 57), SEP], [10, 11, 12], [30], [], [SEP, SEP]]
NOTHING_DROPPED = {"dropout": 0.0, "weight_dropout": 0.0, "embedding_dropout": 0.0}


def pad(documents, width=None):
    width = max(map(len, documents)) if width is None else width
    return torch.tensor([document + [PAD] * (width - len(document)) for document in documents], dtype=torch.long)


@pytest.fixture
def build():
    def make(model_class=RegLSTMModel, **settings):
        torch.manual_seed(1)
        shape = {"vocab_size": 60, "embedding_size": 6, "max_words": 14, "num_labels": 4, "initializer_range": 1.0}
        return model_class(RegLSTMConfig(**{**shape, "hidden_size": 5, **settings})).eval()

    return make


@pytest.fixture(params=["dense", "packed"])
def road(request, monkeypatch):
    """The road of a CPU, and that of a GPU: all documents in one chunk, through `nn.LSTM` itself."""
    if request.param == "packed":
        monkeypatch.setattr(recurrent, "_run_dense", recurrent._run_packed)
        monkeypatch.setattr(torch.compiler, "is_compiling", lambda: True)


def states_of(model, ids):
    words = [token for token in ids if token not in (PAD, SEP)][: model.config.max_words]
    return model.rnn(model.embeddings.weight[words])[0] if words else torch.zeros(0, 10)


def represent(model, ids):
    states = states_of(model, ids)
    return states.max(dim=0).values if len(states) else torch.zeros(10)


def same_gradients(model, one, other):
    weight = torch.randn(one.shape)
    parameters = list(model.parameters())
    gradients = [torch.autograd.grad((value * weight).sum(), parameters) for value in (one, other)]
    for found, expected in zip(*gradients, strict=True):
        torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-4)


def test_the_document_is_the_maximum_of_the_states(build, road):
    model = build()
    found = model(pad(DOCUMENTS)).last_hidden_state
    expected = torch.stack([represent(model, ids) for ids in DOCUMENTS])[:, None]
    assert found.shape == (len(DOCUMENTS), 1, 10)
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    assert found[-1].eq(0).all() and (found[:3] < 0).any()  # of no words; and no maximum with padding
    same_gradients(model, found, expected)


def test_padding_and_batch_mates_change_nothing(build, road):
    model = build(RegLSTMForSequenceClassification)
    with torch.no_grad():
        model.reg_lstm.embeddings.weight[PAD] = 100.0
    together = model(pad(DOCUMENTS)).logits
    alone = torch.cat([model(pad([ids])).logits for ids in DOCUMENTS])
    for found in (alone, model(pad(DOCUMENTS, 40)).logits):
        torch.testing.assert_close(found, together, atol=1e-5, rtol=1e-5)
    scattered = model(torch.tensor([[9, 10, 9, 11, 12, 9]]), torch.tensor([[0, 1, 0, 1, 1, 0]])).logits
    torch.testing.assert_close(scattered[0], together[2], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("documents", [[[], []], [[SEP], []], [[]]], ids=str)
def test_a_batch_of_no_words(build, road, documents):
    settings = {"activation_regularization": 2.0, "temporal_activation_regularization": 1.0}
    model = build(RegLSTMForSequenceClassification, **settings).train()
    output = model(pad(documents), labels=torch.ones(len(documents), 4))
    output.loss.backward()
    assert output.logits.eq(model.head.bias).all()
    for parameter in model.parameters():
        assert parameter.grad is None or parameter.grad.isfinite().all()


# Weight drop


def test_weight_drop_is_off_at_evaluation(build, road):
    """Nothing else is dropped here, so that what training changes is the recurrent weights alone."""
    model = build(**{**NOTHING_DROPPED, "weight_dropout": 0.5})
    expected = torch.stack([represent(model, ids) for ids in DOCUMENTS])
    for _ in range(2):  # also after a training pass
        torch.testing.assert_close(model.eval()(pad(DOCUMENTS)).last_hidden_state[:, 0], expected, atol=1e-5, rtol=1e-5)
        trained = model.train()(pad(DOCUMENTS)).last_hidden_state[:, 0]
        assert not torch.isclose(trained[:3], expected[:3], atol=1e-3).all()
        torch.testing.assert_close(trained[3], expected[3])  # one word: no step after another


def test_the_same_weights_are_dropped_for_all_documents_and_steps(build, road, monkeypatch):
    monkeypatch.setattr(length_chunks, "CHUNK_STEPS_TIMES_WIDTH", 20)  # a chunk for each length
    model = build(**{**NOTHING_DROPPED, "weight_dropout": 0.5}).train()
    torch.manual_seed(3)
    found = model(pad(DOCUMENTS)).last_hidden_state[:, 0]
    torch.manual_seed(3)
    rnn = drop_weights(model.rnn, 0.5)
    reference = nn.LSTM(6, 5, bidirectional=True)
    reference.load_state_dict({name: weight.detach() for name, weight in rnn._parameters.items()})
    model.rnn = reference
    expected = torch.stack([represent(model, ids) for ids in DOCUMENTS])
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_what_is_dropped(build):
    rnn = build(hidden_size=50).rnn
    before = {name: weight.detach().clone() for name, weight in rnn.named_parameters()}
    dropped = drop_weights(rnn, 0.2)
    for name, weight in before.items():
        found = getattr(dropped, name)
        if not name.startswith("weight_hh"):
            assert found is getattr(rnn, name)
            continue
        zero = found.eq(0)
        assert 0.15 < zero.float().mean() < 0.25, name  # of both directions
        torch.testing.assert_close(found, (weight / 0.8).masked_fill(zero, 0.0))
        assert not found.equal(getattr(drop_weights(rnn, 0.2), name))
    for name, weight in rnn.named_parameters():
        assert weight.equal(before[name]) and isinstance(weight, nn.Parameter)
    assert drop_weights(rnn, 0.0).weight_hh_l0.equal(rnn.weight_hh_l0)


def test_gradients_reach_the_weights_that_are_saved(build, road):
    model = build(**{**NOTHING_DROPPED, "weight_dropout": 0.5}).train()
    names = set(model.state_dict())
    model(pad(DOCUMENTS)).last_hidden_state.sum().backward()
    for weight in (model.rnn.weight_hh_l0, model.rnn.weight_hh_l0_reverse):
        assert weight.grad.ne(0).any() and weight.grad.eq(0).any()  # none where the weight was dropped
    assert set(model.state_dict()) == names and {"rnn.weight_hh_l0", "rnn.weight_ih_l0"} < names


# Embedding dropout


def test_embedding_dropout_takes_words_at_each_occurrence(build, road):
    model = build(**{**NOTHING_DROPPED, "embedding_dropout": 0.5})
    assert model.drop_words() is None
    torch.manual_seed(3)
    factors = model.train().drop_words()
    assert factors.shape == (model.config.vocab_size, 1) and factors.unique().tolist() == [0.0, 2.0]
    torch.manual_seed(3)
    found = model(pad(DOCUMENTS)).last_hidden_state[:, 0]
    with torch.no_grad():
        model.embeddings.weight *= factors
    expected = model.eval()(pad(DOCUMENTS)).last_hidden_state[:, 0]
    torch.testing.assert_close(found, expected)


def test_without_dropout_training_and_evaluation_are_the_same(build, road):
    model = build(**NOTHING_DROPPED)
    assert model(pad(DOCUMENTS)).last_hidden_state.equal(model.train()(pad(DOCUMENTS)).last_hidden_state)


# AR and TAR


def test_penalties_by_hand():
    one = torch.tensor([[[1.0, 0.0], [3.0, 2.0], [0.0, 0.0]], [[2.0, 2.0], [0.0, 0.0], [0.0, 0.0]]])
    two = torch.tensor([[[0.0, 4.0]]])
    penalty = ActivationPenalty()
    penalty.add(one, torch.tensor([2, 1]))
    penalty.add(two, torch.tensor([1]))
    squares = (1 + 0 + 9 + 4 + 4 + 4 + 0 + 16) / (4 * 2)  # four words of two units
    changes = (4 + 4) / 2  # one step from a word to the next
    assert penalty.value(1.0, 0.0).item() == pytest.approx(squares)
    assert penalty.value(0.0, 1.0).item() == pytest.approx(changes)
    assert penalty.value(2.0, 3.0).item() == pytest.approx(2 * squares + 3 * changes)


def test_penalties_are_in_the_training_loss_only(build, road):
    settings = {"activation_regularization": 2.0, "temporal_activation_regularization": 1.0}
    plain, model = (build(RegLSTMForSequenceClassification, **NOTHING_DROPPED, **more) for more in ({}, settings))
    inputs = {"input_ids": pad(DOCUMENTS), "labels": torch.ones(len(DOCUMENTS), 4)}
    assert model(**inputs).loss.equal(plain(**inputs).loss)
    states = [states_of(model.reg_lstm, ids) for ids in DOCUMENTS]
    squares = torch.cat(states).pow(2).mean()
    changes = torch.cat([one[1:] - one[:-1] for one in states]).pow(2).mean()
    found = model.train()(**inputs).loss
    torch.testing.assert_close(found, plain(**inputs).loss + 2 * squares + changes, atol=1e-5, rtol=1e-5)
