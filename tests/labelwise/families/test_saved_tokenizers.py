# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tokenizers against the configuration of their model; `tests/hostile` tries many more."""

import pytest
from transformers import AutoTokenizer

from labelwise import CNNConfig, LabelTokenizer, LMMTCForSequenceClassification, WordTokenizer
from labelwise.families import FAMILIES

from ...label_wise_encoders import make_label_wise_encoder

LABELS = ["joy", "anger"]


@pytest.fixture
def words() -> WordTokenizer:
    return WordTokenizer.train_from_iterator(["one two three"], min_frequency=1)


def check_words(tokenizer, **fields) -> None:
    FAMILIES["cnn"].check_tokenizer(tokenizer, CNNConfig(**{"vocab_size": len(tokenizer), **fields}))


def test_sound(words, encoder):
    check_words(words)
    model = LMMTCForSequenceClassification.from_encoder(encoder, LABELS)
    FAMILIES["lm_mtc"].check_tokenizer(LabelTokenizer.from_encoder(encoder, LABELS), model.config)
    tokenizer, model = make_label_wise_encoder(encoder, LABELS)
    FAMILIES["lw_encoder"].check_tokenizer(tokenizer, model.config)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("model_max_length", -5, "model_max_length is -5"),
        ("model_max_length", 0, "model_max_length is 0"),
        ("model_max_length", "x", "model_max_length is 'x'"),
        ("model_max_length", True, "model_max_length is True"),
        ("model_input_names", ["pixel_values"], "input_ids must come first"),
        ("model_input_names", ["attention_mask", "input_ids"], "input_ids must come first"),
        ("model_input_names", [["input_ids"]], "input_ids must come first"),
        ("pad_token", None, "pad_token is missing"),
        ("unk_token", "one", "unk_token is 'one', and '[UNK]' in tokenizer.json"),
        ("unk_token", "[NEW]", "its ids are from 0 to 6, and the model reads 0 to 5"),
        ("sep_token", "two", "sep_token_id is "),
    ],
)
def test_settings(words, name, value, told):
    vocab_size = len(words)
    if name.endswith("_token") and value == "[NEW]":
        words.add_special_tokens({name: value})
    else:
        setattr(words, name, value)
    with pytest.raises(ValueError) as error:
        check_words(words, vocab_size=vocab_size)
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"vocab_size": 5}, "the model reads 0 to 4"),
        ({"vocab_size": 8}, "it has 6 words, and the model 8"),
        ({"sep_token_id": None}, "sep_token_id is 2, and None in config.json"),
        ({"pad_token_id": 1}, "pad_token_id is 0, and 1 in config.json"),
    ],
)
def test_fields(words, fields, told):
    with pytest.raises(ValueError) as error:
        check_words(words, **fields)
    assert told in str(error.value)


def test_other_classes(words, bert):
    own = AutoTokenizer.from_pretrained(bert)
    with pytest.raises(ValueError, match="no WordTokenizer"):
        check_words(own)
    model = LMMTCForSequenceClassification.from_encoder(bert, LABELS)
    with pytest.raises(ValueError, match="no LabelTokenizer"):
        FAMILIES["lm_mtc"].check_tokenizer(own, model.config)
    _, model = make_label_wise_encoder(bert, LABELS)
    with pytest.raises(ValueError, match="which is of no encoder"):
        FAMILIES["lw_encoder"].check_tokenizer(words, model.config)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("label_positions", [2, 9999]),
        ("label_positions", [-1, 5]),
        ("label_positions", [2, 2]),
        ("mask_token_ids", [1, 2]),
        ("id2label", {0: "anger", 1: "joy"}),
    ],
)
def test_label_tokens(bert, field, value):
    config = LMMTCForSequenceClassification.from_encoder(bert, LABELS).config
    setattr(config, field, value)
    with pytest.raises(ValueError, match=r"in config\.json"):
        FAMILIES["lm_mtc"].check_tokenizer(LabelTokenizer.from_encoder(bert, LABELS), config)


def test_more_tokens_than_the_encoder_reads(bert):
    config = LMMTCForSequenceClassification.from_encoder(bert, LABELS).config
    tokenizer = LabelTokenizer.from_encoder(bert, LABELS)
    tokenizer.model_max_length = 5000
    with pytest.raises(ValueError, match="model_max_length is 5000, and its encoder reads 64"):
        FAMILIES["lm_mtc"].check_tokenizer(tokenizer, config)
    tokenizer, model = make_label_wise_encoder(bert, LABELS)
    model.config.window_size = 5000
    with pytest.raises(ValueError, match="window_size is 5000, and its encoder reads 64"):
        FAMILIES["lw_encoder"].check_tokenizer(tokenizer, model.config)


def test_a_token_with_two_parts(bert):
    tokenizer, model = make_label_wise_encoder(bert, LABELS)
    tokenizer.sep_token = "[PAD]"
    with pytest.raises(ValueError, match="one token has two parts"):
        FAMILIES["lw_encoder"].check_tokenizer(tokenizer, model.config)
