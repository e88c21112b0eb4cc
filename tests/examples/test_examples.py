# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Each example runs as it stands, with a tiny encoder; the notebook in a kernel of its own."""

import runpy
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
OVER_AN_ENCODER = {
    "few_examples": ["training tickets", "'lrap': "],
    "label_mask": ["test micro-F1: ", '"labels": '],
    "label_wise_encoder": ["by name alone: [", "test micro-F1: ", " reads: ["],
}
ON_THEIR_OWN = {
    "own_data": ["[['cancellation'], ['crash"],
    "publish_and_load": [],  # prints in a process of its own
    "thresholds_and_report": ["'billing': 0.", "billing"],
}


def run(name: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    script = str(EXAMPLES / f"{name}.py")
    monkeypatch.setattr("sys.argv", [script, *arguments])
    runpy.run_path(script, run_name="__main__")


@pytest.mark.slow
@pytest.mark.parametrize("name", OVER_AN_ENCODER)
def test_over_an_encoder(name, bert, monkeypatch, capsys):
    run(name, [str(bert), "0.1"], monkeypatch)
    printed = capsys.readouterr().out
    assert all(part in printed for part in OVER_AN_ENCODER[name])


@pytest.mark.slow
@pytest.mark.parametrize("name", ON_THEIR_OWN)
def test_on_its_own(name, tmp_path, monkeypatch, capfd):
    run(name, [str(tmp_path / "out")], monkeypatch)
    printed = capfd.readouterr().out
    assert all(part in printed for part in ON_THEIR_OWN[name])
    assert name != "publish_and_load" or "['" in printed


def test_examples_are_short_and_tested():
    files = {path.stem: len(path.read_text().splitlines()) for path in EXAMPLES.glob("*.py")}
    assert files.keys() == OVER_AN_ENCODER.keys() | ON_THEIR_OWN.keys()
    assert max(files.values()) < 40


@pytest.mark.slow
def test_the_notebook_runs(tmp_path):
    nbformat = pytest.importorskip("nbformat")
    client = pytest.importorskip("nbclient")
    notebook = nbformat.read(EXAMPLES / "quickstart.ipynb", as_version=4)
    client.NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert "damaged" in str(notebook.cells[-3].outputs)
