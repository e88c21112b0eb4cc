# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Each classifier over M, by hand."""

import pytest
import torch

from labelwise import LWLSTMForSequenceClassification
from labelwise.modeling.heads import MultiLabelHead

WIDTH, LABELS = 6, 4


def head_of(make_config, **settings):
    torch.manual_seed(0)
    config = make_config(num_labels=LABELS, **settings)
    head = MultiLabelHead(config, WIDTH)
    for name, parameter in head.named_parameters():
        if name != "label_graph":
            torch.nn.init.normal_(parameter)
    return head, torch.randn(3, config.num_queries, WIDTH)


def concatenated(document):
    return [value for representation in document.tolist() for value in representation]


def linear(values, weight, bias):
    return [
        sum(w * v for w, v in zip(row, values, strict=True)) + b
        for row, b in zip(weight.tolist(), bias.tolist(), strict=True)
    ]


@pytest.mark.parametrize("label_wise", [True, False])
def test_linear_reads_all_representations(make_config, label_wise):
    head, documents = head_of(make_config, classifier="linear", label_wise=label_wise)
    layer = head.classifier[-1]
    assert layer.weight.shape == (LABELS, WIDTH * (LABELS if label_wise else 1))
    expected = [linear(concatenated(document), layer.weight, layer.bias) for document in documents]
    torch.testing.assert_close(head(documents), torch.tensor(expected), atol=1e-4, rtol=1e-4)


def test_mlp_is_ten_times_as_wide_as_a_state(make_config):
    head, documents = head_of(make_config, classifier="mlp")
    first, last = head.classifier[1], head.classifier[3]
    assert first.out_features == 50
    expected = []
    for document in documents:
        hidden = [max(0.0, value) for value in linear(concatenated(document), first.weight, first.bias)]
        expected.append(linear(hidden, last.weight, last.bias))
    torch.testing.assert_close(head(documents), torch.tensor(expected), atol=1e-3, rtol=1e-4)


def test_label_wise_reads_only_the_own_representation(make_config):
    head, documents = head_of(make_config, classifier="label_wise")
    weight, bias = head.classifier.weight, head.classifier.bias
    logits = head(documents)
    for k in range(LABELS):
        torch.testing.assert_close(logits[:, k], documents[:, k] @ weight[k] + bias[k])
    changed = documents.clone()
    changed[:, 1] += 1
    same = torch.isclose(head(changed), head(documents)).all(dim=0)
    assert same.tolist() == [True, False, True, True]


@pytest.mark.parametrize("classifier", ["linear", "mlp", "label_wise"])
def test_the_label_graph_starts_as_the_identity(make_config, classifier):
    config = make_config(classifier=classifier, label_graph=True)
    head = LWLSTMForSequenceClassification(config).head
    assert head.label_graph.equal(torch.eye(LABELS))
    documents = torch.randn(3, LABELS, 10)
    assert head(documents).equal(head.classifier(documents))


def test_the_label_graph_multiplies_the_logits(make_config):
    head, documents = head_of(make_config, label_graph=True)
    torch.nn.init.normal_(head.label_graph)
    raw, graph = head.classifier(documents), head.label_graph
    for number in range(3):
        for k in range(LABELS):
            expected = sum(raw[number, j] * graph[j, k] for j in range(LABELS))
            torch.testing.assert_close(head(documents)[number, k], expected)


def test_no_label_graph_no_parameter(make_config):
    assert "label_graph" not in dict(MultiLabelHead(make_config(), WIDTH).named_parameters())
