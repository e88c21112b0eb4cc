# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model cnn`: shape of a new model."""

from dataclasses import dataclass, field

from labelwise import CNNConfig, CNNForSequenceClassification
from labelwise.families.embedding_family import EmbeddingModelArguments
from labelwise.runs.options import check_numbers


@dataclass
class Arguments(EmbeddingModelArguments):
    """Options of the CNN; the defaults are those of Kim's CNN-non-static."""

    embedding_size: int = field(default=300, metadata={"help": "Width of a word vector."})
    dropout: float = field(default=0.5, metadata={"help": "Share of the document's features dropped in training."})
    train_embeddings: bool = field(default=True, metadata={"help": "Train the word vectors on."})
    kernel_sizes: list[int] = field(
        default_factory=lambda: [3, 4, 5], metadata={"help": "Words that a filter sees, one number for each kind."}
    )
    num_filters: int = field(default=100, metadata={"help": "Filters of each kind."})

    config_class = CNNConfig
    classifier_class = CNNForSequenceClassification

    def __post_init__(self):
        super().__post_init__()
        check_numbers(self, ["num_filters"], lambda number: number > 0, "above 0")
        check_numbers(self, ["kernel_sizes"], lambda sizes: min(sizes) > 0, "words, each above 0")
