# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""CNNConfig: the paper's defaults, what it refuses, and that all of it survives a round trip."""

import pytest
from huggingface_hub.errors import StrictDataclassFieldValidationError
from transformers import AutoConfig

from labelwise import CNNConfig


def test_the_defaults_are_the_papers():
    config = CNNConfig()
    assert (config.kernel_sizes, config.num_filters, config.dropout) == ([3, 4, 5], 100, 0.5)
    assert (config.embedding_size, config.hidden_size) == (300, 300)
    assert config.problem_type == "multi_label_classification"


def test_width_of_a_document():
    assert CNNConfig(kernel_sizes=[1, 7], num_filters=6).hidden_size == 12


@pytest.mark.parametrize("sizes", [[], [0], [3, -1], ()], ids=str)
def test_filters_of_no_words_are_refused(sizes):
    with pytest.raises(ValueError, match="kernel_sizes"):
        CNNConfig(kernel_sizes=sizes)


@pytest.mark.parametrize(
    ("name", "value"), [("kernel_sizes", 3), ("kernel_sizes", [3.5]), ("num_filters", "9"), ("dropout", None)]
)
def test_a_wrong_value_is_refused_by_name(name, value):
    with pytest.raises((StrictDataclassFieldValidationError, TypeError), match=name):
        CNNConfig(**{name: value})


def test_everything_survives_a_round_trip(tmp_path):
    changed = {"kernel_sizes": [2, 6], "num_filters": 7, "embedding_size": 8, "dropout": 0.1, "thresholds": 0.3}
    default = CNNConfig()
    assert all(getattr(default, name) != value for name, value in changed.items())
    CNNConfig(**changed).save_pretrained(tmp_path)
    loaded = AutoConfig.from_pretrained(tmp_path)
    assert type(loaded) is CNNConfig
    assert {name: getattr(loaded, name) for name in changed} == changed
