# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Checks of training arguments together, and against the machine, before any data is read.

`trainer/argument_checks.py` checks each for itself, `trainer/refused_arguments.py` has those that are no options.
"""

import json
import math
from collections.abc import Callable
from dataclasses import MISSING, fields
from enum import Enum
from typing import Any

import torch
from transformers import AutoModelForSequenceClassification, Trainer, get_scheduler
from transformers.integrations import get_reporting_integration_callbacks
from transformers.training_args import ParallelMode

from ..errors import UserInputError
from ..families import Family
from ..trainer.argument_checks import OPTIMIZERS, unknown_optimizer
from ..trainer.negatives import check_negatives
from ..trainer.training_arguments import CommonTrainingArguments

# Schedules that have no warm-up, and those that have no other settings.
_WITHOUT_WARMUP = ("constant", "reduce_lr_on_plateau", "greedy")
_WITHOUT_SETTINGS = ("constant", "constant_with_warmup")
_FLAGS = {"nesterov", "centered"}


def _compares(args: CommonTrainingArguments) -> bool:
    """Return whether evaluations are compared by `metric_for_best_model`."""
    schedules = ("reduce_lr_on_plateau", "greedy")
    return args.load_best_model_at_end or args.save_strategy == "best" or args.lr_scheduler_type in schedules


# Options without effect unless a condition is met, which the last part says.
_NEEDS: list[tuple[tuple[str, ...], Callable[[Any], bool], str]] = [
    (("eval_steps",), lambda args: args.eval_strategy == "steps", "--eval_strategy steps"),
    (("save_steps",), lambda args: args.save_strategy == "steps", "--save_strategy steps"),
    (("logging_steps",), lambda args: args.logging_strategy == "steps", "--logging_strategy steps"),
    (("save_total_limit", "save_only_model"), lambda args: args.save_strategy != "no", "a --save_strategy but no"),
    (("metric_for_best_model", "greater_is_better"), _compares, "--load_best_model_at_end or --save_strategy best"),
    (
        ("adam_beta1", "adam_beta2", "adam_epsilon"),
        lambda args: args.optim.value.startswith("adamw"),
        "--optim adamw_torch or adamw_torch_fused",
    ),
    (("optim_args",), lambda args: OPTIMIZERS[args.optim], "--optim sgd, adagrad or rmsprop"),
    (
        ("warmup_steps",),
        lambda args: args.lr_scheduler_type not in _WITHOUT_WARMUP,
        f"an --lr_scheduler_type with a warm-up, which {', '.join(_WITHOUT_WARMUP)} are not",
    ),
    (
        ("lr_scheduler_kwargs",),
        lambda args: args.lr_scheduler_type not in _WITHOUT_SETTINGS,
        f"an --lr_scheduler_type with settings, which {' and '.join(_WITHOUT_SETTINGS)} are not",
    ),
    (("run_name",), lambda args: args.report_to, "--report_to"),
    (("fp16",), lambda args: args.device.type != "cpu", "a GPU; --bf16 works without one"),
    (("tf32",), lambda args: args.device.type != "cpu", "a GPU"),
    (
        ("ddp_timeout",),
        lambda args: args.parallel_mode == ParallelMode.DISTRIBUTED,
        "several processes, started by `accelerate launch` or `torchrun`",
    ),
]


def check_training_arguments(args: CommonTrainingArguments, publishes: bool = False) -> None:
    """Check what `Trainer` would check only after everything has been read, or not at all.

    Args:
        args (`CommonTrainingArguments`): The arguments.
        publishes (`bool`, *optional*, defaults to `False`): Whether the finished model is published.

    Raises:
        UserInputError: An option has no effect with the others, does not fit them, or needs what is not installed.
    """
    if args.optim not in OPTIMIZERS:
        raise UserInputError(unknown_optimizer(args.optim.value))
    given = _given(args)
    for names, is_met, told in _NEEDS:
        if not is_met(args):
            _refuse(args, given.intersection(names), told)
    if not publishes:
        _refuse(args, given & {"hub_model_id", "hub_private_repo", "hub_revision"}, "--push_to_hub")
    if "learning_rate_decay" in given:
        schedule = given & {"lr_scheduler_type", "lr_scheduler_kwargs", "warmup_steps"}
        _refuse(args, schedule, "--learning_rate_decay 1, as others replace the schedule")
    _check_best_model(args)
    _check_optimizer(args)
    _check_schedule(args)
    try:
        for callback in get_reporting_integration_callbacks(args.report_to):
            callback()
    except (ValueError, RuntimeError) as error:
        raise UserInputError(f"--report_to: {error}") from error


def check_head_learning_rate(args: CommonTrainingArguments, model_args: Family) -> None:
    """Check that `head_learning_rate` has something pretrained below it that is trained, at `learning_rate`; without,
    what has a head rate by default trains at that one, and the others at `learning_rate`.

    Raises:
        UserInputError: One of the rates has no effect.
    """
    rate = args.head_learning_rate
    if rate is None:
        return
    if not model_args.starts_pretrained:
        raise UserInputError(
            f"--head_learning_rate {rate}: --model {model_args.system} is new, and all of it learns at "
            "--learning_rate; leave it out, or start from a checkpoint by --model_name_or_path"
        )
    if model_args.trains_encoder:
        return
    if type(args).head_learning_rate is None:
        raise UserInputError(
            f"--head_learning_rate {rate}: --freeze_encoder trains the classifier only, at --learning_rate; leave "
            "one of them out"
        )
    if "learning_rate" in _given(args):
        raise UserInputError(
            f"--learning_rate {args.learning_rate}: the encoder is not fine-tuned, and what is above it learns at "
            "--head_learning_rate; leave it out"
        )


def check_sampled_negatives(args: CommonTrainingArguments, model_args: Family) -> None:
    """Check that a new model can be trained on sampled negatives, if there are any; the trainer checks a checkpoint's.

    Raises:
        UserInputError: As `check_negatives`.
    """
    if model_args.model_name_or_path is None:
        model_class = model_args.model_classes[AutoModelForSequenceClassification]
        check_negatives(args.negatives, args.loss, model_class, model_args.draft_config)


def _given(args: CommonTrainingArguments) -> set[str]:
    """Return the names of the arguments whose value is not the default."""
    defaults = {
        part.name: part.default if part.default_factory is MISSING else part.default_factory() for part in fields(args)
    }
    if args.eval_strategy == "steps":  # by default those of logging
        defaults["eval_steps"] = args.eval_steps
    defaults["greater_is_better"] = args.metrics.get((args.metric_for_best_model or "").removeprefix("eval_"))
    return {name for name, default in defaults.items() if getattr(args, name) != default}


def _refuse(args: CommonTrainingArguments, names: set[str], told: str) -> None:
    if names:
        name = min(names)
        value = getattr(args, name)
        raise UserInputError(f"--{name} {value.value if isinstance(value, Enum) else value}: needs {told}")


def _check_best_model(args: CommonTrainingArguments) -> None:
    metric = args.metric_for_best_model
    if metric is not None and metric.removeprefix("eval_") not in args.metrics:
        raise UserInputError(f"--metric_for_best_model {metric}: must be one of {', '.join(args.metrics)}")
    if args.eval_strategy == "no" and (args.load_best_model_at_end or args.save_strategy == "best"):
        name = "save_strategy best" if args.save_strategy == "best" else "load_best_model_at_end true"
        raise UserInputError(
            f"--{name}: needs --eval_strategy steps or epoch; set it, or pass --load_best_model_at_end false"
        )
    if args.load_best_model_at_end and args.save_strategy == "steps" and args.save_steps != args.eval_steps:
        raise UserInputError(
            f"--save_steps {args.save_steps}: must be --eval_steps, {args.eval_steps}, for --load_best_model_at_end: "
            "the best model must be among those that are saved"
        )


def _check_optimizer(args: CommonTrainingArguments) -> None:
    known = OPTIMIZERS[args.optim]
    for setting in args.optim_args.replace(" ", "").split(",") if args.optim_args else ():
        name, is_pair, value = setting.partition("=")
        if not is_pair or name not in known:
            raise UserInputError(
                f"--optim_args {args.optim_args}: must be NAME=VALUE, with commas between several; for --optim "
                f"{args.optim.value}, the names are {', '.join(known)}"
            )
        if name not in _FLAGS and not _is_finite(value):
            raise UserInputError(f"--optim_args {args.optim_args}: {name} must be a finite number")
        if name in _FLAGS and value.lower() not in ("true", "false"):
            raise UserInputError(f"--optim_args {args.optim_args}: {name} must be true or false")
    try:
        _make_optimizer(args)
    except (ValueError, TypeError) as error:
        given = f"optim_args {args.optim_args}" if args.optim_args else f"optim {args.optim.value}"
        raise UserInputError(f"--{given}: {error}") from error


def _is_finite(number: str) -> bool:
    try:
        return math.isfinite(float(number))
    except ValueError:  # the optimizer says what it is not
        return True


def _check_schedule(args: CommonTrainingArguments) -> None:
    settings = args.lr_scheduler_kwargs or {}
    try:
        get_scheduler(
            args.lr_scheduler_type,
            _make_optimizer(args),
            num_warmup_steps=0,
            num_training_steps=max(args.max_steps, 1000),
            scheduler_specific_kwargs=settings,
        )
    except (ValueError, TypeError, AttributeError) as error:
        given = f"--lr_scheduler_type {args.lr_scheduler_type.value} --lr_scheduler_kwargs {json.dumps(settings)}"
        raise UserInputError(f"{given}: {error}") from error


def _make_optimizer(args: CommonTrainingArguments) -> torch.optim.Optimizer:
    """Make the optimizer of a single weight, which fails as that of a model would."""
    kind, settings = Trainer.get_optimizer_cls_and_kwargs(args)
    return kind([torch.nn.Parameter(torch.zeros(1, device=args.device))], **settings)
