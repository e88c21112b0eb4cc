# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The results page is short, says how its rows were trained, and has all records behind it."""

import json
import runpy
import shlex
from pathlib import Path

import pytest

from labelwise.reproduction.page import read_records

DOCS = Path(__file__).parents[2] / "docs"
PAGE = runpy.run_path(str(DOCS / "make_results.py"))


@pytest.fixture
def run() -> dict:
    """Return a record with tuned thresholds, as `reproduce` writes it today."""
    run = json.loads((DOCS / "results/goemotions/cnn.json").read_text("utf-8"))
    run["run"] |= {"system": "lw-lstm", "revision": "0123456789ab"}
    return {**run, "stopped_by": "early_stopping_patience", "num_parameters": 2_600_000, "wall_time_seconds": 540.0}


def rows(records: dict[str, dict], published: dict[str, str] | None = None) -> list[list[str]]:
    head, _, *rows = PAGE["format_corpus"](records, published or {}).splitlines()
    assert head.startswith("| system | micro-F1 | macro-F1 | seeds | parameters | minutes |")
    return [[cell.strip() for cell in row.split("|")[1:-1]] for row in rows]


def test_a_row(run: dict) -> None:
    metrics = run["metrics_at_tuned_thresholds"]["test"]
    metrics |= {"micro_f1": 0.9876, "macro_f1": 0.5}
    expected = ["`lw-lstm`", "98.76", "50.00", "1", "2.6 M", "9.0"]
    assert rows({"a": run}) == [expected]
    assert rows({"a": run}, {"lw-lstm": "71.8"}) == [[*expected, "71.8"]]
    assert rows({"a": run}, {"br": "64.6"}) == [[*expected, "-"]]
    assert rows({"a": {**run, "machine": "NVIDIA H200"}})[0][-1] == "9.0 GPU"


def test_marks(run: dict) -> None:
    def system(**facts: object) -> str:
        return rows({"a": {**run, **facts}})[0][0]

    old = {key: value for key, value in run["run"].items() if key != "revision"}
    assert system(run=old) == "`lw-lstm` †"
    assert system(metrics_at_tuned_thresholds=None) == "`lw-lstm` °"
    assert system(stopped_by="max_minutes") == "`lw-lstm` ‡"
    assert system(stopped_by=None) == "`lw-lstm` ‡"
    assert system(stopped_by=None, epochs=0.0) == "`lw-lstm`"  # fitted whole, without epochs


def test_a_row_trained_anew_replaces_the_old_one(run: dict) -> None:
    old = json.loads(json.dumps(run))
    del old["run"]["revision"]
    old["run"]["seed"] += 1
    new = {**run, "metrics_at_tuned_thresholds": {split: {**m, "micro_f1": 0.1} for split, m in run["metrics"].items()}}
    (row,) = rows({"old": old, "new": new})
    assert row[0] == "`lw-lstm`" and row[1] == "10.00" and row[3] == "1"


def test_finished_runs_are_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = json.loads((DOCS / "results/reuters21578/lw-lstm.json").read_text("utf-8"))
    run = record.pop("run")
    folder = tmp_path / "runs" / "reuters21578" / "lw-lstm"
    folder.mkdir(parents=True)
    (folder / "results.json").write_text(json.dumps({**record, "metrics_at_tuned_thresholds": None}))
    (folder / "run.json").write_text(json.dumps(run))
    monkeypatch.setitem(PAGE["record"].__globals__, "RECORDS", tmp_path)
    PAGE["record"](folder)
    written = json.loads((tmp_path / "reuters21578" / "lw-lstm.json").read_text("utf-8"))
    assert written == {**record, "metrics_at_tuned_thresholds": None, "run": run}


def test_the_pages_are_up_to_date() -> None:
    for path, text in PAGE["make_pages"]().items():
        assert path.read_text("utf-8") == text, f"{path.name}: run `python docs/make_results.py`"
    assert len((DOCS / "explanation/results.md").read_text("utf-8").splitlines()) <= 100


def test_every_record_is_on_a_page() -> None:
    pages = "".join((DOCS / "lab" / f"{name}.md").read_text("utf-8") for name in PAGE["TABLES"])
    told = "delete it if runs with a revision replace it, or add its row to a table in docs/tables"
    for corpus in (DOCS / "results").iterdir():
        for name, run in read_records(corpus).items():
            assert shlex.join(run["command"]) in pages, f"{corpus.name}/{name}: {told}"
