# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Losses over the logits of labels, one per file, and `make_loss`, which makes them by name.

A model calls its `loss_function` with logits and labels. All losses ignore labels of -100. All except ZLPR, which has
its own scale, reduce as given: a sum or a mean over labels, as in the model's own binary cross-entropy.
"""

from collections.abc import Callable, Sequence
from functools import partial

import datasets
import torch

from ...errors import UserInputError
from ...modeling.label_loss import binary_cross_entropy, sum_per_document
from ...modeling.label_sequences import LabelSequencePreTrainedModel
from ...modeling.multi_label_model import MultiLabelPreTrainedModel
from ..label_statistics import count_labels
from ..training_arguments import LOSSES, OWN_LOSS, MultiLabelTrainingArguments
from .asymmetric import AsymmetricLoss
from .distribution_balanced import DistributionBalancedLoss
from .focal import FocalLoss
from .weighted_binary_cross_entropy import WeightedBinaryCrossEntropy
from .zlpr import ZLPRLoss

_LOSS_CLASSES = (AsymmetricLoss, DistributionBalancedLoss, FocalLoss, WeightedBinaryCrossEntropy, ZLPRLoss)


def make_loss(
    name: str, train_dataset: datasets.Dataset | None, names: Sequence[str], reduce: Callable = sum_per_document
) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
    """Return a loss by name, with the settings of its paper.

    Args:
        name (`str`): One of `LOSSES` except `"bce"`, which is the model's own loss.
        train_dataset (`datasets.Dataset`): Training documents, whose `labels` (ones, zeros, -100 where unknown) are
            counted for the losses with weights of labels.
        names (`Sequence[str]`): Names of the labels, for errors.
        reduce (`Callable`, *optional*, defaults to `sum_per_document`): Reduction of the pairs to a number; pass the
            model's `loss_reduction` for the scale of its own loss. ZLPR ignores it.

    Returns:
        `Callable[[torch.Tensor, torch.Tensor], torch.Tensor]`: The value of `model.loss_function`.

    Raises:
        ValueError: The name is unknown, or labels must be counted and `train_dataset` is no `datasets.Dataset`.
        UserInputError: A label needs a weight and is set in none or in all of the documents.
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
    raise ValueError(f"the loss must be one of {', '.join(LOSSES)}, not {name!r}")


def check_loss_function(compute_loss_func: Callable | None, name: str) -> None:
    """Check that a loss function of `Trainer`, which takes the outputs of a model, fits.

    Args:
        compute_loss_func (`Callable`, *optional*): As for `Trainer`.
        name (`str`): One of `LOSSES`, which the settings name.

    Raises:
        TypeError: It is a loss of this package, which takes logits.
        ValueError: The settings name another loss.
    """
    if isinstance(compute_loss_func, _LOSS_CLASSES):
        raise TypeError(
            f"compute_loss_func takes the outputs of a model, and {type(compute_loss_func).__name__} its logits: set "
            "model.loss_function to it instead"
        )
    if compute_loss_func is not None and name != "bce":
        raise ValueError(f"compute_loss_func would replace the loss {name!r}: leave out one of the two")


def give_model_its_loss(
    model: MultiLabelPreTrainedModel,
    args: MultiLabelTrainingArguments,
    train_dataset: datasets.Dataset | None,
    reduce: Callable,
) -> None:
    """Set `model.loss_function` to the loss that the settings name.

    Args:
        model (`MultiLabelPreTrainedModel`): Changed in place.
        args (`MultiLabelTrainingArguments`): The settings.
        train_dataset (`datasets.Dataset`, *optional*): As for `make_loss`.
        reduce (`Callable`): The model's `loss_reduction`, or an estimate of it.

    Raises:
        ValueError: As `make_loss`.
        UserInputError: The model's own loss cannot be replaced; or as `make_loss`.
    """
    if isinstance(model, LabelSequencePreTrainedModel):
        for name, value, own in (
            ("loss", args.loss, "bce"),
            ("label_smoothing_factor", args.label_smoothing_factor, 0.0),
        ):
            if value != own:
                raise UserInputError(f"--{name} {value}: {OWN_LOSS}")
    if args.loss != "bce":
        model.loss_function = make_loss(args.loss, train_dataset, model.config.label_names, reduce)
    elif reduce is not model.loss_reduction:
        model.loss_function = partial(binary_cross_entropy, reduce=reduce)


__all__ = [
    "LOSSES",
    "AsymmetricLoss",
    "DistributionBalancedLoss",
    "FocalLoss",
    "WeightedBinaryCrossEntropy",
    "ZLPRLoss",
    "make_loss",
]
