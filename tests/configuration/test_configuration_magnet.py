# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""MAGNETConfig: the paper's sizes, and a round trip."""

import pytest
from huggingface_hub.errors import StrictDataclassFieldValidationError
from transformers import AutoConfig

from labelwise import MAGNETConfig


def test_the_defaults():
    config = MAGNETConfig()
    assert (config.hidden_size, config.num_hidden_layers, config.dropout) == (250, 1, 0.5)
    assert (config.num_graph_layers, config.num_attention_heads) == (2, 4)
    assert config.problem_type == "multi_label_classification"


@pytest.mark.parametrize(("name", "value"), [("num_graph_layers", "2"), ("num_attention_heads", 0.5)])
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises(StrictDataclassFieldValidationError, match=name):
        MAGNETConfig(**{name: value})


def test_everything_survives_a_round_trip(tmp_path):
    changed = {
        "hidden_size": 13,
        "num_hidden_layers": 2,
        "num_graph_layers": 3,
        "num_attention_heads": 5,
        "dropout": 0.1,
        "embedding_size": 12,
        "thresholds": [0.2, 0.3],
    }
    MAGNETConfig(**changed, id2label={0: "rock", 1: "jazz"}).save_pretrained(tmp_path)
    loaded = AutoConfig.from_pretrained(tmp_path)
    assert type(loaded) is MAGNETConfig
    assert {name: getattr(loaded, name) for name in changed} == changed
    assert loaded.label2id == {"rock": 0, "jazz": 1}
