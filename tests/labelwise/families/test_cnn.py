# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model cnn`, and what follows."""

import json

import pytest
from labelwise_cli import main
from transformers import AutoModelForSequenceClassification

from labelwise.families.cnn import CNNFamily

TINY = "--model cnn --embedding_size 8 --min_frequency 1 --num_train_epochs 40 --per_device_train_batch_size 8"
FILTERS = "--num_filters 16 --learning_rate 2e-2 --word_vectors random"


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    out = tmp_path_factory.mktemp("cnn") / "out"
    assert main(f"train {data} {TINY} {FILTERS} --kernel_sizes 1 2 --output_dir {out}".split()) == 0
    return out


def test_it_learns_is_evaluated_and_predicts(trained, data, tmp_path, capsys):
    expected = json.loads((trained / "results.json").read_text())["metrics_at_tuned_thresholds"]["test"]
    assert expected["micro_f1"] > 0.9
    test_file = data.split("--test_file ")[1].split()[0]
    capsys.readouterr()
    assert main(["evaluate", "--model_name_or_path", str(trained), "--test_file", test_file]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    (tmp_path / "texts.txt").write_text("the loan and the money.\nbread. soup and rice\n\nnosuchword\n")
    assert main(["predict", "--model_name_or_path", str(trained), "--input", str(tmp_path / "texts.txt")]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == 4
    assert [max(line["scores"], key=line["scores"].get) for line in lines[:2]] == ["bank", "food"]


def test_its_shape_and_its_paper(trained):
    config = AutoModelForSequenceClassification.from_pretrained(trained).config
    assert (config.kernel_sizes, config.num_filters, config.dropout) == ([1, 2], 16, 0.5)
    assert "Kim, 2014" in (trained / "README.md").read_text()


def test_word_vectors_are_trained_unless_told_otherwise(word_tokenizer):
    """CNN-non-static is the paper's better row, CNN-static the other one."""
    arguments = CNNFamily(model="cnn")
    assert arguments.train_embeddings and arguments.word_vectors == "skip-gram"
    model = AutoModelForSequenceClassification.from_config(CNNFamily.config_class(vocab_size=9))
    for trains in (True, False):
        CNNFamily(model="cnn", train_embeddings=trains).freeze(model, word_tokenizer)
        assert model.get_input_embeddings().weight.requires_grad == trains


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("--kernel_sizes 3 0", "--kernel_sizes [3, 0]: each must be >= 1"),
        ("--kernel_sizes", "expected at least one argument"),
        ("--kernel_sizes three", "invalid int value"),
        ("--num_filters 0", "--num_filters 0: must be >"),
        ("--dropout 1", "--dropout 1.0: must be >= 0 and < 1"),
        ("--hidden_size 8", "--hidden_size: is an option of --model"),
    ],
)
def test_refusals(data, refused, options, message):
    assert message in refused(f"train {data} --model cnn --output_dir out {options}")
