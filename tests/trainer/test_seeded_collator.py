# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Random numbers of collators that a resumed training draws again."""

import torch
from transformers import TrainerControl, TrainerState, TrainingArguments

from labelwise.trainer.seeded_collator import SeedCollator, SeededCollator

IDS = torch.arange(6).view(2, 3)


def draw(collator: SeededCollator, input_ids: torch.Tensor = IDS) -> list[float]:
    return torch.rand(4, generator=collator.generator_of(input_ids)).tolist()


def test_numbers_follow_from_seed_epoch_and_batch() -> None:
    collator = SeededCollator()
    collator.set_epoch(42, 0)
    first = draw(collator)
    assert draw(collator) == first != draw(collator, IDS + 1)
    for seed, epoch in ((42, 1), (43, 0)):
        collator.set_epoch(seed, epoch)
        assert draw(collator) != first
    collator.set_epoch(42, 0)
    assert draw(collator) == first


def test_torchs_generator_without_an_epoch() -> None:
    torch.manual_seed(0)
    expected = torch.rand(4).tolist()
    torch.manual_seed(0)
    assert draw(SeededCollator()) == expected


def test_the_callback(tmp_path) -> None:
    """A resumed epoch begins within itself; `data_seed` comes before `seed`."""
    collator, expected = SeededCollator(), SeededCollator()
    args = TrainingArguments(str(tmp_path), seed=1, data_seed=7)
    SeedCollator(collator).on_epoch_begin(args, TrainerState(epoch=2.4), TrainerControl())
    expected.set_epoch(7, 2)
    assert draw(collator) == draw(expected)
