# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Evaluation from the longest document to the shortest: a batch of similar lengths has little padding."""

from collections.abc import Iterator
from typing import Any

import datasets
import numpy as np
from torch.utils.data import Dataset, Sampler, SequentialSampler
from transformers import Trainer
from transformers.trainer_utils import PredictionOutput

from .batch_metrics import BatchMetrics
from .token_batches import count_tokens


class LongestFirst(Sampler[int]):
    """A sampler that yields documents from the longest to the shortest.

    Args:
        documents (`datasets.Dataset`): Tokenized documents.
    """

    def __init__(self, documents: datasets.Dataset) -> None:
        self.order_N = np.argsort(-count_tokens(documents), kind="stable")

    def __len__(self) -> int:
        return len(self.order_N)

    def __iter__(self) -> Iterator[int]:
        return iter(self.order_N.tolist())

    def restore(self, outputs: Any) -> Any:
        """Return outputs, an array or a tuple of arrays with a row for each document, in the order of the documents."""
        if isinstance(outputs, tuple):
            return tuple(map(self.restore, outputs))
        return None if outputs is None else outputs[np.argsort(self.order_N)]


class EvaluatesLongestFirst(Trainer):
    """A `Trainer` that evaluates documents of similar length together; `predict` returns them in their own order.

    It leaves the order as it is for a `compute_metrics` of a user's own, which may match predictions to documents, and
    for datasets whose lengths are unknown before they are read.
    """

    def _get_eval_sampler(self, eval_dataset: Dataset) -> Sampler | None:
        # Never in the order of training, as the library's: predictions are matched to the documents.
        if self._sorts(eval_dataset):
            return LongestFirst(eval_dataset)
        return SequentialSampler(eval_dataset) if self.args.world_size <= 1 else None

    def predict(self, test_dataset: Dataset, *args: Any, **kwargs: Any) -> PredictionOutput:
        found = super().predict(test_dataset, *args, **kwargs)
        if not self._sorts(test_dataset):
            return found
        restore = LongestFirst(test_dataset).restore
        return found._replace(predictions=restore(found.predictions), label_ids=restore(found.label_ids))

    def _sorts(self, documents: Dataset | None) -> bool:
        knows_lengths = isinstance(documents, datasets.Dataset) and "input_ids" in documents.column_names
        by_batch = isinstance(self.compute_metrics, BatchMetrics)
        return knows_lengths and by_batch and not self.args.dataloader_drop_last


__all__ = ["EvaluatesLongestFirst", "LongestFirst"]
