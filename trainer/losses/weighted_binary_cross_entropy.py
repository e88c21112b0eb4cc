# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Binary cross-entropy with weights of positive labels. Shapes: B documents, L labels."""

from collections.abc import Callable

import torch
from torch import nn

from ...modeling.label_loss import mask_unknown_labels, sum_per_document


class WeightedBinaryCrossEntropy:
    """A binary cross-entropy with a weight of each positive label: -(w_i y log p + (1 - y) log(1 - p)), p = sigmoid(z).

    `make_loss` sets w_i to negatives / positives of the training documents, so that the weights of both have the same
    sum. They are not clipped: a label of one document in 1,000 has the weight 999, one of most documents less than 1.

    Args:
        pos_weight_L (`torch.Tensor` of shape `(num_labels,)`): w_i.
        reduce (`Callable`, *optional*, defaults to `sum_per_document`): Reduction of the pairs to a number. A sum over
            labels has the scale of most models' own loss; `mean_per_document` that of LM-MTC's.

    References:
        - `torch.nn.BCEWithLogitsLoss`, `pos_weight`.

    Inputs:
        logits_BL (`torch.Tensor` of shape `(batch, num_labels)`): z, before the sigmoid.
        labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): y, 1 where a label is set, 0 where not, -100 where
            it is unknown; of any type.

    Example:

    ```python
    >>> import torch
    >>> from labelwise.trainer.losses import WeightedBinaryCrossEntropy

    >>> loss = WeightedBinaryCrossEntropy(torch.tensor([3.0, 1.0]))
    >>> round(loss(torch.tensor([[0.0, 0.0]]), torch.tensor([[1, 0]])).item(), 4)  # 3 log 2 + log 2
    2.7726

    ```"""

    def __init__(self, pos_weight_L: torch.Tensor, reduce: Callable = sum_per_document) -> None:
        self.pos_weight_L = pos_weight_L
        self.reduce = reduce

    def __call__(self, logits_BL: torch.Tensor, labels_BL: torch.Tensor) -> torch.Tensor:
        logits_BL, labels_BL, known_BL = mask_unknown_labels(logits_BL, labels_BL)
        loss_BL = nn.functional.binary_cross_entropy_with_logits(
            logits_BL, labels_BL, pos_weight=self.pos_weight_L.to(logits_BL), reduction="none"
        )
        return self.reduce(loss_BL, known_BL)
