# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The CNN against the equations of the paper, written out as loops over documents, windows and filters."""

import pytest
import torch
from torch import nn

from labelwise import CNNConfig, CNNForSequenceClassification, CNNModel
from labelwise.modeling import length_chunks

PAD, SEP = 0, 2
# Longer than what is read, as long as a filter, shorter, one word, none.
DOCUMENTS = [
    [5, 6, 7, SEP, 8, 9, SEP],
    [*range(40, 57), SEP],
    [10, 11, 12],
    [20, SEP, 21],
    [30],
    [],
    [SEP, SEP],
]


def pad(documents, width=None):
    width = max(map(len, documents)) if width is None else width
    return torch.tensor([document + [PAD] * (width - len(document)) for document in documents], dtype=torch.long)


@pytest.fixture
def build():
    def make(model_class=CNNModel, **settings):
        torch.manual_seed(0)
        shape = {"vocab_size": 60, "embedding_size": 6, "max_words": 14, "num_labels": 4, "initializer_range": 1.0}
        return model_class(CNNConfig(**{**shape, "kernel_sizes": [2, 3, 5], "num_filters": 4, **settings})).eval()

    return make


def represent(model, ids):
    """z of a document, Eqs. 1-3: c_i = f(w . x_{i:i+h-1} + b), the highest c_i of each filter."""
    words = [token for token in ids if token not in (PAD, SEP)][: model.config.max_words]
    if not words:
        return torch.zeros(model.config.hidden_size)
    x = [model.embeddings.weight[word] for word in words]
    nothing, features = torch.zeros(model.config.embedding_size), []
    for convolution in model.convolutions:
        (h,) = convolution.kernel_size
        padded = [nothing] * (h - 1) + x + [nothing] * (h - 1)
        for w, b in zip(convolution.weight, convolution.bias, strict=True):
            c = [(w.T * torch.stack(padded[i : i + h])).sum() + b for i in range(len(x) + h - 1)]
            features.append(torch.stack(c).relu().max())
    return torch.stack(features)


@pytest.mark.parametrize("budget", [20, 2**19], ids=["many chunks", "few chunks"])
def test_features_and_gradients_are_those_of_the_equations(build, budget, monkeypatch):
    monkeypatch.setattr(length_chunks, "CHUNK_STEPS_TIMES_WIDTH", budget)
    model = build()
    found = model(pad(DOCUMENTS)).last_hidden_state
    assert found.shape == (len(DOCUMENTS), 1, 12)
    expected = torch.stack([represent(model, ids) for ids in DOCUMENTS])[:, None]
    torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)
    weight = torch.randn(found.shape)
    parameters = list(model.parameters())
    for one, other in zip(
        torch.autograd.grad((found * weight).sum(), parameters),
        torch.autograd.grad((expected * weight).sum(), parameters),
        strict=True,
    ):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


def test_logits_are_equation_4(build):
    model = build(CNNForSequenceClassification)
    truth = torch.tensor([[1, 0, 0, 1]] * len(DOCUMENTS))
    output = model(pad(DOCUMENTS), labels=truth)
    z = torch.stack([represent(model.cnn, ids) for ids in DOCUMENTS])
    expected = z @ model.head.weight.T + model.head.bias
    torch.testing.assert_close(output.logits, expected, atol=1e-5, rtol=1e-5)
    p = expected.sigmoid()
    loss = -(truth * p.log() + (1 - truth) * (1 - p).log()).sum(dim=1).mean()
    torch.testing.assert_close(output.loss, loss, atol=1e-5, rtol=1e-5)


def test_padding_and_batch_mates_change_nothing(build, monkeypatch):
    """Not even where the row of the padding is not zero, and a filter reaches over the end."""
    model = build(CNNForSequenceClassification)
    with torch.no_grad():
        model.cnn.embeddings.weight[PAD] = 100.0
    together = model(pad(DOCUMENTS)).logits
    alone = torch.cat([model(pad([ids])).logits for ids in DOCUMENTS])
    wide = model(pad(DOCUMENTS, 40)).logits
    left = model(torch.tensor([[PAD] * (20 - len(ids)) + ids for ids in DOCUMENTS])).logits
    mask = torch.tensor([[0, 1, 0, 1, 1, 0]])
    scattered = model(torch.tensor([[9, 10, 9, 11, 12, 9]]), mask).logits
    # On a GPU, all documents are one chunk.
    monkeypatch.setattr(torch.compiler, "is_compiling", lambda: True)
    one_chunk = model(pad(DOCUMENTS)).logits
    for found in (alone, wide, left, one_chunk):
        torch.testing.assert_close(found, together, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(scattered[0], together[2], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("documents", [[[], []], [[SEP], []], [[]]], ids=str)
def test_a_batch_of_no_words(build, documents):
    model = build(CNNForSequenceClassification).train()
    output = model(pad(documents), labels=torch.ones(len(documents), 4))
    output.loss.backward()
    assert output.logits.eq(model.head.bias).all()
    for parameter in model.parameters():
        assert parameter.grad is None or parameter.grad.isfinite().all()


def test_words_behind_the_limit_are_not_read(build):
    model = build()
    expected = model(pad([[*range(40, 54)]])).last_hidden_state
    assert model(pad([[*range(40, 54), 5, 6, 7]])).last_hidden_state.equal(expected)
    assert not model(pad([[*range(40, 53)]])).last_hidden_state.equal(expected)


def test_dropout_is_on_the_penultimate_layer_alone(build):
    model = build(dropout=0.5)
    whole = model(pad(DOCUMENTS)).last_hidden_state
    torch.manual_seed(1)
    found = model.train()(pad(DOCUMENTS)).last_hidden_state
    dropped = found.eq(0) & whole.ne(0)
    assert dropped.any() and not dropped.all()
    torch.testing.assert_close(found, (2 * whole).masked_fill(dropped, 0.0))


def test_the_start_is_that_of_torch(build):
    """And the same at every depth of fan-in, whatever the library does to convolutions."""
    for convolution in build().convolutions:
        bound = (6 * convolution.kernel_size[0]) ** -0.5
        for values in (convolution.weight, convolution.bias):
            assert 0.3 * bound < values.abs().max() <= bound
    assert isinstance(build(CNNForSequenceClassification).head, nn.Linear)
