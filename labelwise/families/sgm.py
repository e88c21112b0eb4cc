# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model sgm|sgm-ge|set-rnn`: shape of a new model."""

from dataclasses import dataclass, field

from labelwise import SGMConfig, SGMForSequenceClassification
from labelwise.families.label_sequence_family import LabelSequenceArguments
from labelwise.runs.options import check_numbers

# The settings of SGMConfig that make the models.
MODELS = {"sgm": {}, "sgm-ge": {"global_embedding": True}, "set-rnn": {"objective": "set"}}


@dataclass
class Arguments(LabelSequenceArguments):
    """Options of SGM, SGM+GE and set-RNN; the widths are SGM's on RCV1-V2."""

    embedding_size: int = field(default=512, metadata={"help": "Width of a word vector and of a label vector."})
    hidden_size: int = field(default=256, metadata={"help": "Width of the encoder's state per direction."})
    num_hidden_layers: int = field(default=2, metadata={"help": "Layers of the encoder."})

    config_class = SGMConfig
    classifier_class = SGMForSequenceClassification

    def __post_init__(self):
        super().__post_init__()
        check_numbers(self, ["hidden_size", "num_hidden_layers"], lambda number: number > 0, "above 0")

    def shape(self) -> dict:
        """The objective, and what is fed back."""
        return MODELS[self.model]
