# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Metrics of how a document ranks all of its labels, by scikit-learn, block by block.

Shapes: D documents, L labels.
"""

import numpy as np

from .metrics_names import RANKINGS


class RankingMetrics:
    """Ranking loss, coverage error and label ranking average precision, means over documents.

    scikit-learn has no unknown labels. Here they are ranked below all others, as labels that are not true: no rank of
    a true label changes, and in the ranking loss, which divides by the number of labels that are not true, they are
    taken out of that number by the weight of the document.
    """

    def __init__(self) -> None:
        self._sums = np.zeros(len(RANKINGS))
        self._documents = 0

    def update(self, logits_DL: np.ndarray, true_DL: np.ndarray, known_DL: np.ndarray) -> None:
        """Add documents, of each of which at least one label is known; labels with a logit of -inf are ranked last."""
        from sklearn.metrics import coverage_error, label_ranking_average_precision_score, label_ranking_loss

        if true_DL.shape[1] == 1:  # which scikit-learn would take for one label per document: add an unknown one
            logits_DL, true_DL, known_DL = (np.pad(array, ((0, 0), (0, 1))) for array in (logits_DL, true_DL, known_DL))
        scores_DL = logits_DL.astype(np.float64)
        last = np.nextafter(scores_DL.min(where=np.isfinite(scores_DL), initial=0.0), -np.inf)
        scores_DL[scores_DL == -np.inf] = last
        scores_DL[~known_DL] = np.nextafter(last, -np.inf)
        not_true_D = (~true_DL).sum(axis=1)
        known_not_true_D = (known_DL & ~true_DL).sum(axis=1)
        weight_D = np.where(known_not_true_D > 0, not_true_D / np.maximum(known_not_true_D, 1), 1.0)
        self._sums += [
            label_ranking_loss(true_DL, scores_DL, sample_weight=weight_D) * weight_D.sum(),
            coverage_error(true_DL, scores_DL) * len(true_DL),
            label_ranking_average_precision_score(true_DL, scores_DL) * len(true_DL),
        ]
        self._documents += len(true_DL)

    def compute(self) -> dict[str, float]:
        """Return the metrics of `RANKINGS`."""
        return dict(zip(RANKINGS, (self._sums / max(self._documents, 1)).tolist(), strict=True))
