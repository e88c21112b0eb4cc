# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A model returns its attention weights for a while, and then computes as before."""

import pytest
import torch

from labelwise import LabelTokenizer, LMMTCForSequenceClassification
from labelwise.analysis.eager_attention import eager_attention
from labelwise.analysis.explain import explain
from labelwise.analysis.label_attention import label_attention

LABELS = ["joy", "anger"]


@pytest.fixture(params=[("sdpa", "sdpa"), ("eager", "sdpa"), ("sdpa", "eager")])
def model(request, bert):
    """With an implementation of its own, and one of its encoder."""
    model = LMMTCForSequenceClassification.from_encoder(bert, LABELS).eval()
    own, of_encoder = request.param
    model.set_attn_implementation({"": own, "encoder": of_encoder})
    assert implementations(model) == request.param
    return model


def implementations(model):
    return model.config._attn_implementation, model.lm_mtc.encoder.config._attn_implementation


def test_weights_for_a_while(model):
    before = implementations(model)
    with pytest.raises(KeyboardInterrupt), eager_attention(model):
        assert implementations(model) == ("eager", "eager")
        assert len(model(torch.tensor([[1, 2, 3] * 3]), output_attentions=True).attentions) == 2
        raise KeyboardInterrupt
    assert implementations(model) == before


@pytest.mark.parametrize("analyse", ["explain", "label_attention"])
def test_analyses_leave_a_model_as_it_is(model, bert, analyse):
    before = implementations(model)
    tokenizer = LabelTokenizer.from_encoder(bert, LABELS)
    if analyse == "explain":
        explain(model, tokenizer, "the cat sat", [1])
    else:
        label_attention(model, tokenizer, ["the cat sat"], [1])
    assert implementations(model) == before
