# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The two orders of an evaluation, side by side."""

import json

import pytest

from benchmarks.evaluation_order import main
from labelwise import CNNConfig, CNNForSequenceClassification, WordTokenizer
from labelwise.datasets_scripts import load_corpus


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    corpus = load_corpus("support_tickets")["test"]
    names = corpus.features["labels"].feature.names
    tokenizer = WordTokenizer.train_from_iterator(corpus["text"], min_frequency=1)
    config = CNNConfig(
        vocab_size=len(tokenizer), embedding_size=6, num_filters=5, max_words=20, id2label=dict(enumerate(names))
    )
    folder = tmp_path_factory.mktemp("trained") / "cnn"
    CNNForSequenceClassification(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


def test_rows_of_other_corpora_stay(model, tmp_path, capsys):
    file = tmp_path / "evaluation_order.json"
    command = ["--models", model, "--dataset", "support_tickets", "--documents", "150", "--output_file", str(file)]
    assert main(command) == 0
    measurement = json.loads(file.read_text())
    (row,) = measurement["rows"]
    assert (row["corpus"], row["model"]) == ("support_tickets", "cnn")
    assert row["documents"] == 150
    assert min(row[name] for name in ("longest_first", "order_of_corpus", "ratio")) > 0
    measurement["rows"] = [{**row, "corpus": "other"}]
    file.write_text(json.dumps(measurement))
    assert main(command) == 0
    assert [row["corpus"] for row in json.loads(file.read_text())["rows"]] == ["other", "support_tickets"]
    assert "| other | cnn |" in capsys.readouterr().out


def test_a_folder_that_is_no_model(tmp_path, capsys):
    assert main(["--models", str(tmp_path / "nothing"), "--dataset", "support_tickets"]) == 2
    assert "nothing" in capsys.readouterr().err
