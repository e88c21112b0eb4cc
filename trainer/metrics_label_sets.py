# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Metrics of predicted label sets: they need a few counts, which add up over blocks of documents.

Shapes: D documents, L labels.
"""

from typing import NamedTuple

import numpy as np


class PairCounts(NamedTuple):
    """Numbers of known document-label pairs, per label or per document: predicted and true, predicted, true, all."""

    hits: np.ndarray
    predicted: np.ndarray
    true: np.ndarray
    known: np.ndarray

    def precision(self) -> np.ndarray:
        """Return hits over predicted pairs, 0 where none is predicted."""
        return divide(self.hits, self.predicted)

    def recall(self) -> np.ndarray:
        """Return hits over true pairs, 0 where none is true."""
        return divide(self.hits, self.true)

    def f1(self) -> np.ndarray:
        """Return the F1, 0 where no pair is predicted or true."""
        return divide(2 * self.hits, self.predicted + self.true)

    def total(self) -> "PairCounts":
        """Return the counts over all labels or documents."""
        return PairCounts(*(count.sum() for count in self))

    def mean(self, of_each: np.ndarray) -> float:
        """Return the mean over the labels or documents of which a pair is known, 0 if there are none."""
        is_known = self.known > 0
        return float(of_each[is_known].sum() / max(is_known.sum(), 1))


def divide(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return the ratio of two counts, 0 where both are."""
    return part / np.maximum(whole, 1)


def count_pairs(predicted_DL: np.ndarray, true_DL: np.ndarray, known_DL: np.ndarray, axis: int) -> PairCounts:
    """Count pairs per label (axis 0) or per document (axis 1); the arrays are boolean."""
    predicted_DL = predicted_DL & known_DL
    arrays = (predicted_DL & true_DL, predicted_DL, true_DL, known_DL)
    return PairCounts(*(array.sum(axis=axis) for array in arrays))


class LabelSetMetrics:
    """Metrics of predicted label sets, and one-error, block by block.

    Attributes:
        counts (`PairCounts`, *optional*): The counts of each label; `None` before the first block.
    """

    def __init__(self) -> None:
        self.counts: PairCounts | None = None
        self._documents = self._exact = self._top_is_true = 0
        self._sum_of_f1 = 0.0

    def update(
        self, logits_DL: np.ndarray, predicted_DL: np.ndarray, true_DL: np.ndarray, known_DL: np.ndarray
    ) -> None:
        """Add documents, of each of which at least one label is known."""
        counts = count_pairs(predicted_DL, true_DL, known_DL, axis=0)
        self.counts = counts if self.counts is None else PairCounts(*map(np.add, self.counts, counts))
        of_documents = count_pairs(predicted_DL, true_DL, known_DL, axis=1)
        hits, predicted, true, _ = of_documents
        self._sum_of_f1 += float(of_documents.f1().sum())
        self._exact += int(((hits == predicted) & (hits == true)).sum())  # LM-MTC Eq. 7
        top = np.where(known_DL, logits_DL, -np.inf).argmax(axis=1)
        self._top_is_true += int(true_DL[np.arange(len(top)), top].sum())
        self._documents += len(top)

    def compute(self) -> dict[str, float]:
        """Return the six metrics of `METRIC_NAMES`, and those of `LABEL_SETS`."""
        labels = self.counts
        pairs = labels.total()
        wrong = pairs.predicted + pairs.true - 2 * pairs.hits
        documents = max(self._documents, 1)
        return {
            "micro_f1": float(pairs.f1()),
            "macro_f1": labels.mean(labels.f1()),
            "hamming_loss": float(divide(wrong, pairs.known)),
            "one_error": (self._documents - self._top_is_true) / documents,
            "subset_accuracy": self._exact / documents,
            "micro_jaccard": float(divide(pairs.hits, pairs.hits + wrong)),
            "micro_precision": float(pairs.precision()),
            "micro_recall": float(pairs.recall()),
            "macro_precision": labels.mean(labels.precision()),
            "macro_recall": labels.mean(labels.recall()),
            "sample_f1": self._sum_of_f1 / documents,
            "weighted_f1": float(divide((labels.f1() * labels.true).sum(), pairs.true)),
        }
