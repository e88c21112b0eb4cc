# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Decision thresholds, tuned on validation documents, and an estimate of their gain on other documents."""

from typing import Any

import numpy as np
import torch
from datasets import Dataset
from scipy.special import expit, logit
from transformers import Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from ..errors import UserInputError
from ..modeling.thresholding import predict_labels
from .metrics import score
from .threshold_search import search_accuracy_per_label, search_f1_per_label, search_global

# The metric that each kind of thresholds maximizes unless another is named.
DEFAULT_METRICS = {"global": "micro_f1", "per-label": "macro_f1"}
MODES = tuple(DEFAULT_METRICS)
TUNABLE_METRICS = ("micro_f1", "macro_f1", "subset_accuracy")

# Positive documents at which a label's own threshold weighs as much as the global one. Any number from 5 to 80 does:
# `benchmarks/threshold_shrinkage.py` measures them, and docs/lab/thresholds_per_label.md has the table.
PRIOR_DOCUMENTS = 20

# Thresholds are kept this far from 0 and 1, whose logits are infinite, when they are averaged.
_SMALLEST = 1e-7

# Number of folds of the documents, and the seed that assigns documents to folds.
_FOLDS, FOLD_SEED = 5, 0


def tune_thresholds(
    logits: torch.Tensor | np.ndarray,
    labels: torch.Tensor | np.ndarray,
    mode: str = "global",
    metric: str | None = None,
    prior_documents: float = PRIOR_DOCUMENTS,
) -> float | list[float]:
    """Return the thresholds with the highest score on documents, those of rare labels drawn towards the global one.

    Every distinct probability is a candidate: between two neighbours lies one threshold, 0.5 if it lies there and else
    the middle, so that rounding in another batch does not move a document across it. Of equally good ones the closest
    to 0.5 is taken. All searches are exact but one:

    - `"global"`: one sweep over the sorted probabilities.
    - `"per-label"`, `macro_f1`: each label separately.
    - `"per-label"`, `micro_f1`: the ratio 2 TP / (predicted + true) does not decompose, but 2 TP - F * (predicted +
      true) does, and Dinkelbach's iteration on F reaches the optimum of the ratio.
    - `"per-label"`, `subset_accuracy`: coordinate ascent, one label after the other until none gains, from several
      starts; the best local optimum, which is at least as good as the global threshold.

    The best threshold of a label depends on single documents, and that of a rare label is mostly chance. So the best
    thresholds per label for F1 are not taken as they are:

    - The label's own threshold is the mean of all, on the scale of logits, weighted by exp(-n (F* - F)): F is its F1
      with the threshold, F* with the best one, n the number of positive documents. (For micro-F1: by what the threshold
      costs 2 TP - F * (predicted + true), halved.)
    - The result is the mean of this, with weight n / (n + `prior_documents`), and the global threshold of the same
      metric, on the scale of logits. A label without positive documents has the global threshold.

    Thresholds for subset accuracy depend on each other and stay as they were found.

    Args:
        logits (`torch.Tensor` or `np.ndarray` of shape `(documents, num_labels)`): Logits, before the sigmoid.
        labels (`torch.Tensor` or `np.ndarray` of shape `(documents, num_labels)`): 1 where a label is set, 0 where not,
            -100 where it is unknown. Unknown pairs are not counted, nor are documents and labels with no others.
        mode (`str`, *optional*, defaults to `"global"`): `"global"` or `"per-label"`.
        metric (`str`, *optional*): `"micro_f1"`, `"macro_f1"` or `"subset_accuracy"`, as in `MultiLabelMetrics`;
            defaults to `"micro_f1"` for `"global"` and to `"macro_f1"` for `"per-label"`.
        prior_documents (`float`, *optional*, defaults to 20): Positive documents at which a label's own threshold
            weighs as much as the global one; with 0, the best thresholds per label are taken as they are.

    References:
        - W. Dinkelbach. On nonlinear fractional programming. Management Science 13(7), 1967.
        - A. Dalalyan, A. Tsybakov. Aggregation by exponential weighting, sharp PAC-Bayesian bounds and sparsity.
          Machine Learning 72, 2008.
        - I. Pillai, G. Fumera, F. Roli. Threshold optimisation for multi-label classifiers. Pattern Recognition 46(7),
          2013.

    Returns:
        `float` or `list[float]`: The value of `config.thresholds`. With the best thresholds, `predict_labels` reaches
        exactly the best score.

    Raises:
        ValueError: There are no documents, the shapes differ, a label is none of 0, 1 and -100, or the mode or the
            metric is unknown.
        UserInputError: A logit is NaN, as after a training that diverged.
    """
    metric = metric or DEFAULT_METRICS.get(mode)
    probabilities, true, known = _check_predictions(logits, labels, mode, metric)
    everywhere = search_global(probabilities, true, known, metric)
    if mode == "global":
        return _as_float(everywhere)
    thresholds = np.full(true.shape[1], everywhere, dtype=np.float32)
    if metric == "subset_accuracy":
        search_accuracy_per_label(thresholds, np.flatnonzero(known.any(axis=0)), probabilities, true, known)
    else:
        columns = np.flatnonzero(true.any(axis=0))
        search_f1_per_label(thresholds, columns, probabilities, true, known, metric, averaged=prior_documents > 0)
        if prior_documents > 0:
            positives = true[:, columns].sum(axis=0)
            weights = positives / (positives + prior_documents)
            thresholds[columns] = expit(weights * _logit(thresholds[columns]) + (1 - weights) * _logit(everywhere))
    return [_as_float(threshold) for threshold in thresholds]


