# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Statistics of training labels: counts, for losses that weigh labels by them, and co-occurrence, for label graphs."""

from collections.abc import Sequence

import datasets
import numpy as np
import torch

from ..errors import UserInputError
from .sparse_labels import count_labels_of


def count_labels(dataset: datasets.Dataset | None, names: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Count the positive and the negative documents of each label; those with -100 are neither.

    Args:
        dataset (`datasets.Dataset`): The training documents, with a column `labels`.
        names (`Sequence[str]`): Names of the labels, for the error.

    Returns:
        `tuple[torch.Tensor, torch.Tensor]`: Positives and negatives, each of shape `(num_labels,)`.

    Raises:
        ValueError: `dataset` is no `datasets.Dataset`.
        UserInputError: A label has no positive or no negative document, so that its weight is undefined.
    """
    if not isinstance(dataset, datasets.Dataset):
        raise ValueError("the loss counts the labels of the training documents: pass train_dataset, a datasets.Dataset")
    positives_L, negatives_L = count_labels_of(dataset)
    for counts_L, where in ((positives_L, "no"), (negatives_L, "every")):
        if not counts_L.all():
            missing = ", ".join(names[k] for k in np.flatnonzero(counts_L == 0))
            raise UserInputError(
                f"the loss weighs labels by their frequency, and {where} training document has {missing}: "
                "remove these labels, or choose another loss"
            )
    return torch.from_numpy(positives_L), torch.from_numpy(negatives_L)


def label_cooccurrence(labels: torch.Tensor | np.ndarray | Sequence[Sequence[int]]) -> torch.Tensor:
    """Return the share of the documents with label i that have label j, M_ij / N_i.

    M_ij counts the documents with both labels, N_i the documents with label i for which label j is known. The diagonal
    is 1, and so a label without documents co-occurs with itself only.

    Args:
        labels (array of shape `(documents, num_labels)`): 1 where a label is set, 0 where not, -100 where it is
            unknown. Give the training split only: other documents would leak their labels.

    Returns:
        `torch.Tensor` of shape `(num_labels, num_labels)`: From 0 to 1, ones on the diagonal.
    """
    labels_BL = torch.as_tensor(labels)
    true_BL, known_BL = (labels_BL == 1).float(), (labels_BL != -100).float()
    together_LL = true_BL.T @ true_BL
    return (together_LL / (true_BL.T @ known_BL).clamp(min=1)).fill_diagonal_(1)
