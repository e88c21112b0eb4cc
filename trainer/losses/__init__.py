# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Losses over the logits of labels, one file each, and the choice of one by name.

Each is called with logits and labels, as a model calls its `loss_function`, and leaves out labels of -100. All but ZLPR
are a sum over labels and a mean over documents, as the models' own binary cross-entropy is.
"""

from collections.abc import Callable, Sequence

import datasets
import torch

from ..training_arguments import LOSSES
from .asymmetric import AsymmetricLoss
from .distribution_balanced import DistributionBalancedLoss
from .focal import FocalLoss
from .label_counts import count_labels
from .weighted_binary_cross_entropy import WeightedBinaryCrossEntropy
from .zlpr import ZLPRLoss


def make_loss(
    name: str, train_dataset: datasets.Dataset | None, names: Sequence[str]
) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """The loss of a name, with its paper's settings.

    Args:
        name (`str`): One of `LOSSES`, but not `"bce"`, which every model has itself.
        train_dataset (`datasets.Dataset`): Its `labels` (ones, zeros, -100 where not known) are counted once, for the
            losses that weigh labels by how often they hold.
        names (`Sequence[str]`): Of the labels, for errors.

    Returns:
        `Callable`: For `model.loss_function`.

    Raises:
        ValueError: The name is unknown, or there is no `datasets.Dataset` to count.
        DataError: A label that is to be weighed holds in none of the documents, or in all.
    """
    match name:
        case "focal":
            return FocalLoss()
        case "asymmetric":
            return AsymmetricLoss()
        case "zlpr":
            return ZLPRLoss()
        case "weighted_bce":
            positives_L, negatives_L = count_labels(train_dataset, names)
            return WeightedBinaryCrossEntropy(negatives_L / positives_L)
        case "distribution_balanced":
            return DistributionBalancedLoss(*count_labels(train_dataset, names))
    raise ValueError(f"the loss is one of {', '.join(LOSSES)}, not {name!r}")


__all__ = [
    "LOSSES",
    "AsymmetricLoss",
    "DistributionBalancedLoss",
    "FocalLoss",
    "WeightedBinaryCrossEntropy",
    "ZLPRLoss",
    "make_loss",
]
