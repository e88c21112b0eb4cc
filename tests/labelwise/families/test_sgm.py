# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model sgm|sgm-ge|set-rnn`, and what follows."""

import json
import shutil

import pytest
from labelwise_cli import main
from transformers import AutoConfig

TINY = "--embedding_size 16 --hidden_size 16 --num_hidden_layers 1 --min_frequency 1 --word_vectors random"
TRAINING = "--num_train_epochs 40 --per_device_train_batch_size 8 --learning_rate 1e-2 --dropout 0.1 --eval_strategy no"
TRAINING += " --save_strategy no --load_best_model_at_end false --tune_thresholds none"


@pytest.fixture(scope="module", params=["sgm", "sgm-ge", "set-rnn"])
def trained(request, data, tmp_path_factory):
    out = tmp_path_factory.mktemp(request.param) / request.param
    assert main(f"train --model {request.param} {data} {TINY} {TRAINING} --output_dir {out}".split()) == 0
    return out


def test_it_learns_is_evaluated_and_predicts(trained, data, tmp_path, capsys):
    expected = json.loads((trained / "results.json").read_text())["metrics"]["test"]
    assert expected["micro_f1"] > 0.9
    test_file = data.split("--test_file ")[1].split()[0]
    capsys.readouterr()
    assert main(["evaluate", "--model_name_or_path", str(trained), "--test_file", test_file]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    (tmp_path / "texts.txt").write_text("the loan. money a credit.\n\nnosuchword\n")
    assert main(["predict", "--model_name_or_path", str(trained), "--input", str(tmp_path / "texts.txt")]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["labels"] == ["bank"] and len(lines) == 3
    assert lines[1]["labels"] == []  # an empty text has no label
    for line in (lines[0], lines[2]):
        assert line["labels"] == [name for name, score in line["scores"].items() if score > 0.5]


def test_its_setting_and_its_paper(trained):
    config = AutoConfig.from_pretrained(trained)
    settings = {"sgm": ("sequence", False), "sgm-ge": ("sequence", True), "set-rnn": ("set", False)}
    assert (config.objective, config.global_embedding) == settings[trained.name]
    assert sorted(config.label_order) == [0, 1, 2] and config.max_labels == 3
    assert ("Qin" in (trained / "README.md").read_text()) == (trained.name == "set-rnn")


def test_it_has_no_graph_of_one_pass(trained, refused):
    assert "emits labels one by one" in refused(f"export --model_name_or_path {trained} --output_dir out")


def test_training_goes_on_from_a_checkpoint(trained, data, tmp_path):
    """With the order of the labels that it has learned, and with as many of them as the new documents have."""
    few = tmp_path / "few"
    shutil.copytree(trained, few)
    config = AutoConfig.from_pretrained(trained)
    config.max_labels = 1
    config.save_pretrained(few)
    command = f"train --model_name_or_path {few} {data} --num_train_epochs 1 --output_dir {tmp_path / 'out'}"
    assert main(command.split()) == 0
    found = AutoConfig.from_pretrained(tmp_path / "out")
    assert (found.label_order, found.max_labels) == (config.label_order, 3)
