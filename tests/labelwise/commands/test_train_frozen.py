# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --freeze_encoder`: frozen encoders run once, without dropout."""

import json
import signal
import subprocess
import sys

import labelwise_cli as cli
import pytest
import torch

from ...resuming import assert_same_weights, weights_of
from ...tiny_corpus import PRETRAINING, TINY, TINY_FROM_CHECKPOINT
from ...two_processes import run_in_two_processes

ONCE = "the frozen encoder has read 64 documents once: "
EACH_EPOCH = "the frozen encoder reads each document in each epoch, without dropout: "
ENCODER = "--num_train_epochs 2 --per_device_train_batch_size 8 --learning_rate 1e-3"
# `labelwise train`, which is killed in the training step whose number is the first argument.
KILLED = """
import os, signal, sys
import labelwise_cli
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer

step, steps = MultiLabelTrainer.training_step, iter(range(int(sys.argv.pop(1))))

def training_step(*args, **kwargs):
    if next(steps, None) is None:
        os.kill(os.getpid(), signal.SIGKILL)
    return step(*args, **kwargs)

MultiLabelTrainer.training_step = training_step
sys.exit(labelwise_cli.main(sys.argv[1:]))
"""


def train(command: str) -> int:
    return cli.main(["train", *command.split()])


def test_both_ways_leave_a_whole_model(data, pretrained, tmp_path, capsys):
    """`pretrained` was trained on kept representations, the second with the authors' dropout."""
    out = tmp_path / "out"
    capsys.readouterr()
    command = f"--model hlw-lstm {data} {TINY} {PRETRAINING} --freeze_encoder --frozen_dropout --output_dir {out}"
    assert train(command) == 0
    assert "frozen" not in capsys.readouterr().err
    kept, authors = weights_of(pretrained), weights_of(out)
    differ = {name for name in kept if not torch.equal(kept[name], authors[name])}
    assert differ == {name for name in kept if name.startswith("head.")}
    assert not [path for folder in (pretrained, out) for path in folder.glob("frozen_features*")]
    results = json.loads((pretrained / "results.json").read_text())
    assert cli.main(f"evaluate --model_name_or_path {pretrained} {data} --split validation".split()) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in ("micro_f1", "macro_f1")} == {
        name: results["metrics"]["validation"][name] for name in ("micro_f1", "macro_f1")
    }


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--model bert", ONCE),
        ("--model lm-mtc --mlm_weight 0 --label_masking all --template compact", ONCE),
        ("--model lm-mtc --mlm_weight 0", f"{EACH_EPOCH}the batches of training mask labels or words at random"),
        ("--model bert-mlm", ONCE),
    ],
)
def test_encoders_whose_input_does_not_change_run_once(bert, data, tmp_path, capsys, options, told):
    command = f"{options} --encoder {bert} {data} {ENCODER} --freeze_encoder --max_minutes 9"
    assert train(f"{command} --output_dir {tmp_path / 'out'}") == 0
    (line,) = [line for line in capsys.readouterr().err.splitlines() if "the frozen encoder" in line]
    assert line.startswith(told)


@pytest.mark.slow
def test_killed_runs_end_as_if_never_stopped(data, tmp_path):
    """By kill -9, twice: the second is resumed without the files that the first has left."""
    whole, out, features = tmp_path / "whole", tmp_path / "out", tmp_path / "out" / "frozen_features"
    command = f"train {data} {TINY} {PRETRAINING} --freeze_encoder --tune_thresholds global --output_dir"
    assert cli.main([*command.split(), str(whole)]) == 0
    killed = [sys.executable, "-c", KILLED, "8", *command.split(), str(out)]
    assert subprocess.run(killed, capture_output=True, cwd=tmp_path).returncode == -signal.SIGKILL
    assert (out / "checkpoint-6").is_dir() and len(list(features.iterdir())) == 2
    for file in features.iterdir():
        file.rename(file.with_suffix(".partial"))  # as if killed while they were computed
    assert train(f"{' '.join(command.split()[1:])} {out} --resume") == 0
    assert_same_weights(whole, out)
    assert not features.exists()


def test_an_unfinished_run_is_not_overwritten_unless_asked(data, tmp_path, refused):
    (tmp_path / "out" / "frozen_features").mkdir(parents=True)
    command = f"{data} {TINY} --output_dir {tmp_path / 'out'}"
    assert "contains an unfinished run" in refused(f"train {command}")
    assert train(f"{command} --overwrite --max_steps 1") == 0
    assert not (tmp_path / "out" / "frozen_features").exists()


def test_frozen_dropout_needs_a_frozen_encoder(data, refused):
    message = refused(f"train {data} {TINY} --frozen_dropout --output_dir out")
    assert message == "--frozen_dropout: needs --freeze_encoder; leave it out"


@pytest.mark.slow
def test_two_processes_read_what_the_first_has_written(data, pretrained, tmp_path):
    # Adam makes steps of any size of gradients that are zero.
    descent = f"{TINY_FROM_CHECKPOINT.replace('2e-2', '1e-1')} --optim sgd"
    options = f"train --model_name_or_path {pretrained / 'pretraining'} {data} --freeze_encoder {descent}"
    run = run_in_two_processes(f"{options.replace('batch_size 8', 'batch_size 4')} --output_dir two", tmp_path)
    assert run.stderr.count(ONCE) == 1
    assert not (tmp_path / "two" / "frozen_features").exists()
    assert train(f"{options.removeprefix('train ')} --output_dir {tmp_path / 'one'}") == 0
    first, second = weights_of(tmp_path / "one"), weights_of(tmp_path / "two")
    assert max((first[name] - second[name]).abs().max() for name in first) < 2e-6
