# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Families of models that emit labels one by one: the order of the labels, and how many a document has."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from transformers import PreTrainedModel

from ..configuration.configuration_label_sequences import LabelSequenceConfig
from ..tokenization.tokenization_word import WordTokenizer
from ..trainer.training_arguments import LabelSequenceTrainingArguments
from .embedding_family import EmbeddingFamily

if TYPE_CHECKING:
    from datasets import Dataset


@dataclass(kw_only=True)
class LabelSequenceFamily(EmbeddingFamily):
    """A family of models with a `LabelDecoder`."""

    training_arguments = LabelSequenceTrainingArguments

    def make_model(
        self, config: LabelSequenceConfig, tokenizer: WordTokenizer, documents: "Dataset", seed: int
    ) -> PreTrainedModel:
        """Make a new classifier; order and maximum number of the labels come from the training split."""
        true = find_true_labels(documents)
        config.label_order = (-true.sum(axis=0)).argsort(kind="stable").tolist()
        config.max_labels = max(1, int(true.sum(axis=1).max()))
        return super().make_model(config, tokenizer, documents, seed)

    def adapt_config(self, config: LabelSequenceConfig, documents: "Dataset") -> None:
        """Allow as many labels as the new training documents have; the decoder has learned the order already."""
        if config.max_labels is not None:
            config.max_labels = max(config.max_labels, int(find_true_labels(documents).sum(axis=1).max()))

    @classmethod
    def refuses_labels(cls, config: LabelSequenceConfig) -> str | None:
        return "it emits labels one by one, and each is read by the next"


def find_true_labels(documents: "Dataset") -> np.ndarray:
    """Return the labels known to be true, a boolean array of shape `(documents, num_labels)`."""
    from ..trainer.preprocessing import tokenized_labels

    return tokenized_labels(documents) == 1
