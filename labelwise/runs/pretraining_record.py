# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The metrics of the pre-training that a model comes from."""

import json
from pathlib import Path
from typing import Any

from transformers import PreTrainedConfig
from transformers.trainer import TRAINER_STATE_NAME

from ..errors import UserInputError
from ..families import FAMILIES
from .results import load_results


def read_last_metrics(pretraining: Path) -> dict[str, Any]:
    """Return the last metrics of a finished pre-training, from its folder.

    Raises:
        UserInputError: The record is corrupted.
    """
    path = pretraining / TRAINER_STATE_NAME
    try:
        return json.loads(path.read_text("utf-8"))["log_history"][-1]
    except (ValueError, TypeError, LookupError) as error:
        raise UserInputError(f"{path} is corrupted ({error}); delete it, or restore it") from error


def pretraining_of(source: Path, config: PreTrainedConfig) -> dict[str, Any] | None:
    """Return the metrics of the pre-training that a checkpoint comes from.

    Args:
        source (`Path`): Its folder, or a Hub id.
        config (`PreTrainedConfig`): Its configuration.

    Returns:
        `dict`: The metrics, empty where they were not kept; `None` where there is no sign of a pre-training.
    """
    if FAMILIES[config.model_type].is_pretrained_only(config):
        return read_last_metrics(source) if (source / TRAINER_STATE_NAME).is_file() else {}
    results = load_results(source)
    return results and results["pretraining"]
