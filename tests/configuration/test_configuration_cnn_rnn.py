# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""CNNRNNConfig: the settings of the CNN and those of the search, in one."""

import pytest
from huggingface_hub.errors import StrictDataclassFieldValidationError
from transformers import AutoConfig

from labelwise import CNNConfig, CNNRNNConfig


def test_the_cnn_has_the_defaults_of_the_cnn():
    config, cnn = CNNRNNConfig(), CNNConfig()
    for name in ("embedding_size", "kernel_sizes", "num_filters", "hidden_size", "dropout", "max_words"):
        assert getattr(config, name) == getattr(cnn, name), name
    assert (config.decoder_hidden_size, config.num_beams) == (512, 5)


def test_both_parents_check_their_settings():
    with pytest.raises(ValueError, match="kernel_sizes"):
        CNNRNNConfig(kernel_sizes=[])
    with pytest.raises(StrictDataclassFieldValidationError, match="num_beams"):
        CNNRNNConfig(num_beams=0)
    with pytest.raises(StrictDataclassFieldValidationError, match="decoder_hidden_size"):
        CNNRNNConfig(decoder_hidden_size="wide")


def test_everything_survives_a_round_trip(tmp_path):
    changed = {"kernel_sizes": [2], "num_filters": 7, "decoder_hidden_size": 8, "label_order": [1, 0], "num_beams": 3}
    CNNRNNConfig(**changed).save_pretrained(tmp_path)
    loaded = AutoConfig.from_pretrained(tmp_path)
    assert type(loaded) is CNNRNNConfig
    assert {name: getattr(loaded, name) for name in changed} == changed
    assert loaded.problem_type == "multi_label_classification" and loaded.label2id == {"LABEL_0": 0, "LABEL_1": 1}
