# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What `labelwise train` needs for every model that emits labels one by one."""

from dataclasses import dataclass, field

import datasets
import numpy as np

from labelwise import WordTokenizer
from labelwise.configuration.configuration_label_sequences import LabelSequenceConfig
from labelwise.families.embedding_family import EmbeddingModelArguments
from labelwise.runs.options import check_numbers
from labelwise.trainer.training_arguments import LabelSequenceTrainingArguments


@dataclass
class LabelSequenceArguments(EmbeddingModelArguments):
    """Options of the search; a family is a subclass, as of `EmbeddingModelArguments`."""

    dropout: float = field(default=0.5, metadata={"help": "Share of what is dropped in training."})
    num_beams: int = field(default=5, metadata={"help": "Label sequences that the search keeps."})

    training_arguments = LabelSequenceTrainingArguments

    def __post_init__(self):
        super().__post_init__()
        check_numbers(self, ["num_beams"], lambda number: number > 0, "above 0")

    def make_model(self, config: LabelSequenceConfig, tokenizer: WordTokenizer, documents, seed: int):
        """As for all models of words, with the order of the labels and their number from the training split."""
        holds = find_labels(documents)
        config.label_order = (-holds.sum(axis=0)).argsort(kind="stable").tolist()
        config.max_labels = max(1, int(holds.sum(axis=1).max()))
        return super().make_model(config, tokenizer, documents, seed)

    def adapt_config(self, config: LabelSequenceConfig, documents) -> None:
        """A checkpoint keeps the order that its decoder has learned; predictions may hold as many labels as documents
        do that it is trained on further."""
        if config.max_labels is not None:
            config.max_labels = max(config.max_labels, int(find_labels(documents).sum(axis=1).max()))


def find_labels(documents: datasets.Dataset) -> np.ndarray:
    """Which labels are known to hold, `(documents, num_labels)`."""
    return documents.with_format("numpy", columns=["labels"])[:]["labels"] == 1