def cross_validate_thresholds(
    logits: torch.Tensor | np.ndarray,
    labels: torch.Tensor | np.ndarray,
    thresholds: float | list[float],
    mode: str = "global",
    metric: str | None = None,
) -> dict:
    """Return the score of tuned thresholds on these documents, and on documents that they were not tuned on.

    The documents are divided into five folds, always the same ones; fewer than five documents are one fold each. The
    cross-validated score is measured over all documents at once, each decoded with thresholds tuned on the other folds.

    Args:
        logits, labels, mode, metric: As in `tune_thresholds`.
        thresholds (`float` or `list[float]`): The result of `tune_thresholds` for them.

    Returns:
        `dict`: `mode`, `metric`, `documents`, `folds`, `seed`, and as fractions `score_at_0.5`, `tuned_score`,
        `cross_validated_score`, `optimism` (tuned minus cross-validated) and `expected_gain` (cross-validated minus
        that at 0.5); and under `micro_f1` and `macro_f1`, whichever was maximized, the scores `at_0.5`, `tuned` and
        `cross_validated`.

    Raises:
        ValueError: As in `tune_thresholds`, or there are fewer than two documents.
    """
    metric = metric or DEFAULT_METRICS.get(mode)
    _, true, known = _check_predictions(logits, labels, mode, metric)
    logits = torch.as_tensor(logits).detach().float().cpu().numpy()
    labels = torch.as_tensor(labels).cpu().numpy()
    fold_of = assign_folds(len(true))
    folds = int(fold_of.max()) + 1
    predicted = np.zeros_like(true)
    for fold in range(folds):
        is_in_fold = fold_of == fold
        tuned = tune_thresholds(logits[~is_in_fold], labels[~is_in_fold], mode, metric)
        predicted[is_in_fold] = predict_labels(logits[is_in_fold], tuned).numpy()
    label_sets = {
        "at_0.5": predict_labels(logits, 0.5).numpy(),
        "tuned": predict_labels(logits, thresholds).numpy(),
        "cross_validated": predicted,
    }
    scores = {
        name: {when: score(label_set, true, known, name) for when, label_set in label_sets.items()}
        for name in dict.fromkeys([metric, "micro_f1", "macro_f1"])
    }
    at_half, tuned, cross_validated = scores[metric].values()
    return {
        "mode": mode,
        "metric": metric,
        "documents": len(true),
        "folds": folds,
        "seed": FOLD_SEED,
        "score_at_0.5": at_half,
        "tuned_score": tuned,
        "cross_validated_score": cross_validated,
        "optimism": tuned - cross_validated,
        "expected_gain": cross_validated - at_half,
        "micro_f1": scores["micro_f1"],
        "macro_f1": scores["macro_f1"],
    }


