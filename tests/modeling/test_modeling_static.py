# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The static model against a computation by hand, and the embeddings that it starts with."""

import pytest
import torch
from torch import nn
from transformers import AutoModel

from labelwise import StaticConfig, StaticForSequenceClassification
from labelwise.modeling.heads import set_label_biases
from labelwise.modeling.states_encoder import load_states_encoder
from labelwise.modeling.static_embeddings import reduce_width, smooth_inverse_frequencies, states_of_tokens

IDS = torch.tensor([[5, 6, 7, 5], [8, 9, 0, 0], [0, 0, 0, 0]])


@pytest.fixture
def model():
    torch.manual_seed(0)
    model = StaticForSequenceClassification(StaticConfig(vocab_size=20, embedding_size=6, head_size=5, num_labels=3))
    for parameter in model.parameters():
        nn.init.normal_(parameter)
    return model.eval()


@torch.no_grad()
def test_logits(model):
    embeddings, (first, _, _, last) = model.get_input_embeddings().weight, model.head
    for row, ids in zip(model(IDS).logits, [[5, 6, 7, 5], [8, 9], []], strict=True):
        mean = embeddings[ids].mean(dim=0) if ids else torch.zeros(6)
        hidden = (first.weight @ mean + first.bias).clamp(min=0)
        torch.testing.assert_close(row, last.weight @ hidden + last.bias)


@torch.no_grad()
def test_padding_is_where_the_mask_says(model):
    mask = torch.tensor([[0, 1, 1, 1], [1, 1, 0, 0], [1, 0, 0, 0]])
    expected = model(torch.tensor([[6, 7, 5], [8, 9, 0]])).logits
    torch.testing.assert_close(model(IDS, attention_mask=mask).logits[:2], expected)


def test_the_last_layer_starts_at_the_log_odds(model):
    assert set_label_biases(model.head, torch.tensor([-1.0, 0.0, 2.0]))
    assert model.head[-1].bias.tolist() == [-1.0, 0.0, 2.0]


def test_states_are_those_of_each_token_alone(bert):
    encoder = load_states_encoder(bert)
    states = states_of_tokens(encoder, 7, before=[1], behind=[2], batch_size=3)
    with torch.no_grad():
        for token in range(7):
            alone = AutoModel.from_pretrained(bert).eval()(torch.tensor([[1, token, 2]])).last_hidden_state
            torch.testing.assert_close(states[token], alone[0].mean(dim=0))


def test_principal_components():
    """They keep distances if all are kept, are not correlated, and come by falling variance."""
    torch.manual_seed(0)
    states = (torch.randn(50, 4) @ torch.randn(4, 4) + 3).double()
    found = reduce_width(states, 4)
    torch.testing.assert_close(torch.cdist(found, found), torch.cdist(states, states), atol=1e-6, rtol=0)
    covariance = found.T @ found
    torch.testing.assert_close(covariance, covariance.diag().diag(), atol=1e-6, rtol=0)
    assert covariance.diag().tolist() == sorted(covariance.diag().tolist(), reverse=True)
    torch.testing.assert_close(reduce_width(states, 2), found[:, :2])


def test_frequent_tokens_weigh_less():
    weights = smooth_inverse_frequencies(torch.tensor([0, 1, 9999]))
    assert weights.tolist() == pytest.approx([1.0, 0.5, 1e-4 / (1e-4 + 0.9999)])
