# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""HANLGConfig: HAN and nothing else, and a round trip."""

import pytest
from huggingface_hub.errors import StrictDataclassFieldValidationError
from transformers import AutoConfig

from labelwise import HANLGConfig


def test_the_defaults_are_hans():
    config = HANLGConfig()
    assert (config.hierarchical, config.label_wise, config.label_graph, config.num_encoders) == (True, False, True, 1)
    assert (config.num_hidden_layers, config.hidden_size, config.soft_label_weight) == (1, 128, 0.0)
    assert (config.max_sentences, config.max_words_per_sentence) == (40, 60)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("hierarchical", False),
        ("label_wise", True),
        ("num_encoders", 2),
        ("classifier", "mlp"),
        ("label_graph", False),
        ("soft_label_weight", "0.1"),
    ],
)
def test_what_is_no_han_is_refused_by_name(name, value):
    with pytest.raises(StrictDataclassFieldValidationError, match=name):
        HANLGConfig(**{name: value})


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_a_share_out_of_range_is_refused(weight):
    with pytest.raises(StrictDataclassFieldValidationError, match="soft_label_weight"):
        HANLGConfig(soft_label_weight=weight)


def test_everything_survives_a_round_trip(tmp_path):
    changed = {"soft_label_weight": 0.25, "hidden_size": 13, "rnn_type": "gru", "num_hidden_layers": 2, "dropout": 0.1}
    HANLGConfig(**changed, id2label={0: "rock", 1: "jazz"}).save_pretrained(tmp_path)
    loaded = AutoConfig.from_pretrained(tmp_path)
    assert type(loaded) is HANLGConfig
    assert {name: getattr(loaded, name) for name in changed} == changed
    assert loaded.label2id == {"rock": 0, "jazz": 1}
