# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of `docs/results.md` from the results of runs, so that no number is typed by hand.

Usage: `python docs/make_results.py [RUN_FOLDER ...]`. Finished runs of `labelwise reproduce` are first copied to
`docs/results/CORPUS/NAME.json`: the content of their `results.json`, with the content of `run.json` as `"run"`. For a
run of `labelwise train`, add that object by hand: system, corpus, learning_rate (null for none), seed and options.
"""

import json
import shlex
import sys
from pathlib import Path

from labelwise.hub.markdown import fill_section, make_table
from labelwise.reproduction.page import format_table, read_records
from labelwise.reproduction.runs import read_run
from labelwise.reproduction.tables import SYSTEMS, load_table, read_toml, table_names
from labelwise.runs.results import METRICS, format_metrics

HERE = Path(__file__).parent
TABLES = HERE / "results"
ROWS = list(dict.fromkeys(name.split(",")[0] for name in read_toml(SYSTEMS)))


def record(folder: Path) -> None:
    """Copy a finished run to `docs/results`."""
    run = read_run(folder)
    path = TABLES / run["run"]["corpus"] / f"{folder.name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(run, indent=2, ensure_ascii=False) + "\n", "utf-8")


def table(corpus: Path) -> str:
    """Return all runs on a corpus: at 0.5, at tuned thresholds, over seeds, and their commands."""
    runs = read_records(corpus)
    # Variants of a row follow it.
    runs = dict(sorted(runs.items(), key=lambda item: (ROWS.index(item[1]["run"]["system"].split(",")[0]), item[0])))
    head = ("row", *METRICS, "validation micro / macro", "epochs", "best step", "parameters", "minutes")
    rows = [
        [
            name,
            *format_metrics(METRICS, [run]),
            " / ".join(format_metrics(["micro_f1", "macro_f1"], [run], split="validation")),
            f"{run['epochs']:.0f}",
            str(run["best_step"]),
            f"{run['num_parameters']:,}",
            f"{run['wall_time_seconds'] / 60:.0f}",
        ]
        for name, run in runs.items()
    ]
    lines = [make_table(head, rows), "", *tuned_table(runs), *seeds_table(runs)]
    for name, run in runs.items():
        lines.append(f"- `{name}`: seed {run['seed']}, {run['machine']}:")
        lines.append(f"  `{shlex.join(run['command'])}`")
    versions = {name: number for run in runs.values() for name, number in run["versions"].items()}
    lines += ["", "Versions: " + ", ".join(f"{name} {number}" for name, number in versions.items()) + "."]
    return "\n".join(lines)


def tuned_table(runs: dict[str, dict]) -> list[str]:
    """Return the runs that were also measured at thresholds tuned on validation; the table above stays at 0.5."""
    head = ("row, at tuned thresholds", "tuned", *METRICS, "expected gain", "optimism")
    rows = []
    for name, run in runs.items():
        tuning = run.get("threshold_tuning")
        if tuning:
            gains = [f"{100 * tuning[gain]:+.2f}" for gain in ("expected_gain", "optimism")]
            cells = format_metrics(METRICS, [run], "metrics_at_tuned_thresholds")
            rows.append([name, f"{tuning['mode']}, {tuning['metric']}", *cells, *gains])
    return [make_table(head, rows), ""] if rows else []


def seeds_table(runs: dict[str, dict]) -> list[str]:
    """Return the mean and standard deviation of runs that differ in their seed alone."""
    groups: dict[tuple, dict[str, dict]] = {}
    for name, run in runs.items():
        groups.setdefault((run["run"]["system"], run["run"]["learning_rate"]), {})[name] = run
    head = ("row, mean ± standard deviation", "seeds", "threshold", *METRICS)
    rows = []
    for group in groups.values():
        for threshold, key in (("0.5", "metrics"), ("tuned", "metrics_at_tuned_thresholds")):
            if len(group) > 1 and all(run.get(key) for run in group.values()):
                rows.append(
                    [next(iter(group)), str(len(group)), threshold, *format_metrics(METRICS, list(group.values()), key)]
                )
    return [make_table(head, rows), ""] if rows else []


def fill(text: str) -> str:
    """Return the page with all tables written anew."""
    corpora = sorted(path for path in TABLES.iterdir() if path.is_dir())
    parts = {corpus.name: table(corpus) for corpus in corpora if any(corpus.glob("*.json"))}
    parts |= {name: format_table(load_table(name), TABLES) for name in table_names()}
    for name, part in parts.items():
        text = fill_section(text, name, part)
    return text


def main() -> None:
    """Record the runs that were named, and write the page."""
    for folder in sys.argv[1:]:
        record(Path(folder))
    page = HERE / "results.md"
    page.write_text(fill(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
