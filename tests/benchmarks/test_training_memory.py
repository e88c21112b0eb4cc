# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Memory over a training: what is measured, and what is added to the file."""

import json

from benchmarks import training_memory


def point(model: str, capacity: int, start: float) -> dict:
    curve = [start + step for step in range(20)]
    return {"model": model, "capacity": capacity, "steps_per_second": 40.0, "resident_mib": curve}


def test_a_training_is_measured_every_500_steps(monkeypatch):
    monkeypatch.setattr(training_memory, "_EVERY", 2)
    found = training_memory.measure_training("cnn", 6)
    assert len(found["resident_mib"]) == 3 and min(found["resident_mib"]) > 0
    assert found["command"].startswith("labelwise train --model cnn") and found["steps_per_second"] > 0


def test_other_curves_of_the_file_are_kept(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(training_memory, "_run", lambda model, capacity, steps: point(model, capacity, capacity))
    file = tmp_path / "memory.json"
    for options in ("--models lw-lstm --capacities 16", "--models cnn --capacities 16", "--models lw-lstm"):
        assert training_memory.main([*options.split(), "--output_file", str(file)]) == 0
    rows = [(row["model"], row["capacity"]) for row in json.loads(file.read_text())["rows"]]
    assert rows == [("cnn", 16), ("lw-lstm", 1024), ("lw-lstm", 16)]
    assert "| lw-lstm | 16 | 50,000 | 25 | 35 | 10.0 | 40 |" in capsys.readouterr().out
