# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Asymmetric loss (ASL): easy negative labels have small weights. Shapes: B documents, L labels."""

import math
from collections.abc import Callable

import torch
from torch.nn.functional import logsigmoid

from ...modeling.label_loss import mask_unknown_labels, sum_per_document
from .focal import focal_term


class AsymmetricLoss:
    """A focal loss with separate focusing of positive and negative labels, which ignores the easiest negative ones.

    -(1 - p)^gamma_pos log p for positive labels and -(p_m)^gamma_neg log(1 - p_m) for negative ones, with
    p = sigmoid(z) and p_m = max(p - margin, 0).

    The gradient is that of the formula; in the authors' training script, the weights are constants in the gradient.

    Args:
        gamma_pos (`float`, *optional*, defaults to 0.0): Focusing of positive labels.
        gamma_neg (`float`, *optional*, defaults to 4.0): Focusing of negative labels.
        margin (`float`, *optional*, defaults to 0.05): m, must be >= 0 and < 1: probability up to which a
            negative label has no loss. With 0 and equal gammas this is the focal loss.
        reduce (`Callable`, *optional*, defaults to `sum_per_document`): Reduction of the pairs to a number. A sum over
            labels has the scale of most models' own loss; `mean_per_document` that of LM-MTC's.

    References:
        - T. Ridnik, E. Ben-Baruch, N. Zamir, A. Noy, I. Friedman, M. Protter, L. Zelnik-Manor. Asymmetric Loss For
          Multi-Label Classification. ICCV 2021: asymmetric focusing, probability shifting and their joint definition
          (section 2).

    Inputs:
        logits_BL (`torch.Tensor` of shape `(batch, num_labels)`): z, before the sigmoid.
        labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): 1 where a label is set, 0 where not, -100 where
            it is unknown; of any type.

    Example:

    ```python
    >>> import torch
    >>> from labelwise.trainer.losses import AsymmetricLoss

    >>> loss = AsymmetricLoss()
    >>> round(loss(torch.tensor([[0.0, 0.0]]), torch.tensor([[1, 0]])).item(), 4)  # log 2 - 0.45^4 log 0.55
    0.7177

    ```"""

    def __init__(
        self, gamma_pos: float = 0.0, gamma_neg: float = 4.0, margin: float = 0.05, reduce: Callable = sum_per_document
    ) -> None:
        self.gamma_pos = gamma_pos
        self.gamma_neg = gamma_neg
        self.margin = margin
        self.reduce = reduce

    def __call__(self, logits_BL: torch.Tensor, labels_BL: torch.Tensor) -> torch.Tensor:
        logits_BL, labels_BL, known_BL = mask_unknown_labels(logits_BL, labels_BL)
        loss_BL = labels_BL * focal_term(logits_BL, self.gamma_pos) + (1 - labels_BL) * self._negative_term(logits_BL)
        return self.reduce(loss_BL, known_BL)

    def _negative_term(self, logits_BL: torch.Tensor) -> torch.Tensor:
        # Clamped above 0, whose power would have an infinite gradient.
        shifted_BL = (logits_BL.sigmoid() - self.margin).clamp(min=torch.finfo(logits_BL.dtype).tiny)  # p_m
        # 1 - p_m = min(1 - p + m, 1); 1 - p alone would round to 0.
        log_margin = logits_BL.new_tensor(math.log(self.margin) if self.margin else -math.inf)
        log_rest_BL = torch.logaddexp(logsigmoid(-logits_BL), log_margin).clamp(max=0)
        return -(shifted_BL**self.gamma_neg) * log_rest_BL
