# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Decision thresholds fitted on validation documents."""

import numpy as np
import torch

from .metrics import score

MODES = ("global", "per-label")
TUNABLE_METRICS = ("micro_f1", "macro_f1", "subset_accuracy")

_TIE = 1e-9  # scores closer than this are equal: sums of floats


def tune_thresholds(logits, labels, mode: str = "global", metric: str = "micro_f1") -> float | list[float]:
    """The thresholds with the highest score on these documents.

    Every distinct probability is a candidate: between two neighbours lies one threshold, 0.5 if it lies there and else
    the middle, so that rounding in another batch does not move a document across it. Of equally good ones the closest
    to 0.5 is taken. All searches are exact but one:

    - `"global"`: one sweep over the sorted probabilities.
    - `"per-label"`, `macro_f1`: each label on its own.
    - `"per-label"`, `micro_f1`: the ratio 2 TP / (predicted + true) does not decompose, but 2 TP - F * (predicted +
      true) does, and Dinkelbach's iteration on F reaches the optimum of the ratio.
    - `"per-label"`, `subset_accuracy`: coordinate ascent from the global threshold, one label after the other until none
      gains; a local optimum.

    A label without a positive here keeps the global threshold of the same metric, as nothing tells where its own is.

    Args:
        logits (`torch.Tensor` or `np.ndarray` of shape `(documents, num_labels)`): Before the sigmoid.
        labels (`torch.Tensor` or `np.ndarray` of shape `(documents, num_labels)`): 1 where the label holds, 0 where
            not, -100 where nobody knows; such a pair counts nowhere, nor does a document or a label of only such.
        mode (`str`, *optional*, defaults to `"global"`): `"global"` or `"per-label"`.
        metric (`str`, *optional*, defaults to `"micro_f1"`): `"micro_f1"`, `"macro_f1"` or `"subset_accuracy"`, as in
            `MultiLabelMetrics`.

    References:
        - W. Dinkelbach. On nonlinear fractional programming. Management Science 13(7), 1967.
        - I. Pillai, G. Fumera, F. Roli. Threshold optimisation for multi-label classifiers. Pattern Recognition 46(7),
          2013.

    Returns:
        `float` or `list[float]`: For `config.thresholds`; through `predict_labels`, they give exactly the score found here.

    Raises:
        ValueError: There are no documents, the shapes differ, a logit is no number, or a label is none of 0, 1, -100;
            or mode or metric is unknown.
    """
    probabilities, true, known = check_predictions(logits, labels, mode, metric)
    everywhere = _tune_global(probabilities, true, known, metric)
    if mode == "global":
        return _as_float(everywhere)
    thresholds = np.full(true.shape[1], everywhere, dtype=np.float32)
    columns = np.flatnonzero(true.any(axis=0))
    if metric == "subset_accuracy":
        _tune_accuracy_per_label(thresholds, columns, probabilities, true, known)
    else:
        _tune_f1_per_label(thresholds, columns, probabilities, true, known, metric)
    return [_as_float(threshold) for threshold in thresholds]


