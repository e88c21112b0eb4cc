# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Focal loss: smaller weights of well-predicted labels. Shapes: B documents, L labels."""

from collections.abc import Callable

import torch
from torch.nn.functional import logsigmoid

from ...modeling.label_loss import mask_unknown_labels, sum_per_document


class FocalLoss:
    """A binary cross-entropy with small weights of well-predicted labels: -(1 - p_t)^gamma log p_t.

    p_t is the probability of the true value: p = sigmoid(z) of a positive label, 1 - p of a negative one.

    Args:
        gamma (`float`, *optional*, defaults to 2.0): Focusing; 0 is binary cross-entropy.
        alpha (`float`, *optional*): Weight of positive labels, with 1 - alpha of negative ones (0.25 in the paper's
            detector); defaults to weights of 1 for both.
        reduce (`Callable`, *optional*, defaults to `sum_per_document`): Reduction of the pairs to a number. A sum over
            labels has the scale of most models' own loss; `mean_per_document` that of LM-MTC's.

    References:
        - T.-Y. Lin, P. Goyal, R. Girshick, K. He, P. Dollár. Focal Loss for Dense Object Detection. ICCV 2017: Eq. 4,
          and Eq. 5 with alpha.

    Inputs:
        logits_BL (`torch.Tensor` of shape `(batch, num_labels)`): z, before the sigmoid.
        labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): 1 where a label is set, 0 where not, -100 where
            it is unknown; of any type.

    Example:

    ```python
    >>> import torch
    >>> from labelwise.trainer.losses import FocalLoss

    >>> loss = FocalLoss()
    >>> round(loss(torch.tensor([[0.0, 0.0]]), torch.tensor([[1, 0]])).item(), 4)  # 2 * 0.5^2 log 2
    0.3466

    ```"""

    def __init__(self, gamma: float = 2.0, alpha: float | None = None, reduce: Callable = sum_per_document) -> None:
        self.gamma = gamma
        self.alpha = alpha
        self.reduce = reduce

    def __call__(self, logits_BL: torch.Tensor, labels_BL: torch.Tensor) -> torch.Tensor:
        logits_BL, labels_BL, known_BL = mask_unknown_labels(logits_BL, labels_BL)
        positive, negative = (1.0, 1.0) if self.alpha is None else (self.alpha, 1 - self.alpha)
        loss_BL = positive * labels_BL * focal_term(logits_BL, self.gamma)
        loss_BL = loss_BL + negative * (1 - labels_BL) * focal_term(-logits_BL, self.gamma)
        return self.reduce(loss_BL, known_BL)


def focal_term(logits_BL: torch.Tensor, gamma: float) -> torch.Tensor:
    """Return -(1 - p)^gamma log p, p = sigmoid(logits).

    The power is computed by logarithms: that of a probability rounded to 0 would have an infinite gradient.
    """
    return -torch.exp(gamma * logsigmoid(-logits_BL)) * logsigmoid(logits_BL)  # Eqs. 4, 5
