# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train`, killed again and again: token batches, pre-training, kept representations, log-odds starts."""

import random
import signal
import subprocess
import sys

import labelwise_cli as cli
import pytest

from ...resuming import assert_same_weights, results_of
from ...tiny_corpus import PRETRAINING, TINY

BATCHES = TINY.replace("--per_device_train_batch_size 8", "--tokens_per_batch 60")
STEPS = (
    f"{PRETRAINING} --num_train_epochs 20 --eval_strategy steps --save_strategy steps --eval_steps 2 --save_steps 2 "
    "--tune_thresholds global"
)
COMMANDS = {
    "lw-lstm": f"{BATCHES} {STEPS} --freeze_encoder",
    "lw-encoder": f"--model lw-encoder --encoder ENCODER --window_size 12 --hierarchical --tokens_per_batch 60 {STEPS}",
}
# `labelwise train`, which is killed so many seconds (second argument) after a training step (number: first argument).
KILLED = """
import os, signal, sys, threading
import labelwise_cli
from transformers import Trainer

step, steps, seconds = Trainer.training_step, iter(range(int(sys.argv.pop(1)))), float(sys.argv.pop(1))

def training_step(*args, **kwargs):
    if next(steps, None) is None:
        threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGKILL)).start()
    return step(*args, **kwargs)

Trainer.training_step = training_step
sys.exit(labelwise_cli.main(sys.argv[1:]))
"""


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kills"), [("lw-lstm", 10), ("lw-encoder", 4)])
def test_kills_change_nothing(bert, data, tmp_path, name, kills):
    """The same weights, thresholds and metrics as those of the run that was left alone."""
    whole, out, rng = tmp_path / "whole", tmp_path / "out", random.Random(0)
    options = COMMANDS[name].replace("ENCODER", bert)
    assert cli.main(f"train {data} {options} --output_dir {whole}".split()) == 0
    for _ in range(kills):
        when = [str(rng.randint(2, 6)), str(rng.uniform(0, 0.03))]
        resumed = ["--resume"] if out.exists() else []
        command = [*f"train {data} {options} --output_dir {out}".split(), *resumed]
        run = subprocess.run(
            [sys.executable, "-c", KILLED, *when, *command], capture_output=True, text=True, cwd=tmp_path
        )
        assert run.returncode == -signal.SIGKILL, run.stderr
    assert cli.main(f"train {data} {options} --output_dir {out} --resume".split()) == 0
    assert_same_weights(whole, out)
    one, other = results_of(whole), results_of(out)
    assert (one["metrics"], one["threshold"]) == (other["metrics"], other["threshold"])
