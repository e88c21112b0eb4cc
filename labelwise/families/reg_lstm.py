# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model reg-lstm`: shape and regularisation of a new model, and the averaging of its weights."""

from dataclasses import dataclass, field

from labelwise import RegLSTMConfig, RegLSTMForSequenceClassification, WordTokenizer
from labelwise.families.embedding_family import EmbeddingModelArguments
from labelwise.runs.options import check_numbers
from labelwise.trainer.training_arguments import RegLSTMTrainingArguments
from labelwise.trainer.weight_averaging import AverageWeights


@dataclass
class Arguments(EmbeddingModelArguments):
    """Options of LSTM-reg."""

    embedding_size: int = field(default=300, metadata={"help": "Width of a word vector."})
    hidden_size: int = field(default=512, metadata={"help": "Width of a recurrent state per direction."})
    dropout: float = field(default=0.5, metadata={"help": "Share of the document's features dropped in training."})
    weight_dropout: float = field(default=0.2, metadata={"help": "Share of the hidden-to-hidden weights dropped."})
    embedding_dropout: float = field(default=0.1, metadata={"help": "Share of the words dropped."})
    activation_regularization: float = field(
        default=0.0, metadata={"help": "Weight of the states' mean square in the loss (AR)."}
    )
    temporal_activation_regularization: float = field(
        default=0.0, metadata={"help": "Weight of the mean square of the states' changes in the loss (TAR)."}
    )
    ema_beta: float = field(
        default=0.99, metadata={"help": "Decay of the averages of weights that are evaluated and saved; 0 for none."}
    )

    training_arguments = RegLSTMTrainingArguments
    config_class = RegLSTMConfig
    classifier_class = RegLSTMForSequenceClassification

    def __post_init__(self):
        super().__post_init__()
        check_numbers(self, ["hidden_size"], lambda number: number > 0, "above 0")
        shares = ["weight_dropout", "embedding_dropout", "ema_beta"]
        check_numbers(self, shares, lambda share: 0 <= share < 1, "from 0 to below 1")
        penalties = ["activation_regularization", "temporal_activation_regularization"]
        check_numbers(self, penalties, lambda number: number >= 0, "0 or above")

    def train_collator(self, tokenizer: WordTokenizer, config: RegLSTMConfig) -> tuple[None, list]:
        """Training batches are like any others; what is evaluated and saved are averages."""
        return None, [AverageWeights(self.ema_beta)] if self.ema_beta else []
