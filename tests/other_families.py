# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Small models of the families beside LW-LSTM and LM-MTC: configuration, classifier and settings by name."""

import torch

from labelwise import (
    CNNConfig,
    CNNForSequenceClassification,
    CNNRNNConfig,
    CNNRNNForSequenceClassification,
    HANLGConfig,
    HANLGForSequenceClassification,
    MAGNETConfig,
    MAGNETForSequenceClassification,
    RegLSTMConfig,
    RegLSTMForSequenceClassification,
    SGMConfig,
    SGMForSequenceClassification,
    TfidfLinearConfig,
    TfidfLinearForSequenceClassification,
)

# Settings beyond vocabulary, labels and the width of a word vector.
OTHER_FAMILIES = {
    "br": (TfidfLinearConfig, TfidfLinearForSequenceClassification, {"method": "br", "num_ngrams": 20}),
    "cc": (TfidfLinearConfig, TfidfLinearForSequenceClassification, {"method": "cc", "num_ngrams": 20}),
    "lp": (
        TfidfLinearConfig,
        TfidfLinearForSequenceClassification,
        {"method": "lp", "num_ngrams": 20, "num_label_sets": 6},
    ),
    "cnn": (CNNConfig, CNNForSequenceClassification, {"kernel_sizes": [2, 3], "num_filters": 5}),
    "cnn-rnn": (
        CNNRNNConfig,
        CNNRNNForSequenceClassification,
        {"kernel_sizes": [2, 3], "num_filters": 5, "decoder_hidden_size": 7, "num_beams": 2},
    ),
    "reg-lstm": (RegLSTMConfig, RegLSTMForSequenceClassification, {"hidden_size": 5}),
    "han-lg": (HANLGConfig, HANLGForSequenceClassification, {"hidden_size": 5}),
    "magnet": (MAGNETConfig, MAGNETForSequenceClassification, {"hidden_size": 5, "num_attention_heads": 2}),
    "sgm": (SGMConfig, SGMForSequenceClassification, {"hidden_size": 5, "num_beams": 2}),
    "set-rnn": (SGMConfig, SGMForSequenceClassification, {"hidden_size": 5, "num_beams": 2, "objective": "set"}),
}


def make_other_family(name: str, tokenizer, labels: list[str]):
    """The classifier of that name with the words of a tokenizer, the same each time."""
    config_class, model_class, settings = OTHER_FAMILIES[name]
    torch.manual_seed(0)
    config = config_class(
        vocab_size=len(tokenizer), embedding_size=6, id2label=dict(enumerate(labels)), pad_token_id=0, **settings
    )
    return model_class(config).eval()
