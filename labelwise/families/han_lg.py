# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model han-lg`: the shape of a new model, and the label graph that it starts from."""

from dataclasses import dataclass, field

import torch

from labelwise import HANLGConfig, HANLGForSequenceClassification, WordTokenizer
from labelwise.families.embedding_family import EmbeddingModelArguments
from labelwise.runs.options import check_numbers
from labelwise.trainer.label_statistics import label_cooccurrence


@dataclass
class Arguments(EmbeddingModelArguments):
    """Options of HAN+LG."""

    hidden_size: int = field(default=256, metadata={"help": "Width of a recurrent state per direction."})
    num_hidden_layers: int = field(default=1, metadata={"help": "Layers of a recurrent module."})
    rnn_type: str = field(default="lstm", metadata={"help": "Recurrent cell.", "choices": ["lstm", "gru"]})
    max_sentences: int = field(default=40, metadata={"help": "Sentences read of a document."})
    max_words_per_sentence: int = field(default=20, metadata={"help": "Words read of a sentence."})
    soft_label_weight: float = field(
        default=0.0, metadata={"help": "Soft training: share of the label graph's continuous labels; 0 for none."}
    )

    config_class = HANLGConfig
    classifier_class = HANLGForSequenceClassification

    def __post_init__(self):
        super().__post_init__()
        sizes = ["hidden_size", "num_hidden_layers", "max_sentences", "max_words_per_sentence"]
        check_numbers(self, sizes, lambda number: number > 0, "above 0")
        check_numbers(self, ["soft_label_weight"], lambda share: 0 <= share <= 1, "from 0 to 1")

    def limits(self) -> dict:
        """Words by sentences."""
        return {
            "mark_sentences": True,
            "max_sentences": self.max_sentences,
            "max_words_per_sentence": self.max_words_per_sentence,
        }

    def make_model(self, config: HANLGConfig, tokenizer: WordTokenizer, documents, seed: int):
        """As for all models of words, with the co-occurrence of the training split as label graph."""
        model = super().make_model(config, tokenizer, documents, seed)
        labels = documents.with_format("numpy", columns=["labels"])[:]["labels"]
        with torch.no_grad():
            model.head.label_graph.copy_(label_cooccurrence(labels))
        return model
