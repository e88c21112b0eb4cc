# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
from .decoding import decode
from .modeling_lm_mtc import LMMTCForSequenceClassification, LMMTCModel, LMMTCPreTrainedModel
from .modeling_lw_lstm import (
    LWLSTMForPreTraining,
    LWLSTMForSequenceClassification,
    LWLSTMModel,
    LWLSTMPreTrainedModel,
)

__all__ = [
    "LMMTCForSequenceClassification",
    "LMMTCModel",
    "LMMTCPreTrainedModel",
    "LWLSTMForPreTraining",
    "LWLSTMForSequenceClassification",
    "LWLSTMModel",
    "LWLSTMPreTrainedModel",
    "decode",
]
