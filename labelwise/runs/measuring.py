# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Metrics of logits on documents, some of which may have labels that training has not."""

from typing import Any

import numpy as np
from datasets import Dataset

from ..datasets_scripts.documents import UNSEEN_COLUMN
from ..trainer.metrics import MultiLabelMetrics
from ..trainer.preprocessing import multi_hot


def measure(
    logits_BL: np.ndarray,
    labels_BL: np.ndarray,
    thresholds: float | list[float],
    documents: Dataset,
    unseen_labels: str = "miss",
) -> dict[str, float]:
    """Return the metrics of `MultiLabelMetrics`.

    Args:
        logits_BL (`np.ndarray` of shape `(documents, num_labels)`): Logits.
        labels_BL (`np.ndarray` of shape `(documents, num_labels)`): 1, 0, or -100 where unknown.
        thresholds (`float` or `list[float]`): Thresholds, as in `MultiLabelMetrics`.
        documents (`Dataset`): The documents; those of its column `unseen_labels` are further labels.
        unseen_labels (`str`, *optional*, defaults to `"miss"`): `"miss"`, where each label that training has not is
            one that the model never predicts; otherwise, they do not count.
    """
    if unseen_labels == "miss" and UNSEEN_COLUMN in documents.column_names:
        number = documents.features[UNSEEN_COLUMN].feature.num_classes
        never = np.full((len(labels_BL), number), -np.inf, dtype=logits_BL.dtype)
        logits_BL = np.concatenate([logits_BL, never], axis=1)
        labels_BL = np.concatenate([labels_BL, multi_hot(documents[UNSEEN_COLUMN], number)], axis=1)
        if isinstance(thresholds, list):
            thresholds = [*thresholds, *[0.5] * number]
    return MultiLabelMetrics().compute(predictions=logits_BL, references=labels_BL, thresholds=thresholds)


def describe_unseen(documents: Dataset, unseen_labels: str) -> dict[str, Any]:
    """Return what was done with labels that training has not, for the output; empty if there are none.

    Args:
        documents (`Dataset`): The documents.
        unseen_labels (`str`): The option of this name.
    """
    if UNSEEN_COLUMN not in documents.column_names:
        return {}
    found = [set(ids) for ids in documents[UNSEEN_COLUMN]]
    number, labels = sum(map(len, found)), len(set().union(*found))
    return {"counted_as": unseen_labels, "labels": labels, "occurrences": number} if number else {}
