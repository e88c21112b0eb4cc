# Copyright 2026 The labelwise authors. All rights reserved.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
"""The loss over labels, and its sum over the labels of a document and over documents.

Shapes: B documents, L labels, X labels or tokens of a document.
"""

from collections.abc import Callable

import torch
from torch import nn

from .precision import at_least_float32


def check_labels(labels_BL: torch.Tensor, batch_size: int, num_labels: int) -> None:
    """Check that labels have one value per document and label: label ids have not, and torch would broadcast one row.

    Raises:
        ValueError: The shape is not `(batch_size, num_labels)`.
    """
    if labels_BL.shape != (batch_size, num_labels):
        raise ValueError(
            f"`labels` are of shape {tuple(labels_BL.shape)}, not ({batch_size}, {num_labels}): a document has a 1, 0 "
            "or -100 (unknown) per label; `labelwise.trainer.preprocessing.multi_hot` makes them of label ids."
        )


def mask_unknown_labels(
    logits_BL: torch.Tensor, labels_BL: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Set logits and labels to 0 where the label is -100.

    As nothing is computed from these logits, not even an infinite one has a gradient.

    Args:
        logits_BL (`torch.Tensor` of shape `(batch, num_labels)`): Before the sigmoid.
        labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): 1, 0, or -100 where the label is unknown.

    Returns:
        Logits and labels in at least 32 bits, and a mask that is `True` at the known labels.

    Raises:
        ValueError: The labels do not have the shape of the logits.
    """
    check_labels(labels_BL, *logits_BL.shape)
    logits_BL = at_least_float32(logits_BL)
    known_BL = labels_BL != -100
    labels_BL = labels_BL.to(logits_BL.dtype)
    return logits_BL.masked_fill(~known_BL, 0), labels_BL.masked_fill(~known_BL, 0), known_BL


def sum_per_document(loss_BX: torch.Tensor, counted_BX: torch.Tensor) -> torch.Tensor:
    """Return the mean over documents of the sum over the labels that count: Eq. 17 of LW-PT."""
    return (loss_BX * counted_BX).sum(dim=1).mean()  # LW-PT Eq. 17, sum over labels


def mean_per_document(loss_BX: torch.Tensor, counted_BX: torch.Tensor) -> torch.Tensor:
    """Return the mean over documents of the mean over the labels or tokens that count: Eq. 4 of LM-MTC. The gradient of
    a batch is then the mean of the gradients of its parts."""
    counts_B = counted_BX.sum(dim=1)
    return ((loss_BX * counted_BX).sum(dim=1) / counts_B.clamp(min=1)).mean()  # LM-MTC Eq. 4


def binary_cross_entropy(
    logits_BL: torch.Tensor, labels_BL: torch.Tensor, reduce: Callable = sum_per_document
) -> torch.Tensor:
    """Return the binary cross-entropy: Eq. 17 of LW-PT, or with `mean_per_document` Eq. 4 of LM-MTC.

    Args:
        logits_BL (`torch.Tensor` of shape `(batch, num_labels)`): Before the sigmoid.
        labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): 1 where the label is true, 0 where it is false,
            -100 where it is unknown; of any type.
        reduce (`Callable`, *optional*): Reduction of all labels' losses, `sum_per_document` or `mean_per_document`.
    """
    logits_BL, labels_BL, known_BL = mask_unknown_labels(logits_BL, labels_BL)
    loss_BL = nn.functional.binary_cross_entropy_with_logits(logits_BL, labels_BL, reduction="none")  # LW-PT Eq. 17
    return reduce(loss_BL, known_BL)
