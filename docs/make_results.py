# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Writes the tables of `docs/results.md` from the `results.json` files of runs, so that no number is typed by hand.

Usage: `python docs/make_results.py` after copying a run's `results.json` to `docs/results/CORPUS/ROW.json`; what
`labelwise reproduce` ran has these names already.
"""

import json
import shlex
from pathlib import Path

from labelwise.hub.markdown import fill_section, make_table
from labelwise.reproduction.page import cell, format_table, read_recorded, spread_cell
from labelwise.reproduction.tables import load_table, table_names
from labelwise.runs.results import METRICS as COLUMNS

HERE = Path(__file__).parent
TABLES = HERE / "results"
# In this order; what follows a comma in a file's name tells variants and seeds of a row apart.
ROWS = (
    "br",
    "cc",
    "lp",
    "cnn",
    "cnn-rnn",
    "lstm",
    "lstm+pt",
    "lstm+pt+ft",
    "reg-lstm",
    "han",
    "han+pt",
    "han+pt+ft",
    "han-lg",
    "sgm",
    "sgm-ge",
    "set-rnn",
    "magnet",
    "lw-lstm",
    "lw-lstm+pt",
    "lw-lstm+pt+ft",
    "hlw-lstm",
    "hlw-lstm+pt",
    "hlw-lstm+pt+ft",
    "bert",
    "bert-mlm",
    "lm-mtc",
)


def row_of(name: str) -> str:
    return name.split(",")[0]


def table(corpus: Path) -> str:
    names = sorted((file.stem for file in corpus.glob("*.json")), key=lambda name: (ROWS.index(row_of(name)), name))
    runs = {name: json.loads((corpus / f"{name}.json").read_text("utf-8")) for name in names}
    head = ("row", *COLUMNS, "validation micro / macro", "epochs", "best step", "parameters", "minutes")
    rows = []
    for name, run in runs.items():
        test, validation = run["metrics"]["test"], run["metrics"]["validation"]
        cells = [
            name,
            *(cell(metric, test[metric]) for metric in COLUMNS),
            f"{cell('micro_f1', validation['micro_f1'])} / {cell('macro_f1', validation['macro_f1'])}",
            f"{run['epochs']:.0f}",
            str(run["best_step"]),
            f"{run['num_parameters']:,}",
            f"{run['wall_time_seconds'] / 60:.0f}",
        ]
        rows.append(cells)
    lines = [make_table(head, rows), "", *tuned_table(runs), *seeds_table(runs)]
    for name, run in runs.items():
        lines.append(f"- `{name}`: seed {run['seed']}, {run['machine']}:")
        lines.append(f"  `{shlex.join(run['command'])}`")
    versions = {name: number for run in runs.values() for name, number in run["versions"].items()}
    lines += ["", "Versions: " + ", ".join(f"{name} {number}" for name, number in versions.items()) + "."]
    return "\n".join(lines)


def tuned_table(runs: dict[str, dict]) -> list[str]:
    """The runs that were also measured at thresholds tuned on validation; the table above stays at 0.5."""
    tuned = {name: run for name, run in runs.items() if run.get("metrics_at_tuned_thresholds")}
    if not tuned:
        return []
    head = ("row, at tuned thresholds", "tuned", *COLUMNS, "expected gain", "optimism")
    rows = []
    for name, run in tuned.items():
        tuning, test = run["threshold_tuning"], run["metrics_at_tuned_thresholds"]["test"]
        gains = [f"{100 * tuning[gain]:+.2f}" for gain in ("expected_gain", "optimism")]
        how = f"{tuning['mode']}, {tuning['metric']}"
        rows.append([name, how, *(cell(metric, test[metric]) for metric in COLUMNS), *gains])
    return [make_table(head, rows), ""]


def seeds_table(runs: dict[str, dict]) -> list[str]:
    """Mean and standard deviation of the rows that were run with several seeds ("ROW", "ROW, seed N")."""
    seeds = {}
    for name, run in runs.items():
        seeds.setdefault(name.split(", seed ")[0], []).append(run)
    seeds = {name: group for name, group in seeds.items() if len(group) > 1}
    if not seeds:
        return []
    head = ("row, mean ± standard deviation", "seeds", "threshold", *COLUMNS)
    rows = []
    for name, group in seeds.items():
        for threshold, key in (("0.5", "metrics"), ("tuned", "metrics_at_tuned_thresholds")):
            if all(run.get(key) for run in group):
                scores = [spread_cell(metric, [run[key]["test"][metric] for run in group]) for metric in COLUMNS]
                rows.append([name, str(len(group)), threshold, *scores])
    return [make_table(head, rows), ""]


def fill(text: str) -> str:
    """The page with every table written anew."""
    corpora = sorted(path for path in TABLES.iterdir() if path.is_dir())
    parts = {corpus.name: table(corpus) for corpus in corpora if any(corpus.glob("*.json"))}
    records = {corpus.name: read_recorded(corpus) for corpus in corpora}
    parts |= {name: format_table(load_table(name), records) for name in table_names()}
    for name, part in parts.items():
        text = fill_section(text, name, part)
    return text


def main() -> None:
    page = HERE / "results.md"
    page.write_text(fill(page.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
