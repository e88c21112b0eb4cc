# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Gradients of the states and weights that users ask for."""

import pytest
import torch

from labelwise import HANLGForSequenceClassification, LWLSTMForSequenceClassification
from labelwise.modeling.attention import RecurrentAttention

from .test_common import CORNERS, IDS, LABELS, WORDS

FLAGS = {"output_hidden_states": True, "output_attentions": True}


@pytest.fixture(params=[*CORNERS, "han-lg"])
def model(request, make_config):
    torch.manual_seed(0)
    if request.param == "han-lg":
        return HANLGForSequenceClassification(WORDS["han-lg"][0]).eval()
    return LWLSTMForSequenceClassification(make_config(num_encoders=2, **CORNERS[request.param])).eval()


def test_what_is_returned_has_gradients(model):
    output = model(IDS, labels=LABELS, **FLAGS)
    shown = [*output.hidden_states, *output.attentions]
    for tensor in shown:
        tensor.retain_grad()
    output.loss.backward()
    assert all(tensor.grad.isfinite().all() and tensor.grad.ne(0).any() for tensor in shown)


def test_asking_changes_nothing(model):
    assert model(IDS).to_tuple()[0].shape == (3, 4)
    torch.testing.assert_close(model(IDS, **FLAGS).logits, model(IDS).logits, atol=1e-6, rtol=1e-6)
    model.train()
    losses = []
    for flags in ({}, FLAGS):
        torch.manual_seed(1)  # the same dropout
        losses.append(model(IDS, labels=LABELS, **flags).loss)
    torch.testing.assert_close(*losses)


def test_without_asking_nothing_is_recorded(model, monkeypatch):
    """Training never pads states to the longest document."""
    recorded, forward = [], RecurrentAttention.forward

    def watch(self, *args):
        recorded.append(args[4])
        return forward(self, *args)

    monkeypatch.setattr(RecurrentAttention, "forward", watch)
    model(IDS, labels=LABELS).loss.backward()
    assert recorded and not any(recorded)
