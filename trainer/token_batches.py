# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training batches of as many tokens, rather than of as many documents."""

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import datasets
import numpy as np
import pyarrow.compute as pc
from torch.utils.data import DataLoader, Sampler
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer_utils import seed_worker

from ..errors import UserInputError

if TYPE_CHECKING:
    from .multi_label_trainer import MultiLabelTrainer


class TokenBatchSampler(Sampler[list[int]]):
    """Batches of documents of like length, each filled up to a number of tokens.

    Documents are sorted into buckets of like length: a length is rounded up to three binary digits behind the first, by
    at most an eighth. The documents of a bucket are shuffled, all buckets in a row are cut into batches, and the
    batches are shuffled. A batch has at most `tokens_per_batch` tokens, padding not counted, and little padding. Every
    epoch has the same number of batches.

    The batches of an epoch follow from the seed and `epoch` alone, so that a resumed training reads the same ones.

    Args:
        lengths_N (`np.ndarray` of shape `(documents,)`): Tokens of each document.
        tokens_per_batch (`int`): Most tokens of a batch.
        seed (`int`): Seed of both shuffles.

    Attributes:
        epoch (`int`): The epoch to draw; `NumberEpochs` sets it.

    Raises:
        UserInputError: A document has more tokens than a batch may have.
    """

    def __init__(self, lengths_N: np.ndarray, tokens_per_batch: int, seed: int) -> None:
        check_longest(lengths_N, tokens_per_batch)
        self.seed, self.epoch = seed, 0
        steps_N = 1 << np.maximum(np.frexp(lengths_N)[1] - 4, 0)
        self.buckets_N = np.minimum(-(-lengths_N // steps_N) * steps_N, tokens_per_batch)
        # The rounded lengths are in the same order in each epoch, so they are cut once.
        tokens_N = np.sort(self.buckets_N).cumsum()
        self.starts = [0]
        while True:
            start = self.starts[-1]
            end = int(np.searchsorted(tokens_N, tokens_per_batch + (tokens_N[start - 1] if start else 0), side="right"))
            if end == len(tokens_N):
                break
            self.starts.append(end)

    def __len__(self) -> int:
        return len(self.starts)

    def __iter__(self) -> Iterator[list[int]]:
        rng = np.random.default_rng([self.seed, self.epoch])
        order_N = np.lexsort((rng.random(len(self.buckets_N)), self.buckets_N))
        batches = np.split(order_N, self.starts[1:])
        return (batches[number].tolist() for number in rng.permutation(len(batches)))


class NumberEpochs(TrainerCallback):
    """Tell a `TokenBatchSampler` the epoch that begins, in a resumed training too.

    `Trainer` tells a sampler by itself, but not one that a resumed training with several processes has wrapped twice.

    Args:
        sampler (`TokenBatchSampler`): The sampler of the training.
    """

    def __init__(self, sampler: TokenBatchSampler) -> None:
        self.sampler = sampler

    def on_epoch_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        self.sampler.epoch = int(state.epoch or 0)


def check_longest(lengths_N: np.ndarray, tokens_per_batch: int) -> None:
    """Check that each document fits into a batch.

    Args:
        lengths_N (`np.ndarray` of shape `(documents,)`): Numbers of tokens, as of `count_tokens`.
        tokens_per_batch (`int`): Most tokens of a batch.

    Raises:
        UserInputError: A document has more tokens than a batch may have.
    """
    longest = int(lengths_N.max())
    if longest > tokens_per_batch:
        raise UserInputError(
            f"--tokens_per_batch {tokens_per_batch}: the longest document has {longest} tokens; use at least that"
        )


def count_tokens(documents: datasets.Dataset) -> np.ndarray:
    """Return the number of `input_ids` of each tokenized document, of shape `(documents,)`.

    Raises:
        ValueError: They are no `datasets.Dataset`, whose rows can be counted without being read.
    """
    if not isinstance(documents, datasets.Dataset):
        raise ValueError(f"tokens_per_batch needs a datasets.Dataset, not {type(documents).__name__}")
    table = documents.select_columns("input_ids").with_format("arrow")[:]
    return pc.list_value_length(table["input_ids"]).to_numpy().astype(np.int64)


def token_batch_loader(trainer: "MultiLabelTrainer", sampler: TokenBatchSampler) -> DataLoader:
    """Return the batches of an epoch; each process reads as many of them."""
    args, dataset = trainer.args, trainer.train_dataset
    if isinstance(dataset, datasets.Dataset):
        dataset = trainer._remove_unused_columns(dataset, description="training")
    loader = DataLoader(
        dataset,
        batch_sampler=sampler,
        collate_fn=trainer.train_data_collator,
        num_workers=args.dataloader_num_workers,
        prefetch_factor=args.dataloader_prefetch_factor,
        pin_memory=args.dataloader_pin_memory,
        worker_init_fn=partial(seed_worker, num_workers=args.dataloader_num_workers, rank=args.process_index),
    )
    return trainer.accelerator.prepare(loader)
