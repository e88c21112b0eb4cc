# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""How often each label holds, for the losses that weigh labels by it."""

from collections.abc import Sequence

import datasets
import numpy as np
import torch

from ...datasets_scripts.errors import UserInputError


def count_labels(dataset: datasets.Dataset | None, names: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Counts the documents that each label holds in, and those that it does not; those with -100 are neither.

    Args:
        dataset (`datasets.Dataset`): The training documents, with a column `labels`.
        names (`Sequence[str]`): Of the labels, for the error.

    Returns:
        `tuple[torch.Tensor, torch.Tensor]`: Positives and negatives, each of shape `(num_labels,)`.

    Raises:
        ValueError: There is no `datasets.Dataset`.
        UserInputError: A label has no positive or no negative document: no weight is right for it.
    """
    if not isinstance(dataset, datasets.Dataset):
        raise ValueError("the loss counts the labels of the training documents: pass train_dataset, a datasets.Dataset")
    labels_NL = np.asarray(dataset.with_format("numpy")["labels"][:])
    positives_L, negatives_L = (labels_NL == 1).sum(axis=0), (labels_NL == 0).sum(axis=0)
    for counts_L, where in ((positives_L, "no"), (negatives_L, "every")):
        if not counts_L.all():
            missing = ", ".join(names[k] for k in np.flatnonzero(counts_L == 0))
            raise UserInputError(
                f"the loss weighs each label by how often it holds, and {where} training document has {missing}: "
                "take that out of the labels, or take another loss"
            )
    return torch.from_numpy(positives_L), torch.from_numpy(negatives_L)
