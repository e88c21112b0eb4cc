# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Whether this processor computes in bfloat16: without instructions for it, torch takes ten times as long or fails."""

import torch


def bfloat16_instructions() -> list[str]:
    """Return the names of the processor's instructions for bfloat16, such as `avx512_bf16`; none if it has none."""
    return [name for name, has in torch.cpu.get_capabilities().items() if "bf16" in name and has]
