# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Exports beside their models."""

import json

import pytest

from benchmarks.quantized import BATCH_SIZES, main
from labelwise import CNNConfig, CNNForSequenceClassification, WordTokenizer
from labelwise.datasets_scripts import load_corpus


@pytest.mark.slow
def test_each_batch_size_is_a_row(tmp_path, capsys):
    corpus = load_corpus("support_tickets")["test"]
    names = corpus.features["labels"].feature.names
    tokenizer = WordTokenizer.train_from_iterator(corpus["text"], min_frequency=1)
    words = {"vocab_size": len(tokenizer), "embedding_size": 6, "id2label": dict(enumerate(names)), "max_words": 20}
    CNNForSequenceClassification(CNNConfig(num_filters=5, **words)).save_pretrained(tmp_path / "cnn")
    tokenizer.save_pretrained(tmp_path / "cnn")
    file = tmp_path / "quantized.json"
    assert main(["--models", str(tmp_path / "cnn"), "--documents", "9", "--output_file", str(file)]) == 0
    measurement = json.loads(file.read_text())
    assert [row["batch_size"] for row in measurement["rows"]] == [*BATCH_SIZES]
    for row in measurement["rows"]:
        assert row["documents"] == 9
        assert 0 < row["mean_difference"] <= row["largest_difference"] < 0.1
        assert 0 < row["ratio_quartiles"][0] <= row["ratio"] <= row["ratio_quartiles"][1]
    assert "| cnn | onnx int8 | 64 |" in capsys.readouterr().out


def test_a_folder_that_is_no_model(tmp_path, capsys):
    assert main(["--models", str(tmp_path / "nothing")]) == 2
    assert "nothing" in capsys.readouterr().err
