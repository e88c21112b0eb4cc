# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Metrics of a model on documents, some of which may have labels that no training document has."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from datasets import Dataset

from ..datasets_scripts.documents import UNSEEN_COLUMN
from ..trainer.metrics_accumulator import MetricAccumulator
from ..trainer.metrics_top_k import label_propensities
from ..trainer.preprocessing import multi_hot


class Measurement:
    """Metrics of a model on documents that come block by block.

    Args:
        documents (`Dataset`): All documents; those of its column `unseen_labels` are further labels.
        thresholds (`float` or `list[float]`): Thresholds of the model, as in `MultiLabelMetrics`.
        unseen_labels (`str`, *optional*, defaults to `"miss"`): `"miss"`, where each label that no training document
            has is one that the model never predicts (its logit is -inf); otherwise, they do not count.
        metrics (`str` or `Sequence[str]`, *optional*): Metrics beyond the six, as in `MultiLabelMetrics`.
        training_counts (`tuple[Mapping[str, int], int]`, *optional*): Training documents of each label by name, and of
            all, for the propensity-scored metrics; without them, `"all"` leaves those out.
        by_label (`bool`, *optional*, defaults to `False`): As in `MetricAccumulator`.

    Attributes:
        label_names (`list[str]`): Names of the labels that are counted.
        thresholds (`float` or `list[float]`): Their thresholds.
        accumulator (`MetricAccumulator`): The metrics.
    """

    def __init__(
        self,
        documents: Dataset,
        thresholds: float | list[float],
        unseen_labels: str = "miss",
        metrics: str | Sequence[str] | None = None,
        training_counts: tuple[Mapping[str, int], int] | None = None,
        by_label: bool = False,
    ) -> None:
        counted = unseen_labels == "miss" and UNSEEN_COLUMN in documents.column_names
        unseen = documents.features[UNSEEN_COLUMN].feature.names if counted else []
        self._num_unseen = len(unseen)
        self.label_names = [*documents.features["labels"].feature.names, *unseen]
        self.thresholds = [*thresholds, *[0.5] * len(unseen)] if isinstance(thresholds, list) else thresholds
        propensities = None
        if training_counts is not None:
            of_label, number = training_counts
            propensities = label_propensities([of_label.get(name, 0) for name in self.label_names], number)
        self.accumulator = MetricAccumulator(self.thresholds, metrics, propensities, by_label)

    def update(
        self, logits_BL: np.ndarray, labels_BL: np.ndarray, unseen_ids: Sequence[list[int]] | None = None
    ) -> None:
        """Add documents.

        Args:
            logits_BL (`np.ndarray` of shape `(documents, num_labels)`): Logits of the labels of the model.
            labels_BL (`np.ndarray` of shape `(documents, num_labels)`): 1, 0, or -100 where unknown.
            unseen_ids (`Sequence[list[int]]`, *optional*): The column `unseen_labels` of these documents, if there is
                one.
        """
        if self._num_unseen:
            never = np.full((len(labels_BL), self._num_unseen), -np.inf, dtype=logits_BL.dtype)
            logits_BL = np.concatenate([logits_BL, never], axis=1)
            labels_BL = np.concatenate([labels_BL, multi_hot(unseen_ids, self._num_unseen)], axis=1)
        self.accumulator.update(logits_BL, labels_BL)

    def compute(self) -> dict[str, float | None]:
        """Return the metrics, `None` for one that is not defined."""
        return self.accumulator.compute()


def measure(
    logits_BL: np.ndarray,
    labels_BL: np.ndarray,
    thresholds: float | list[float],
    documents: Dataset,
    unseen_labels: str = "miss",
) -> dict[str, float | None]:
    """Return the six metrics of all documents at once.

    Args:
        logits_BL, labels_BL: As in `Measurement.update`.
        thresholds, documents, unseen_labels: As in `Measurement`.
    """
    measurement = Measurement(documents, thresholds, unseen_labels)
    unseen_ids = documents[UNSEEN_COLUMN] if UNSEEN_COLUMN in documents.column_names else None
    measurement.update(logits_BL, labels_BL, unseen_ids)
    return measurement.compute()


def count_labels(documents: Dataset) -> dict[str, int]:
    """Return the number of documents to which each label applies, by name."""
    names = documents.features["labels"].feature.names
    ids = [label for labels in documents["labels"] for label in labels]
    return dict(zip(names, np.bincount(np.array(ids, dtype=np.int64), minlength=len(names)).tolist(), strict=True))


def describe_unseen(documents: Dataset, unseen_labels: str) -> dict[str, Any]:
    """Return what was done with labels that no training document has, for the output; empty if there are none.

    Args:
        documents (`Dataset`): The documents.
        unseen_labels (`str`): The option of this name.
    """
    if UNSEEN_COLUMN not in documents.column_names:
        return {}
    found = [set(ids) for ids in documents[UNSEEN_COLUMN]]
    number, labels = sum(map(len, found)), len(set().union(*found))
    return {"counted_as": unseen_labels, "labels": labels, "occurrences": number} if number else {}
