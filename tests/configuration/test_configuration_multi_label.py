# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What no configuration of a model of words takes."""

import pytest
from huggingface_hub.errors import StrictDataclassFieldValidationError

from labelwise import (
    CNNConfig,
    CNNRNNConfig,
    HANLGConfig,
    LWLSTMConfig,
    MAGNETConfig,
    RegLSTMConfig,
    SGMConfig,
    TfidfLinearConfig,
)

WORDS = ["vocab_size", "embedding_size", "max_words"]
HIERARCHY = ["hidden_size", "num_hidden_layers", "max_sentences", "max_words_per_sentence"]
SIZES = {
    CNNConfig: [*WORDS, "num_filters"],
    CNNRNNConfig: [*WORDS, "num_filters", "decoder_hidden_size", "num_beams"],
    HANLGConfig: [*WORDS, *HIERARCHY],
    LWLSTMConfig: [*WORDS, *HIERARCHY],
    MAGNETConfig: [*WORDS, "hidden_size", "num_hidden_layers", "num_graph_layers", "num_attention_heads"],
    RegLSTMConfig: [*WORDS, "hidden_size"],
    SGMConfig: [*WORDS, "hidden_size", "num_hidden_layers", "num_beams"],
    TfidfLinearConfig: ["vocab_size", "max_words", "num_ngrams", "num_label_sets"],
}


@pytest.mark.parametrize("value", [0, -1])
@pytest.mark.parametrize(("config_class", "name"), [(cls, name) for cls, names in SIZES.items() for name in names])
def test_sizes_are_1_or_above(config_class, name, value):
    with pytest.raises((StrictDataclassFieldValidationError, ValueError), match=name):
        config_class(**{name: value})
    assert getattr(config_class(**{name: 1}), name) == 1


def test_other_numbers_may_be_0():
    assert CNNConfig(pad_token_id=0, sep_token_id=0, dropout=0, chunk_size_feed_forward=0).pad_token_id == 0
