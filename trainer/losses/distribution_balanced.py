# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Distribution-balanced loss: larger weights of rare labels. Shapes: B documents, L labels."""

from collections.abc import Callable

import torch

from ...modeling.label_loss import mask_unknown_labels, sum_per_document
from .focal import focal_term


class DistributionBalancedLoss:
    """A focal loss that is tolerant to negatives, with weights r balanced for labels that occur together.

    r (1 - q)^gamma (-log q), q = sigmoid(z - nu_i), for a positive label i;
    r (1 - q)^gamma (-log q) / lambda, q = sigmoid(-lambda (z - nu_i)), for a negative one;
    r = alpha + sigmoid(beta (P_i / P - mu)); nu_i = kappa log(1 / p_i - 1).

    Label i has n_i positive documents in training, a share p_i. P_i = 1 / n_i is the frequency with which sampling for
    label i alone draws the document, and P, the sum of 1 / n_j over its positive labels j, that of sampling for all.

    Deviations: by default a sum over labels, where the papers use a mean; like the text paper, no re-sampling of
    documents. P sums over known labels only. Without positive labels, r is the limit of its formula, alpha + 1. The
    text paper's code halves the loss with its focal alpha.

    Args:
        positives_L (`torch.Tensor` of shape `(num_labels,)`): n_i, must be > 0.
        negatives_L (`torch.Tensor` of shape `(num_labels,)`): Negative documents of each label, must be > 0.
        alpha (`float`, *optional*, defaults to 0.1): Smallest weight.
        beta (`float`, *optional*, defaults to 10.0): Steepness of the weights.
        mu (`float`, *optional*, defaults to 0.9): P_i / P at the middle of the weights' rise, as in the text paper's
            code on Reuters-21578 (the first paper's code uses 0.2 for the images of COCO).
        kappa (`float`, *optional*, defaults to 0.05): Size of the biases nu.
        lambda_ (`float`, *optional*, defaults to 2.0): Tolerance to negatives; 1 for none.
        gamma (`float`, *optional*, defaults to 2.0): Focusing, as in the text paper; 0 is the loss of the first one.
        reduce (`Callable`, *optional*, defaults to `sum_per_document`): Reduction of the pairs to a number. A sum over
            labels has the scale of most models' own loss; `mean_per_document` that of LM-MTC's.

    References:
        - T. Wu, Q. Huang, Z. Liu, Y. Wang, D. Lin. Distribution-Balanced Loss for Multi-Label Classification in
          Long-Tailed Datasets. ECCV 2020: re-balanced weighting, negative-tolerant regularization.
        - Y. Huang, B. Giledereli, A. Köksal, A. Özgür, E. Ozkirimli. Balancing Methods for Multi-label Text
          Classification with Long-Tailed Class Distribution. EMNLP 2021: "DB", with its focal weights.

    Inputs:
        logits_BL (`torch.Tensor` of shape `(batch, num_labels)`): z, before the sigmoid.
        labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): 1 where a label is set, 0 where not, -100 where
            it is unknown; of any type.

    Example:

    ```python
    >>> import torch
    >>> from labelwise.trainer.losses import DistributionBalancedLoss

    >>> loss = DistributionBalancedLoss(torch.tensor([50, 50]), torch.tensor([50, 50]), gamma=0)
    >>> round(loss(torch.tensor([[0.0, 0.0]]), torch.tensor([[1, 0]])).item(), 4)  # r = 0.1 + sigmoid(1), 1.5 r log 2
    0.8641

    ```"""

    def __init__(
        self,
        positives_L: torch.Tensor,
        negatives_L: torch.Tensor,
        alpha: float = 0.1,
        beta: float = 10.0,
        mu: float = 0.9,
        kappa: float = 0.05,
        lambda_: float = 2.0,
        gamma: float = 2.0,
        reduce: Callable = sum_per_document,
    ) -> None:
        self.rarity_L = 1 / positives_L
        self.bias_L = kappa * torch.log(negatives_L / positives_L)  # 1 / p - 1 = negatives / positives  # nu
        self.alpha = alpha
        self.beta = beta
        self.mu = mu
        self.lambda_ = lambda_
        self.gamma = gamma
        self.reduce = reduce

    def __call__(self, logits_BL: torch.Tensor, labels_BL: torch.Tensor) -> torch.Tensor:
        logits_BL, labels_BL, known_BL = mask_unknown_labels(logits_BL, labels_BL)
        rarity_L = self.rarity_L.to(logits_BL)
        drawn_B1 = (labels_BL * rarity_L).sum(dim=1, keepdim=True).clamp(min=torch.finfo(logits_BL.dtype).tiny)
        share_BL = rarity_L / drawn_B1  # P_i / P, almost infinite without positive labels
        weights_BL = self.alpha + torch.sigmoid(self.beta * (share_BL - self.mu))  # r
        logits_BL = logits_BL - self.bias_L.to(logits_BL)
        loss_BL = labels_BL * focal_term(logits_BL, self.gamma)
        # negatives
        loss_BL = loss_BL + (1 - labels_BL) * focal_term(-self.lambda_ * logits_BL, self.gamma) / self.lambda_
        return self.reduce(weights_BL * loss_BL, known_BL)
