# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""RegLSTMConfig: the paper's defaults, what it refuses, and that all of it survives a round trip."""

import pytest
from huggingface_hub.errors import StrictDataclassFieldValidationError
from transformers import AutoConfig

from labelwise import RegLSTMConfig


def test_the_defaults_are_the_papers():
    config = RegLSTMConfig()
    assert (config.hidden_size, config.embedding_size) == (512, 300)
    assert (config.dropout, config.weight_dropout, config.embedding_dropout) == (0.5, 0.2, 0.1)
    assert (config.activation_regularization, config.temporal_activation_regularization) == (0.0, 0.0)
    assert config.problem_type == "multi_label_classification"


@pytest.mark.parametrize(
    ("name", "value"), [("hidden_size", 1.5), ("weight_dropout", "0.2"), ("embedding_dropout", None)]
)
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises(StrictDataclassFieldValidationError, match=name):
        RegLSTMConfig(**{name: value})


def test_everything_survives_a_round_trip(tmp_path):
    changed = {
        "hidden_size": 7,
        "embedding_size": 8,
        "dropout": 0.1,
        "weight_dropout": 0.3,
        "embedding_dropout": 0.4,
        "activation_regularization": 2,
        "temporal_activation_regularization": 1,
        "thresholds": 0.3,
    }
    default = RegLSTMConfig()
    assert all(getattr(default, name) != value for name, value in changed.items())
    RegLSTMConfig(**changed).save_pretrained(tmp_path)
    loaded = AutoConfig.from_pretrained(tmp_path)
    assert type(loaded) is RegLSTMConfig
    assert {name: getattr(loaded, name) for name in changed} == changed
