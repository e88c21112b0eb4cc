# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Defaults of a search for hyperparameters: what is searched, and what makes a trial the best one."""

from collections.abc import Callable
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from ..errors import UserInputError
from .training_arguments import MultiLabelTrainingArguments

if TYPE_CHECKING:
    import optuna

# Those of which the trainer, not a training, makes samplers, callbacks and folders.
_SET_BEFORE = ("output_dir", "tokens_per_batch", "early_stopping_patience", "max_minutes")
_BATCH_SIZES = (8, 16, 32, 64)


def make_search_space(args: MultiLabelTrainingArguments) -> Callable[["optuna.Trial"], dict[str, Any]]:
    """Return what is searched by default: a learning rate within a factor of 10 around the one of `args`, and 8, 16, 32
    or 64 documents per batch, unless batches are made of tokens.

    A seed is not searched: the best of several is better by luck. Nor are epochs, as the best one is kept anyway.
    """
    rate, by_tokens = args.learning_rate, args.tokens_per_batch is not None  # a trial changes `args`

    def choose(trial: "optuna.Trial") -> dict[str, Any]:
        chosen = {"learning_rate": trial.suggest_float("learning_rate", rate / 10, rate * 10, log=True)}
        if not by_tokens:
            name = "per_device_train_batch_size"
            chosen[name] = trial.suggest_categorical(name, _BATCH_SIZES)
        return chosen

    return choose


def make_objective(args: MultiLabelTrainingArguments) -> Callable[[dict[str, float]], float]:
    """Return a function from the metrics of an evaluation to the one that chooses the best epoch."""
    name = (args.metric_for_best_model or "micro_f1_plus_macro_f1").removeprefix("eval_")
    return lambda metrics: metrics[f"eval_{name}"]


def check_hyperparameters(chosen: dict[str, Any], args: MultiLabelTrainingArguments) -> dict[str, Any]:
    """Return the settings of a trial, after a check that the trial can change them.

    Args:
        chosen (`dict[str, Any]`): Settings by name.
        args (`MultiLabelTrainingArguments`): The settings of all trials.

    Raises:
        UserInputError: They are no dictionary; one is no setting, or is read before the trials begin, or of batches of
            documents where `tokens_per_batch` makes them.
    """
    if not isinstance(chosen, dict):
        raise UserInputError(f"hp_space: must return a dictionary of settings by name, not {chosen!r}")
    names = {part.name for part in fields(args)}
    for name in chosen:
        if name not in names:
            raise UserInputError(
                f"hp_space: {name} is no setting of {type(args).__name__}; choose settings of the model in "
                "model_init(trial)"
            )
        if name in _SET_BEFORE:
            raise UserInputError(f"hp_space: {name} is the same in all trials; set it in {type(args).__name__}")
        if name == "per_device_train_batch_size" and args.tokens_per_batch is not None:
            raise UserInputError(
                f"hp_space: {name} has no effect, as tokens_per_batch {args.tokens_per_batch} makes the batches; leave "
                "it out"
            )
    return chosen
