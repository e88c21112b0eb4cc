# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""CNN-RNN (Chen et al., 2017)."""

from dataclasses import field

from transformers import AutoModel, AutoModelForSequenceClassification

from ..configuration.configuration_cnn_rnn import CNNRNNConfig
from ..modeling.modeling_cnn_rnn import CNNRNNForSequenceClassification, CNNRNNModel
from .family import register_family
from .label_sequence_family import LabelSequenceFamily


@register_family
class CNNRNNFamily(LabelSequenceFamily):
    """CNN-RNN: the encoder of the CNN, and a decoder."""

    systems = {"cnn-rnn": {}}
    config_class = CNNRNNConfig
    model_classes = {AutoModel: CNNRNNModel, AutoModelForSequenceClassification: CNNRNNForSequenceClassification}

    train_embeddings: bool = field(default=True, metadata={"help": "Train the word vectors too."})
