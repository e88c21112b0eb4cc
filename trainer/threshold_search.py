# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Search for the thresholds with the highest score, over all distinct probabilities."""

import numpy as np
from scipy.special import expit, logit

from .metrics import score

_TIE = 1e-9  # largest difference of equal scores, which are sums of floats
# Random starts of a search that stops at a local optimum, and the most documents that each looks at.
_RESTARTS, _RESTART_DOCUMENTS = 8, 1000


def _steps(ordered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how many of some probabilities, in falling order, each threshold predicts.

    Returns:
        `tuple[np.ndarray, np.ndarray]`: Numbers of predicted probabilities: 0 at first, then one more distinct value at
        each step; and a threshold for each step. There is no step for a probability of 0, which no threshold reaches.
    """
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], len(ordered) > 0)) + 1
    predicted = np.append(0, ends)
    values = ordered[ends - 1]
    lower, upper = np.append(values, np.float32(0)), np.append(np.float32(1), values)
    if len(values) and values[-1] == 0:
        predicted, lower, upper = predicted[:-1], lower[:-1], upper[:-1]
    return predicted, _between(lower, upper)


def _between(lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """Return one threshold in each [lower, upper)."""
    middle = ((lower.astype(np.float64) + upper) / 2).astype(np.float32)
    middle = np.where(middle < upper, middle, lower)  # for neighbouring float32 numbers
    return np.where((lower <= 0.5) & (upper > 0.5), np.float32(0.5), middle)


def _best(scores: np.ndarray, thresholds: np.ndarray) -> int:
    """Return the index of the highest score; of equal ones, that of the threshold closest to 0.5."""
    ties = np.flatnonzero(scores >= scores.max() - _TIE)
    return int(ties[np.abs(thresholds[ties] - 0.5).argmin()])


def search_global(probabilities: np.ndarray, true: np.ndarray, known: np.ndarray, metric: str) -> np.float32:
    """Return the best threshold for all labels.

    Args:
        probabilities, true, known (`np.ndarray` of shape `(documents, num_labels)`): Probabilities, true labels, and
            labels that are known.
        metric (`str`): As in `tune_thresholds`.
    """
    if metric == "subset_accuracy":
        # A document is right with thresholds from its highest wrong probability up to its lowest true one.
        rows = known.any(axis=1)
        wrong = np.where(known & ~true, probabilities, np.float32(-1)).max(axis=1)[rows]
        right = np.where(true, probabilities, np.float32(2)).min(axis=1)[rows]
        can_be = wrong < right
        wrong, right = np.sort(wrong[can_be]), np.sort(right[can_be])
        lower = np.unique(np.concatenate([np.float32([0]), wrong[wrong >= 0], right[right <= 1]]))
        thresholds = _between(lower, np.append(lower[1:], np.float32(1)))
        scores = np.searchsorted(wrong, lower, side="right") - np.searchsorted(right, lower, side="right")
        return thresholds[_best(scores, thresholds)]
    order = np.argsort(-probabilities[known], kind="stable")
    hits = true[known][order]
    predicted, thresholds = _steps(probabilities[known][order])
    if metric == "micro_f1":
        scores = 2 * np.append(0, hits.cumsum())[predicted] / np.maximum(predicted + true.sum(), 1)
    else:
        gains = _macro_f1_gains(np.nonzero(known)[1][order], hits, true.sum(axis=0))
        scores = np.append(0, gains.cumsum())[predicted]
    return thresholds[_best(scores, thresholds)]


def _macro_f1_gains(columns: np.ndarray, hits: np.ndarray, positives: np.ndarray) -> np.ndarray:
    """Return the gain in macro-F1 of each pair, predicted after all pairs before it: only its own label's F1 changes.

    Args:
        columns (`np.ndarray` of shape `(pairs,)`): Label of each pair.
        hits (`np.ndarray` of shape `(pairs,)`): Whether the pair is true.
        positives (`np.ndarray` of shape `(num_labels,)`): True pairs of each label.
    """
    by_label = np.argsort(columns, kind="stable")
    columns, hits = columns[by_label], hits[by_label]
    first = np.searchsorted(columns, columns)  # of the same label
    found = np.append(0, hits.cumsum())
    f1 = 2 * (found[1:] - found[first]) / (np.arange(len(columns)) - first + 1 + positives[columns])
    before = np.append(0.0, f1[:-1])
    before[first] = 0.0
    gains = np.empty(len(columns))
    gains[by_label] = (f1 - before) / len(
        np.unique(columns)
    )  # divided by the number of labels that are known of any document
    return gains


def _label_steps(probabilities: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return hits, predicted pairs and threshold of each step of one label; all arrays are of shape (documents,)."""
    order = np.argsort(-probabilities, kind="stable")
    predicted, thresholds = _steps(probabilities[order])
    return np.append(0, true[order].cumsum())[predicted], predicted, thresholds


def search_f1_per_label(
    thresholds: np.ndarray,
    columns: np.ndarray,
    probabilities: np.ndarray,
    true: np.ndarray,
    known: np.ndarray,
    metric: str,
    averaged: bool = False,
) -> None:
    """Set the thresholds of some labels to those with the highest F1, in place.

    Args:
        thresholds (`np.ndarray` of shape `(num_labels,)`): The global threshold of the metric for each label.
        columns (`np.ndarray` of shape `(positive_labels,)`): The labels that have a positive document.
        probabilities, true, known, metric: As in `search_global`.
        averaged (`bool`, *optional*, defaults to `False`): Whether to set each to the mean of all thresholds instead,
            weighted by their F1, as `tune_thresholds` describes.
    """
    steps = [_label_steps(probabilities[known[:, k], k], true[known[:, k], k]) for k in columns]
    positives = true[:, columns].sum(axis=0)
    if metric == "micro_f1":
        f1 = score(probabilities > thresholds, true, known, metric)
        while True:
            for k, (hits, predicted, candidates) in zip(columns, steps, strict=True):
                thresholds[k] = candidates[_best(2 * hits - f1 * predicted, candidates)]
            better = score(probabilities > thresholds, true, known, metric)
            if better <= f1 + _TIE:
                break
            f1 = better
    for k, number, (hits, predicted, candidates) in zip(columns, positives, steps, strict=True):
        # Both in documents: one hit more adds about 1.
        gains = hits - f1 * predicted / 2 if metric == "micro_f1" else number * 2 * hits / (predicted + number)
        thresholds[k] = _average(gains, candidates) if averaged else candidates[_best(gains, candidates)]


def _average(gains: np.ndarray, thresholds: np.ndarray) -> float:
    """Return the mean of falling thresholds on the scale of logits, weighted by their share of it and by exp(gain)."""
    logits = logit(np.clip(thresholds.astype(np.float64), 1e-50, 1 - 2**-25))  # beyond all float32 in (0, 1)
    if len(logits) == 1:
        return thresholds[0]
    weights = -np.gradient(logits) * np.exp(gains - gains.max())
    return expit(weights @ logits / weights.sum())


def search_accuracy_per_label(
    thresholds: np.ndarray, columns: np.ndarray, probabilities: np.ndarray, true: np.ndarray, known: np.ndarray
) -> None:
    """Set the thresholds of some labels to the best of several local optima of subset accuracy, in place.

    Each is reached by coordinate ascent: from the global threshold, from the thresholds with the fewest errors of each
    label alone, and from `_RESTARTS` others, always the same, with which documents are right that agree: they are taken
    in random order, and one that contradicts those before it is left out. Arguments are those of `search_f1_per_label`;
    a label without a true document is one of `columns` too.
    """
    alone = thresholds.copy()
    for k in columns:
        hits, predicted, candidates = _label_steps(probabilities[known[:, k], k], true[known[:, k], k])
        alone[k] = candidates[_best(2 * hits - predicted, candidates)]
    starts = [thresholds.copy(), alone]
    rng = np.random.default_rng(0)
    for _ in range(_RESTARTS):
        rows = rng.permutation(len(true))[:_RESTART_DOCUMENTS]
        starts.append(_agree(probabilities[rows], true[rows], known[rows]))
    best = -1.0
    for start in starts:
        _ascend_accuracy(start, columns, probabilities, true, known)
        reached = score(probabilities > start, true, known, "subset_accuracy")
        if reached > best:
            best, thresholds[:] = reached, start


def _agree(probabilities: np.ndarray, true: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Return thresholds with which documents are right: the first one, and each that agrees with those before it."""
    lower, upper = np.zeros(true.shape[1], np.float32), np.ones(true.shape[1], np.float32)
    for row, is_true, is_known in zip(probabilities, true, known, strict=True):
        new_lower = np.where(is_known & ~is_true, np.maximum(lower, row), lower)
        new_upper = np.where(is_true, np.minimum(upper, row), upper)
        if (new_lower < new_upper).all():
            lower, upper = new_lower, new_upper
    return _between(lower, upper)


def _ascend_accuracy(
    thresholds: np.ndarray, columns: np.ndarray, probabilities: np.ndarray, true: np.ndarray, known: np.ndarray
) -> None:
    """Raise subset accuracy one label after the other until no label gains, in place."""
    wrong = known & ((probabilities > thresholds) != true)
    number_wrong = wrong.sum(axis=1)
    gained = True
    while gained:
        gained = False
        for k in columns:
            open_ = known[:, k] & (number_wrong == wrong[:, k])  # documents without another wrong label
            hits, predicted, candidates = _label_steps(probabilities[open_, k], true[open_, k])
            best = _best(2 * hits - predicted, candidates)
            if (2 * hits - predicted)[best] <= _right(probabilities[open_, k] > thresholds[k], true[open_, k]):
                continue
            gained = True
            thresholds[k] = candidates[best]
            number_wrong -= wrong[:, k]
            wrong[:, k] = known[:, k] & ((probabilities[:, k] > thresholds[k]) != true[:, k])
            number_wrong += wrong[:, k]


def _right(predicted: np.ndarray, true: np.ndarray) -> int:
    """Return 2 TP - predicted, which is the number of right decisions up to a constant."""
    return 2 * int((predicted & true).sum()) - int(predicted.sum())
