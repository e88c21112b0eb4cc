# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The papers' settings as defaults."""

import logging
from dataclasses import replace

import pytest
import torch
from transformers import HfArgumentParser

from labelwise import LabelWisePreTrainingArguments, MultiLabelTrainingArguments, UserInputError

BOTH = [LabelWisePreTrainingArguments, MultiLabelTrainingArguments]
without_accelerator = pytest.mark.skipif(torch.accelerator.is_available(), reason="this machine has an accelerator")


@pytest.mark.parametrize("arguments_class", BOTH)
def test_what_both_stages_share(arguments_class, tmp_path):
    args = arguments_class(str(tmp_path))
    assert (args.learning_rate, args.max_grad_norm) == (1e-3, 10.0)


def test_pre_training(tmp_path):
    args = LabelWisePreTrainingArguments(str(tmp_path))
    assert (args.num_candidates, args.max_steps, args.per_device_train_batch_size) == (3, 3000, 128)
    assert args.lr_scheduler_type == "constant"


def test_classification(tmp_path):
    args = MultiLabelTrainingArguments(str(tmp_path))
    assert (args.num_train_epochs, args.per_device_train_batch_size, args.learning_rate_decay) == (20, 32, 1.0)
    assert args.lr_scheduler_type == "linear"
    assert args.eval_strategy == args.save_strategy == "epoch" and args.load_best_model_at_end
    assert args.metric_for_best_model == "micro_f1_plus_macro_f1" and args.greater_is_better
    assert args.label_names == ["labels"] and args.save_total_limit == 1
    assert args.loss == "bce"


@without_accelerator
@pytest.mark.parametrize("arguments_class", BOTH)
def test_bf16_needs_no_use_cpu_beside_it(arguments_class, tmp_path, monkeypatch):
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: {"avx512_bf16": True})
    args = arguments_class(str(tmp_path), bf16=True)
    assert args.bf16 and args.device.type == "cpu" and not args.dataloader_pin_memory


@without_accelerator
@pytest.mark.parametrize("arguments_class", BOTH)
def test_bf16_is_unset_and_told_where_the_processor_has_none(arguments_class, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: {"avx2": True, "avx512_bf16": False})
    logging.getLogger("labelwise.trainer.training_arguments").warning_once.cache_clear()
    with caplog.at_level("WARNING"):
        args = arguments_class(str(tmp_path), bf16=True)
    assert not args.bf16
    assert "--bf16: this processor has no instructions for it" in caplog.text


@pytest.mark.parametrize("arguments_class", BOTH)
def test_command_line(arguments_class, tmp_path):
    argv = ["--output_dir", str(tmp_path), "--learning_rate", "0.01", "--max_steps", "7", "--save_strategy", "epoch"]
    (args,) = HfArgumentParser(arguments_class).parse_args_into_dataclasses(argv)
    assert (args.learning_rate, args.max_steps) == (0.01, 7)


def test_lists_are_not_shared(tmp_path):
    first = MultiLabelTrainingArguments(str(tmp_path))
    first.label_names.append("more")
    assert MultiLabelTrainingArguments(str(tmp_path)).label_names == ["labels"]


@pytest.mark.parametrize(
    ("given", "expected"), [({}, 500), ({"logging_steps": 7, "save_steps": 7}, 7), ({"eval_steps": 50}, 50)]
)
def test_evaluations_stay_rare(tmp_path, given, expected):
    """Although losses are logged more often."""
    settings = {"save_strategy": "steps", "save_steps": expected, **given}
    assert MultiLabelTrainingArguments(str(tmp_path), eval_strategy="steps", **settings).eval_steps == expected


def test_replaced_arguments_keep_batches_of_tokens(tmp_path):
    args = replace(MultiLabelTrainingArguments(str(tmp_path), tokens_per_batch=60), seed=1)
    assert (args.tokens_per_batch, args.seed, args.per_device_train_batch_size) == (60, 1, 32)
    assert replace(args, tokens_per_batch=None).per_device_train_batch_size == 32
    with pytest.raises(UserInputError, match=r"^--per_device_train_batch_size 32: --tokens_per_batch 60 makes"):
        replace(args, per_device_train_batch_size=32)


def test_the_folder_must_be_named():
    with pytest.raises(TypeError, match="output_dir"):
        MultiLabelTrainingArguments()
