# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""ZLPR: logits of positive labels above 0, those of negative ones below. Shapes: B documents, L labels."""

import math

import torch

from ...modeling.label_loss import mask_unknown_labels


class ZLPRLoss:
    """A pairwise ranking loss with a threshold at 0, the "zero-bounded log-sum-exp & pairwise rank-based" loss.

    log(1 + sum over positive labels of e^-z) + log(1 + sum over negative labels of e^z), a mean over documents.

    The 1 sets the threshold to z = 0, so that labels are decoded at the usual 0.5 of the sigmoid; but sigmoid(z) is no
    probability. The scale differs from those of a sum and of a mean over labels. Labels between 0 and 1 give the
    paper's soft version.

    References:
        - J. Su, M. Zhu, A. Murtadha, S. Pan, B. Wen, Y. Liu. ZLPR: A Novel Loss for Multi-label Classification.
          arXiv 2208.02955, 2022.

    Inputs:
        logits_BL (`torch.Tensor` of shape `(batch, num_labels)`): z.
        labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): 1 where a label is set, 0 where not, -100 where
            it is unknown; of any type.

    Example:

    ```python
    >>> import torch
    >>> from labelwise.trainer.losses import ZLPRLoss

    >>> loss = ZLPRLoss()
    >>> round(loss(torch.tensor([[0.0, 0.0, 0.0]]), torch.tensor([[1, 0, 0]])).item(), 4)  # log 2 + log 3
    1.7918

    ```"""

    def __call__(self, logits_BL: torch.Tensor, labels_BL: torch.Tensor) -> torch.Tensor:
        logits_BL, labels_BL, known_BL = mask_unknown_labels(logits_BL, labels_BL)
        loss_B = _log_one_plus_sum(labels_BL, -logits_BL, known_BL)
        loss_B = loss_B + _log_one_plus_sum(1 - labels_BL, logits_BL, known_BL)
        return loss_B.mean()


def _log_one_plus_sum(weights_BL: torch.Tensor, scores_BL: torch.Tensor, known_BL: torch.Tensor) -> torch.Tensor:
    """Return log(1 + sum of weight * e^score) of each document; the 1 is e^0."""
    terms_BL = (weights_BL.log() + scores_BL).masked_fill(~known_BL, -math.inf)
    return torch.cat([terms_BL.new_zeros(len(terms_BL), 1), terms_BL], dim=1).logsumexp(dim=1)  # a term of ZLPR
