# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""MAGNET against its formulas, written out as loops over documents and labels."""

import math

import pytest
import torch
from torch import nn

from labelwise import MAGNETConfig, MAGNETForSequenceClassification

PAD, UNK, SEP = 0, 1, 2
DOCUMENTS = [[5, 6, 7, SEP, 8, 9, SEP], [10, SEP], [UNK, UNK], [], [SEP], [*range(20, 40)]]
SMALL = {"vocab_size": 60, "embedding_size": 6, "hidden_size": 5, "num_labels": 4, "initializer_range": 1.0}
ADJACENCY = torch.tensor([[1, 0.5, 0, 0], [0.25, 1, -0.5, 0], [0, 1, 1, 0], [0, 0, 0, 1.0]])


def pad(documents, left=0, right=0):
    width = max(map(len, documents))
    rows = [[PAD] * left + row + [PAD] * (width + right - len(row)) for row in documents]
    return torch.tensor(rows, dtype=torch.long)


def make(**settings):
    torch.manual_seed(0)
    model = MAGNETForSequenceClassification(
        MAGNETConfig(**{**SMALL, "max_words": 14, "num_attention_heads": 3, **settings})
    ).eval()
    with torch.no_grad():
        model.head.adjacency.copy_(ADJACENCY)
    return model


@pytest.fixture
def model():
    return make()


def attend(layer, labels, adjacency):
    """Graph attention, a head and a label at a time."""
    heads = []
    for weight, query, key in zip(layer.weight, layer.query, layer.key, strict=True):
        hidden = [label @ weight for label in labels]
        rows = []
        for i in range(4):
            scores = [(query[:, 0] @ hidden[i] + key[:, 0] @ hidden[j]).item() for j in range(4)]
            edges = [
                adjacency[i, j].item() * math.exp(score if score > 0 else 0.2 * score) for j, score in enumerate(scores)
            ]
            total = sum(map(abs, edges))
            rows.append(sum(edge / total * vector for edge, vector in zip(edges, hidden, strict=True)))
        heads.append(torch.stack(rows))
    return torch.tanh(sum(heads) / len(heads))


@torch.no_grad()
def test_the_logits_are_products_of_text_and_labels(model):
    labels = model.head.label_embeddings
    for layer in model.head.layers:
        labels = attend(layer, labels, model.head.adjacency)
    found = model(pad(DOCUMENTS)).logits
    features = model.magnet(pad(DOCUMENTS)).last_hidden_state
    assert features.shape == (6, 1, 10)
    for row, document in enumerate(DOCUMENTS):
        words = [token for token in document if token != SEP][:14]
        feature = torch.zeros(10)
        if words:
            _, (last, _) = model.magnet.rnn(model.magnet.embeddings(torch.tensor([words])))
            feature = last[:, 0].flatten()
        torch.testing.assert_close(features[row, 0], feature, atol=1e-6, rtol=1e-5)
        torch.testing.assert_close(found[row], labels @ feature, atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_padding_and_batch_mates_change_nothing(model):
    alone = torch.cat([model(pad([document])).logits for document in DOCUMENTS if document])
    kept = [row for row, document in enumerate(DOCUMENTS) if document]
    for left, right in [(0, 0), (3, 0), (0, 9), (2, 5)]:
        ids = pad(DOCUMENTS, left, right)
        for mask in (None, ids.ne(PAD).long()):
            torch.testing.assert_close(model(ids, mask).logits[kept], alone, atol=1e-5, rtol=1e-5)
    flipped = model(pad(DOCUMENTS[::-1])).logits.flip(0)
    torch.testing.assert_close(flipped, model(pad(DOCUMENTS)).logits, atol=1e-5, rtol=1e-5)


@torch.no_grad()
def test_two_layers_of_recurrence():
    deep = make(num_hidden_layers=2)
    _, (last, _) = deep.magnet.rnn(deep.magnet.embeddings(torch.tensor([[5, 6, 7]])))
    expected = last[-2:, 0].flatten()
    torch.testing.assert_close(deep.magnet(torch.tensor([[5, 6, 7]])).last_hidden_state[0, 0], expected)


@pytest.mark.parametrize("documents", [[[]], [[SEP]], [[UNK]], [[5]], DOCUMENTS], ids=str)
def test_gradients_are_finite(model, documents):
    model.train()
    ids = pad(documents) if documents != [[]] else torch.zeros(1, 0, dtype=torch.long)
    output = model(ids, labels=torch.ones(len(documents), 4))
    output.loss.backward()
    assert output.logits.isfinite().all()
    assert all(parameter.grad.isfinite().all() for parameter in model.parameters() if parameter.grad is not None)


@pytest.mark.parametrize("scale", [0.0, 1e-20, 1e4])
def test_any_graph_gives_finite_logits_and_gradients(model, scale):
    """One without edges, one whose edges hardly exist; and scores far beyond what a softmax keeps."""
    with torch.no_grad():
        model.head.adjacency.mul_(min(scale, 1))
        model.head.layers[0].query.mul_(max(scale, 1))
        model.head.layers[0].key.mul_(max(scale, 1))
    output = model(pad(DOCUMENTS), labels=torch.ones(6, 4))
    output.loss.backward()
    assert output.logits.isfinite().all()
    assert all(parameter.grad.isfinite().all() for parameter in model.parameters())


def test_an_edge_that_is_not_there_can_be_learned(model):
    before = model.head.adjacency.detach().clone()
    model(pad(DOCUMENTS), labels=torch.ones(6, 4)).loss.backward()
    assert model.head.adjacency.grad[before == 0].ne(0).any()


@torch.no_grad()
def test_a_label_without_edges_hears_of_no_other(model):
    before = model(pad(DOCUMENTS)).logits
    model.head.label_embeddings[:3] += 1
    after = model(pad(DOCUMENTS)).logits
    assert after[:, 3].equal(before[:, 3])
    assert not after[0, :3].isclose(before[0, :3]).any()


def test_the_start_without_documents():
    torch.manual_seed(0)
    model = MAGNETForSequenceClassification(MAGNETConfig(**SMALL))
    expected = torch.full((4, 4), 0.25).fill_diagonal_(1)
    assert model.head.adjacency.equal(expected)
    for layer, (fan_in, fan_out) in zip(model.head.layers, [(6, 10), (10, 10)], strict=True):
        bound = math.sqrt(6 / (fan_in + fan_out))
        assert 0.9 * bound < layer.weight.abs().max() <= bound


def test_unknown_labels_are_in_no_loss(model):
    labels = torch.tensor([[1, -100, 0, -100]])
    output = model(torch.tensor([[5, 6]]), labels=labels)
    p = output.logits[0].sigmoid().tolist()
    assert output.loss.item() == pytest.approx(-math.log(p[0]) - math.log(1 - p[2]), abs=1e-5)


def test_the_sentence_end_is_never_a_word(model):
    nn.init.constant_(model.magnet.embeddings.weight[SEP : SEP + 1], float("nan"))
    assert model(pad(DOCUMENTS)).logits.isfinite().all()
