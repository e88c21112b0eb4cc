# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training of a part of a pretrained encoder: its last layers, or rows of its embedding."""

from collections.abc import Sequence

import torch
from torch import nn


def train_last_layers(encoder: nn.Module, number: int) -> None:
    """Exclude an encoder from training, its last layers excepted.

    Its layers are the longest `nn.ModuleList` in it, as in BERT, RoBERTa, DeBERTa, ELECTRA and ModernBERT.

    Args:
        encoder (`nn.Module`): The encoder, without a head.
        number (`int`): Number of layers to train; 0 for none.

    Raises:
        ValueError: It does not have as many layers.
    """
    lists = [module for module in encoder.modules() if isinstance(module, nn.ModuleList)]
    layers = max(lists, key=len, default=nn.ModuleList())
    if number > len(layers):
        raise ValueError(f"the encoder has {len(layers)} layers")
    encoder.requires_grad_(False)
    for layer in layers[len(layers) - number :]:
        layer.requires_grad_(True)


def train_rows(weight: nn.Parameter, rows: Sequence[int]) -> None:
    """Train some rows of a parameter only: the gradients of the others are 0, and `MultiLabelTrainer` gives them no
    weight decay.

    Args:
        weight (`nn.Parameter` of shape `(rows, width)`): Such as the embeddings of words and label tokens.
        rows (`Sequence[int]`): The rows to train.
    """
    is_trained_V1 = torch.zeros(len(weight), 1)
    is_trained_V1[rows] = 1
    weight.requires_grad_(True)
    weight.register_hook(lambda gradient: gradient * is_trained_V1.to(gradient))
    weight.trained_rows = rows


def trains_rows(weight: nn.Parameter) -> bool:
    """Return whether some rows of a parameter are trained only."""
    return hasattr(weight, "trained_rows")
