# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Sampled negatives: a training step over the labels of its batch and a few others. Shapes: B documents, L labels, Q
labels of a step."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from transformers import PreTrainedConfig

from ..errors import UserInputError
from ..modeling.multi_label_model import MultiLabelPreTrainedModel

# Losses that are a sum over labels, without weights of labels that are counted.
SAMPLED_LOSSES = ("bce", "focal", "asymmetric")


class SampledNegatives:
    """The labels of a training step, and the reduction of their losses to an estimate of the loss over all labels.

    The labels are those that apply to a document of the batch, and N others, drawn uniformly without replacement. All
    documents have the same, so that one attention serves the batch. The loss of each drawn label is divided by the
    share of the others that was drawn, N / (L - P), so loss and gradient are those over all labels in expectation, and
    the trained probabilities need no correction.

    Numbers are drawn from torch's own generator, whose state is in the checkpoints.

    Args:
        number (`int`): N; where a batch has fewer others, all labels are computed.
        reduce (`Callable`): The model's `loss_reduction`.

    References:
        - Y. Bengio, J.-S. Senécal. Adaptive Importance Sampling to Accelerate Training of a Neural Probabilistic
          Language Model. IEEE Transactions on Neural Networks 19(4), 2008: importance weights of sampled negatives.

    Example:

    ```python
    >>> sampled = SampledNegatives(100, model.loss_reduction)
    >>> model.loss_function = partial(binary_cross_entropy, reduce=sampled.reduce)
    >>> with sampled.drawn(batch) as batch:
    ...     model(**batch).loss.backward()
    ```"""

    def __init__(self, number: int, reduce: Callable) -> None:
        self.number, self._reduce = number, reduce
        self._weights_Q: torch.Tensor | None = None

    @contextmanager
    def drawn(self, inputs: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Draw the labels of a step: yield the inputs with `class_subset` and its labels, in whose order losses are
        weighted inside the block.

        Args:
            inputs (`dict`): Of a batch, with `labels` of shape `(B, L)`.
        """
        labels_BL = inputs["labels"]
        is_true_L = ((labels_BL != 0) & (labels_BL != -100)).any(dim=0).cpu()
        others = (~is_true_L).nonzero()[:, 0]
        if len(others) <= self.number:
            yield inputs
            return
        chosen_L = is_true_L.clone()
        chosen_L[others[torch.randperm(len(others))[: self.number]]] = True
        subset_Q = chosen_L.nonzero()[:, 0]
        weights_Q = torch.where(is_true_L[subset_Q], 1.0, len(others) / self.number)
        subset_Q, self._weights_Q = (part.to(labels_BL.device) for part in (subset_Q, weights_Q))
        try:
            yield {**inputs, "labels": labels_BL[:, subset_Q], "class_subset": subset_Q}
        finally:
            self._weights_Q = None

    def reduce(self, loss_BQ: torch.Tensor, counted_BQ: torch.Tensor) -> torch.Tensor:
        """Reduce losses as the model does, those of sampled labels weighted inside a block of `drawn`."""
        return self._reduce(loss_BQ, counted_BQ if self._weights_Q is None else counted_BQ * self._weights_Q)


def check_negatives(
    number: int | None, loss: str, model_class: type[MultiLabelPreTrainedModel], config: PreTrainedConfig
) -> None:
    """Check that a model can be trained on sampled negatives, if there is a number of them.

    Raises:
        UserInputError: The loss is no sum over labels, or the model computes the logits of all labels at once.
    """
    if number is None:
        return
    if loss not in SAMPLED_LOSSES:
        raise UserInputError(
            f"--negatives {number}: --loss {loss} is no sum over labels, which a sample of them can estimate; use one "
            f"of {', '.join(SAMPLED_LOSSES)}, or leave it out"
        )
    reason = model_class.refuses_negatives(config)
    if reason is not None:
        raise UserInputError(f"--negatives {number}: {reason}; leave it out")


__all__ = ["SAMPLED_LOSSES", "SampledNegatives", "check_negatives"]
