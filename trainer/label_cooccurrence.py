# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Which labels come together: where the label graphs of HAN+LG and MAGNET start."""

import torch


def label_cooccurrence(labels) -> torch.Tensor:
    """How often label j holds where label i does, M_ij / N_i.

    M_ij counts the documents with both labels, N_i those with i of which is known whether j holds. A label is always
    with itself, also one that never occurs; nothing else is known of that one.

    Args:
        labels (array of shape `(documents, num_labels)`): 1 where the label holds, 0 where not, -100 where that is not
            known. Of the training split only: other documents would leak their labels.

    Returns:
        `torch.Tensor` of shape `(num_labels, num_labels)`: From 0 to 1, ones on the diagonal.
    """
    labels_BL = torch.as_tensor(labels)
    holds_BL, known_BL = (labels_BL == 1).float(), (labels_BL != -100).float()
    together_LL = holds_BL.T @ holds_BL
    return (together_LL / (holds_BL.T @ known_BL).clamp(min=1)).fill_diagonal_(1)


__all__ = ["label_cooccurrence"]
