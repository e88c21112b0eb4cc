# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""CNN (Kim, 2014)."""

from dataclasses import field

from transformers import AutoModel, AutoModelForSequenceClassification

from ..configuration.configuration_cnn import CNNConfig
from ..modeling.modeling_cnn import CNNForSequenceClassification, CNNModel
from ..trainer.training_arguments import LWLSTMTrainingArguments
from .embedding_family import EmbeddingFamily
from .family import register_family


@register_family
class CNNFamily(EmbeddingFamily):
    """The CNN; the defaults are those of the paper's CNN-non-static."""

    systems = {"cnn": {}}
    config_class = CNNConfig
    model_classes = {AutoModel: CNNModel, AutoModelForSequenceClassification: CNNForSequenceClassification}
    training_arguments = LWLSTMTrainingArguments

    train_embeddings: bool = field(default=True, metadata={"help": "Train the word vectors too."})

    @classmethod
    def refuses_labels(cls, config: CNNConfig) -> str | None:
        return None
