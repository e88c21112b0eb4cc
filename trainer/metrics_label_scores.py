# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Average precision and ROC-AUC, which compare a label's scores on all documents, by scikit-learn.

Scores go to a temporary file, so that memory does not grow with documents times labels: 4 bytes per pair, on disk where
they are many (`TMPDIR` names the folder). They are read back label by label. scikit-learn gets one point for each
distinct score of a true pair and one for all other pairs between two of them, with their numbers as weights, which
gives the same areas under the curves as all pairs.

Shapes: D documents, L labels, T true pairs, U distinct scores of true pairs.
"""

from collections.abc import Iterator
from functools import cached_property
from tempfile import SpooledTemporaryFile, gettempdir
from typing import NamedTuple

import numpy as np

from ..errors import UserInputError
from .metrics_names import LABEL_SCORES

_IN_MEMORY = 2**27  # bytes of scores that need no file
_PAIRS = 2**22  # that are in memory at a time


class Areas(NamedTuple):
    """Average precision and ROC-AUC; NaN where all pairs are true, or none is."""

    average_precision: float | np.ndarray
    roc_auc: float | np.ndarray


class LabelScores:
    """All scores of all labels, block by block of documents; none can be added after the results were read."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 -- closed when it has been read
        self._sizes: list[int] = []  # documents of each block
        self._true_labels: list[np.ndarray] = []  # of the true pairs
        self._true_scores: list[np.ndarray] = []
        self._num_labels = 0

    def update(self, logits_DL: np.ndarray, true_DL: np.ndarray, known_DL: np.ndarray) -> None:
        """Add documents.

        Raises:
            UserInputError: The disk is full.
        """
        scores_LD = np.where(known_DL, logits_DL, np.nan).astype(np.float32).T
        try:
            self._file.write(np.ascontiguousarray(scores_LD))
        except OSError as error:
            raise UserInputError(
                f"the scores of all documents do not fit in {gettempdir()} ({error.strerror}); set TMPDIR to a folder "
                "with 4 bytes of space for each document and label"
            ) from error
        self._sizes.append(len(true_DL))
        labels_T, documents_T = true_DL.T.nonzero()
        self._true_labels.append(labels_T)
        self._true_scores.append(scores_LD[labels_T, documents_T])
        self._num_labels = len(scores_LD)

    def compute(self) -> dict[str, float | None]:
        """Return the metrics of `LABEL_SCORES`; `None` if there is no label with documents of both kinds."""
        of_labels, of_pairs = self._areas
        has_both_L = ~np.isnan(of_labels.roc_auc)
        mean = Areas(*(area_L[has_both_L].mean() if has_both_L.any() else np.nan for area_L in of_labels))
        found = {}
        for kind, areas in (("micro", of_pairs), ("macro", mean)):
            for name, area in areas._asdict().items():
                found[f"{kind}_{name}"] = None if np.isnan(area) else float(area)
        return {name: found[name] for name in LABEL_SCORES}

    @property
    def average_precision(self) -> np.ndarray:
        """The average precision of each label, shape `(num_labels,)`; NaN if all of its documents are of one kind."""
        return self._areas[0].average_precision

    @cached_property
    def _areas(self) -> tuple[Areas, Areas]:
        """The areas of each label, and of all pairs together."""
        labels_T, scores_T = np.concatenate(self._true_labels), np.concatenate(self._true_scores)
        order_T = np.argsort(labels_T, kind="stable")
        begins = np.searchsorted(labels_T[order_T], np.arange(self._num_labels + 1))
        distinct_U, true_U = np.unique(scores_T, return_counts=True)
        below_U, up_to_U, number = np.zeros(len(distinct_U), np.int64), np.zeros(len(distinct_U), np.int64), 0
        areas_L2 = np.full((self._num_labels, 2), np.nan)
        with self._file:
            for first, scores_LD in self._read_labels():
                pairs = _sort_known(scores_LD.ravel())
                below_U += np.searchsorted(pairs, distinct_U, "left")
                up_to_U += np.searchsorted(pairs, distinct_U, "right")
                number += len(pairs)
                for label, scores_D in enumerate(scores_LD, first):
                    true_scores = scores_T[order_T[begins[label] : begins[label + 1]]]
                    if len(true_scores):
                        areas_L2[label] = _areas_of_label(_sort_known(scores_D), true_scores)
        return Areas(*areas_L2.T), _compute_areas(true_U, below_U, up_to_U, number)

    def _read_labels(self) -> Iterator[tuple[int, np.ndarray]]:
        """Yield some labels at a time: the number of the first, and their scores of shape `(L, D)`, NaN if unknown."""
        step = max(1, _PAIRS // max(sum(self._sizes), 1))
        for first in range(0, self._num_labels, step):
            number = min(step, self._num_labels - first)
            start, parts = 0, []
            for size in self._sizes:
                self._file.seek(4 * (start + first * size))
                part = np.frombuffer(self._file.read(4 * number * size), dtype=np.float32)
                parts.append(part.reshape(number, size))
                start += self._num_labels * size
            yield first, np.concatenate(parts, axis=1)


def _sort_known(scores: np.ndarray) -> np.ndarray:
    """Return scores in rising order, without NaN."""
    ordered = np.sort(scores)
    return ordered[: np.searchsorted(ordered, np.nan)]


def _areas_of_label(ordered: np.ndarray, true_scores: np.ndarray) -> Areas:
    distinct_U, true_U = np.unique(true_scores, return_counts=True)
    below_U, up_to_U = (np.searchsorted(ordered, distinct_U, side) for side in ("left", "right"))
    return _compute_areas(true_U, below_U, up_to_U, len(ordered))


def _compute_areas(true_U: np.ndarray, below_U: np.ndarray, up_to_U: np.ndarray, number: int) -> Areas:
    """Return average precision and ROC-AUC from counts.

    Args:
        true_U (`np.ndarray` of shape `(U,)`): True pairs with each of their distinct scores, in rising order.
        below_U, up_to_U (`np.ndarray` of shape `(U,)`): Pairs with a lower score, and with no higher one.
        number (`int`): All pairs.
    """
    from sklearn.metrics import average_precision_score, roc_auc_score

    if true_U.sum() in (0, number):
        return Areas(np.nan, np.nan)
    ends = np.stack([below_U, up_to_U], axis=1).ravel()
    others = np.diff(ends, prepend=0, append=number)  # below the first score, at it, between it and the second, …
    others[1::2] -= true_U
    ranks = np.arange(len(others))
    rank, weight = np.concatenate([ranks, ranks[1::2]]), np.concatenate([others, true_U])
    is_true = np.arange(len(rank)) >= len(others)
    kept = weight > 0
    return Areas(
        *(
            area(is_true[kept], rank[kept], sample_weight=weight[kept])
            for area in (average_precision_score, roc_auc_score)
        )
    )
