# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""One point of each kind; the others differ only in size."""

import json
import subprocess

import pytest

from benchmarks import curves


@pytest.fixture
def in_process(monkeypatch, capsys):
    """Run points in this process, because a new process would have to import torch and transformers."""

    def run(command, **settings):
        code = curves.main(command[command.index("benchmarks.curves") + 1 :])
        return subprocess.CompletedProcess(command, code, stdout=capsys.readouterr().out, stderr="")

    monkeypatch.setattr(curves, "_run", run)


def test_memory_over_a_corpus(tmp_path, capsys, monkeypatch, in_process):
    title, point, _ = curves.CURVES["corpus"]
    monkeypatch.setitem(curves.CURVES, "corpus", (title, point, (20_000,)))
    file = tmp_path / "curves.json"
    assert curves.main(["--quick", "--curves", "corpus", "--output_file", str(file)]) == 0
    (point,) = json.loads(file.read_text("utf-8"))["curves"]["corpus"]["points"]
    assert point["documents"] == 200
    assert len(point["resident_MiB_over_training"]) >= 5
    assert 0 < point["first_resident_MiB"] <= point["largest_resident_MiB"]
    assert "| documents |" in capsys.readouterr().out


def test_curves_are_added_to_a_file(tmp_path, monkeypatch):
    monkeypatch.setattr(curves, "run_point", lambda module, name, value, quick: {name: value})
    file = tmp_path / "curves.json"
    for name in ("length", "labels"):
        assert curves.main(["--curves", name, "--output_file", str(file)]) == 0
    assert list(json.loads(file.read_text("utf-8"))["curves"]) == ["length", "labels"]


def test_a_point_that_fails_is_named(capsys, monkeypatch):
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr="Traceback\nMemoryError: no room")
    monkeypatch.setattr(curves, "_run", lambda command, **settings: failed)
    assert curves.main(["--curves", "labels"]) == 2
    assert "labels 22 failed: MemoryError: no room" in capsys.readouterr().err


def test_output_that_cannot_be_written(capsys):
    assert curves.main(["--output_file", "no/where.json"]) == 2
    assert "create it first" in capsys.readouterr().err
