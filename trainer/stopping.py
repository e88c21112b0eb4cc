# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What ends a training before its last step: validation that gets no better, or the time."""

import logging
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from accelerate.utils import broadcast_object_list
from torch.optim.lr_scheduler import LambdaLR, LRScheduler
from torch.utils.data import DataLoader, Dataset
from transformers import EarlyStoppingCallback, TrainerCallback, TrainerControl, TrainerState, TrainingArguments
from transformers.trainer_callback import ExportableState
from transformers.trainer_utils import IntervalStrategy, has_length

from ..errors import UserInputError

logger = logging.getLogger(__name__)

# Share of the time after which it is known whether all steps fit in.
_TRIAL = 0.05
# A forward and a backward pass take about as long as three forward passes.
_EVALUATION_SPEEDUP = 3


class EarlyStopping(EarlyStoppingCallback):
    """`EarlyStoppingCallback` that waits for a first label: F1 is 0 until a probability passes the threshold.

    Each training starts to count anew, as the trials of a hyperparameter search share their callbacks.
    """

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        super().on_train_begin(args, state, control, **kwargs)
        if state.global_step == 0:  # not a resumed one
            self.early_stopping_patience_counter = 0

    def check_metric_value(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, metric_value: float
    ) -> None:
        if metric_value != 0:
            super().check_metric_value(args, state, control, metric_value)

    @property
    def is_over(self) -> bool:
        """Whether the patience is."""
        return self.early_stopping_patience_counter >= self.early_stopping_patience


def count_evaluated(eval_dataset: Dataset | Mapping[str, Dataset] | None) -> int:
    """Return the number of documents of one evaluation, of all sets if there are several by name.

    Raises:
        UserInputError: A set has no length.
    """
    sets = list(eval_dataset.values()) if isinstance(eval_dataset, Mapping) else [eval_dataset]
    try:
        return sum(len(documents) for documents in sets if documents is not None)
    except TypeError as error:
        raise UserInputError(
            f"--max_minutes leaves time for evaluation, and its documents cannot be counted ({error}); give a dataset "
            "with a length, or leave it out"
        ) from error


class TimeLimit(TrainerCallback, ExportableState):
    """Stop a training in time to evaluate it, with the learning rate at the end of its schedule.

    After a twentieth of the time it is known whether all steps fit in. If they do, training is the same as without a
    limit. If not, the schedule of the learning rate follows the time instead of the steps. Checkpoints contain the time
    that was used, so that a resumed training has the rest. All processes follow the clock of the first one.

    Args:
        minutes (`float`): Time for training and evaluation.
        documents (`int`, *optional*, defaults to 0): Number of documents to evaluate after the last step.

    Attributes:
        preparation (`float`): Seconds that were used before training began.
        is_reached (`bool`): Whether the time was over before the last step.

    Example:

    ```python
    >>> trainer.add_callback(TimeLimit(minutes=10, documents=len(trainer.eval_dataset)))
    ```"""

    def __init__(self, minutes: float, documents: int = 0) -> None:
        self.minutes = minutes
        self.documents = documents
        self.preparation = 0.0
        self.is_reached = False
        self.progress = 0.0  # share of the time that was used
        self.follows_time: bool | None = None  # whether the schedule does; `None` before it is known
        self.training_seconds = 0.0  # those before this call of `train`, which begins now
        self._begun = time.monotonic()
        self.documents_per_second: float | None = None  # of evaluation, once it was measured
        self.knows_speed = False  # whether the evaluations of training do not measure it

    def count_encoding(self, documents: int, seconds: float) -> None:
        """Count the time in which a frozen encoder has read documents at the beginning of training.

        The evaluations of training read kept representations; those that follow read documents, at this speed.

        Args:
            documents (`int`): Number of documents; 0 if a resumed training found all representations.
            seconds (`float`): Time that it took.
        """
        self.knows_speed = True
        self.preparation += seconds
        self._begun += seconds
        if documents:
            self.documents_per_second = documents / seconds

    def state(self) -> dict:
        names = ("preparation", "progress", "follows_time", "documents_per_second")
        kept = {name: vars(self)[name] for name in names}
        return {"args": {"minutes": self.minutes}, "attributes": {**kept, "training_seconds": self._elapsed()}}

    def on_train_begin(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        lr_scheduler: LRScheduler | None = None,
        **kwargs: Any,
    ) -> None:
        self._begun, self._first = time.monotonic(), None
        if state.global_step == 0:  # a new training, such as the next trial of a hyperparameter search
            self.is_reached, self.progress, self.follows_time, self.training_seconds = False, 0.0, None, 0.0
        if isinstance(lr_scheduler, LambdaLR):
            lr_scheduler.lr_lambdas = [partial(self._schedule, old, state) for old in lr_scheduler.lr_lambdas]

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        train_dataloader: DataLoader,
        **kwargs: Any,
    ) -> TrainerControl:
        documents = args.train_batch_size * args.world_size
        if has_length(train_dataloader):  # batches of as many tokens have other numbers
            documents = len(train_dataloader.dataset) / len(train_dataloader)
        self._documents_per_step = documents * args.gradient_accumulation_steps
        self._measure(state)
        if self.follows_time is None and self.progress >= _TRIAL:
            self.follows_time = state.global_step / self.progress < state.max_steps
        self._stop_in_time(state, control)
        if self.is_reached and args.eval_strategy == IntervalStrategy.STEPS:  # else, the end of the epoch is evaluated
            control.should_evaluate = control.should_save = True
        return control

    def on_evaluate(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, metrics: dict, **kwargs: Any
    ) -> TrainerControl:
        if not self.knows_speed:
            (self.documents_per_second,) = [v for name, v in metrics.items() if name.endswith("_samples_per_second")]
        self._measure(state)
        self._stop_in_time(state, control)
        return control

    def _measure(self, state: TrainerState) -> None:
        """Measure the share of the time that was used, with what evaluation will take left out of it."""
        elapsed, available, evaluation = self._elapsed(), 60 * self.minutes - self.preparation, 0.0
        if self._first is None:
            self._first = (state.global_step, elapsed)
        if self.documents_per_second is not None:
            evaluation = self.documents / self.documents_per_second
        elif state.global_step > self._first[0] and elapsed >= _TRIAL * available:
            seconds_per_step = (elapsed - self._first[1]) / (state.global_step - self._first[0])
            evaluation = self.documents * seconds_per_step / (_EVALUATION_SPEEDUP * self._documents_per_step)
        if 0 < available <= evaluation and self.progress < 1 and state.is_world_process_zero:
            logger.warning(
                f"--max_minutes {self.minutes:g} leaves no more time for training: evaluating {self.documents:,} "
                f"documents takes about {evaluation / 60:.1f} minutes; give more minutes, or fewer documents to "
                "evaluate"
            )
        (self.progress,) = broadcast_object_list([elapsed / max(available - evaluation, 1e-6)])

    def _stop_in_time(self, state: TrainerState, control: TrainerControl) -> None:
        if self.progress >= 1 and state.global_step < state.max_steps:
            self.is_reached = control.should_training_stop = True

    def _elapsed(self) -> float:
        return self.training_seconds + time.monotonic() - self._begun

    def _schedule(self, schedule: Callable[[float], float], state: TrainerState, step: int) -> float:
        return schedule(max(step, min(self.progress, 1) * state.max_steps) if self.follows_time else step)
