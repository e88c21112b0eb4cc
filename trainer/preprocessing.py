# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Conversion of a corpus (text, label ids) into model inputs (input_ids, one number per label)."""

from collections.abc import Sequence
from typing import Any

import datasets
import numpy as np
from transformers import PreTrainedTokenizerBase

from ..tokenization.long_texts import read_beginnings


def label_names(corpus: datasets.DatasetDict) -> list[str]:
    """Return the names of the labels of a corpus, in the order of their ids."""
    return next(iter(corpus.values())).features["labels"].feature.names


def multi_hot(
    label_ids: Sequence[list[int]], num_labels: int, unknown_ids: Sequence[list[int]] | None = None
) -> np.ndarray:
    """Return label sets as an array of zeros and ones.

    Args:
        label_ids (`Sequence[list[int]]`): Ids of the labels that apply, one list per document.
        num_labels (`int`): Number of labels.
        unknown_ids (`Sequence[list[int]]`, *optional*):
            Ids of the labels of which it is unknown whether they apply, one list per document; by default none.

    Returns:
        `np.ndarray` of shape `(documents, num_labels)`, int8: 1 where a label applies, 0 where not, -100 where unknown.
    """
    array_BL = np.zeros((len(label_ids), num_labels), dtype=np.int8)
    for row, ids in zip(array_BL, label_ids, strict=True):
        row[ids] = 1
    for row, ids in zip(array_BL, unknown_ids, strict=True) if unknown_ids is not None else ():
        row[ids] = -100
    return array_BL


def label_matrix(dataset: datasets.Dataset) -> np.ndarray:
    """Return the labels of a split as `multi_hot` does, the unknown ones included."""
    unknown = dataset["unknown_labels"] if "unknown_labels" in dataset.column_names else None
    return multi_hot(dataset["labels"], dataset.features["labels"].feature.num_classes, unknown)


def tokenized_labels(documents: datasets.Dataset) -> np.ndarray:
    """Return the labels that `preprocess` gave documents, of shape `(documents, num_labels)`: 1, 0 or -100."""
    return documents.with_format("numpy", columns=["labels"])[:]["labels"]


def preprocess(
    dataset: datasets.Dataset, tokenizer: PreTrainedTokenizerBase, num_proc: int | None = None
) -> datasets.Dataset:
    """Tokenize the texts, truncated to the limit of the tokenizer, and turn label ids into one number per label.

    Args:
        dataset (`datasets.Dataset`): Rows with the columns `text`, `labels` and optionally `unknown_labels` (lists of
            class ids).
        tokenizer (`PreTrainedTokenizerBase`): Tokenizer of the model.
        num_proc (`int`, *optional*): Number of processes that tokenize.

    Returns:
        `datasets.Dataset`: The columns that the tokenizer returns, and `labels`, a list of `num_labels` numbers: 1
        where a label applies, 0 where not, -100 where this is unknown.
    """
    num_labels = dataset.features["labels"].feature.num_classes

    def encode(batch: dict[str, list]) -> dict[str, Any]:
        encoded = tokenizer(read_beginnings(batch["text"], tokenizer), truncation=True)
        return {**encoded, "labels": multi_hot(batch["label_ids"], num_labels, batch.get("unknown_labels"))}

    # Under its own name, the column would keep the type of class ids, which has no 1 if there is only one label.
    dataset = dataset.rename_column("labels", "label_ids")
    return dataset.map(
        encode,
        batched=True,
        num_proc=num_proc,
        remove_columns=dataset.column_names,
        desc="Tokenizing",
    )
