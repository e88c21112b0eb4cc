# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The number of threads of a training on a CPU, by a short trial: beside other work, fewer may be faster."""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch.optim import Optimizer
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_callback import ExportableState

logger = logging.getLogger(__name__)

# How many times as fast fewer threads must be.
_SPEEDUP = 2.0
# Measurements of each number. Beside two busy processes, about half of them are good, others a hundred times slower.
_ROUNDS = 8
_SECONDS = 0.04


class ChooseThreads(TrainerCallback, ExportableState):
    """Train with all threads, or with fewer where these are clearly faster.

    The threads of an operation wait for the slowest one. Where other work takes its processor, they all wait, at each
    of the thousands of small operations of a training step. A trial at the beginning finds out. There is none on a GPU,
    with one thread, or with `OMP_NUM_THREADS` in the environment, which decides then.

    Other numbers of threads round otherwise. So the number is in the state of the trainer, and a resumed training takes
    it from there.

    Args:
        number (`int`, *optional*): The number of threads of the training to resume, from `kept_threads`.

    Example:

    ```python
    >>> trainer.add_callback(ChooseThreads(kept_threads(checkpoint)))
    >>> trainer.train(resume_from_checkpoint=checkpoint)
    ```"""

    def __init__(self, number: int | None = None) -> None:
        self.number = number

    def state(self) -> dict:
        return {"args": {"number": self.number}, "attributes": {}}

    def on_train_begin(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        optimizer: Optimizer | None = None,
        **kwargs: Any,
    ) -> None:
        if optimizer is None or args.device.type != "cpu":  # a linear model has no optimizer
            return
        available, override = torch.get_num_threads(), "set OMP_NUM_THREADS to choose yourself"
        if "OMP_NUM_THREADS" in os.environ:
            self.number = available
        elif self.number is not None and self.number <= available:
            if self.number < available:
                logger.warning(f"training resumes with its {self.number} of {available} threads; {override}")
        else:
            self.number, speedup = try_threads(available)
            if self.number < available:
                logger.warning(
                    f"training with {self.number} of {available} threads: in a short trial, its slowest step was "
                    f"{speedup:.1f} times as fast as with all, as happens when other programs run; {override}"
                )
        torch.set_num_threads(self.number)
        state.stateful_callbacks[type(self).__name__] = self.state()


def kept_threads(folder: Path) -> int | None:
    """Return the number of threads of a training, from a checkpoint or the folder of its results.

    Returns:
        `int`: The number; `None` if there is no such folder, or the number was not kept.
    """
    path = folder / TRAINER_STATE_NAME
    if not path.is_file():
        return None
    callbacks = TrainerState.load_from_json(str(path)).stateful_callbacks
    return callbacks.get(ChooseThreads.__name__, {}).get("args", {}).get("number")


@contextmanager
def threads_restored() -> Iterator[None]:
    """Restore the number of threads after a `with` block or a decorated function: it is one for the whole process."""
    number = torch.get_num_threads()
    try:
        yield
    finally:
        torch.set_num_threads(number)


def try_threads(available: int) -> tuple[int, float]:
    """Return the number of threads to train with, and how many times as fast as all they are.

    A number is as good as its slowest measurement: a training lasts through the bad moments too. On a quiet machine,
    all threads are faster than one at each moment, and no other number is tried.

    Args:
        available (`int`): Number of all threads.
    """
    if available == 1:
        return 1, 1.0
    rates = _slowest_rates([available, 1])
    if rates[available] >= rates[1]:
        return available, 1.0
    rates |= _slowest_rates([2**power for power in range(1, (available - 1).bit_length())])
    best = max(rates, key=rates.__getitem__)
    speedup = rates[best] / rates[available]
    return (best, speedup) if speedup >= _SPEEDUP else (available, 1.0)


def _slowest_rates(numbers: list[int]) -> dict[int, float]:
    """Return the slowest of some measurements of each number of threads, which take turns."""
    rounds = [[measure_rate(number) for number in numbers] for _ in range(_ROUNDS)]
    return {number: min(found) for number, *found in zip(numbers, *rounds, strict=True)}


def measure_rate(number: int) -> float:
    """Return the steps per second of work like a training's with a number of threads, which stays set."""
    torch.set_num_threads(number)
    step = _Work()
    step()  # starts the threads
    begun, steps = time.perf_counter(), 0
    while (elapsed := time.perf_counter() - begun) < _SECONDS:
        step()
        steps += 1
    return steps / elapsed


class _Work:
    """A step of a recurrent layer and a part of a larger product: little, as it may take a thousand times as long
    beside other work."""

    def __init__(self) -> None:
        # Constants: nothing may be drawn from the generator of the training.
        self.words, self.weight = torch.full((32, 128), 0.1), torch.full((128, 512), 0.1)
        self.rows, self.filters = torch.full((64, 512), 0.1), torch.full((512, 256), 0.1)

    @torch.no_grad()
    def __call__(self) -> None:
        torch.tanh(self.words @ self.weight)
        torch.relu(self.rows @ self.filters)
