# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Inference in bfloat16, where the processor has it."""

import torch
from transformers import PreTrainedModel
from transformers.utils import ModelOutput

from ..errors import UserInputError
from ..hub.export_record import is_exported
from ..trainer.bfloat16 import bfloat16_instructions
from .progress import logger

DTYPES = ("float32", "bfloat16")


def check_dtype(dtype: str, name_or_path: str) -> None:
    """Check that a model can run in a data type here, and say by which instructions.

    Args:
        dtype (`str`): One of `DTYPES`.
        name_or_path (`str`): Folder or Hub id of the model.

    Raises:
        UserInputError: The processor has no instructions for bfloat16, whose emulation takes a hundred times as long
            as float32; or the folder is an export, whose data types are fixed.
    """
    if dtype == "float32":
        return
    if is_exported(name_or_path):
        raise UserInputError(f"--dtype {dtype}: {name_or_path} is an export, whose data types are fixed; leave it out")
    if torch.accelerator.current_accelerator(check_available=True) is not None:
        return
    found = bfloat16_instructions()
    if not found:
        raise UserInputError(
            f"--dtype {dtype}: this processor has no instructions for it (such as avx512_bf16 or amx_bf16), and would "
            "take far longer than in float32; leave it out"
        )
    logger.info(f"--dtype {dtype}: by the processor's {', '.join(found)}")


class AutocastClassifier:
    """A classifier that multiplies matrices in bfloat16, and is called as itself.

    Args:
        model (`PreTrainedModel`): A classifier.
    """

    def __init__(self, model: PreTrainedModel) -> None:
        self._model = model
        self.config = model.config
        self.device = model.device

    def __call__(self, **inputs: torch.Tensor) -> ModelOutput:
        with torch.autocast(self.device.type, torch.bfloat16):
            return self._model(**inputs)
