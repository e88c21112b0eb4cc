# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""HAN+LG: HAN, a graph behind its logits, and soft training."""

import math

import pytest
import torch

from labelwise import HANLGConfig, HANLGForSequenceClassification, LWLSTMConfig, LWLSTMForSequenceClassification
from labelwise.modeling.modeling_han_lg import soften

IDS = torch.tensor([[5, 6, 7, 2, 8, 9, 2], [10, 11, 2, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0]])
LABELS = torch.tensor([[1, 0, 0, 1], [0, 1, 0, 0], [0, 0, 0, 0], [0, 1, 1, 0]])
GRAPH = torch.tensor([[1, 0.5, 0, 0], [0.25, 1, 0.5, 0], [0, 1, 1, 0], [0, 0, 0, 1.0]])
SMALL = {"vocab_size": 60, "embedding_size": 6, "hidden_size": 5, "num_labels": 4, "initializer_range": 1.0}


def make(**settings):
    torch.manual_seed(0)
    model = HANLGForSequenceClassification(HANLGConfig(**SMALL, **settings)).eval()
    with torch.no_grad():
        model.head.label_graph.copy_(GRAPH)
    return model


def test_the_logits_of_han_go_through_the_graph():
    model = make()
    config = LWLSTMConfig(**SMALL, hierarchical=True, label_wise=False, num_hidden_layers=1)
    han = LWLSTMForSequenceClassification(config).eval()
    weights = {name.replace("han_lg.", "lw_lstm."): value for name, value in model.state_dict().items()}
    del weights["head.label_graph"]
    han.load_state_dict(weights)
    logits = han(IDS).logits.tolist()
    for found, z in zip(model(IDS).logits.tolist(), logits, strict=True):
        expected = [sum(z[i] * GRAPH[i, j].item() for i in range(4)) for j in range(4)]
        assert found == pytest.approx(expected, abs=1e-6)


def test_without_documents_the_graph_is_the_identity():
    model = HANLGForSequenceClassification(HANLGConfig(**SMALL))
    assert model.head.label_graph.equal(torch.eye(4))


def test_attentions_are_hans():
    output = make()(IDS, output_attentions=True, output_hidden_states=True)
    words, sentences = output.attentions
    assert words.shape == (4, 1, 7) and sentences.shape == (4, 1, 2)
    assert output.hidden_states[0].shape == (4, 2, 3, 10)


def test_soft_labels_by_hand():
    labels = torch.tensor([[1, 0, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, -100, 1, -100]])
    expected = [
        [1, 0.2 * 0.5, 0, 0],
        [0.2 * 0.125, 1, 0.8 + 0.2 * 0.75, 0],  # the mean of rows b and c: 0.125, 1, 0.75, 0
        [0, 0, 0, 0],
        [0, -100, 1, -100],
    ]
    torch.testing.assert_close(soften(labels, GRAPH, 0.2), torch.tensor(expected))
    assert soften(labels, GRAPH, 0.0).equal(labels.float())


def test_soft_labels_stay_probabilities_whatever_is_learned():
    found = soften(LABELS, 10 * torch.randn(4, 4, generator=torch.Generator().manual_seed(0)), 1.0)
    assert found.min() == 0 and found.max() == 1


@pytest.mark.parametrize("dtype", [torch.int8, torch.bool, torch.bfloat16, torch.float64])
def test_soft_labels_of_any_type(dtype):
    assert soften(LABELS.to(dtype), GRAPH, 0.2).equal(soften(LABELS, GRAPH, 0.2))


def test_the_loss_is_soft_in_training_only():
    model = make(soft_label_weight=0.3, dropout=0.0)
    output = model(IDS, labels=LABELS)
    hard = make()(IDS, labels=LABELS).loss
    assert output.loss.equal(hard)
    probabilities, targets = output.logits.double().sigmoid().tolist(), soften(LABELS, GRAPH, 0.3).tolist()
    terms = [
        -y * math.log(p) - (1 - y) * math.log(1 - p)
        for row, target in zip(probabilities, targets, strict=True)
        for p, y in zip(row, target, strict=True)
    ]
    soft = model.train()(IDS, labels=LABELS).loss
    assert soft.item() == pytest.approx(sum(terms) / 4, abs=1e-5)
    assert not soft.isclose(hard)


def test_what_is_not_known_is_in_no_loss():
    model = make(soft_label_weight=0.3, dropout=0.0).train()
    model(IDS, labels=torch.full((4, 4), -100)).loss.backward()
    assert all(parameter.grad.eq(0).all() for parameter in model.parameters())
    one = torch.tensor([[1, -100, -100, -100]])
    loss = model(IDS[:1], labels=one).loss
    p = model(IDS[:1]).logits[0, 0].sigmoid().item()
    assert loss.item() == pytest.approx(-math.log(p), abs=1e-5)


def test_the_graph_learns_and_is_no_target_of_itself():
    model = make(soft_label_weight=1.0).train()
    model(IDS, labels=LABELS).loss.backward()
    assert model.head.label_graph.grad.isfinite().all() and model.head.label_graph.grad.ne(0).any()
    assert not soften(LABELS, model.head.label_graph.detach(), 1.0).requires_grad
