# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train`: where classifiers start, the rate they learn at, and BERT's pooler."""

import json

import labelwise_cli as cli
import pytest
import torch
from transformers import AutoModel

from labelwise import load_files
from labelwise.trainer.log_odds import label_log_odds

from ...resuming import weights_of
from ...tiny_corpus import PRETRAINING, TINY

# One step that changes nothing.
STILL = "--max_steps 1 --learning_rate 1e-12"
ENCODER = "--per_device_train_batch_size 8 --tune_thresholds none --warmup_steps 0"


def train(command: str) -> int:
    return cli.main(["train", *command.split()])


@pytest.fixture(scope="module")
def log_odds(files):
    labels = [row["labels"] for row in map(json.loads, (files / "train.jsonl").read_text().splitlines())]
    names = load_files(train_file=files / "train.jsonl")["train"].features["labels"].feature.names
    return label_log_odds(torch.tensor([[name in row for name in names] for row in labels]).int())


@pytest.fixture(scope="module")
def with_pooler(make_encoder):
    folder = make_encoder("bert")
    AutoModel.from_pretrained(folder).save_pretrained(folder)
    return folder


def bias_of(folder) -> torch.Tensor:
    weights = weights_of(folder)
    return weights[next(name for name in weights if name.startswith("head.") and name.endswith("bias"))]


def test_a_new_classifier_starts_at_the_log_odds(data, tmp_path, log_odds):
    for loss, expected in {"bce": log_odds, "asymmetric": torch.zeros(3)}.items():
        assert train(f"--model lw-lstm {data} {TINY} {STILL} --loss {loss} --output_dir {tmp_path / loss}") == 0
        torch.testing.assert_close(bias_of(tmp_path / loss), expected, atol=1e-5, rtol=0)
    assert log_odds.abs().max() > 0.1


def test_so_does_one_on_a_pretrained_encoder(data, pretrained, tmp_path, log_odds):
    command = f"--model_name_or_path {pretrained / 'pretraining'} {data} {STILL} --output_dir {tmp_path / 'later'}"
    assert train(command) == 0
    command = f"--model hlw-lstm {data} {TINY} {PRETRAINING} {STILL} --freeze_encoder --output_dir {tmp_path / 'whole'}"
    assert train(command) == 0
    for folder in ("later", "whole"):
        torch.testing.assert_close(bias_of(tmp_path / folder), log_odds, atol=1e-5, rtol=0)


def test_a_trained_classifier_stays(data, model, tmp_path, log_odds):
    assert train(f"--model_name_or_path {model} {data} {STILL} --output_dir {tmp_path / 'out'}") == 0
    torch.testing.assert_close(bias_of(tmp_path / "out"), bias_of(model), atol=1e-5, rtol=0)
    assert not torch.allclose(bias_of(model), log_odds, atol=1e-5)


def test_the_classifier_alone_learns_at_its_rate(data, with_pooler, tmp_path):
    for name, options in {"one": "", "two": "--head_learning_rate 0.01"}.items():
        command = f"--model bert --encoder {with_pooler} {data} {ENCODER} {STILL} {options}"
        assert train(f"{command} --output_dir {tmp_path / name}") == 0
    one, two = weights_of(tmp_path / "one"), weights_of(tmp_path / "two")
    changed = {name for name in one if not torch.allclose(one[name], two[name], atol=1e-6, rtol=0)}
    assert changed == {"head.weight", "head.bias"}
    assert "lm_mtc.pooler.dense.weight" in one


def test_the_pooler_is_the_encoders_unless_it_is_left_out(data, with_pooler, tmp_path):
    expected = AutoModel.from_pretrained(with_pooler).pooler.dense.weight
    for name, options in {"default": "", "on": "--pooler", "off": "--pooler false"}.items():
        command = f"--model bert-mlm --encoder {with_pooler} {data} {ENCODER} {STILL} {options}"
        assert train(f"{command} --output_dir {tmp_path / name}") == 0
        assert json.loads((tmp_path / name / "config.json").read_text())["pooler"] == (name != "off")
        found = weights_of(tmp_path / name).get("lm_mtc.pooler.dense.weight")
        assert found is None if name == "off" else torch.allclose(found, expected, atol=1e-6)
        card = (tmp_path / name / "README.md").read_text()
        assert ("the encoder's pooler" in card) == (name != "off")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            "--model cnn --head_learning_rate 0.1",
            "--head_learning_rate 0.1: --model cnn is new, and all of it learns at",
        ),
        ("--model br --head_learning_rate 0.1", "--head_learning_rate: linear models are fitted by scikit-learn"),
        (
            "--model lw-lstm --pretraining_steps 2 --freeze_encoder --head_learning_rate 0.1",
            "--head_learning_rate 0.1: --freeze_encoder trains the classifier only",
        ),
        ("--model bert --encoder ENCODER --head_learning_rate 0", "--head_learning_rate 0.0: must be > 0 and finite"),
        ("--model bert --encoder ENCODER --pooler", "the checkpoint has no pooler: leave out --pooler"),
        ("--model lm-mtc --encoder ENCODER --pooler", "--pooler needs template 'none'"),
        ("--model cnn --pooler", "--pooler: is an option of --model lm-mtc"),
    ],
)
def test_refusals(refused, make_encoder, data, options, message):
    command = options.replace("ENCODER", make_encoder("bert"))
    assert message in refused(f"train {command} {data} --output_dir out")
