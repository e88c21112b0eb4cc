# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model static`, and what follows."""

import json

import pytest
from labelwise_cli import main
from transformers import AutoModelForSequenceClassification, AutoTokenizer

TINY = "--model static --embedding_size 8 --head_size 16 --num_train_epochs 60 --per_device_train_batch_size 8"


@pytest.fixture(scope="module")
def trained(data, bert, tmp_path_factory):
    out = tmp_path_factory.mktemp("static") / "out"
    command = f"train {data} {TINY} --learning_rate 2e-2 --encoder {bert} --max_tokens 40 --output_dir {out}"
    assert main(command.split()) == 0
    return out


def test_it_learns_is_evaluated_and_predicts(trained, data, tmp_path, capsys):
    expected = json.loads((trained / "results.json").read_text())["metrics_at_tuned_thresholds"]["test"]
    assert expected["micro_f1"] > 0.8
    test_file = data.split("--test_file ")[1].split()[0]
    capsys.readouterr()
    assert main(["evaluate", "--model_name_or_path", str(trained), "--test_file", test_file]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    (tmp_path / "texts.txt").write_text("the loan and the money.\nbread. soup and rice\n\n")
    assert main(["predict", "--model_name_or_path", str(trained), "--input", str(tmp_path / "texts.txt")]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [max(line["scores"], key=line["scores"].get) for line in lines[:2]] == ["bank", "food"]


def test_its_tokenizer_adds_no_special_tokens(trained, bert):
    tokenizer, encoders = AutoTokenizer.from_pretrained(trained), AutoTokenizer.from_pretrained(bert)
    text = "the money and the soup"
    assert tokenizer(text)["input_ids"] == encoders(text, add_special_tokens=False)["input_ids"]
    assert len(tokenizer("the " * 50, truncation=True)["input_ids"]) == 40


def test_its_card_names_its_papers(trained):
    card = (trained / "README.md").read_text()
    assert "Tulkens and van Dongen, 2024" in card and "Arora et al., 2017" in card
    assert AutoModelForSequenceClassification.from_pretrained(trained).config.embedding_size == 8


def test_a_checkpoint_brings_its_embeddings(trained, bert, data, refused):
    message = refused(f"train --model_name_or_path {trained} {data} --encoder {bert} --output_dir out")
    assert message == f"--encoder {bert}: is of new models; --model_name_or_path {trained} brings its own; leave it out"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ("", "--model static needs --encoder"),
        ("--encoder {bert} --embedding_size 4096", "--embedding_size 4096: the encoder's states are"),
        ("--encoder {bert} --train_layers 1", "--train_layers: is an option of --model"),
    ],
)
def test_refusals(data, bert, refused, options, message, tmp_path):
    command = f"train {data} --model static --output_dir {tmp_path / 'out'} {options.format(bert=bert)}"
    assert message in refused(command)
