# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train` and `pretrain-encoder` in two processes: the weights of one process, to rounding.

Gradient descent without momentum: Adam makes steps of any size of gradients that differ by rounding alone.
"""

import json

import labelwise_cli as cli
import pytest

from ...resuming import results_of, weights_of
from ...tiny_corpus import PRETRAINING, TINY
from ...two_processes import run_in_two_processes

DESCENT = f"{TINY.replace('2e-2', '1e-1')} --dropout 0 --optim sgd --warmup_steps 0"
ENCODER = (
    "--encoder ENCODER --num_train_epochs 2 --per_device_train_batch_size 8 --learning_rate 1e-2 --optim sgd "
    "--tune_thresholds none --dropout 0"
)


def halved(options: str) -> str:
    return options.replace("batch_size 8", "batch_size 4")


def assert_close(one, two, bound: float = 2e-6) -> None:
    first, second = weights_of(one), weights_of(two)
    assert first.keys() == second.keys()
    assert max((first[name] - second[name]).abs().max().item() for name in first) < bound


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [f"--model lw-lstm {DESCENT}", f"--model hlw-lstm {DESCENT} {PRETRAINING}", f"--model lw-encoder {ENCODER}"],
    ids=["lw-lstm", "pretraining", "lw-encoder"],
)
def test_weights_of_one_process(data, bert, tmp_path, options):
    """Two processes with half the batch each learn what one learns; they write one folder and print once."""
    options = f"train {data} {options.replace('ENCODER', bert)}"
    run = run_in_two_processes(f"{halved(options)} --output_dir two", tmp_path)
    assert len([line for line in run.stdout.splitlines() if line.startswith('{"validation"')]) == 1
    assert cli.main(f"{options} --output_dir {tmp_path / 'one'}".split()) == 0
    one, two = results_of(tmp_path / "one"), results_of(tmp_path / "two")
    assert (one["num_processes"], two["num_processes"]) == (1, 2)
    assert one["documents"] == two["documents"]
    assert_close(tmp_path / "one", tmp_path / "two")
    assert one["metrics"]["test"] == pytest.approx(two["metrics"]["test"], abs=1e-5)


@pytest.mark.slow
def test_an_encoder_from_scratch(data, tmp_path):
    """What is masked and dropped differs, as each process draws it."""
    shape = "--hidden_size 8 --num_hidden_layers 1 --num_attention_heads 2 --max_length 16 --max_steps 4"
    command = f"pretrain-encoder {data} {shape} --min_frequency 1 --per_device_train_batch_size 4 --output_dir out"
    run = run_in_two_processes(command, tmp_path)
    (line,) = run.stdout.splitlines()
    assert json.loads(line)["perplexity"] > 1
    assert results_of(tmp_path / "out")["num_processes"] == 2
