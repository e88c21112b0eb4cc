# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train --model magnet`: the labels that it starts from, and what comes back."""

import json

import pytest
import torch
from labelwise_cli import main
from transformers import AutoModel, AutoModelForSequenceClassification, AutoTokenizer

from labelwise import WordTokenizer
from labelwise.families.magnet import known_words
from labelwise.trainer.label_statistics import label_cooccurrence

from ...tiny_corpus import TINY, write_jsonl

NAMES = ["money-loan", "nosuch", "soup"]


@pytest.fixture(scope="module")
def renamed(files):
    """The corpus with labels of other names: words that the texts have, and one that they have not."""
    new = dict(zip(["bank", "sport", "food"], NAMES, strict=True))
    options = []
    for split in ("train", "validation", "test"):
        rows = [json.loads(row) for row in (files / f"{split}.jsonl").read_text("utf-8").splitlines()]
        rows = [{**row, "labels": [new[label] for label in row["labels"]]} for row in rows]
        options.append(f"--{split}_file {write_jsonl(files / f'renamed-{split}.jsonl', rows)}")
    return " ".join(options)


@pytest.fixture(scope="module")
def trained(renamed, tmp_path_factory):
    """Trained at a rate that leaves the weights at their start."""
    out = tmp_path_factory.mktemp("magnet") / "out"
    options = "--learning_rate 1e-30 --num_attention_heads 2"
    assert main(f"train --model magnet {renamed} {TINY} {options} --output_dir {out}".split()) == 0
    return out


def test_the_labels_start_from_co_occurrence_and_their_names(trained, files):
    model, tokenizer = (auto.from_pretrained(trained) for auto in (AutoModelForSequenceClassification, AutoTokenizer))
    rows = (files / "renamed-train.jsonl").read_text("utf-8").splitlines()
    labels = [[int(model.config.id2label[k] in json.loads(row)["labels"]) for k in range(3)] for row in rows]
    torch.testing.assert_close(model.head.adjacency.detach(), label_cooccurrence(labels))
    words, vocabulary = model.get_input_embeddings().weight, tokenizer.get_vocab()
    index, starts = model.config.label2id, model.head.label_embeddings
    torch.testing.assert_close(starts[index["soup"]], words[vocabulary["soup"]])
    expected = (words[vocabulary["money"]] + words[vocabulary["loan"]]) / 2
    torch.testing.assert_close(starts[index["money-loan"]], expected)
    unknown = starts[index["nosuch"]]
    assert unknown.ne(0).all() and not (words == unknown).all(dim=1).any()


def test_what_was_saved(trained):
    config = AutoModelForSequenceClassification.from_pretrained(trained).config
    assert (config.model_type, config.hidden_size, config.num_attention_heads, config.dropout) == ("magnet", 8, 2, 0.5)
    batch = AutoTokenizer.from_pretrained(trained)(["the money", ""], padding=True, return_tensors="pt")
    assert AutoModel.from_pretrained(trained)(**batch).last_hidden_state.shape == (2, 1, 16)
    assert "MAGNET" in (trained / "README.md").read_text()


def test_it_learns_and_evaluates(data, files, tmp_path, capsys):
    out = tmp_path / "out"
    options = f"{TINY} --num_train_epochs 120 --learning_rate 1e-2 --dropout 0.1 --train_embeddings"
    assert main(f"train --model magnet {data} {options} --output_dir {out}".split()) == 0
    capsys.readouterr()
    assert main(f"evaluate --model_name_or_path {out} --test_file {files / 'test.jsonl'}".split()) == 0
    found = json.loads(capsys.readouterr().out)
    expected = json.loads((out / "results.json").read_text())["metrics"]["test"]
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert found["micro_f1"] > 0.8  # every label has words of its own


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("money-fx", ["money", "fx"]),
        ("Money_FX", ["money", "fx"]),
        ("money.nosuch", ["money"]),
        ("nosuch", []),
        ("[PAD] [SEP]", []),
        ("-", []),
        ("", []),
    ],
)
def test_words_of_a_name(name, words):
    tokenizer = WordTokenizer.train_from_iterator(["money fx"], min_frequency=1, mark_sentences=True)
    assert tokenizer.convert_ids_to_tokens(known_words(name, tokenizer)) == words


@pytest.mark.parametrize("option", ["num_graph_layers", "num_attention_heads", "hidden_size", "num_hidden_layers"])
def test_refusals(data, tmp_path, capsys, option):
    assert main(f"train --model magnet {data} --{option} 0 --output_dir {tmp_path / 'out'}".split()) == 2
    assert f"--{option} 0: must be >" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
