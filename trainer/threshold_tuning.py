# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Thresholds tuned when training has ended, and how much of their gain to believe."""

import numpy as np
import torch
from transformers import Trainer, TrainerCallback

from ..modeling.thresholding import predict_labels
from .metrics import score
from .thresholds import check_predictions, tune_thresholds

# Parts of the documents, and the seed that deals them out.
_FOLDS, _SEED = 5, 0


def cross_validate_thresholds(logits, labels, thresholds, mode: str = "global", metric: str = "micro_f1") -> dict:
    """What tuned thresholds score, here and on documents they were not tuned on.

    The documents are dealt into five folds, always the same; fewer than five are a fold each. The cross-validated score
    is measured over all documents at once, each decoded with thresholds that were tuned on the other folds.

    Args:
        logits, labels, mode, metric: As in `tune_thresholds`.
        thresholds (`float` or `list[float]`): What `tune_thresholds` returned for them.

    Returns:
        `dict`: `mode`, `metric`, `documents`, `folds`, `seed`, and as fractions `score_at_0.5`, `tuned_score`,
        `cross_validated_score`, `optimism` (tuned minus cross-validated) and `expected_gain` (cross-validated minus
        that at 0.5).

    Raises:
        ValueError: As in `tune_thresholds`, or there are fewer than two documents.
    """
    _, true, known = check_predictions(logits, labels, mode, metric)
    if len(true) < 2:
        raise ValueError("one document cannot be cross-validated: give two at least")
    logits = torch.as_tensor(logits).detach().float().cpu().numpy()
    labels = torch.as_tensor(labels).cpu().numpy()
    folds = min(_FOLDS, len(true))
    fold_of = np.random.default_rng(_SEED).permutation(len(true)) % folds
    left_out = np.zeros_like(true)
    for fold in range(folds):
        here = fold_of == fold
        tuned = tune_thresholds(logits[~here], labels[~here], mode, metric)
        left_out[here] = predict_labels(logits[here], tuned).numpy()
    at_half = score(predict_labels(logits, 0.5).numpy(), true, known, metric)
    tuned = score(predict_labels(logits, thresholds).numpy(), true, known, metric)
    cross_validated = score(left_out, true, known, metric)
    return {
        "mode": mode,
        "metric": metric,
        "documents": len(true),
        "folds": folds,
        "seed": _SEED,
        "score_at_0.5": at_half,
        "tuned_score": tuned,
        "cross_validated_score": cross_validated,
        "optimism": tuned - cross_validated,
        "expected_gain": cross_validated - at_half,
    }


class TuneThresholds(TrainerCallback):
    """Tunes `model.config.thresholds` on the trainer's evaluation set when training has ended, best model loaded.

    Checkpoints keep the thresholds they were trained with; what is saved afterwards has the tuned ones.

    Args:
        trainer (`Trainer`): With an evaluation set.
        mode (`str`, *optional*, defaults to `"global"`): As in `tune_thresholds`.
        metric (`str`, *optional*, defaults to `"micro_f1"`): As in `tune_thresholds`.

    Attributes:
        record (`dict`, *optional*): What `cross_validate_thresholds` returned; `None` before the end of training.

    Raises:
        ValueError: The trainer has no evaluation set.

    Example:

    ```python
    >>> trainer.add_callback(TuneThresholds(trainer, mode="per-label"))
    >>> trainer.train()
    ```"""

    def __init__(self, trainer: Trainer, mode: str = "global", metric: str = "micro_f1"):
        if trainer.eval_dataset is None:
            raise ValueError("thresholds are tuned on the trainer's evaluation set: pass eval_dataset")
        self.trainer = trainer
        self.mode = mode
        self.metric = metric
        self.record: dict | None = None

    def on_train_end(self, args, state, control, **kwargs):
        found = self.trainer.predict(self.trainer.eval_dataset)
        thresholds = tune_thresholds(found.predictions, found.label_ids, self.mode, self.metric)
        self.record = cross_validate_thresholds(found.predictions, found.label_ids, thresholds, self.mode, self.metric)
        self.trainer.model.config.thresholds = thresholds
