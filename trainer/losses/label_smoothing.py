# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Label smoothing: targets between 0 and 1. Shapes: B documents, L labels."""

import torch

from ...modeling.precision import at_least_float32


def smooth_labels(labels_BL: torch.Tensor, factor: float) -> torch.Tensor:
    """Return labels mixed with the uniform distribution over the two values of a label: y' = (1 - ε) y + ε / 2.

    The paper mixes the distribution over all classes with the uniform one, u(k) = 1 / K. Here every label has a
    distribution of its own, over K = 2 values.

    Args:
        labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): 1 where a label is set, 0 where not, -100 where it is
            unknown, which stays so; of any type.
        factor (`float`): ε, must be >= 0 and < 1.

    Returns:
        `torch.FloatTensor` of shape `(batch, num_labels)`: 1 - ε / 2, ε / 2 or -100.

    References:
        - C. Szegedy, V. Vanhoucke, S. Ioffe, J. Shlens, Z. Wojna. Rethinking the Inception Architecture for Computer
          Vision. CVPR 2016: section 7.

    Example:

    ```python
    >>> import torch
    >>> from labelwise.trainer.losses.label_smoothing import smooth_labels

    >>> smooth_labels(torch.tensor([[1, 0, -100]]), 0.2)
    tensor([[   0.9000,    0.1000, -100.0000]])

    ```"""
    smoothed_BL = (1 - factor) * at_least_float32(labels_BL) + factor / 2  # Szegedy et al., section 7
    return smoothed_BL.masked_fill(labels_BL == -100, -100)
