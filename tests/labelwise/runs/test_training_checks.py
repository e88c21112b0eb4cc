# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training arguments that do not fit each other, or the machine; refused before anything is read."""

import importlib.util

import pytest
import torch

from labelwise import (
    LinearTrainingArguments,
    LMMTCTrainingArguments,
    MultiLabelClassifier,
    MultiLabelTrainingArguments,
)
from labelwise.errors import UserInputError
from labelwise.families import FAMILIES
from labelwise.runs.training_checks import check_training_arguments
from labelwise.trainer.masked_lm_arguments import MaskedLMTrainingArguments

NO_SAVES = {"eval_strategy": "no", "save_strategy": "no", "load_best_model_at_end": False}
STEPS = {"eval_strategy": "steps", "save_strategy": "steps"}
MIN_LR = {"lr_scheduler_type": "cosine_with_min_lr"}
ON_CPU = not torch.accelerator.is_available()

CASES = [
    ({"eval_steps": 3}, "--eval_steps 3: needs --eval_strategy steps"),
    ({"save_steps": 3}, "--save_steps 3: needs --save_strategy steps"),
    ({"logging_strategy": "epoch", "logging_steps": 3}, "--logging_steps 3: needs --logging_strategy steps"),
    ({**NO_SAVES, "save_total_limit": 2}, "--save_total_limit 2: needs a --save_strategy but no"),
    ({**NO_SAVES, "save_only_model": True}, "--save_only_model True: needs a --save_strategy but no"),
    ({**NO_SAVES, "metric_for_best_model": "loss"}, "--metric_for_best_model loss: needs --load_best_model_at_end"),
    ({**NO_SAVES, "greater_is_better": False}, "--greater_is_better False: needs --load_best_model_at_end"),
    ({"optim": "sgd", "adam_beta1": 0.5}, "--adam_beta1 0.5: needs --optim adamw_torch or adamw_torch_fused"),
    ({"optim": "adafactor", "adam_epsilon": 0.5}, "--adam_epsilon 0.5: needs --optim adamw_torch"),
    ({"optim_args": "momentum=0.9"}, "--optim_args momentum=0.9: needs --optim sgd, adagrad or rmsprop"),
    (
        {"lr_scheduler_type": "constant", "warmup_steps": 3},
        "--warmup_steps 3: needs an --lr_scheduler_type with a warm",
    ),
    (
        {"lr_scheduler_type": "constant_with_warmup", "lr_scheduler_kwargs": {"power": 2}},
        "--lr_scheduler_kwargs {'power': 2}: needs an --lr_scheduler_type with settings",
    ),
    (
        {"learning_rate_decay": 0.9, "lr_scheduler_type": "cosine"},
        "--lr_scheduler_type cosine: needs --learning_rate_decay 1, as others replace the schedule",
    ),
    ({"learning_rate_decay": 0.9, "warmup_steps": 3}, "--warmup_steps 3: needs --learning_rate_decay 1"),
    ({"run_name": "mine"}, "--run_name mine: needs --report_to"),
    ({"hub_model_id": "ann/x"}, "--hub_model_id ann/x: needs --push_to_hub"),
    ({"hub_private_repo": True}, "--hub_private_repo True: needs --push_to_hub"),
    ({"ddp_timeout": 3}, "--ddp_timeout 3: needs several processes, started by `accelerate launch` or `torchrun`"),
    ({"metric_for_best_model": "f1"}, "--metric_for_best_model f1: must be one of loss, micro_f1, macro_f1, "),
    ({"metric_for_best_model": "eval_f1"}, "--metric_for_best_model eval_f1: must be one of loss, micro_f1, "),
    ({"metric_for_best_model": "runtime"}, "--metric_for_best_model runtime: must be one of loss, "),
    ({"metric_for_best_model": ""}, "--metric_for_best_model : must be one of loss, "),
    (
        {**NO_SAVES, "load_best_model_at_end": True},
        "--load_best_model_at_end true: needs --eval_strategy steps or epoch",
    ),
    ({**NO_SAVES, "save_strategy": "best"}, "--save_strategy best: needs --eval_strategy steps or epoch"),
    (
        {**STEPS, "eval_steps": 2, "save_steps": 4},
        "--save_steps 4: must be --eval_steps, 2, for --load_best_model_at_end",
    ),
    ({**STEPS, "eval_steps": 0.1, "save_steps": 0.2}, "--save_steps 0.2: must be --eval_steps, 0.1, for"),
    ({"optim": "adamw_8bit"}, "--optim adamw_8bit: must be one of adamw_torch, adamw_torch_fused, adafactor, sgd, "),
    (
        {"optim": "sgd", "optim_args": "momentum"},
        "--optim_args momentum: must be NAME=VALUE, with commas between several",
    ),
    ({"optim": "sgd", "optim_args": "speed=2"}, "for --optim sgd, the names are momentum, dampening, nesterov"),
    ({"optim": "sgd", "optim_args": "weight_decay=2"}, "for --optim sgd, the names are momentum, dampening, nesterov"),
    ({"optim": "sgd", "optim_args": "momentum=x"}, "--optim_args momentum=x: could not convert string to float: 'x'"),
    ({"optim": "sgd", "optim_args": "momentum=-1"}, "--optim_args momentum=-1: Invalid momentum value: -1.0"),
    ({"optim": "sgd", "optim_args": "nesterov=maybe"}, "--optim_args nesterov=maybe: nesterov must be true or false"),
    (
        MIN_LR,
        "--lr_scheduler_type cosine_with_min_lr --lr_scheduler_kwargs {}: One of min_lr or min_lr_rate should be set",
    ),
    (
        {**MIN_LR, "lr_scheduler_kwargs": {"min_lr": "x"}},
        '--lr_scheduler_type cosine_with_min_lr --lr_scheduler_kwargs {"min_lr": "x"}: ',
    ),
    ({"lr_scheduler_type": "warmup_stable_decay"}, "missing 1 required positional argument: 'num_decay_steps'"),
    ({"lr_scheduler_kwargs": {"nope": 1}}, "got an unexpected keyword argument 'nope'"),
    ({"report_to": "nosuch"}, "--report_to: nosuch is not supported"),
    pytest.param(
        {"report_to": "wandb"},
        "--report_to: WandbCallback requires wandb to be installed",
        marks=pytest.mark.skipif(importlib.util.find_spec("wandb") is not None, reason="wandb is installed"),
    ),
    pytest.param(
        {"fp16": True}, "--fp16 True: needs a GPU; --bf16", marks=pytest.mark.skipif(not ON_CPU, reason="GPU")
    ),
    pytest.param({"tf32": False}, "--tf32 False: needs a GPU", marks=pytest.mark.skipif(not ON_CPU, reason="GPU")),
]


