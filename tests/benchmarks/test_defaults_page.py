# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page of the sweep: what is above the default, and what is bold."""

import json
from pathlib import Path

from benchmarks.defaults_page import defaults_page, is_clearly_above
from benchmarks.report import PAGES, write_page

FACTS = {
    "machine": "a machine",
    "threads": 2,
    "time_limit": 10.0,
    "versions": {"torch": "2"},
    "commands": ["python -m benchmarks.defaults --data_dir data"],
    "failed": {},
}


def make_row(setting, micro, macro=0.5, model="cnn", corpus="goemotions", seed=42):
    return {
        "model": model,
        "corpus": corpus,
        "setting": setting,
        "seed": seed,
        "arguments": "" if setting == "default" else f"--set {setting}",
        "revision": "abc",
        "documents": {"train": 1200, "validation": 100},
        "micro_f1": micro,
        "macro_f1": macro,
        "epochs": 0 if model == "br" else 3.25,
        "stopped_by": None if model == "br" else "max_minutes",
        "minutes": 9.5,
        "processor_minutes": 18.0,
    }


def tables(rows):
    """Return the cells of each table of the page, by the heading above it."""
    found, heading = {}, ""
    for line in defaults_page({**FACTS, "rows": rows}).splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.startswith("|"):
            found.setdefault(heading, []).append([cell.strip() for cell in line.strip("|").split("|")])
    return found


def test_above_by_more_than_the_seeds_of_either_differ():
    default = [make_row("default", 0.50), make_row("default", 0.52)]
    assert is_clearly_above([make_row("a", 0.54)], default, "micro_f1")
    assert not is_clearly_above([make_row("a", 0.525)], default, "micro_f1")
    assert not is_clearly_above([make_row("a", 0.50), make_row("a", 0.58)], default, "micro_f1")
    assert not is_clearly_above([make_row("a", 0.90)], default[:1], "micro_f1")


def test_the_default_is_first_and_the_best_is_bold_if_it_is_clearly_above():
    rows = [make_row("a", 0.60), make_row("b", 0.70), *(make_row("default", 0.5, seed=seed) for seed in (42, 43))]
    rows.append(make_row("default", 0.65, 0.4, model="br"))
    head, _, *lines = tables(rows)["cnn: goemotions"]
    assert head[:4] == ["setting", "options", "micro-F1", "macro-F1"]
    assert [line[:5] for line in lines] == [
        ["`br`", "", "65.00", "40.00", "1"],
        ["default", "", "50.00 (50.00 to 50.00)", "50.00 (50.00 to 50.00)", "2"],
        ["a", "`--set a`", "60.00", "50.00", "1"],
        ["b", "`--set b`", "**70.00**", "50.00", "1"],
    ]
    assert lines[0][5:7] == ["0.0", "-"] and lines[1][5:] == ["3.2", "time", "9.5", "18.0"]


def test_gains_over_corpora_are_points_of_the_mean_of_both_scores():
    rows = [make_row(name, score, corpus=corpus) for name, score, corpus in [
        ("default", 0.50, "goemotions"),
        ("default", 0.60, "reuters21578"),
        ("only here", 0.90, "goemotions"),
        ("worse", 0.48, "goemotions"),
        ("worse", 0.58, "reuters21578"),
        ("better", 0.54, "goemotions"),
        ("better", 0.62, "reuters21578"),
    ]]  # fmt: skip
    head, _, *lines = tables(rows)["cnn"]
    assert head == ["setting", "goemotions", "reuters21578", "mean"]
    assert lines == [
        ["better", "+2.00", "+1.00", "+1.50"],
        ["worse", "-1.00", "-1.00", "-1.00"],
        ["only here", "+20.00", "-", "-"],
    ]


def test_facts_and_failures():
    measurement = {**FACTS, "rows": [make_row("default", 0.5)], "failed": {"goemotions/cnn, a": "no *memory*"}}
    page = defaults_page(measurement)
    assert "of 10 minutes at most" in page and "- goemotions: 1,200 train, 100 validation documents" in page
    assert r"- **Failed**: goemotions/cnn, a: no \*memory\*" in page
    assert "- a machine, 2 threads; revisions abc." in page
    assert page.endswith("```\npython -m benchmarks.defaults --data_dir data\n```")


def test_the_report_writes_the_page(tmp_path):
    docs = Path(__file__).parents[2] / "docs"
    (tmp_path / "performance").mkdir()
    for page in PAGES:
        (tmp_path / page).parent.mkdir()
        (tmp_path / page).write_text((docs / page).read_text("utf-8"), "utf-8")
    write_page(tmp_path)
    assert not (tmp_path / "lab" / "defaults.md").exists()
    measurement = {**FACTS, "rows": [make_row("default", 0.5)]}
    (tmp_path / "performance" / "defaults.json").write_text(json.dumps(measurement))
    write_page(tmp_path)
    assert (tmp_path / "lab" / "defaults.md").read_text("utf-8") == defaults_page(measurement) + "\n"
