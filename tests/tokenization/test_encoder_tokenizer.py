# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""How much an encoder reads."""

import pytest
from transformers import BertConfig, FunnelConfig, GPT2Config, RobertaConfig, T5Config, XLNetConfig

from labelwise.tokenization.encoder_tokenizer import positions_of


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        (BertConfig(max_position_embeddings=64), 64),
        (RobertaConfig(max_position_embeddings=514), 512),
        (GPT2Config(n_positions=128), 128),
    ],
    ids=lambda value: type(value).__name__,
)
def test_positions(config, expected):
    assert positions_of(config) == expected


@pytest.mark.parametrize("config", [T5Config(), FunnelConfig(), XLNetConfig()], ids=lambda config: config.model_type)
def test_positions_without_a_limit(config):
    with pytest.raises(ValueError, match=f"^a {config.model_type} encoder does not say how many tokens it reads"):
        positions_of(config)
