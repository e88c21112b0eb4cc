# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""LSTM-reg (Adhikari et al., 2019): a regularized BiLSTM with averaged weights."""

from dataclasses import field
from typing import Any

from transformers import AutoModel, AutoModelForSequenceClassification

from ..configuration.configuration_reg_lstm import RegLSTMConfig
from ..modeling.modeling_reg_lstm import RegLSTMForSequenceClassification, RegLSTMModel
from ..runs.options import check_numbers
from ..tokenization.tokenization_word import WordTokenizer
from ..trainer.training_arguments import RegLSTMTrainingArguments
from .embedding_family import EmbeddingFamily
from .family import register_family


@register_family
class RegLSTMFamily(EmbeddingFamily):
    """LSTM-reg."""

    systems = {"reg-lstm": {}}
    config_class = RegLSTMConfig
    model_classes = {AutoModel: RegLSTMModel, AutoModelForSequenceClassification: RegLSTMForSequenceClassification}
    training_arguments = RegLSTMTrainingArguments

    ema_beta: float = field(
        default=0.99, metadata={"help": "Decay of the averages of weights that are evaluated and saved; 0 for none."}
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        check_numbers(self, ["ema_beta"], lambda share: 0 <= share < 1, ">= 0 and < 1")

    def trainer_arguments(self, tokenizer: WordTokenizer, config: RegLSTMConfig) -> dict[str, Any]:
        from ..trainer.weight_averaging import AverageWeights

        return {"callbacks": [AverageWeights(self.ema_beta)]} if self.ema_beta else {}

    @classmethod
    def refuses_labels(cls, config: RegLSTMConfig) -> str | None:
        return None
