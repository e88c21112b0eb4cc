# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The blocks of docs/how_to/adding_labels.md run, in their order."""

import re
from pathlib import Path

import pytest
from labelwise_cli import main

PAGE = (Path(__file__).parents[2] / "docs/how_to/adding_labels.md").read_text("utf-8")


@pytest.mark.slow
def test_blocks_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    first, files, measured = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
    alone, trained = re.findall(r"^(?:\$ )?labelwise (add-labels .*)$", PAGE, re.M)
    names = {}
    exec(first, names)
    exec(files, names)
    assert main(alone.replace("out2", "alone").split()) == 0
    assert main(trained.split()) == 0
    capsys.readouterr()
    exec(measured, names)
    before, after, new = map(float, capsys.readouterr().out.split())
    assert before > 0.85
    assert after > before - 0.01  # one seed; the page says how far it falls
    assert new > 0.5
