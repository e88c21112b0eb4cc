# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Loading of checkpoints that may be corrupted: one line says so, whatever the libraries raise."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from transformers import Trainer

from ..errors import UserInputError


@contextmanager
def refuse_corrupted(checkpoint: str | Path) -> Iterator[None]:
    """Turn any error of reading a checkpoint into one `UserInputError`. Pickles other than tensors are errors too."""
    try:
        yield
    except UserInputError:
        raise
    # For truncated, tampered or foreign files, the libraries raise a dozen unrelated types.
    except Exception as error:
        why = str(error).partition("\n")[0].partition(". ")[0]
        raise UserInputError(
            f"--resume: {checkpoint} is corrupted ({why}); delete it to resume from the checkpoint before it, or pass "
            "--overwrite to start again"
        ) from error


class CheckpointLoading(Trainer):
    """A `Trainer` that refuses corrupted checkpoints, and those of other parameters.

    Raises:
        UserInputError: The checkpoint that a training resumes from is one of these.
    """

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
