# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Comparison of trained models on the texts of a test split."""

import json

import pytest

from benchmarks.decoding import main
from labelwise import CNNConfig, CNNForSequenceClassification, SGMConfig, SGMForSequenceClassification, WordTokenizer
from labelwise.datasets_scripts import load_corpus


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    corpus = load_corpus("support_tickets")["test"]
    names = corpus.features["labels"].feature.names
    tokenizer = WordTokenizer.train_from_iterator(corpus["text"], min_frequency=1)
    words = {"vocab_size": len(tokenizer), "embedding_size": 6, "id2label": dict(enumerate(names)), "max_words": 20}
    folders = []
    for name, model in {
        "cnn": CNNForSequenceClassification(CNNConfig(num_filters=5, **words)),
        "sgm": SGMForSequenceClassification(SGMConfig(hidden_size=5, num_beams=2, **words)),
    }.items():
        folders.append(str(tmp_path_factory.mktemp("trained") / name))
        model.save_pretrained(folders[-1])
        tokenizer.save_pretrained(folders[-1])
    return folders


def test_each_model_is_a_row(models, tmp_path, capsys):
    file = tmp_path / "decoding.json"
    options = ["--dataset", "support_tickets", "--repeats", "3", "--output_file", str(file)]
    assert main(["--models", *models, *options]) == 0
    measurement = json.loads(file.read_text())
    assert {row["model"] for row in measurement["rows"]} == {"cnn", "sgm"}
    assert measurement["documents"] == load_corpus("support_tickets")["test"].num_rows
    for row in measurement["rows"]:
        assert row["texts_per_second"] == pytest.approx(measurement["documents"] / row["seconds"])
    assert "| cnn |" in capsys.readouterr().out


def test_a_folder_that_is_no_model(tmp_path, capsys):
    assert main(["--models", str(tmp_path / "nothing"), "--dataset", "support_tickets"]) == 2
    assert "nothing" in capsys.readouterr().err
