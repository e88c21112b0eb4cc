# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Each example runs as it stands, with a tiny encoder."""

import runpy
from pathlib import Path

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_label_wise_encoder(bert, monkeypatch, capsys):
    script = EXAMPLES / "label_wise_encoder.py"
    monkeypatch.setattr("sys.argv", [str(script), str(bert), "0.1"])
    runpy.run_path(str(script), run_name="__main__")
    printed = capsys.readouterr().out
    assert "by name alone: [" in printed and "test micro-F1: " in printed and " reads: [" in printed


def test_examples_are_short():
    assert all(len(path.read_text().splitlines()) < 40 for path in EXAMPLES.glob("*.py"))
