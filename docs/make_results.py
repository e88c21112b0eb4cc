# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Writes `docs/explanation/results.md`, `docs/lab/TABLE.md` and the README's table from the records of runs, so that no
number is typed by hand.

Usage: `python docs/make_results.py [RUN_FOLDER ...]`. Finished runs of `labelwise reproduce` are first copied to
`docs/results/CORPUS/NAME.json`: the content of their `results.json`, with the content of `run.json` as `"run"`.
A record replaces the one of that name, and records of a row with a revision replace those without.
"""

import json
import sys
from pathlib import Path
from statistics import mean

from labelwise.hub.markdown import fill_section, make_table
from labelwise.reproduction.page import TUNED, format_table, group_runs, read_records
from labelwise.reproduction.runs import read_run
from labelwise.reproduction.tables import load_table, table_names
from labelwise.runs.results import format_metrics

HERE = Path(__file__).parent
RECORDS = HERE / "results"
TABLES = {name: load_table(name) for name in table_names()}
TABLES |= {path.stem: load_table(str(path)) for path in sorted((HERE / "tables").glob("*.toml"))}
CORPORA = {
    "reuters21578": "Reuters-21578, ModApte: 90 labels, 6,977 / 793 / 3,019 stories",
    "reuters21578-random-80-20": "Reuters-21578, random split: 7,763 / 868 / 2,158 stories (published: another draw)",
    "goemotions": "GoEmotions: 28 labels, 43,410 / 5,426 / 5,427 comments",
    "gaic": "GAIC, round 1: 17 labels, 8,000 / 1,000 / 1,000 reports (published: both rounds)",
    "bdci_car2018": "BDCI 2018 car reviews, Chinese: 10 labels, 8,510 / 1,063 / 1,081 reviews",
}
# Rows of the page. All others are in `docs/lab`.
SYSTEMS = ["br", "cnn", "lw-lstm", "lw-lstm+pt", "lw-lstm+pt+ft", "hlw-lstm"]
SYSTEMS += ["bert", "bert-mlm", "lm-mtc, diff, no MLM", "lm-mtc, diff", "lm-mtc, compact"]
SYSTEMS += ["lw-encoder", "lw-encoder, MLM", "lw-encoder+pt"]
# Columns and rows of the README's table.
README_CORPORA = {
    "reuters21578": "Reuters, ModApte",
    "reuters21578-random-80-20": "Reuters, random",
    "goemotions": "GoEmotions",
}
README_PUBLISHED = {"reuters21578": "90.74"}  # CB-NTR over BERT-base, arXiv 2109.04712
README_SYSTEMS = ["br", "cnn", "lw-lstm", "lw-lstm+pt+ft", "bert", "lm-mtc, diff", "lw-encoder, MLM"]
VALIDATION = "early_stopping_patience"  # what stopped a run whose validation got no better


def record(folder: Path) -> None:
    """Copy a finished run to `docs/results`."""
    run = read_run(folder)
    path = RECORDS / run["run"]["corpus"] / f"{folder.name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(run, indent=2, ensure_ascii=False) + "\n", "utf-8")


def format_corpus(records: dict[str, dict], published: dict[str, str]) -> str:
    """Return the small table of a corpus; `published` is a micro-F1 by system."""
    head = [
        "system",
        "micro-F1",
        "macro-F1",
        "seeds",
        "parameters",
        "minutes",
        *(["published micro-F1"] if published else []),
    ]
    rows = []
    for system in SYSTEMS:
        runs = next(iter(group_runs(records, system, 42).values()), [])
        if runs:
            is_tuned = all(run.get(TUNED) for run in runs)
            stopped = {run.get("stopped_by", VALIDATION) for run in runs if run["epochs"]}  # not of linear models
            marks = ["" if "revision" in runs[0]["run"] else " †"]
            marks += ["" if is_tuned else " °", "" if stopped <= {VALIDATION} else " ‡"]
            metrics = format_metrics(["micro_f1", "macro_f1"], runs, TUNED if is_tuned else "metrics")
            minutes = mean(run["wall_time_seconds"] for run in runs) / 60
            facts = [f"{len(runs)}", f"{runs[0]['num_parameters'] / 1e6:.1f} M"]
            facts.append(f"{minutes:.1f}" + ("" if runs[0]["machine"].endswith("cores") else " GPU"))
            cells = [f"`{system}`{''.join(marks)}", *metrics, *facts]
            rows.append([*cells, *([published.get(system, "-")] if published else [])])
    return make_table(head, rows)


def published_micro_f1(corpus: str) -> dict[str, str]:
    """Return the micro-F1 that the papers' tables give for the systems of a corpus."""
    numbers = {}
    for table in TABLES.values():
        for part in table.corpora:
            if part.name == corpus and part.published:
                i = table.metrics.index("micro_f1")
                numbers |= {system: found[i] for system, found in part.published.items() if found[i] != "-"}
    return {system: number for system, number in numbers.items() if system in SYSTEMS}


def format_readme() -> str:
    """Return the README's table: micro-F1 / macro-F1 of a few systems, and the highest published micro-F1."""
    rows = {system: [f"`{system}`"] for system in README_SYSTEMS}
    best = ["best in a paper"]
    for corpus in README_CORPORA:
        records = read_records(RECORDS / corpus)
        for system, row in rows.items():
            runs = next(iter(group_runs(records, system, 42).values()), [])
            key = TUNED if all(run.get(TUNED) for run in runs) else "metrics"
            micro, macro = (mean(run[key]["test"][name] for run in runs) for name in ("micro_f1", "macro_f1"))
            row.append(f"{100 * micro:.1f} / {100 * macro:.1f}")
        published = published_micro_f1(corpus).values()
        best.append(README_PUBLISHED.get(corpus) or max(published, key=float))
    return make_table(["system", *README_CORPORA.values()], [*rows.values(), best])


def make_pages() -> dict[Path, str]:
    """Return the results page with its tables written anew, and a page for each table."""
    page = HERE / "explanation" / "results.md"
    parts = [
        f"## {title}\n\n{format_corpus(read_records(RECORDS / name), published_micro_f1(name))}"
        for name, title in CORPORA.items()
    ]
    pages = {page: fill_section(page.read_text("utf-8"), "corpora", "\n\n".join(parts))}
    readme = HERE.parent / "README.md"
    pages[readme] = fill_section(readme.read_text("utf-8"), "results", format_readme())
    return pages | {HERE / "lab" / f"{name}.md": f"{format_table(table, RECORDS)}\n" for name, table in TABLES.items()}


def main() -> None:
    """Record the runs that were named, and write the pages."""
    for folder in sys.argv[1:]:
        record(Path(folder))
    for path, text in make_pages().items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
