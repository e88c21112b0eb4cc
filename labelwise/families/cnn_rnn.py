# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model cnn-rnn`: shape of a new model."""

from dataclasses import dataclass, field

from labelwise import CNNRNNConfig, CNNRNNForSequenceClassification
from labelwise.families.cnn import Arguments as CNNArguments
from labelwise.families.label_sequence_family import LabelSequenceArguments
from labelwise.runs.options import check_numbers


@dataclass
class Arguments(CNNArguments, LabelSequenceArguments):
    """Options of CNN-RNN: those of the CNN, and its decoder's."""

    decoder_hidden_size: int = field(default=512, metadata={"help": "Width of the LSTM over the labels."})

    config_class = CNNRNNConfig
    classifier_class = CNNRNNForSequenceClassification

    def __post_init__(self):
        super().__post_init__()
        check_numbers(self, ["decoder_hidden_size"], lambda number: number > 0, "above 0")
