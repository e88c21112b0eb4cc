# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
from .configuration_lm_mtc import LMMTCConfig
from .configuration_lw_lstm import LWLSTMConfig

__all__ = ["LMMTCConfig", "LWLSTMConfig"]
