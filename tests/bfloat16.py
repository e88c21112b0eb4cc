# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A mark for tests that compute in bfloat16: torch's LSTM fails under autocast where the processor has none."""

import pytest
import torch

from labelwise.trainer.bfloat16 import bfloat16_instructions

HAS_BFLOAT16 = torch.accelerator.is_available() or bool(bfloat16_instructions())
needs_bfloat16 = pytest.mark.skipif(not HAS_BFLOAT16, reason="this processor has no instructions for bfloat16")
