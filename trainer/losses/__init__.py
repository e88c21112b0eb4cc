# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Losses over the logits of labels, one file each, and the choice of one by name.

Each is called with logits and labels, as a model calls its `loss_function`, and leaves out labels of -100. All but
ZLPR, which has a scale of its own, add up over labels as they are told: as the model's own binary cross-entropy does.
"""

from collections.abc import Callable, Sequence

import datasets
import torch

from ...modeling.label_loss import sum_per_document
from ..training_arguments import LOSSES
from .asymmetric import AsymmetricLoss
from .distribution_balanced import DistributionBalancedLoss
from .focal import FocalLoss
from .label_counts import count_labels
from .weighted_binary_cross_entropy import WeightedBinaryCrossEntropy
from .zlpr import ZLPRLoss


def make_loss(
    name: str, train_dataset: datasets.Dataset | None, names: Sequence[str], reduce: Callable = sum_per_document
) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """The loss of a name, with its paper's settings.

    Args:
        name (`str`): One of `LOSSES`, but not `"bce"`, which every model has itself.
        train_dataset (`datasets.Dataset`): Its `labels` (ones, zeros, -100 where not known) are counted once, for the
            losses that weigh labels by how often they hold.
        names (`Sequence[str]`): Of the labels, for errors.
        reduce (`Callable`, *optional*): How pairs add up over labels: the model's `loss_reduction`, so that the loss has
            the scale of the model's own. ZLPR does not read it.

    Returns:
        `Callable`: For `model.loss_function`.

    Raises:
        ValueError: The name is unknown, or there is no `datasets.Dataset` to count.
        UserInputError: A label that is to be weighed holds in none of the documents, or in all.
    """
    match name:
        case "focal":
            return FocalLoss(reduce=reduce)
        case "asymmetric":
            return AsymmetricLoss(reduce=reduce)
        case "zlpr":
            return ZLPRLoss()
        case "weighted_bce":
            positives_L, negatives_L = count_labels(train_dataset, names)
            # positive weights
            return WeightedBinaryCrossEntropy(negatives_L / positives_L, reduce)
        case "distribution_balanced":
            return DistributionBalancedLoss(*count_labels(train_dataset, names), reduce=reduce)
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
