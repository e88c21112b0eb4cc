# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Checks of single training arguments, before the library reads them: types, names, ranges, JSON."""

import json
import math
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from numbers import Integral, Real
from types import NoneType, UnionType
from typing import Any, get_args, get_type_hints

import numpy as np
from transformers import SchedulerType, TrainingArguments
from transformers.trainer_utils import IntervalStrategy, SaveStrategy
from transformers.training_args import OptimizerNames, trainer_log_levels

from ..errors import UserInputError

# The optimizers that need no other library, and the settings that `optim_args` can give them. `weight_decay` is an
# argument of its own, which goes before one in `optim_args`.
OPTIMIZERS = {
    "adamw_torch": (),
    "adamw_torch_fused": (),
    "adafactor": (),
    "sgd": ("momentum", "dampening", "nesterov"),
    "adagrad": ("lr_decay", "eps"),
    "rmsprop": ("momentum", "alpha", "eps", "centered"),
}

_NAMES: dict[str, list[Any]] = {
    "eval_strategy": [part.value for part in IntervalStrategy],
    "logging_strategy": [part.value for part in IntervalStrategy],
    "save_strategy": [part.value for part in SaveStrategy],
    "lr_scheduler_type": [part.value for part in SchedulerType],
    "log_level": [*trainer_log_levels],
    "train_sampling_strategy": ["random", "sequential", "group_by_length", "batch_rebalance"],
    "include_num_input_tokens_seen": ["all", "non_padding", "no", True, False],
}

_RANGES: list[tuple[str, Callable[[float], bool], tuple[str, ...]]] = [
    (
        "> 0 and finite",
        lambda number: 0 < number < math.inf,
        (
            "gradient_accumulation_steps",
            "num_train_epochs",
            "learning_rate",
            "adam_epsilon",
            "logging_steps",
            "eval_steps",
            "save_steps",
            "save_total_limit",
            "eval_accumulation_steps",
            "ddp_timeout",
            "neftune_noise_alpha",
        ),
    ),
    (
        ">= 0 and finite",
        lambda number: 0 <= number < math.inf,
        ("weight_decay", "max_grad_norm"),
    ),
    (
        "> 0 and < 2**31",
        lambda number: 0 < number < 2**31,
        ("per_device_train_batch_size", "per_device_eval_batch_size"),
    ),
    # As many batches of each process are made before the first step.
    ("> 0 and <= 1024", lambda number: 0 < number <= 1024, ("dataloader_prefetch_factor",)),
    # Each is a process.
    (">= 0 and <= 256", lambda number: 0 <= number <= 256, ("dataloader_num_workers",)),
    (">= 0 and < 1", lambda number: 0 <= number < 1, ("adam_beta1", "adam_beta2", "label_smoothing_factor")),
    (
        ">= 0, and whole if > 1",
        lambda number: 0 <= number < math.inf and (number < 1 or number == int(number)),
        ("warmup_steps",),
    ),
    ("> 0, or -1 for --num_train_epochs", lambda number: number > 0 or number == -1, ("max_steps",)),
    (">= 0 and < 2**32", lambda number: 0 <= number < 2**32, ("seed", "data_seed")),
]


def check_finite_numbers(given: Mapping[str, Any]) -> None:
    """Check that no option is infinite, not a number or too large for torch, nor a number in a list.

    Args:
        given (`Mapping[str, Any]`): Options by name.

    Raises:
        UserInputError: One is.
    """
    for name, value in given.items():
        for number in value if isinstance(value, list | tuple) else [value]:
            if isinstance(number, float) and not math.isfinite(number):
                raise UserInputError(f"--{name} {number}: must be a finite number")
            if isinstance(number, int) and abs(number) > sys.maxsize:
                raise UserInputError(f"--{name} {number}: must be < 2**63")


def check_types(options: Any) -> None:
    """Check that options that are numbers or truth values are of their types; `None` was not given.

    Args:
        options: A dataclass of options.

    Raises:
        UserInputError: One is not, such as text in place of a number.
    """
    hints = get_type_hints(type(options))  # the library's parser of commands simplifies `Field.type` in place
    for name in (part.name for part in fields(options)):
        value, hint = getattr(options, name), hints[name]
        kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
        if value is not None and {*kinds} <= {bool, int, float, NoneType} and not _has_type(value, kinds):
            expected = "True or False" if bool in kinds else "a number" if float in kinds else "a whole number"
            raise UserInputError(f"--{name} {value!r}: must be {expected}")


def check_arguments(args: TrainingArguments) -> None:
    """Check arguments one by one, and read those that are JSON.

    Args:
        args (`TrainingArguments`): The arguments as they were given, of their types; not yet converted by the library.

    Raises:
        UserInputError: One is no known name, out of range, or no JSON object.
    """
    for name, known in _NAMES.items():
        if getattr(args, name) not in known:
            raise UserInputError(f"--{name} {getattr(args, name)}: must be one of {', '.join(map(str, known))}")
    if args.optim not in [*OptimizerNames]:
        raise UserInputError(unknown_optimizer(args.optim))
    for expected, is_valid, names in _RANGES:
        for name in names:
            value = getattr(args, name)
            if value is not None and not is_valid(value):
                raise UserInputError(f"--{name} {value}: must be {expected}")
    check_finite_numbers(vars(args))  # the others
    args.lr_scheduler_kwargs = _read_json("lr_scheduler_kwargs", args.lr_scheduler_kwargs)


class NotGiven(int):
    """A default that `dataclasses.replace` passes on like a number that was given, and that is told from it."""


def check_batches(args: TrainingArguments) -> None:
    """Check that nothing is said of batches of documents where `tokens_per_batch` is given.

    Args:
        args (`MultiLabelTrainingArguments`): The arguments as they were given.

    Raises:
        UserInputError: Something is.
    """
    if args.tokens_per_batch is None:
        return
    for name, default in (("per_device_train_batch_size", None), ("train_sampling_strategy", "random")):
        value = getattr(args, name)
        if value != default and not isinstance(value, NotGiven):
            raise UserInputError(
                f"--{name} {value}: --tokens_per_batch {args.tokens_per_batch} makes the batches; leave one of them out"
            )


def _has_type(value: Any, kinds: tuple[Any, ...]) -> bool:
    """Return whether a value is a number or a truth value of one of the types, of Python or of numpy."""
    if isinstance(value, bool | np.bool_):
        return bool in kinds
    return (int in kinds and isinstance(value, Integral)) or (float in kinds and isinstance(value, Real))


def unknown_optimizer(name: str) -> str:
    """Return the error of an optimizer that is none of `OPTIMIZERS`."""
    return f"--optim {name}: must be one of {', '.join(OPTIMIZERS)}"


def _read_json(name: str, value: str | dict | None) -> dict | None:
    try:
        read = json.loads(value) if isinstance(value, str) else value
        json.dumps(read, allow_nan=False)  # the library would write them to the state of the training
    except (ValueError, TypeError) as error:
        raise UserInputError(f"--{name} {value}: is not valid JSON ({error})") from error
    if not isinstance(read, dict | None):
        raise UserInputError(f'--{name} {value}: must be a JSON object, such as {{"power": 2}}')
    return read
