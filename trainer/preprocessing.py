# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""From a corpus (text, label ids) to what models read (input_ids, one 0/1 per label)."""

from collections.abc import Sequence

import datasets
import numpy as np
from transformers import PreTrainedTokenizerBase


def label_names(corpus: datasets.DatasetDict) -> list[str]:
    """Names of the labels of a corpus, in the order of their ids."""
    return next(iter(corpus.values())).features["labels"].feature.names


def multi_hot(label_ids: Sequence[list[int]], num_labels: int) -> np.ndarray:
    """Label sets as an int8 array of shape `(documents, num_labels)`: 1 where a label holds, 0 where not."""
    holds = np.zeros((len(label_ids), num_labels), dtype=np.int8)
    for row, ids in zip(holds, label_ids, strict=True):
        row[ids] = 1
    return holds


def preprocess(
    dataset: datasets.Dataset, tokenizer: PreTrainedTokenizerBase, num_proc: int | None = None
) -> datasets.Dataset:
    """Tokenizes the texts, truncated to the tokenizer's limits, and spreads the label ids.

    Args:
        dataset (`datasets.Dataset`): With the columns `text` and `labels` (lists of class ids).
        tokenizer (`PreTrainedTokenizerBase`): Of the model.
        num_proc (`int`, *optional*): Processes to tokenize with.

    Returns:
        `datasets.Dataset`: The columns that the tokenizer returns and `labels`, a list of `num_labels` zeros and ones.
    """
    num_labels = dataset.features["labels"].feature.num_classes

    def encode(batch):
        encoded = tokenizer(batch["text"], truncation=True)
        return {**encoded, "labels": multi_hot(batch["label_ids"], num_labels)}

    # Under its own name, the column would stay one of class ids, among which there is no 1 when there is one label.
    dataset = dataset.rename_column("labels", "label_ids")
    return dataset.map(
        encode,
        batched=True,
        num_proc=num_proc,
        remove_columns=dataset.column_names,
        desc="Tokenizing",
    )
