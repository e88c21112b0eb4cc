# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Requests per second and latency of `labelwise serve`."""

import json

import pytest

from benchmarks.serve_load import main


@pytest.mark.slow
def test_a_row_per_model_and_number_of_clients(model, tmp_path, capsys):
    file = tmp_path / "load.json"
    options = ["--requests", "20", "--clients", "1", "4", "--note", "a test", "--output_file", str(file)]
    assert main(["--models", str(model), *options]) == 0
    measurement = json.loads(file.read_text())
    assert measurement["note"] == "a test"
    assert [row["clients"] for row in measurement["rows"]] == [1, 4]
    for row in measurement["rows"]:
        assert row["requests_per_second"] > 0
        assert 0 < row["median_ms"] <= row["percentile_95_ms"]
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == measurement["rows"]


def test_a_file_that_cannot_be_written(tmp_path, capsys):
    assert main(["--models", "nowhere", "--output_file", str(tmp_path / "no" / "load.json")]) == 2
    assert "there is no folder" in capsys.readouterr().err
