# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Metrics of the k labels with the highest scores, block by block.

Labels with equal scores are in no order: each metric is its mean over all orders, as scikit-learn's nDCG is.

Shapes: D documents, L labels, M columns that may be among the first k, K the largest k.
"""

from collections.abc import Sequence

import numpy as np

from .metrics_names import KS, PROPENSITY_SCORED, TOP_K


def label_propensities(documents_per_label: Sequence[int], num_documents: int) -> np.ndarray:
    """Return the propensity of each label, the probability that it is given to a document to which it applies.

    H. Jain, Y. Prabhu, M. Varma. Extreme multi-label loss functions for recommendation, tagging, ranking & other
    missing label applications. KDD 2016, Eq. 2: 1 / (1 + C e^(-A ln(N_l + B))) with C = (ln N - 1)(B + 1)^A, and
    A = 0.55 and B = 1.5, which they use for all corpora but two.

    Args:
        documents_per_label (`Sequence[int]` of length `num_labels`): N_l, the training documents of each label.
        num_documents (`int`): N, all training documents.

    Returns:
        `np.ndarray` of shape `(num_labels,)`.
    """
    a, b = 0.55, 1.5
    c = (np.log(num_documents) - 1) * (b + 1) ** a
    return 1 / (1 + c * (np.asarray(documents_per_label) + b) ** -a)


class TopKMetrics:
    """Precision, recall, nDCG and propensity-scored precision at k, for each k of `KS`.

    Args:
        propensities (`np.ndarray` of shape `(num_labels,)`, *optional*): From `label_propensities`; without them, there
            is no propensity-scored precision.
    """

    def __init__(self, propensities: np.ndarray | None = None) -> None:
        self._propensities = propensities
        self._sums = dict.fromkeys(TOP_K, 0.0)
        self._best_sums = dict.fromkeys(PROPENSITY_SCORED, 0.0)
        self._documents = 0

    def update(self, logits_DL: np.ndarray, true_DL: np.ndarray, known_DL: np.ndarray) -> None:
        """Add documents; labels that are unknown or have a logit of -inf are not retrieved."""
        from sklearn.metrics import ndcg_score

        scores_DL = np.where(known_DL, logits_DL, -np.inf)
        hits_DL = true_DL & (scores_DL > -np.inf)
        columns_DM = _first_columns(scores_DL, max(KS))
        scores_DM = np.take_along_axis(scores_DL, columns_DM, axis=1)
        hits_DM = np.take_along_axis(hits_DL, columns_DM, axis=1)
        true_D = true_DL.sum(axis=1)
        gains_DK = _expected_gains(scores_DM, hits_DM)
        ranked = _complete_ranking(scores_DM, hits_DM, true_D)
        for k in KS:
            hits_D = gains_DK[:, :k].sum(axis=1)
            self._sums[f"precision_at_{k}"] += (hits_D / k).sum()
            self._sums[f"recall_at_{k}"] += (hits_D / np.maximum(true_D, 1)).sum()
            self._sums[f"ndcg_at_{k}"] += ndcg_score(*ranked, k=k) * len(true_D)
        if self._propensities is not None:
            weights_L = 1 / self._propensities
            gains_DK = _expected_gains(scores_DM, hits_DM * weights_L[columns_DM])
            last = min(max(KS), len(weights_L))
            best_DK = np.sort(np.partition(true_DL * weights_L, -last, axis=1)[:, -last:], axis=1)[:, ::-1]
            for k in KS:  # both without the 1 / k, which cancels
                self._sums[f"psp_at_{k}"] += gains_DK[:, :k].sum()
                self._best_sums[f"psp_at_{k}"] += best_DK[:, :k].sum()
        self._documents += len(true_D)

    def compute(self) -> dict[str, float]:
        """Return the metrics of `TOP_K`, without the propensity-scored ones if there are no propensities."""
        means = {name: float(total / max(self._documents, 1)) for name, total in self._sums.items()}
        if self._propensities is None:
            return {name: mean for name, mean in means.items() if name not in PROPENSITY_SCORED}
        # Both are sums of floats in another order, so that the best ranking may come out a little above 1.
        scored = {
            name: min(float(self._sums[name] / best), 1.0) if best else 0.0 for name, best in self._best_sums.items()
        }
        return {**means, **scored}


def _first_columns(scores_DL: np.ndarray, k: int) -> np.ndarray:
    """Return columns that include, for each document, the first k and all that tie with the k-th, shape `(D, M)`."""
    num_labels = scores_DL.shape[1]
    if num_labels > k:
        kth_D1 = np.partition(scores_DL, num_labels - k, axis=1)[:, num_labels - k, None]
        number = max(k, ((scores_DL >= kth_D1) & (scores_DL > -np.inf)).sum(axis=1).max(initial=0))
        if number < num_labels:
            return np.argpartition(scores_DL, num_labels - number, axis=1)[:, num_labels - number :]
    return np.broadcast_to(np.arange(num_labels), scores_DL.shape)


def _expected_gains(scores_DM: np.ndarray, gains_DM: np.ndarray) -> np.ndarray:
    """Return the mean gain at each rank over all orders of equal scores, shape `(D, K)` or, with few columns, less."""
    order_DM = np.argsort(-scores_DM, axis=1)
    scores_DM = np.take_along_axis(scores_DM, order_DM, axis=1)
    gains_DM = np.take_along_axis(gains_DM, order_DM, axis=1)
    begins_DM = np.ones(scores_DM.shape, dtype=bool)
    begins_DM[:, 1:] = scores_DM[:, 1:] != scores_DM[:, :-1]
    group = begins_DM.ravel().cumsum() - 1
    means = np.bincount(group, gains_DM.ravel()) / np.bincount(group)
    return means[group].reshape(scores_DM.shape)[:, : max(KS)]


def _complete_ranking(scores_DM: np.ndarray, hits_DM: np.ndarray, true_D: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return truth and scores of a short ranking with the nDCG of the whole one.

    Columns of true labels that were not retrieved are put below the first K ranks, because the best possible ranking,
    by which nDCG divides, has them.
    """
    k = max(KS)
    padded = max(k - scores_DM.shape[1], 0)
    missing_D1 = (true_D - hits_DM.sum(axis=1))[:, None]
    none_DM = np.zeros((len(true_D), padded), dtype=bool)
    truth = np.concatenate([hits_DM, none_DM, np.arange(k) < missing_D1], axis=1)
    scores_DM = scores_DM.astype(np.float64)
    last = np.nextafter(scores_DM.min(where=np.isfinite(scores_DM), initial=0.0), -np.inf)
    scores_DM[scores_DM == -np.inf] = last
    below = np.nextafter(last, -np.inf)
    scores = np.pad(scores_DM, ((0, 0), (0, padded)), constant_values=last)
    return truth, np.pad(scores, ((0, 0), (0, k)), constant_values=below)
