# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""SGMConfig: what it refuses, and that all of it survives a round trip."""

import pytest
from huggingface_hub.errors import StrictDataclassFieldValidationError
from transformers import AutoConfig

from labelwise import SGMConfig


def test_the_defaults_are_the_papers_on_rcv1():
    config = SGMConfig()
    assert (config.embedding_size, config.hidden_size, config.num_hidden_layers) == (512, 256, 2)
    assert (config.dropout, config.num_beams, config.max_words, config.vocab_size) == (0.5, 5, 500, 50000)
    assert (config.objective, config.global_embedding) == ("sequence", False)


@pytest.mark.parametrize(
    ("name", "value"),
    [("objective", "bag"), ("global_embedding", 1), ("num_beams", 2.5), ("label_order", "abc"), ("max_labels", "2")],
)
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises(StrictDataclassFieldValidationError, match=name):
        SGMConfig(**{name: value})


def test_everything_survives_a_round_trip(tmp_path):
    changed = {
        "embedding_size": 12,
        "hidden_size": 13,
        "num_hidden_layers": 3,
        "objective": "set",
        "global_embedding": True,
        "dropout": 0.1,
        "label_order": [2, 0, 1],
        "max_labels": 2,
        "num_beams": 9,
        "thresholds": [0.2, 0.3, 0.4],
        "id2label": {0: "rock", 1: "jazz", 2: "soul"},
    }
    default = SGMConfig()
    assert all(getattr(default, name) != value for name, value in changed.items())
    SGMConfig(**changed).save_pretrained(tmp_path)
    loaded = AutoConfig.from_pretrained(tmp_path)
    assert type(loaded) is SGMConfig
    assert {name: getattr(loaded, name) for name in changed} == changed
