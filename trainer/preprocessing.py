# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Preprocessing of a corpus (text, label ids) for models (input_ids, one 0/1 per label)."""

from collections.abc import Sequence

import datasets
import numpy as np
from transformers import PreTrainedTokenizerBase


def label_names(corpus: datasets.DatasetDict) -> list[str]:
    """Return the names of a corpus's labels, in the order of their ids."""
    return next(iter(corpus.values())).features["labels"].feature.names


def multi_hot(label_ids: Sequence[list[int]], num_labels: int) -> np.ndarray:
    """Return label sets as an int8 array of shape `(documents, num_labels)`: 1 where a label is set, 0 where not."""
    labels = np.zeros((len(label_ids), num_labels), dtype=np.int8)
    for row, ids in zip(labels, label_ids, strict=True):
        row[ids] = 1
    return labels


def preprocess(
    dataset: datasets.Dataset, tokenizer: PreTrainedTokenizerBase, num_proc: int | None = None
) -> datasets.Dataset:
    """Tokenize the texts, truncated to the tokenizer's limits, and turn label ids into zeros and ones.

    Args:
        dataset (`datasets.Dataset`): A split with the columns `text` and `labels` (lists of class ids).
        tokenizer (`PreTrainedTokenizerBase`): Tokenizer of the model.
        num_proc (`int`, *optional*): Number of processes.

    Returns:
        `datasets.Dataset`: The columns that the tokenizer returns and `labels`, a list of `num_labels` zeros and ones.
    """
    num_labels = dataset.features["labels"].feature.num_classes

    def encode(batch: dict[str, list]) -> dict[str, list | np.ndarray]:
        encoded = tokenizer(batch["text"], truncation=True)
        return {**encoded, "labels": multi_hot(batch["label_ids"], num_labels)}

    # A column `labels` would keep its type of class ids, which has no 1 if there is only one label.
    dataset = dataset.rename_column("labels", "label_ids")
    return dataset.map(
        encode,
        batched=True,
        num_proc=num_proc,
        remove_columns=dataset.column_names,
        desc="Tokenizing",
    )
