# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Losses and metrics during training, on standard error."""

import sys
from typing import Any

from transformers import ProgressCallback, Trainer, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer_callback import PrinterCallback

from .progress import logger


def report_on_standard_error(trainer: Trainer) -> None:
    """Make a trainer report on standard error, with a bar on a terminal; it writes its losses to standard output."""
    trainer.remove_callback(PrinterCallback)
    trainer.remove_callback(ProgressCallback)
    bar = sys.stderr.isatty() and not trainer.args.disable_tqdm
    trainer.add_callback(_BarAndLosses if bar else _Losses)


class _Losses(TrainerCallback):
    """Report losses and metrics as messages."""

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: dict[str, Any], **kwargs: Any
    ) -> None:
        if state.is_world_process_zero:
            logger.info(_describe(logs))


class _BarAndLosses(ProgressCallback):
    """Show a bar, with losses and metrics above it."""

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: dict[str, Any], **kwargs: Any
    ) -> None:
        if self.training_bar is not None:
            self.training_bar.write(_describe(logs), file=sys.stderr)


def _describe(logs: dict[str, Any]) -> str:
    numbers = {name: value for name, value in logs.items() if name != "total_flos"}
    texts = {name: f"{value:.4g}" if isinstance(value, float) else value for name, value in numbers.items()}
    return ", ".join(f"{name} {text}" for name, text in texts.items())
