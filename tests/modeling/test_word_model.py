# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The initial weights of models of words."""

from collections import Counter

import pytest
import torch
from torch import nn

from labelwise import LWLSTMModel

from .test_common import LATER, LSTM, WITHOUT_EMBEDDINGS, WORDS

MODELS = [(model, None) for model in LSTM] + [case for case in LATER if case[0] not in WITHOUT_EMBEDDINGS]


@pytest.mark.parametrize(("model_class", "family"), MODELS)
def test_every_embedding_is_drawn_once_and_padding_is_zero(model_class, family, make_config, monkeypatch):
    drawn, draw, kept = Counter(), torch.Tensor.normal_, []

    def count(tensor, *arguments, **keywords):
        kept.append(tensor)  # else another may get its address
        drawn[tensor.data_ptr()] += 1
        return draw(tensor, *arguments, **keywords)

    monkeypatch.setattr(torch.Tensor, "normal_", count)
    model = model_class(WORDS[family][0] if family else make_config(num_encoders=2))
    embeddings = [module for module in model.modules() if isinstance(module, nn.Embedding)]
    assert embeddings
    for embedding in embeddings:
        assert drawn[embedding.weight.data_ptr()] == 1
        assert embedding.weight.requires_grad
        zero = (embedding.weight == 0).all(dim=1)
        assert zero.nonzero().flatten().tolist() == ([] if embedding.padding_idx is None else [embedding.padding_idx])


def test_the_range_of_new_embeddings_may_be_zero(make_config):
    """The library would take its own default for 0."""
    model = LWLSTMModel(make_config(initializer_range=0.0))
    assert not model.embeddings.weight.any()
