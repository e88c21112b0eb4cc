# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
from .configuration_lw_lstm import LWLSTMConfig

__all__ = ["LWLSTMConfig"]
