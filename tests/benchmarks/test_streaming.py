# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The memory of a streamed training, and predictions shared by processes: small ones are measured and recorded."""

import json

import pytest

from benchmarks import processes, streaming


@pytest.mark.slow
def test_memory_of_a_streamed_training(tmp_path, capsys):
    file = tmp_path / "streaming.json"
    assert streaming.main(["--documents", "400", "--steps", "4", "--output_file", str(file)]) == 0
    measured = json.loads(file.read_text())
    assert len(measured["memory_mib"]) == 4 and min(measured["memory_mib"]) > 50
    assert "400 documents, " in capsys.readouterr().out


@pytest.mark.slow
def test_predictions_shared_by_processes(tmp_path):
    file = tmp_path / "processes.json"
    assert processes.main(["--documents", "600", "--output_file", str(file)]) == 0
    assert [row["processes"] for row in json.loads(file.read_text())["rows"]] == [1, 2]
