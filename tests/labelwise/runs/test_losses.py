# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What a command writes where: the result on standard output, the rest on standard error."""

import json

import labelwise_cli as cli
import pytest
import torch
from transformers import Trainer, TrainingArguments

from labelwise.runs.losses import report_on_standard_error
from labelwise.runs.progress import set_up_streams

from ...tiny_corpus import PRETRAINING, TINY


@pytest.mark.parametrize("options", ["", "--disable_tqdm true", f"--model hlw-lstm {PRETRAINING}"])
def test_streams_of_train(data, tmp_path, capfd, options):
    command = f"train {data} {TINY} {options} --output_dir {tmp_path / 'out'}"
    assert cli.main(command.split()) == 0
    out, err = capfd.readouterr()
    assert json.loads(out).keys() == {"validation", "test"}
    assert "\r" not in err
    assert 5 < len(err.splitlines()) < 60
    assert "\nloss " in err and "eval_micro_f1 " in err


def test_a_short_pretraining_shows_its_losses(data, tmp_path, capfd):
    pretraining = "--model lw-lstm --pretraining_steps 30 --pretraining_batch_size 4"
    assert cli.main(f"train {data} {TINY} {pretraining} --output_dir {tmp_path / 'out'}".split()) == 0
    before, evaluated, _ = capfd.readouterr().err.partition("eval_accuracy")
    assert evaluated
    assert before.count("\nloss ") == 15


def test_streams_of_pretrain_encoder(tmp_path, capfd):
    shape = "--hidden_size 8 --num_hidden_layers 1 --num_attention_heads 2 --max_length 16 --max_steps 4"
    command = f"pretrain-encoder --dataset support_tickets {shape} --save_strategy no --load_best_model_at_end false"
    assert cli.main([*command.split(), "--output_dir", str(tmp_path / "out")]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out).keys() == {"perplexity", "vocab_size", "num_parameters"}
    assert "\r" not in err
    assert len(err.splitlines()) < 60


def test_losses_are_above_the_bar_on_a_terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    trainer = Trainer(torch.nn.Linear(1, 1), TrainingArguments(str(tmp_path)))
    set_up_streams()  # as every command does
    report_on_standard_error(trainer)
    trainer.state.max_steps = 3
    trainer.callback_handler.on_train_begin(trainer.args, trainer.state, trainer.control)
    trainer.callback_handler.on_log(trainer.args, trainer.state, trainer.control, {"loss": 0.25, "epoch": 1})
    out, err = capsys.readouterr()
    assert out == ""
    assert "loss 0.25, epoch 1" in err
