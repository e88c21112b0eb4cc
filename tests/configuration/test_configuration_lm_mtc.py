# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LMMTCConfig: the encoder inside it, what it fixes, what it refuses, and that all of it survives a round trip."""

import pytest
from huggingface_hub.errors import StrictDataclassFieldValidationError
from transformers import (
    AutoConfig,
    BertConfig,
    DebertaV2Config,
    ElectraConfig,
    ModernBertConfig,
    RobertaConfig,
)

from labelwise import CNNConfig, LMMTCConfig

NAMES = {0: "joy", 1: "anger", 2: "cat"}


def test_the_defaults_are_the_papers():
    config = LMMTCConfig()
    assert (config.template, config.label_head, config.mlm_weight) == ("diff", "per_label", 0.05)
    assert config.thresholds == 0.5
    assert type(config.encoder) is BertConfig and (config.vocab_size, config.hidden_size) == (30522, 768)


@pytest.mark.parametrize("encoder_class", [BertConfig, RobertaConfig, DebertaV2Config, ElectraConfig, ModernBertConfig])
def test_any_encoder_comes_back(encoder_class, tmp_path):
    encoder = encoder_class(vocab_size=99, hidden_size=24, num_attention_heads=3)
    LMMTCConfig(encoder=encoder, id2label=NAMES).save_pretrained(tmp_path)
    loaded = AutoConfig.from_pretrained(tmp_path)
    assert type(loaded) is LMMTCConfig and type(loaded.encoder) is encoder_class
    assert loaded.encoder.to_dict() == encoder.to_dict()
    assert (loaded.vocab_size, loaded.hidden_size) == (99, 24)
    assert LMMTCConfig(encoder=encoder.to_dict()).encoder.to_dict() == encoder.to_dict()


def test_everything_survives_a_round_trip(tmp_path):
    changed = {
        "template": "compact",
        "label_positions": [1, 2, 3],
        "mask_token_ids": [7, 8, 9],
        "yes_token_ids": [10, 11, 12],
        "no_token_ids": [13, 14, 15],
        "label_head": "shared",
        "mlm_weight": 0.2,
        "dropout": 0.3,
        "thresholds": [0.2, 0.3, 0.4],
        "id2label": NAMES,
    }
    default = LMMTCConfig()
    assert all(getattr(default, name) != value for name, value in changed.items())
    LMMTCConfig(**changed).save_pretrained(tmp_path)
    loaded = AutoConfig.from_pretrained(tmp_path)
    assert {name: getattr(loaded, name) for name in changed} == changed
    assert loaded.label2id == {"joy": 0, "anger": 1, "cat": 2} and loaded.num_labels == 3


def test_label_tokens():
    assert LMMTCConfig(label_positions=[1, 2], num_labels=2).has_label_tokens
    assert not LMMTCConfig(template="none").has_label_tokens
    assert not CNNConfig().has_label_tokens
    assert "has_label_tokens" not in LMMTCConfig().to_dict()


def test_the_problem_type_is_fixed():
    """Anything else makes the pipeline apply softmax."""
    for config in (LMMTCConfig(), LMMTCConfig(problem_type=None), LMMTCConfig.from_dict({"problem_type": None})):
        assert config.problem_type == "multi_label_classification"
    with pytest.raises(StrictDataclassFieldValidationError, match="problem_type"):
        LMMTCConfig(problem_type="regression")


def test_weights_are_tied_as_the_encoders_are():
    assert LMMTCConfig().tie_word_embeddings
    assert not LMMTCConfig(encoder=BertConfig(tie_word_embeddings=False)).tie_word_embeddings


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("template", "other"),
        ("label_head", "mlp"),
        ("mlm_weight", "0.05"),
        ("dropout", None),
        ("thresholds", "0.5"),
        ("thresholds", ["0.5"]),
        ("label_positions", [1.5]),
        ("mask_token_ids", "7"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises(StrictDataclassFieldValidationError, match=name):
        LMMTCConfig(**{name: value})


def test_a_shared_head_needs_label_tokens():
    with pytest.raises(ValueError, match="'shared' cannot distinguish labels"):
        LMMTCConfig(template="none", label_head="shared")
