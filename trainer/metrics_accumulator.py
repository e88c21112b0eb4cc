# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Metrics over blocks of documents, so that memory does not grow with documents times labels.

Shapes: D documents, L labels.
"""

from collections.abc import Sequence

import numpy as np

from ..modeling.thresholding import predict_labels
from ..wording import counted
from .metrics_confusions import Confusions
from .metrics_label_scores import LabelScores
from .metrics_label_sets import LabelSetMetrics
from .metrics_names import FURTHER_METRICS, LABEL_SCORES, RANKINGS, TOP_K, choose_metrics
from .metrics_rankings import RankingMetrics
from .metrics_top_k import TopKMetrics

_PAIRS = 2**22  # that are in memory at a time, besides what is given


class MetricAccumulator:
    """The metrics of `MultiLabelMetrics`, over documents that are given block by block.

    Args:
        thresholds, metrics, propensities: As in `MultiLabelMetrics`.
        by_label (`bool`, *optional*, defaults to `False`): Whether `label_scores` and `confusions` are wanted.

    Attributes:
        label_sets (`LabelSetMetrics`): Has the counts of each label.
        label_scores (`LabelScores`, *optional*): Has the average precision of each label.
        confusions (`Confusions`, *optional*): Has the label that is most often confused with each label.

    Raises:
        ValueError: As in `MultiLabelMetrics`.

    Example:

    ```python
    >>> accumulator = MetricAccumulator(metrics="all")
    >>> for logits, labels in blocks:
    ...     accumulator.update(logits, labels)
    >>> accumulator.compute()["lrap"]
    ```"""

    def __init__(
        self,
        thresholds: float | list[float] = 0.5,
        metrics: str | Sequence[str] | None = None,
        propensities: Sequence[float] | np.ndarray | None = None,
        by_label: bool = False,
    ) -> None:
        self.names = choose_metrics(metrics, propensities is not None)
        self._thresholds = thresholds
        self._propensities = None if propensities is None else np.asarray(propensities, dtype=np.float64)
        self.label_sets = LabelSetMetrics()
        self.confusions = Confusions() if by_label else None
        self.label_scores = LabelScores() if by_label or set(LABEL_SCORES) & set(self.names) else None
        self._of_documents: list[RankingMetrics | TopKMetrics] = []
        if set(RANKINGS) & set(self.names):
            self._of_documents.append(RankingMetrics())
        if set(TOP_K) & set(self.names):
            self._of_documents.append(TopKMetrics(self._propensities))

    def update(self, logits_DL: np.ndarray, labels_DL: np.ndarray) -> None:
        """Add documents.

        Args:
            logits_DL (`np.ndarray` of shape `(documents, num_labels)`): Logits, before the sigmoid.
            labels_DL (`np.ndarray` of shape `(documents, num_labels)`): 1, 0, or -100 where unknown.

        Raises:
            ValueError: As in `MultiLabelMetrics`.
            UserInputError: Scores are written to a file, and the disk is full.
        """
        if logits_DL.shape != labels_DL.shape or labels_DL.ndim != 2 or labels_DL.shape[1] == 0:
            raise ValueError(
                f"predictions have shape {logits_DL.shape}, and references {labels_DL.shape}: both must be of shape "
                "(documents, labels); give at least one document and one label"
            )
        documents, num_labels = labels_DL.shape
        if self._propensities is not None and len(self._propensities) != num_labels:
            raise ValueError(
                f"{len(self._propensities)} propensities for {counted(num_labels, 'label')}: give one per label"
            )
        step = max(1, _PAIRS // num_labels)
        for start in range(0, max(documents, 1), step):
            self._update(logits_DL[start : start + step], labels_DL[start : start + step])

    def _update(self, logits_DL: np.ndarray, labels_DL: np.ndarray) -> None:
        if not np.isin(labels_DL, (0, 1, -100)).all():
            raise ValueError("references must be 0, 1, or -100 where unknown")
        known_DL = labels_DL != -100
        is_counted_D = known_DL.any(axis=1)
        if not is_counted_D.all():
            logits_DL, labels_DL, known_DL = (part[is_counted_D] for part in (logits_DL, labels_DL, known_DL))
        true_DL = labels_DL == 1
        predicted_DL = predict_labels(logits_DL, self._thresholds).numpy()
        self.label_sets.update(logits_DL, predicted_DL, true_DL, known_DL)
        if self.label_scores is None and not self._of_documents:
            return
        if not ((logits_DL < np.inf) | ~known_DL).all():
            raise ValueError("predictions must be numbers, and not infinity: the model's training has diverged")
        logits_DL = np.where(known_DL, logits_DL, np.float32(0))
        if self.confusions is not None:
            self.confusions.update(logits_DL, predicted_DL, true_DL, known_DL)
        if self.label_scores is not None:
            self.label_scores.update(logits_DL, true_DL, known_DL)
        if len(true_DL):
            for metrics in self._of_documents:
                metrics.update(logits_DL, true_DL, known_DL)

    def compute(self) -> dict[str, float | None]:
        """Return the six metrics, and those asked for; `None` for one that is not defined.

        No documents can be added afterwards if one of `LABEL_SCORES` was asked for, whose file is then closed.
        """
        parts = [self.label_sets, *self._of_documents]
        if set(LABEL_SCORES) & set(self.names):
            parts.append(self.label_scores)
        found = {name: value for part in parts for name, value in part.compute().items()}
        names = [name for name in found if name not in FURTHER_METRICS]
        return {name: found[name] for name in (*names, *self.names)}
