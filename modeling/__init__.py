# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
from .modeling_cnn import CNNForSequenceClassification, CNNModel, CNNPreTrainedModel
from .modeling_cnn_rnn import CNNRNNForSequenceClassification, CNNRNNModel, CNNRNNPreTrainedModel
from .modeling_han_lg import HANLGForSequenceClassification, HANLGModel, HANLGPreTrainedModel
from .modeling_lm_mtc import LMMTCForSequenceClassification, LMMTCModel, LMMTCPreTrainedModel
from .modeling_lw_encoder import (
    LabelWiseEncoderForPreTraining,
    LabelWiseEncoderForSequenceClassification,
    LabelWiseEncoderModel,
    LabelWiseEncoderPreTrainedModel,
)
from .modeling_lw_lstm import (
    LWLSTMForPreTraining,
    LWLSTMForSequenceClassification,
    LWLSTMModel,
    LWLSTMPreTrainedModel,
)
from .modeling_magnet import MAGNETForSequenceClassification, MAGNETModel, MAGNETPreTrainedModel
from .modeling_reg_lstm import RegLSTMForSequenceClassification, RegLSTMModel, RegLSTMPreTrainedModel
from .modeling_sgm import SGMForSequenceClassification, SGMModel, SGMPreTrainedModel
from .modeling_static import StaticForSequenceClassification, StaticModel, StaticPreTrainedModel
from .modeling_tfidf_linear import (
    TfidfLinearForSequenceClassification,
    TfidfLinearModel,
    TfidfLinearPreTrainedModel,
)
from .thresholding import predict_labels

__all__ = [
    "CNNForSequenceClassification",
    "CNNModel",
    "CNNPreTrainedModel",
    "CNNRNNForSequenceClassification",
    "CNNRNNModel",
    "CNNRNNPreTrainedModel",
    "HANLGForSequenceClassification",
    "HANLGModel",
    "HANLGPreTrainedModel",
    "LMMTCForSequenceClassification",
    "LMMTCModel",
    "LMMTCPreTrainedModel",
    "LWLSTMForPreTraining",
    "LWLSTMForSequenceClassification",
    "LWLSTMModel",
    "LWLSTMPreTrainedModel",
    "LabelWiseEncoderForPreTraining",
    "LabelWiseEncoderForSequenceClassification",
    "LabelWiseEncoderModel",
    "LabelWiseEncoderPreTrainedModel",
    "MAGNETForSequenceClassification",
    "MAGNETModel",
    "MAGNETPreTrainedModel",
    "RegLSTMForSequenceClassification",
    "RegLSTMModel",
    "RegLSTMPreTrainedModel",
    "SGMForSequenceClassification",
    "SGMModel",
    "SGMPreTrainedModel",
    "StaticForSequenceClassification",
    "StaticModel",
    "StaticPreTrainedModel",
    "TfidfLinearForSequenceClassification",
    "TfidfLinearModel",
    "TfidfLinearPreTrainedModel",
    "predict_labels",
]
