# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Checkpoints that are corrupted, or whose folder is gone: one line says so, whatever the libraries raise."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from torch import nn
from transformers import Trainer
from transformers.trainer_utils import TrainOutput

from ..errors import UserInputError, is_of_the_machine


@contextmanager
def refuse_corrupted(checkpoint: str | Path) -> Iterator[None]:
    """Turn any error of reading a checkpoint into one `UserInputError`. Pickles other than tensors are errors too.

    Errors of the machine stay as they are: the checkpoint may be good, and nobody should delete it.
    """
    if not os.path.isdir(checkpoint):
        raise UserInputError(f"there is no checkpoint {checkpoint} to resume from")
    try:
        yield
    except UserInputError:
        raise
    # For truncated, tampered or foreign files, the libraries raise a dozen unrelated types.
    except Exception as error:
        if is_of_the_machine(error):
            raise
        if "size mismatch" in str(error):
            first = str(error).partition("size mismatch for ")[2].partition("\n")[0]
            raise UserInputError(f"the checkpoint {checkpoint} belongs to a model of other sizes ({first})") from error
        why = str(error).partition("\n")[0].partition(". ")[0]
        raise UserInputError(
            f"--resume: {checkpoint} is corrupted ({why}); delete it to resume from the checkpoint before it, or pass "
            "--overwrite to start again"
        ) from error


class SafeCheckpoints(Trainer):
    """A `Trainer` that refuses corrupted checkpoints and those of other parameters, makes no further step of a training
    that is over, and stops when the output folder, with the earlier checkpoints, is gone.

    Raises:
        UserInputError: The checkpoint that a training resumes from is one of these, or the output folder was deleted or
            replaced before a checkpoint was saved.
    """

    def _find_folder(self) -> os.stat_result | None:
        try:
            return os.stat(self.args.output_dir)
        except FileNotFoundError:  # only the process that saves makes it
            return None

    def _inner_training_loop(self, *args: Any, **kwargs: Any) -> TrainOutput:
        if self.args.should_save:  # `--overwrite` deletes the folders of the old run, once trainers are made
            os.makedirs(self.args.output_dir, exist_ok=True)
        self._folder = self._find_folder()
        return super()._inner_training_loop(*args, **kwargs)

    def _run_epoch(self, *args: Any, **kwargs: Any) -> None:
        if not self.control.should_training_stop:  # a callback may stop a resumed training as it begins
            super()._run_epoch(*args, **kwargs)

    def _save_checkpoint(self, model: nn.Module, trial: Any) -> None:
        found = self._find_folder()
        if self.args.should_save and not (found and os.path.samestat(found, self._folder)):
            raise UserInputError(
                f"--output_dir {self.args.output_dir}: the folder was deleted or replaced during training; train again"
            )
        super()._save_checkpoint(model, trial)

    def _load_from_checkpoint(self, resume_from_checkpoint: str, *args: Any, **kwargs: Any) -> None:
        with refuse_corrupted(resume_from_checkpoint):
            super()._load_from_checkpoint(resume_from_checkpoint, *args, **kwargs)

    def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
        with refuse_corrupted(checkpoint):
            try:
                super()._load_optimizer_and_scheduler(checkpoint)
            except ValueError as error:  # other groups of parameters
                raise UserInputError(
                    f"{checkpoint} was trained with other parameters or another --head_learning_rate ({error}); resume "
                    "it with its own options"
                ) from error

    def _load_rng_state(self, checkpoint: str | None) -> None:
        with refuse_corrupted(checkpoint):
            super()._load_rng_state(checkpoint)