def assign_folds(num_documents: int) -> np.ndarray:
    """Return the fold of each document: one of five, always the same, or of as many as there are documents.

    Raises:
        ValueError: There are fewer than two documents.
    """
    if num_documents < 2:
        raise ValueError("one document cannot be cross-validated: pass at least two")
    return np.random.default_rng(FOLD_SEED).permutation(num_documents) % min(_FOLDS, num_documents)


class TuneThresholds(TrainerCallback):
    """A callback that tunes `model.config.thresholds` on the trainer's evaluation set at the end of training.

    The best model is loaded by then. Checkpoints keep the thresholds of training; models that are saved afterwards have
    the tuned ones.

    Args:
        trainer (`Trainer`): With an evaluation set.
        mode (`str`, *optional*, defaults to `"global"`): As in `tune_thresholds`.
        metric (`str`, *optional*): As in `tune_thresholds`.
        documents (`datasets.Dataset`, *optional*): Documents to tune on in place of the evaluation set.

    Attributes:
        record (`dict`, *optional*): The result of `cross_validate_thresholds`; `None` before the end of training.

    Raises:
        ValueError: The trainer has no evaluation set.

    Example:

    ```python
    >>> trainer.add_callback(TuneThresholds(trainer, mode="per-label"))
    >>> trainer.train()
    ```"""

    def __init__(
        self, trainer: Trainer, mode: str = "global", metric: str | None = None, documents: Dataset | None = None
    ) -> None:
        if trainer.eval_dataset is None:
            raise ValueError("thresholds are tuned on the trainer's evaluation set: pass eval_dataset")
        self.trainer = trainer
        self.mode = mode
        self.metric = metric
        self.documents = documents
        self.record: dict | None = None

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        output = self.trainer.predict(self.trainer.eval_dataset if self.documents is None else self.documents)
        logits, labels = output.predictions, output.label_ids
        thresholds = tune_thresholds(logits, labels, self.mode, self.metric)
        self.record = cross_validate_thresholds(logits, labels, thresholds, self.mode, self.metric)
        self.trainer.model.config.thresholds = thresholds


def _check_predictions(
    logits: torch.Tensor | np.ndarray, labels: torch.Tensor | np.ndarray, mode: str, metric: str
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return probabilities as in `predict_labels`, true labels and known ones; raise as `tune_thresholds` does."""
    if mode not in MODES:
        raise ValueError(f"mode must be one of {', '.join(MODES)}, not {mode!r}")
    if metric not in TUNABLE_METRICS:
        raise ValueError(f"metric must be one of {', '.join(TUNABLE_METRICS)}, not {metric!r}")
    probabilities = torch.as_tensor(logits).detach().float().sigmoid().cpu().numpy()
    labels = torch.as_tensor(labels).cpu().numpy()
    if probabilities.ndim != 2 or probabilities.shape != labels.shape:
        raise ValueError(f"logits {probabilities.shape} and labels {labels.shape} must both be (documents, num_labels)")
    if probabilities.size == 0:
        raise ValueError("thresholds cannot be tuned without documents: pass at least one")
    if np.isnan(probabilities).any():
        raise UserInputError(
            "thresholds cannot be tuned: the model returns NaN for some documents; train it anew, with a lower "
            "--learning_rate"
        )
    if not np.isin(labels, (0, 1, -100)).all():
        raise ValueError("labels must be 0, 1, or -100 where unknown")
    return probabilities, labels == 1, labels != -100


def _logit(thresholds: np.ndarray) -> np.ndarray:
    """Return finite logits of thresholds in [0, 1]."""
    return logit(np.clip(thresholds.astype(np.float64), _SMALLEST, 1 - _SMALLEST))


def _as_float(threshold: np.float32) -> float:
    """Return the shortest decimal number that `predict_labels` reads as this float32."""
    return float(f"{threshold:.9g}")
