# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Time and memory of an evaluation."""

import json

import pytest

from benchmarks.evaluating import WORK, main, write_documents


def test_documents_have_frequent_and_rare_labels(tmp_path):
    write_documents(tmp_path / "a.jsonl", 400, 1000)
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    labels = [label for row in rows for label in row["labels"]]
    assert len(rows) == 400 and all(1 <= len(row["labels"]) <= 5 for row in rows)
    assert labels.count("label 0") > 10 * labels.count("label 50") and len(set(labels)) > 200


@pytest.mark.slow
def test_a_row_per_work(tmp_path, capsys):
    file = tmp_path / "evaluating.json"
    assert main(["--documents", "50", "--labels", "60", "--output_file", str(file)]) == 0
    rows = json.loads(file.read_text())["rows"]
    assert [(row["metrics"], row["documents"]) for row in rows] == [("six", 5), *((name, 50) for name in WORK)]
    assert all(100 < row["peak_mib"] < 2000 and row["seconds"] > 1 for row in rows)
    assert "| all, and the report | 50 |" in capsys.readouterr().out
