# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Random numbers of collators that a resumed training draws again."""

import zlib
from typing import Any

import torch
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments


class SeededCollator:
    """A collator whose random numbers depend on seed, epoch and batch alone, once `set_epoch` was called.

    A data loader collates ahead of the training, in workers even far ahead: a checkpoint has the state of torch's
    generator after the masks of later batches, and a resumed training would draw others. Batches of an epoch with the
    same tokens get the same masks.
    """

    _key: tuple[int, int] | None = None

    def set_epoch(self, seed: int, epoch: int) -> None:
        """Draw from the seed and the epoch from now on; without this, from torch's generator."""
        self._key = (seed, epoch)

    def generator_of(self, input_ids_BT: torch.Tensor) -> torch.Generator | None:
        """Return the generator of a batch, before anything is masked; `None` for torch's own."""
        if self._key is None:
            return None
        seed = zlib.crc32(input_ids_BT.numpy().tobytes(), zlib.crc32(repr(self._key).encode()))
        return torch.Generator().manual_seed(seed)


class SeedCollator(TrainerCallback):
    """A callback that tells a `SeededCollator` the seed of the data and the epoch."""

    def __init__(self, collator: SeededCollator) -> None:
        self.collator = collator

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        seed = args.seed if args.data_seed is None else args.data_seed
        self.collator.set_epoch(seed, int(state.epoch or 0))  # a resumed epoch begins within itself
