# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Write the tables of `docs/results.md` from the results of runs, so that no number is typed by hand.

Usage: `python docs/make_results.py` after copying a run's `results.json` to `docs/results/CORPUS/NAME.json`, with the
`system`, `learning_rate` and `seed` of its `run.json` under `run`.
"""

import shlex
from pathlib import Path
from typing import Any

from labelwise.hub.markdown import fill_section, make_table
from labelwise.reproduction.page import AT_HALF, TUNED, Records, cell, cells, format_table, read_recorded
from labelwise.reproduction.tables import SYSTEMS, load_table, read_toml, table_names
from labelwise.runs.results import METRICS

HERE = Path(__file__).parent
TABLES = HERE / "results"
# The order of `systems.toml`; variants of a row, named after a comma, are together.
ROWS = list(dict.fromkeys(name.partition(",")[0] for name in read_toml(SYSTEMS)))


def table(records: Records) -> str:
    """Return the tables of the runs on a corpus: at 0.5, at tuned thresholds, over seeds; then their commands."""
    names = sorted(records.runs, key=lambda name: (ROWS.index(name.partition(",")[0]), name))
    runs = {name: records.runs[name] for name in names}
    groups: dict[tuple[str, float | None], list[str]] = {}
    for name, run in runs.items():
        groups.setdefault((run["run"]["system"], run["run"]["learning_rate"]), []).append(name)
    rows = [[name, *cells(METRICS, [run], AT_HALF), *facts(run)] for name, run in runs.items()]
    tuned = [[name, *tuned_cells(run)] for name, run in runs.items() if run[TUNED]]
    seeds = [
        [min(group), str(len(group)), threshold, *cells(METRICS, [runs[name] for name in group], key)]
        for group in groups.values()
        for threshold, key in (("0.5", AT_HALF), ("tuned", TUNED))
        if len(group) > 1 and all(runs[name][key] for name in group)
    ]
    facts_head = ("validation micro / macro", "epochs", "best step", "parameters", "minutes")
    parts = [make_table(("row", *METRICS, *facts_head), rows)]
    if tuned:
        head = ("row, at tuned thresholds", "tuned", *METRICS, "expected gain", "optimism")
        parts.append(make_table(head, tuned))
    if seeds:
        parts.append(make_table(("row, mean ± standard deviation", "seeds", "threshold", *METRICS), seeds))
    commands = [
        f"- `{name}`: seed {run['seed']}, {run['machine']}:\n  `{shlex.join(run['command'])}`"
        for name, run in runs.items()
    ]
    versions = {name: number for run in runs.values() for name, number in run["versions"].items()}
    parts += ["\n".join(commands), f"Versions: {', '.join(f'{name} {number}' for name, number in versions.items())}."]
    return "\n\n".join(parts)


def facts(run: dict[str, Any]) -> list[str]:
    """Return the cells of a run beside its metrics."""
    validation = run[AT_HALF]["validation"]
    return [
        " / ".join(cell(metric, [validation[metric]]) for metric in ("micro_f1", "macro_f1")),
        f"{run['epochs']:.0f}",
        str(run["best_step"]),
        f"{run['num_parameters']:,}",
        f"{run['wall_time_seconds'] / 60:.0f}",
    ]


def tuned_cells(run: dict[str, Any]) -> list[str]:
    """Return the cells of a run at its tuned thresholds."""
    tuning = run["threshold_tuning"]
    gains = [f"{100 * tuning[gain]:+.2f}" for gain in ("expected_gain", "optimism")]
    return [f"{tuning['mode']}, {tuning['metric']}", *cells(METRICS, [run], TUNED), *gains]


def fill(text: str) -> str:
    """Return the page with every table written anew."""
    records = {path.name: read_recorded(path) for path in sorted(TABLES.iterdir()) if path.is_dir()}
    parts = {name: table(found) for name, found in records.items() if found.runs}
    parts |= {name: format_table(load_table(name), records) for name in table_names()}
    for name, part in parts.items():
        text = fill_section(text, name, part)
    return text


def main() -> None:
    page = HERE / "results.md"
    page.write_text(fill(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
