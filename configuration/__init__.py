# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
from .configuration_cnn import CNNConfig
from .configuration_cnn_rnn import CNNRNNConfig
from .configuration_han_lg import HANLGConfig
from .configuration_lm_mtc import LMMTCConfig
from .configuration_lw_encoder import LabelWiseEncoderConfig
from .configuration_lw_lstm import LWLSTMConfig
from .configuration_magnet import MAGNETConfig
from .configuration_reg_lstm import RegLSTMConfig
from .configuration_sgm import SGMConfig
from .configuration_static import StaticConfig
from .configuration_tfidf_linear import TfidfLinearConfig

__all__ = [
    "CNNConfig",
    "CNNRNNConfig",
    "HANLGConfig",
    "LMMTCConfig",
    "LWLSTMConfig",
    "LabelWiseEncoderConfig",
    "MAGNETConfig",
    "RegLSTMConfig",
    "SGMConfig",
    "StaticConfig",
    "TfidfLinearConfig",
]
