# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Speed and memory of `labelwise predict` from file to file."""

import csv
import json

import pytest

from benchmarks.serving import main, measure_prediction, write_texts


def test_texts_are_repeated_in_turn(tmp_path):
    write_texts(tmp_path / "5.csv", ["one", "two, three"], 5)
    with (tmp_path / "5.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["id"] for row in rows] == ["0", "1", "2", "3", "4"]
    assert [row["text"] for row in rows] == ["one", "two, three", "one", "two, three", "one"]


def test_one_process(model, tmp_path):
    write_texts(tmp_path / "50.csv", ["money loan", "ball"], 50)
    found = measure_prediction(str(model), str(tmp_path / "50.csv"), str(tmp_path / "answers.jsonl"))
    assert found["seconds"] > 0
    assert found["peak_mib"] > 10
    rows = [json.loads(line) for line in (tmp_path / "answers.jsonl").read_text().splitlines()]
    assert [row["id"] for row in rows] == [str(number) for number in range(50)]
    assert len({json.dumps(row["scores"]) for row in rows}) == 2


def test_a_corpus_that_does_not_exist(capsys, model):
    assert main(["--models", str(model), "--dataset", "no_such_corpus"]) == 2
    assert "no_such_corpus" in capsys.readouterr().err


@pytest.mark.slow
def test_a_row_per_model_and_format(model, tmp_path, capsys):
    file = tmp_path / "serving.json"
    options = ["--rows", "400", "--repeats", "1", "--formats", "csv", "parquet", "--output_file", str(file)]
    assert main(["--models", str(model), *options]) == 0
    rows = json.loads(file.read_text())["rows"]
    assert [(row["model"], row["format"]) for row in rows] == [("model", "csv"), ("model", "parquet")]
    assert all(row["texts_per_second"] > 0 and row["peak_mib_tenth"] > 0 for row in rows)
    assert "| model | csv | 400 |" in capsys.readouterr().out
