# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The two orders of an evaluation, side by side."""

import json

import pytest

from benchmarks import evaluation_order
from benchmarks.evaluation_order import main


@pytest.fixture(autouse=True)
def small_corpora(monkeypatch):
    load = evaluation_order.load_corpus
    monkeypatch.setattr(evaluation_order, "load_corpus", lambda name, data_dir: load("support_tickets"))


def test_each_model_on_each_corpus_is_a_row(make_encoder, tmp_path, capsys):
    file = tmp_path / "evaluation_order.json"
    options = ["--documents", "40", "--repeats", "3", "--output_file", str(file)]
    assert main(["--data_dir", str(tmp_path), "--encoder", str(make_encoder("bert")), *options]) == 0
    rows = json.loads(file.read_text())["rows"]
    assert [(row["corpus"], row["model"]) for row in rows] == [
        (corpus, model) for corpus in ("reuters21578", "goemotions") for model in ("cnn", "lw-lstm", "bert")
    ]
    assert min(row[name] for row in rows for name in ("longest_first", "order_of_corpus", "ratio")) > 0
    assert "| goemotions | bert |" in capsys.readouterr().out


def test_a_folder_that_is_no_encoder(tmp_path, capsys):
    folder = str(tmp_path / "nothing")
    assert main(["--data_dir", str(tmp_path), "--encoder", folder, "--models", "bert"]) == 2
    assert "nothing" in capsys.readouterr().err
