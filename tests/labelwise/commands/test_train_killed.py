# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train`, killed again and again, or at its end: token batches, pre-training, kept representations, log-odds
starts; and what is left."""

import json
import random
import shutil
import signal
import subprocess
import sys

import labelwise_cli as cli
import pytest
from transformers import Trainer

from labelwise.trainer.multi_label_trainer import MultiLabelTrainer

from ...resuming import assert_same_weights, interrupt, results_of
from ...tiny_corpus import PRETRAINING, TINY, TINY_LSTM

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


def stop_final_save(patch: pytest.MonkeyPatch) -> None:
    """Makes the last step of a training's save stop the run: weights, tokenizer and results are written."""

    def stop(*args, **kwargs):
        raise KeyboardInterrupt

    patch.setattr("labelwise.runs.training.update_card", stop)


def test_a_run_stopped_at_its_final_save_is_unfinished(data, model, tmp_path, monkeypatch, capsys):
    out = tmp_path / "out"
    with monkeypatch.context() as patch:
        stop_final_save(patch)
        assert cli.main(f"train {data} {TINY_LSTM} --output_dir {out}".split()) == 130
    capsys.readouterr()
    assert cli.main(f"train {data} {TINY_LSTM} --output_dir {out}".split()) == 2
    assert "contains an unfinished run; pass --resume to continue it" in capsys.readouterr().err
    assert cli.main(f"train {data} {TINY_LSTM} --resume --output_dir {out}".split()) == 0
    assert_same_weights(model, out)


def test_a_run_that_is_resumed_after_its_last_step_makes_no_other(data, tmp_path, monkeypatch):
    """It ends in the middle of an epoch."""
    steps = "--max_steps 9 --eval_strategy no --save_strategy steps --save_steps 3 --load_best_model_at_end false"
    whole, out = tmp_path / "whole", tmp_path / "out"
    assert cli.main(f"train {data} {TINY} {steps} --output_dir {whole}".split()) == 0
    with monkeypatch.context() as patch:
        stop_final_save(patch)
        assert cli.main(f"train {data} {TINY} {steps} --output_dir {out}".split()) == 130
    assert cli.main(f"train {data} {TINY} {steps} --resume --output_dir {out}".split()) == 0
    assert_same_weights(whole, out)
    assert results_of(whole)["epochs"] == results_of(out)["epochs"] == 1.5


MASKED = {  # trainings whose collators draw random numbers
    "lm-mtc": "train --model lm-mtc --encoder BERT",
    "lm-mtc, workers": "train --model lm-mtc --encoder BERT --dataloader_num_workers 1",
    "lw-encoder": "train --model lw-encoder --encoder BERT --mlm_weight 0.1",
    "pretrain-encoder": "pretrain-encoder --hidden_size 16 --num_hidden_layers 1 --num_attention_heads 2 "
    "--vocab_size 90 --max_length 32 --min_frequency 1",
}


@pytest.mark.parametrize("name", MASKED)
def test_masks_are_drawn_again_in_the_middle_of_an_epoch(bert, data, tmp_path, monkeypatch, name):
    """A data loader has drawn those of the next batch when a checkpoint is saved; an epoch has 6 steps."""
    steps = (
        "--max_steps 9 --save_strategy steps --save_steps 4 --eval_strategy no --load_best_model_at_end false "
        "--per_device_train_batch_size 8 --learning_rate 1e-2"
    )
    command, whole, out = f"{MASKED[name].replace('BERT', bert)} {data} {steps}", tmp_path / "whole", tmp_path / "out"
    assert cli.main(f"{command} --output_dir {whole}".split()) == 0
    with monkeypatch.context() as patch:
        interrupt(patch, Trainer, "training_step", after=6)
        assert cli.main(f"{command} --output_dir {out}".split()) == 130
    assert cli.main(f"{command} --output_dir {out} --resume".split()) == 0
    assert_same_weights(whole, out)


def test_an_overwriting_run_replaces_all_files_together(data, model, tmp_path, monkeypatch, capsys):
    out = shutil.copytree(model, tmp_path / "out")
    command = f"{data} {TINY} --seed 7 --output_dir {out}"
    with monkeypatch.context() as patch:
        stop_final_save(patch)
        assert cli.main(f"train {command} --overwrite".split()) == 130
    assert_same_weights(model, out)  # still the earlier model, with its card
    assert (out / "README.md").read_text() == (model / "README.md").read_text()
    capsys.readouterr()
    assert cli.main(f"train {command}".split()) == 2
    assert "contains an unfinished run; pass --resume" in capsys.readouterr().err
    assert cli.main(f"train {command} --resume".split()) == 0
    with pytest.raises(AssertionError):
        assert_same_weights(model, out)


@pytest.mark.parametrize(("steps", "state"), [(0, "checkpoint-6"), (3, "pretraining")])
def test_wall_time_counts_all_legs(data, tmp_path, monkeypatch, steps, state):
    out = tmp_path / "out"
    pretraining = f"--pretraining_steps {steps} --pretraining_batch_size 2" if steps else ""
    command = f"{data} {TINY} {pretraining} --output_dir {out}"
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 9 if steps == 0 else 3)
        assert cli.main(f"train {command}".split()) == 130
    path = out / state / "trainer_state.json"
    saved = json.loads(path.read_text())
    clock = saved["stateful_callbacks"]["RunClock"]["attributes"]
    assert clock["earlier"] > 0
    clock["earlier"] += 1000
    path.write_text(json.dumps(saved))
    assert cli.main(f"train {command} --resume".split()) == 0
    assert 1000 < results_of(out)["wall_time_seconds"] < 1100
