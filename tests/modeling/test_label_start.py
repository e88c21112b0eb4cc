# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels that start from texts: vectors by hand, and an untrained model that ranks by them."""

import pytest
import torch

from labelwise import LabelWiseEncoderForPreTraining, LabelWiseEncoderForSequenceClassification
from labelwise.modeling.label_start import start_from_texts
from labelwise.tokenization.window_tokenizer import load_window_tokenizer

LABELS = ["cat", "dog_house", "the zebra"]


def mean_state(model, tokenizer, text):
    batch = tokenizer(text, truncation=True, max_length=model.config.window_size, return_tensors="pt")
    with torch.no_grad():
        return model.base_model.encoder(**batch).last_hidden_state[0].mean(dim=0)


@pytest.mark.parametrize("settings", [{}, {"hierarchical": True, "num_contexts": 2}], ids=["flat", "all vectors"])
@pytest.mark.parametrize("texts", [LABELS, ["a cat", "dogs and houses " * 60, "zebra"]], ids=["names", "descriptions"])
def test_vectors_by_hand(bert, settings, texts):
    tokenizer, fields = load_window_tokenizer(bert)
    model = LabelWiseEncoderForSequenceClassification.from_encoder(bert, LABELS, **fields, **settings)
    biases = model.head.bias.clone()
    start_from_texts(model, tokenizer, texts)
    center = torch.stack([mean_state(model, tokenizer, name) for name in LABELS]).mean(dim=0)
    states = torch.stack([mean_state(model, tokenizer, text) for text in texts]) - center
    expected = states / states.norm(dim=-1, keepdim=True)
    for contexts in model.base_model.context_sets:
        for vectors in contexts.parameters():
            torch.testing.assert_close(vectors.data, expected, atol=1e-5, rtol=1e-5)
    weights = model.head.weight.data.view(3, -1, model.config.hidden_size)
    torch.testing.assert_close(weights, expected[:, None].expand_as(weights), atol=1e-5, rtol=1e-5)
    assert model.head.bias.equal(biases)


def test_some_labels_start_and_the_others_stay(bert):
    tokenizer, fields = load_window_tokenizer(bert)
    model = LabelWiseEncoderForSequenceClassification.from_encoder(bert, LABELS, **fields)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    start_from_texts(model, tokenizer, ["zebra"], slice(2, 3))
    after = model.state_dict()
    for name in ("lw_encoder.contexts.steps", "head.weight"):
        assert after[name][:2].equal(before[name][:2]) and not after[name][2].equal(before[name][2])


def test_one_label(bert):
    """The mean over labels is its own state, which is not taken away."""
    tokenizer, fields = load_window_tokenizer(bert)
    model = LabelWiseEncoderForPreTraining.from_encoder(bert, ["cat"], num_contexts=2, **fields)
    start_from_texts(model, tokenizer, ["cat"])
    state = mean_state(model, tokenizer, "cat")
    torch.testing.assert_close(model.base_model.contexts.steps.data[0], state / state.norm(), atol=1e-5, rtol=1e-5)


def test_from_encoder_starts_from_names_descriptions_or_at_random(bert):
    def vectors_of(**settings):
        torch.manual_seed(0)
        model = LabelWiseEncoderForSequenceClassification.from_encoder(bert, LABELS, **settings)
        assert model.config.window_size == 64 and model.config.num_special_tokens == [1, 1]
        return model.head.weight.data, model.base_model.contexts.steps.data

    weights, contexts = vectors_of()
    assert weights.equal(contexts)
    torch.testing.assert_close(weights.norm(dim=-1), torch.ones(3), atol=1e-5, rtol=1e-5)
    described, _ = vectors_of(label_descriptions={"cat": "the zebra"})
    assert not described[0].equal(weights[0]) and described[1:].equal(weights[1:])
    at_random, drawn = vectors_of(label_start="random")
    assert not at_random.equal(drawn)


def test_labels_without_words(bert):
    with pytest.raises(ValueError, match=r"label '\\u200b' has no word piece in its tokenizer; rename or describe it"):
        LabelWiseEncoderForSequenceClassification.from_encoder(bert, ["cat", "\u200b"])
