# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model reg-lstm`, and what follows."""

import json
import shutil

import pytest
from labelwise_cli import main
from safetensors.torch import load_file
from transformers import AutoModelForSequenceClassification

from labelwise.families.reg_lstm import RegLSTMFamily

TINY = "--model reg-lstm --hidden_size 8 --embedding_size 8 --min_frequency 1 --per_device_train_batch_size 8"
SETTINGS = f"{TINY} --learning_rate 3e-2 --word_vectors random --ema_beta 0.9 --num_train_epochs 12"


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    out = tmp_path_factory.mktemp("reg-lstm") / "out"
    penalties = "--activation_regularization 0.01 --temporal_activation_regularization 0.01"
    assert main(f"train {data} {SETTINGS} {penalties} --output_dir {out}".split()) == 0
    return out


def test_it_learns_and_is_evaluated(trained, data, capsys):
    results = json.loads((trained / "results.json").read_text())
    assert results["metrics"]["test"]["micro_f1"] > 0.8
    expected = results["metrics_at_tuned_thresholds"]["test"]
    test_file = data.split("--test_file ")[1].split()[0]
    capsys.readouterr()
    assert main(["evaluate", "--model_name_or_path", str(trained), "--test_file", test_file]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in expected} == pytest.approx(expected)


def test_its_shape_and_its_paper(trained):
    config = AutoModelForSequenceClassification.from_pretrained(trained).config
    assert (config.hidden_size, config.weight_dropout, config.embedding_dropout) == (8, 0.2, 0.1)
    assert config.activation_regularization == config.temporal_activation_regularization == 0.01
    assert "Adhikari" in (trained / "README.md").read_text()


def test_a_run_that_was_stopped_ends_as_if_it_had_not_been(data, tmp_path):
    """With averages that are its weights' and weights that are not its averages."""
    command = f"train {data} {SETTINGS} --num_train_epochs 3 --save_total_limit 5 --load_best_model_at_end false"
    command += " --save_strategy epoch --keep_checkpoints --output_dir"
    assert main([*command.split(), str(tmp_path / "whole")]) == 0
    shutil.copytree(tmp_path / "whole" / "checkpoint-6", tmp_path / "stopped" / "checkpoint-6")
    assert main([*command.split(), str(tmp_path / "stopped"), "--resume"]) == 0
    whole, stopped = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "stopped"))
    assert whole.keys() == stopped.keys()
    assert all(value.equal(stopped[name]) for name, value in whole.items())


def test_the_learning_rate_is_the_authors():
    assert RegLSTMFamily.training_arguments("out").learning_rate == 1e-2


def test_what_is_averaged():
    arguments = RegLSTMFamily(model="reg-lstm")
    assert [callback.beta for callback in arguments.trainer_arguments(None, None)["callbacks"]] == [0.99]
    assert RegLSTMFamily(model="reg-lstm", ema_beta=0.0).trainer_arguments(None, None) == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--ema_beta 1", "--ema_beta 1.0: must be >= 0 and < 1"),
        ("--weight_dropout 1", "--weight_dropout 1.0: must be >= 0 and < 1"),
        ("--embedding_dropout -0.1", "--embedding_dropout -0.1: must be >= 0 and < 1"),
        ("--activation_regularization -1", "--activation_regularization -1.0: must be >= 0"),
        ("--temporal_activation_regularization nan", "must be >= 0"),
        ("--hidden_size 0", "--hidden_size 0: must be >"),
        ("--num_hidden_layers 2", "--num_hidden_layers: is an option of --model"),
    ],
)
def test_refusals(data, refused, options, message):
    assert message in refused(f"train {data} --model reg-lstm --output_dir out {options}")
