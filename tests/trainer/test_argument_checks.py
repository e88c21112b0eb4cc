# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training arguments that are wrong by themselves."""

import math
import re
from decimal import Decimal

import numpy as np
import pytest
from transformers import SchedulerType
from transformers.trainer_utils import IntervalStrategy

from labelwise import LabelWisePreTrainingArguments, LMMTCTrainingArguments, MultiLabelTrainingArguments
from labelwise.errors import UserInputError

BATCHES = ["per_device_train_batch_size", "per_device_eval_batch_size"]
POSITIVE = [
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
]
NOT_NEGATIVE = ["weight_decay", "max_grad_norm"]
SHARES = ["adam_beta1", "adam_beta2", "label_smoothing_factor"]
WHOLE = {
    *BATCHES,
    "gradient_accumulation_steps",
    "save_total_limit",
    "eval_accumulation_steps",
    "dataloader_prefetch_factor",
    "dataloader_num_workers",
    "ddp_timeout",
}

CASES = [
    *[(name, value, "must be > 0 and finite") for name in POSITIVE for value in (0, -1)],
    *[(name, value, "must be > 0 and < 2**31") for name in BATCHES for value in (0, -1, 2**31)],
    *[(name, -1, "must be >= 0 and finite") for name in NOT_NEGATIVE],
    *[("dataloader_prefetch_factor", value, "must be > 0 and <= 1024") for value in (0, -1, 10**9)],
    *[("dataloader_num_workers", value, "must be >= 0 and <= 256") for value in (-1, 257)],
    ("logging_steps", 2**63, "must be < 2**63"),
    *[(name, value, "must be >= 0 and < 1") for name in SHARES for value in (-0.1, 1.0, math.nan)],
    *[
        (name, value, "must be")
        for name in sorted({*POSITIVE, *NOT_NEGATIVE} - WHOLE)
        for value in (math.nan, math.inf, -math.inf)
    ],
    *[(name, 1.5, "must be a whole number") for name in sorted(WHOLE)],
    ("warmup_steps", -1, "must be >= 0, and whole if > 1"),
    ("warmup_steps", 1.5, "must be >= 0, and whole if > 1"),
    ("warmup_steps", math.inf, "must be >= 0, and whole if > 1"),
    ("warmup_steps", math.nan, "must be >= 0, and whole if > 1"),
    ("max_steps", 0, "must be > 0, or -1 for --num_train_epochs"),
    ("max_steps", -2, "must be > 0, or -1 for --num_train_epochs"),
    ("seed", -1, "must be >= 0 and < 2**32"),
    ("data_seed", 2**32, "must be >= 0 and < 2**32"),
    ("learning_rate", "1e-3", "must be a number"),
    ("num_train_epochs", True, "must be a number"),
    ("seed", "1", "must be a whole number"),
    ("bf16", "false", "must be True or False"),
    ("bf16", 1, "must be True or False"),
    ("eval_strategy", "never", "must be one of no, steps, epoch"),
    ("save_strategy", "never", "must be one of no, steps, epoch, best"),
    ("logging_strategy", "never", "must be one of no, steps, epoch"),
    ("lr_scheduler_type", "falling", "must be one of linear, cosine, "),
    ("optim", "nosuch", "must be one of adamw_torch, adamw_torch_fused, adafactor, sgd, adagrad, rmsprop"),
    ("log_level", "loud", "must be one of detail, debug, info"),
    ("train_sampling_strategy", "sorted", "must be one of random, sequential, group_by_length, batch_rebalance"),
    ("include_num_input_tokens_seen", "some", "must be one of all, non_padding, no, True, False"),
    ("lr_scheduler_kwargs", "power=2", "is not valid JSON (Expecting value"),
    ("lr_scheduler_kwargs", "{power: 2}", "is not valid JSON (Expecting property name"),
    ("lr_scheduler_kwargs", "[2]", 'must be a JSON object, such as {"power": 2}'),
]


@pytest.mark.parametrize(("name", "value", "told"), CASES)
def test_refused_by_name(name, value, told):
    shown = "|".join(map(re.escape, (f"{value}", repr(value))))
    with pytest.raises(UserInputError, match=f"^--{name} ({shown}): {re.escape(told)}"):
        MultiLabelTrainingArguments("out", **{name: value})


def test_all_arguments_are_checked():
    with pytest.raises(UserInputError, match=r"^--num_candidates 2\.5: must be a whole number"):
        LabelWisePreTrainingArguments("out", num_candidates=2.5)
    with pytest.raises(UserInputError, match=r"^--tokens_per_batch '500': must be a whole number"):
        MultiLabelTrainingArguments("out", tokens_per_batch="500")
    with pytest.raises(UserInputError, match=r"^--neftune_noise_alpha 0: must be > 0"):
        LMMTCTrainingArguments("out", neftune_noise_alpha=0)


def test_what_is_accepted():
    args = MultiLabelTrainingArguments(
        "out",
        learning_rate=np.float32(0.5),
        num_train_epochs=3,
        seed=np.int64(7),
        warmup_steps=0.5,
        max_grad_norm=0,
        weight_decay=0,
        eval_strategy=IntervalStrategy.EPOCH,
        lr_scheduler_type=SchedulerType.POLYNOMIAL,
        lr_scheduler_kwargs={"power": 2.0},
        include_num_input_tokens_seen=True,
        save_total_limit=None,
    )
    assert (args.learning_rate, args.seed, args.include_num_input_tokens_seen) == (0.5, 7, "all")
    assert MultiLabelTrainingArguments("out", lr_scheduler_kwargs='{"power": 2}').lr_scheduler_kwargs == {"power": 2}


def test_numbers_of_other_kinds_are_refused():
    with pytest.raises(UserInputError, match=r"^--learning_rate Decimal\('1'\): must be a number"):
        MultiLabelTrainingArguments("out", learning_rate=Decimal(1))
