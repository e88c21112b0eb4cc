# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The metrics of a trainer's evaluations, batch by batch: no array has the scores of all documents."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import torch
from transformers import EvalPrediction, TrainingArguments

from .metrics_accumulator import MetricAccumulator


class BatchMetrics:
    """The `compute_metrics` of a trainer: the six metrics, and `micro_f1_plus_macro_f1`.

    Args:
        thresholds (`Callable`): Returns the thresholds, which a callback may change.
    """

    def __init__(self, thresholds: Callable[[], float | list[float]]) -> None:
        self._thresholds = thresholds
        self._accumulator: MetricAccumulator | None = None

    @contextmanager
    def applied(self, args: TrainingArguments) -> Iterator[None]:
        """Let a trainer with these arguments evaluate batch by batch inside the block."""
        given, args.batch_eval_metrics = args.batch_eval_metrics, True
        self._accumulator = None  # of an evaluation that was interrupted
        try:
            yield
        finally:
            args.batch_eval_metrics = given
            self._accumulator = None  # or `predict`, which does not come here, would add its documents to those

    def __call__(self, prediction: EvalPrediction, compute_result: bool = True) -> dict[str, float]:
        """Add documents; return the metrics of all if these are the last ones."""
        if self._accumulator is None:
            self._accumulator = MetricAccumulator(self._thresholds())
        self._accumulator.update(_as_array(prediction.predictions).astype(np.float32), _as_array(prediction.label_ids))
        if not compute_result:
            return {}
        accumulator, self._accumulator = self._accumulator, None
        scores = accumulator.compute()
        return {**scores, "micro_f1_plus_macro_f1": scores["micro_f1"] + scores["macro_f1"]}


def _as_array(values: torch.Tensor | np.ndarray) -> np.ndarray:
    if not isinstance(values, torch.Tensor):
        return values
    return (values.float() if values.is_floating_point() else values).cpu().numpy()


__all__ = ["BatchMetrics"]