@pytest.mark.parametrize(("settings", "told"), CASES)
def test_refused_by_name(settings, told):
    args = MultiLabelTrainingArguments("out", **settings)
    with pytest.raises(UserInputError) as caught:
        check_training_arguments(args)
    assert told in str(caught.value)
    assert str(caught.value).startswith("--")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        NO_SAVES,
        {"max_steps": 3, "num_train_epochs": 4},
        {**NO_SAVES, "lr_scheduler_type": "constant"},
        {**STEPS, "eval_steps": 2, "save_steps": 2},
        {**STEPS, "logging_steps": 5, "save_steps": 5},
        {**STEPS, "eval_steps": 2, "save_steps": 3, "load_best_model_at_end": False},
        {"save_strategy": "best", "load_best_model_at_end": False, "metric_for_best_model": "eval_one_error"},
        {"greater_is_better": False},
        {"optim": "sgd", "optim_args": "momentum=0.9, nesterov=True", "weight_decay": 0.1},
        {"learning_rate_decay": 0.9},
    ],
    ids=str,
)
def test_accepted(settings):
    check_training_arguments(MultiLabelTrainingArguments("out", **settings))


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.config_class.model_type)
def test_the_defaults_of_every_family_are_accepted(family):
    check_training_arguments(family.training_arguments("out"))


def test_other_trainings():
    check_training_arguments(MaskedLMTrainingArguments("out"))
    check_training_arguments(LMMTCTrainingArguments("out", lr_scheduler_type="constant"))
    check_training_arguments(LinearTrainingArguments("out", hub_model_id="ann/x"), publishes=True)
    with pytest.raises(UserInputError, match=r"^--metric_for_best_model micro_f1: must be one of loss, perplexity$"):
        check_training_arguments(MaskedLMTrainingArguments("out", metric_for_best_model="micro_f1"))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (
            "train --model cnn --dataset reuters21578 --data_dir . --metric_for_best_model f1",
            "--metric_for_best_model f1: must be one of",
        ),
        (
            "pretrain-encoder --dataset reuters21578 --data_dir . --metric_for_best_model f1",
            "--metric_for_best_model f1: must be one of",
        ),
        (
            "train --model lm-mtc --encoder nowhere --dataset reuters21578 --data_dir . --adam_beta1 2",
            "--adam_beta1 2.0: must be >= 0",
        ),
        (
            "pretrain-encoder --dataset reuters21578 --data_dir . --optim adamw_8bit",
            "--optim adamw_8bit: must be one of",
        ),
    ],
)
def test_nothing_is_read_before(refused, command, told):
    assert told in refused(f"{command} --output_dir out")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"metric_for_best_model": "f1"}, "^metric_for_best_model f1: must be one of"),
        ({"eval_strategy": "never"}, "^eval_strategy never: must be one of no, steps, epoch"),
        ({"num_train_epochs": "3"}, "^num_train_epochs '3': must be a number"),
        ({"neftune_noise_alpha": 5}, "^neftune_noise_alpha: is for Transformer encoders"),
    ],
)
def test_the_front_door_refuses_the_same(options, told):
    with pytest.raises(UserInputError, match=told):
        MultiLabelClassifier("cnn", **options).fit(None)
