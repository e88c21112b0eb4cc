# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A trained model measured on documents, block by block."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from accelerate import PartialState
from accelerate.utils import gather_object
from datasets import Dataset
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils.logging import tqdm

from ..datasets_scripts.documents import UNKNOWN_COLUMN, UNSEEN_COLUMN
from ..errors import UserInputError
from ..hub.answer_rules import is_empty
from ..trainer.metrics_names import ALL, PROPENSITY_SCORED
from ..trainer.preprocessing import multi_hot
from ..wording import counted_of
from .measuring import Measurement, count_labels, describe_unseen
from .prediction import iterate_logits
from .progress import logger
from .threshold_messages import NoLabels

# A block has few scores, so that they take little memory, and else documents enough to be sorted by length.
_BLOCK_PAIRS, _BLOCK_DOCUMENTS = 2**22, 1024


def evaluate_model(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    documents: Dataset,
    batch_size: int,
    unseen_labels: str,
    shared: bool = False,
    **options: Any,
) -> tuple[dict[str, Any], Measurement]:
    """Measure a model on documents, in memory that does not grow with their number.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        documents (`Dataset`): The documents.
        batch_size (`int`): Number of documents of a batch.
        unseen_labels (`str`): What labels that no training document has count for.
        shared (`bool`, *optional*, defaults to `False`): Whether the processes of `accelerate launch` share the
            documents; all have the result.
        options: `metrics`, `training_counts` and `by_label` of `Measurement`.

    Returns:
        `dict`: The metrics, `threshold`, and `unseen_labels` if the model has not all labels.
        `Measurement`: What they come from.

    Raises:
        UserInputError: The logits of the model are not numbers.
    """
    thresholds, num_labels = model.config.thresholds, model.config.num_labels
    measurement = Measurement(documents, thresholds, unseen_labels, **options)
    no_labels, num_empty = NoLabels(thresholds), 0
    process, processes = 0, 1
    if shared:
        process, processes = PartialState().process_index, PartialState().num_processes
    step = min(_BLOCK_DOCUMENTS, max(1, _BLOCK_PAIRS // num_labels), math.ceil(len(documents) / processes))
    hidden = None if process == 0 else True
    with tqdm(total=len(documents), desc="Evaluating", unit="document", disable=hidden) as bar:
        for start in range(0, len(documents), step * processes):
            own = start + process * step
            # `select` would copy the features, and with them all label names.
            texts = [(text, {}) for text in documents[own : own + step]["text"]]
            logits = [logits_BL for _, logits_BL in iterate_logits(model, tokenizer, texts, batch_size)]
            logits_BL = torch.cat([torch.empty(0, num_labels), *logits])
            if shared:
                logits_BL = torch.cat(gather_object([logits_BL]))
            logits_BL = logits_BL.numpy()
            if not (logits_BL < np.inf).all():
                raise UserInputError(
                    "the logits of the model are not numbers: its training has diverged; train it again"
                )
            rows = documents[start : start + step * processes]
            labels_BL = multi_hot(rows["labels"], num_labels, rows.get(UNKNOWN_COLUMN))
            measurement.update(logits_BL, labels_BL, rows.get(UNSEEN_COLUMN))
            no_labels.update(logits_BL)
            num_empty += sum(map(is_empty, rows["text"]))
            bar.update(len(rows["labels"]))
    if line := no_labels.explain("`labelwise tune-thresholds` chooses thresholds"):
        logger.warning(line)
    if num_empty:
        some = counted_of(num_empty, len(documents), "text", "is", "are")
        logger.warning(f"{some} blank: the metrics count what the model predicts there; `predict` gives no label")
    told = describe_unseen(documents, unseen_labels)
    metrics = {**measurement.compute(), "threshold": thresholds, **({"unseen_labels": told} if told else {})}
    return metrics, measurement


def find_training_counts(
    metrics: str | Sequence[str] | None, results: Mapping[str, Any] | None, train: Dataset | None, remedy: str
) -> tuple[dict[str, int], int] | None:
    """Return the training documents of each label by name, and of all, for the propensity-scored metrics.

    Args:
        metrics (`str` or `Sequence[str]`, *optional*): The metrics that are asked for. Where the numbers are unknown,
            a message says that `"all"` does not include the propensity-scored ones.
        results (`Mapping`, *optional*): Contents of the model's `results.json`, which may have the numbers.
        train (`Dataset`, *optional*): The training split of the data, which is counted otherwise.
        remedy (`str`): What to do where they are unknown.

    Returns:
        `tuple[dict[str, int], int]`: The numbers; `None` where they are unknown or not asked for.

    Raises:
        UserInputError: They are unknown, and a propensity-scored metric is asked for by name.
    """
    asked = {metrics} if isinstance(metrics, str) else set(metrics or ())
    named = sorted(asked & set(PROPENSITY_SCORED))
    if not named and ALL not in asked:
        return None
    if results is not None and "label_counts" in results:
        return results["label_counts"], results["documents"]["train"]
    if train is not None:
        return count_labels(train), len(train)
    unknown = f"the number of training documents of each label is unknown; {remedy}"
    if named:
        raise UserInputError(f"{named[0]} cannot be computed: {unknown}")
    logger.warning(f"{', '.join(PROPENSITY_SCORED)} are left out: {unknown}")
    return None
