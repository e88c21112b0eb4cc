# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The size of a new model, which is known before any of its weights is made."""

import math
from collections.abc import Callable

import psutil
import torch
from transformers import PreTrainedModel

from ..errors import UserInputError

# No model has more; a thousand times as many would take hours to build, however narrow they are.
MAX_LAYERS = 1000


def check_size(make_model: Callable[[], PreTrainedModel]) -> None:
    """Check that the weights of a new model fit into the memory of the machine.

    Args:
        make_model (`Callable`): Function that makes the model; nothing is allocated here.

    Raises:
        UserInputError: They do not fit.
    """
    try:
        with torch.device("meta"):
            size = sum(weight.nbytes for weight in make_model().parameters())
    except (RuntimeError, TypeError):  # more numbers than torch can count
        size = math.inf
    memory = psutil.virtual_memory().total
    if size > memory:
        needed = "more than torch can count" if size == math.inf else f"{size / 2**30:,.0f} GB"
        raise UserInputError(
            f"the weights of this model need {needed}, and the memory of this machine has {memory / 2**30:,.0f} GB; "
            "lower the sizes of the model"
        )
