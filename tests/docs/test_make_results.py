# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The tables of results: at 0.5, and apart from it at tuned thresholds."""

import json
import runpy
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
PAGE = runpy.run_path(str(DOCS / "make_results.py"))


def test_tuned_thresholds_have_a_table_of_their_own(tmp_path: Path) -> None:
    run = json.loads((DOCS / "results/reuters21578/lw-lstm.json").read_text("utf-8"))
    (tmp_path / "lstm.json").write_text(json.dumps(run))
    plain = PAGE["table"](tmp_path)
    assert "tuned" not in plain
    tuning = {"mode": "per-label", "metric": "micro_f1", "expected_gain": 0.0123, "optimism": 0.004}
    at_tuned = {"test": {**run["metrics"]["test"], "micro_f1": 0.9876}}
    run |= {"threshold_tuning": tuning, "metrics_at_tuned_thresholds": at_tuned}
    run["run"]["learning_rate"] = 3e-4  # not another seed of the same
    (tmp_path / "lw-lstm.json").write_text(json.dumps(run))
    text = PAGE["table"](tmp_path)
    assert plain.splitlines()[2].replace("lstm", "lw-lstm", 1) in text  # the row at 0.5 is the same
    (row,) = [line for line in text.splitlines() if "98.76" in line]
    assert row.startswith("| lw-lstm | per-label, micro_f1 | 98.76 |")
    assert row.endswith("| +1.23 | +0.40 |")


def test_finished_runs_are_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = json.loads((DOCS / "results/reuters21578/lw-lstm.json").read_text("utf-8"))
    run = record.pop("run")
    folder = tmp_path / "runs" / "reuters21578" / "lw-lstm"
    folder.mkdir(parents=True)
    (folder / "results.json").write_text(json.dumps({**record, "metrics_at_tuned_thresholds": None}))
    (folder / "run.json").write_text(json.dumps(run))
    monkeypatch.setitem(PAGE["record"].__globals__, "TABLES", tmp_path)
    PAGE["record"](folder)
    written = json.loads((tmp_path / "reuters21578" / "lw-lstm.json").read_text("utf-8"))
    assert written == {**record, "metrics_at_tuned_thresholds": None, "run": run}


def test_the_page_is_up_to_date() -> None:
    text = (DOCS / "results.md").read_text("utf-8")
    assert PAGE["fill"](text) == text, "run `python docs/make_results.py`"