def check_predictions(logits, labels, mode: str, metric: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Probabilities as `predict_labels` sees them, which labels hold, and of which it is known; raises as `tune_thresholds`."""
    if mode not in MODES:
        raise ValueError(f"mode is one of {', '.join(MODES)}, not {mode!r}")
    if metric not in TUNABLE_METRICS:
        raise ValueError(f"metric is one of {', '.join(TUNABLE_METRICS)}, not {metric!r}")
    probabilities = torch.as_tensor(logits).detach().float().sigmoid().cpu().numpy()
    labels = torch.as_tensor(labels).cpu().numpy()
    if probabilities.ndim != 2 or probabilities.shape != labels.shape:
        raise ValueError(f"logits {probabilities.shape} and labels {labels.shape}: both are (documents, num_labels)")
    if probabilities.size == 0:
        raise ValueError("thresholds cannot be tuned without documents")
    if np.isnan(probabilities).any():
        raise ValueError("a logit is not a number (NaN): thresholds cannot be tuned")
    if not np.isin(labels, (0, 1, -100)).all():
        raise ValueError("labels are 0, 1, or -100 where nobody knows")
    return probabilities, labels == 1, labels != -100


def _steps(ordered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What a falling threshold predicts, of probabilities in falling order.

    Returns:
        `tuple[np.ndarray, np.ndarray]`: How many are predicted, from none on, one more distinct probability at each
        step; and a threshold that does just that. The last step is left out where no threshold reaches it: at 0.
    """
    ends = np.flatnonzero(np.append(ordered[1:] != ordered[:-1], len(ordered) > 0)) + 1
    predicted = np.append(0, ends)
    values = ordered[ends - 1]
    lower, upper = np.append(values, np.float32(0)), np.append(np.float32(1), values)
    if len(values) and values[-1] == 0:
        predicted, lower, upper = predicted[:-1], lower[:-1], upper[:-1]
    return predicted, _between(lower, upper)


def _between(lower: np.ndarray, upper: np.ndarray) -> np.ndarray:
    """One threshold in each [lower, upper)."""
    middle = ((lower.astype(np.float64) + upper) / 2).astype(np.float32)
    middle = np.where(middle < upper, middle, lower)  # float32 has nothing between two neighbours
    return np.where((lower <= 0.5) & (upper > 0.5), np.float32(0.5), middle)


def _best(scores: np.ndarray, thresholds: np.ndarray) -> int:
    """Index of the highest score; of equal ones, that of the threshold closest to 0.5."""
    ties = np.flatnonzero(scores >= scores.max() - _TIE)
    return int(ties[np.abs(thresholds[ties] - 0.5).argmin()])


def _tune_global(probabilities, true, known, metric: str) -> np.float32:
    if (
        metric == "subset_accuracy"
    ):  # a document is right from its highest wrong probability on, up to its lowest true one
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
    """What each pair, predicted after those before it, adds to macro-F1: only its own label's F1 moves.

    Args:
        columns (`np.ndarray` of shape `(pairs,)`): Label of each pair.
        hits (`np.ndarray` of shape `(pairs,)`): Whether it holds.
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
    gains[by_label] = (f1 - before) / len(np.unique(columns))  # labels that are known of a document at least
    return gains


def _label_steps(probabilities, true) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hits, predicted and threshold of each step of one label; all arguments have the shape (documents,)."""
    order = np.argsort(-probabilities, kind="stable")
    predicted, thresholds = _steps(probabilities[order])
    return np.append(0, true[order].cumsum())[predicted], predicted, thresholds


def _tune_f1_per_label(thresholds, columns, probabilities, true, known, metric: str) -> None:
    steps = []
    for k in columns:
        hits, predicted, candidates = _label_steps(probabilities[known[:, k], k], true[known[:, k], k])
        useful = np.append(True, np.diff(hits) > 0)  # a step that finds nothing only lowers F1
        steps.append((hits[useful], predicted[useful], candidates[useful]))
    if metric == "macro_f1":
        for k, (hits, predicted, candidates) in zip(columns, steps, strict=True):
            thresholds[k] = candidates[_best(hits / (predicted + true[:, k].sum()), candidates)]
        return
    f1 = score(probabilities > thresholds, true, known, metric)
    while True:
        for k, (hits, predicted, candidates) in zip(columns, steps, strict=True):
            thresholds[k] = candidates[_best(2 * hits - f1 * predicted, candidates)]
        better = score(probabilities > thresholds, true, known, metric)
        if better <= f1 + _TIE:
            return
        f1 = better


def _tune_accuracy_per_label(thresholds, columns, probabilities, true, known) -> None:
    wrong = known & ((probabilities > thresholds) != true)
    number_wrong = wrong.sum(axis=1)
    gained = True
    while gained:
        gained = False
        for k in columns:
            open_ = known[:, k] & (number_wrong == wrong[:, k])  # no other label is wrong: this one decides
            hits, predicted, candidates = _label_steps(probabilities[open_, k], true[open_, k])
            best = _best(2 * hits - predicted, candidates)
            if (2 * hits - predicted)[best] <= _right(probabilities[open_, k] > thresholds[k], true[open_, k]):
                continue
            gained = True
            thresholds[k] = candidates[best]
            number_wrong -= wrong[:, k]
            wrong[:, k] = known[:, k] & ((probabilities[:, k] > thresholds[k]) != true[:, k])
            number_wrong += wrong[:, k]


def _right(held: np.ndarray, true: np.ndarray) -> int:
    """2 TP - predicted, which is the number of right decisions up to a constant."""
    return 2 * int((held & true).sum()) - int(held.sum())


def _as_float(threshold: np.float32) -> float:
    """The shortest safe number that is this float32 again when `predict_labels` reads it."""
    return float(f"{threshold:.9g}")
