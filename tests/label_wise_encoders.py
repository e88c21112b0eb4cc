# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A small label-wise encoder with its tokenizer, whose labels differ visibly."""

import torch
from torch import nn
from transformers import PreTrainedTokenizerBase

from labelwise import LabelWiseEncoderForSequenceClassification
from labelwise.tokenization.window_tokenizer import load_window_tokenizer

WINDOWS = {"window_size": 12, "window_overlap": 4, "max_windows": 4}  # 30 tokens


def make_label_wise_encoder(
    folder: str, labels: list[str], model_class=LabelWiseEncoderForSequenceClassification, **settings
) -> tuple[PreTrainedTokenizerBase, nn.Module]:
    """The model over the encoder of a folder, in evaluation mode, the same each time."""
    tokenizer, fields = load_window_tokenizer(folder, **WINDOWS)
    torch.manual_seed(0)
    model = model_class.from_encoder(folder, labels, **fields, **settings)
    for parameter in [*model.parameters()]:
        if not any(parameter is one for one in model.encoder_parameters()):
            nn.init.normal_(parameter, std=0.3)  # with 1, rounding errors of the encoder grow tenfold
    return tokenizer, model
