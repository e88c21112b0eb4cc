# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model han-lg`: the graph that it starts from, and what comes back."""

import json

import pytest
import torch
from labelwise_cli import main
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

from ...tiny_corpus import TINY


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    """Trained at a rate that leaves the weights at their start."""
    out = tmp_path_factory.mktemp("han-lg") / "out"
    options = "--learning_rate 1e-30 --soft_label_weight 0.2 --max_sentences 3 --max_words_per_sentence 9"
    assert main(f"train --model han-lg {data} {TINY} {options} --output_dir {out}".split()) == 0
    return out


def count(documents: list[list[str]], names: list[str]) -> list[list[float]]:
    """Co-occurrence, one pair of labels after the other."""
    return [
        [sum(i in one and j in one for one in documents) / sum(i in one for one in documents) for j in names]
        for i in names
    ]


def test_the_graph_starts_from_the_training_split(trained, files):
    model = AutoModelForSequenceClassification.from_pretrained(trained)
    names = [model.config.id2label[index] for index in range(3)]
    rows = (files / "train.jsonl").read_text("utf-8").splitlines()
    by_hand = count([json.loads(row)["labels"] for row in rows], names)
    torch.testing.assert_close(model.head.label_graph.detach(), torch.tensor(by_hand))
    assert not torch.tensor(by_hand).isclose(torch.eye(3)).all()


def test_what_was_saved(trained):
    config = AutoModelForSequenceClassification.from_pretrained(trained).config
    assert (config.model_type, config.hidden_size, config.soft_label_weight) == ("han_lg", 8, 0.2)
    tokenizer = AutoTokenizer.from_pretrained(trained)
    assert (tokenizer.max_sentences, tokenizer.max_words_per_sentence) == (3, 9)
    batch = tokenizer(["The money. A ball.", ""], padding=True, return_tensors="pt")
    assert AutoModel.from_pretrained(trained)(**batch).last_hidden_state.shape == (2, 1, 16)
    assert "label" in (trained / "README.md").read_text() and "Zhao" in (trained / "README.md").read_text()


def test_it_learns_evaluates_and_goes_on(trained, data, files, tmp_path, capsys):
    out = tmp_path / "out"
    options = "--num_train_epochs 30 --learning_rate 1e-2 --per_device_train_batch_size 8 --train_embeddings"
    assert main(f"train --model_name_or_path {trained} {data} {options} --output_dir {out}".split()) == 0
    capsys.readouterr()
    assert main(f"evaluate --model_name_or_path {out} --test_file {files / 'test.jsonl'}".split()) == 0
    found = json.loads(capsys.readouterr().out)
    expected = json.loads((out / "results.json").read_text())["metrics"]["test"]
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert found["micro_f1"] > 0.8  # every label has words of its own
    graphs = [AutoModelForSequenceClassification.from_pretrained(one).head.label_graph for one in (trained, out)]
    assert not graphs[0].isclose(graphs[1]).any()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--soft_label_weight 1.5", "--soft_label_weight 1.5: must be >= 0 and <= 1"),
        ("--soft_label_weight nan", "--soft_label_weight nan"),
        ("--max_sentences 0", "--max_sentences 0: must be >"),
        ("--pretraining_steps 3", "--pretraining_steps: is an option of --model"),
        ("--label_graph 1", "--label_graph: is an option of --model"),
    ],
)
def test_refusals(data, tmp_path, capsys, options, told):
    assert main(f"train --model han-lg {data} {TINY} {options} --output_dir {tmp_path / 'out'}".split()) == 2
    assert told in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
