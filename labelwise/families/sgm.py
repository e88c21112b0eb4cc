# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""SGM, SGM+GE (Yang et al., 2018) and set-RNN (Qin et al., 2019)."""

from transformers import AutoModel, AutoModelForSequenceClassification

from ..configuration.configuration_sgm import SGMConfig
from ..modeling.modeling_sgm import SGMForSequenceClassification, SGMModel
from .family import register_family
from .label_sequence_family import LabelSequenceFamily


@register_family
class SGMFamily(LabelSequenceFamily):
    """SGM and set-RNN; the widths are SGM's on RCV1-V2."""

    systems = {
        "sgm": {"objective": "sequence", "global_embedding": False},
        "sgm-ge": {"objective": "sequence", "global_embedding": True},
        "set-rnn": {"objective": "set", "global_embedding": False},
    }
    config_class = SGMConfig
    model_classes = {AutoModel: SGMModel, AutoModelForSequenceClassification: SGMForSequenceClassification}
