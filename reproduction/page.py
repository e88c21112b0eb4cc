# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A table of a paper with our numbers beside the published ones, written from the records of runs alone."""

import json
from collections import defaultdict
from pathlib import Path
from statistics import mean
from typing import Any

from ..hub.markdown import make_table
from ..runs.comparison import describe_documents, format_rate
from ..runs.results import format_metrics
from .runs import LOG_NAME, RUN_NAME, Run, read_run
from .tables import Corpus, System, Table

AWAITS_NAME = "awaits.txt"
TUNED = "metrics_at_tuned_thresholds"


def read_records(folder: Path) -> dict[str, dict]:
    """Return the records of a corpus by name: those in the folders of its runs, and those in one file each."""
    runs = {path.parent.name: read_run(path.parent) for path in sorted(folder.glob(f"*/{RUN_NAME}"))}
    return runs | {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


def choose_by_validation(runs: dict[Any, dict]) -> Any:
    """Return the key of the highest validation micro-F1 + macro-F1, at tuned thresholds if all runs have them."""
    metrics = TUNED if all(run.get(TUNED) for run in runs.values()) else "metrics"
    found = {key: run[metrics]["validation"] for key, run in runs.items()}
    return max(found, key=lambda key: found[key]["micro_f1"] + found[key]["macro_f1"])


def group_runs(runs: list[dict], first_seed: int) -> dict[float | None, list[dict]]:
    """Group finished runs of a row by learning rate, first the one that the first seed chose, or the lowest seed."""
    groups: dict[float | None, list[dict]] = {}
    for run in sorted(runs, key=lambda run: run["run"]["seed"]):
        groups.setdefault(run["run"]["learning_rate"], []).append(run)
    seeds = {run["run"]["seed"] for run in runs}
    first = first_seed if first_seed in seeds else min(seeds, default=0)
    tried = {rate: run for rate, group in groups.items() for run in group if run["run"]["seed"] == first}
    chosen = choose_by_validation(tried) if tried else None
    return {rate: groups[rate] for rate in sorted(tried, key=lambda rate: rate != chosen)}


def format_table(table: Table, folder: Path) -> str:
    """Return a table in Markdown, from the records in a folder that has a folder for each corpus."""
    about = (
        f"Published numbers from {table.paper}. Ours: mean ± standard deviation over seeds, at threshold 0.5 and at one"
        " threshold for all labels, tuned on validation. Validation chose the epoch and, where several were tried (the"
        " others are in brackets), the learning rate. Minutes of a run; of its last part, where it was stopped and"
        " resumed."
    )
    parts = [_format_corpus(table, corpus, folder / corpus.name) for corpus in table.corpora]
    return "\n\n".join([f"### {table.title}", about, *parts])


def _format_corpus(table: Table, corpus: Corpus, folder: Path) -> str:
    records, path = read_records(folder), folder / AWAITS_NAME
    awaits = path.read_text("utf-8").strip() if path.is_file() else ""
    printed = {i for numbers in corpus.published.values() for i, number in enumerate(numbers) if number != "-"}
    head, rows = ["row"], []
    for i, metric in enumerate(table.metrics):
        name = "accuracy" if metric == "subset_accuracy" else metric  # the papers' word
        head += [name, f"{name}, tuned", *([f"{name}, published"] if i in printed else [])]
    documents, settings = defaultdict(dict), defaultdict(list)
    for system in table.systems:
        begun = [run for run in records.values() if run["run"]["system"] == system.name]
        finished = [run for run in begun if "metrics" in run]
        groups = group_runs(finished, table.seeds[0])
        runs = next(iter(groups.values()), [])
        published = corpus.published.get(system.name, ["-"] * len(table.metrics))
        ours = (format_metrics(table.metrics, runs, key) for key in ("metrics", TUNED))
        cells = [c for i, cells in enumerate(zip(*ours, published, strict=True)) for c in cells[: 2 + (i in printed)]]
        if not runs:
            reason = f"unfinished, see {LOG_NAME}" if begun else "not run"
            cells[0] = f"awaits {awaits.partition(':')[0]}" if awaits else reason
        rows.append([system.name, *cells, *_format_facts(table, system, groups)])
        for run in finished:
            documents[describe_documents(run["documents"])][f"`{system.name}`"] = None
        for run in runs:
            planned = Run(folder, table, corpus, system, run["run"]["learning_rate"], run["run"]["seed"])
            if difference := planned.difference(run):
                settings[f"`{difference}`"].append(f"`{planned.folder.name}`")
    counts, notes = (
        "\n".join(f"- {', '.join(names)}: {text}" for text, names in groups.items()) for groups in (documents, settings)
    )
    parts = [
        f"#### {corpus.name}: {corpus.split}",
        f"Awaits {awaits}." if awaits else "",
        f"Documents of the runs: {''.join(documents)}." if len(documents) == 1 else "",
        f"Documents of the runs, which are not the same for all:\n\n{counts}" if len(documents) > 1 else "",
        make_table([*head, "seeds", "learning rate", "minutes", "machine"], rows),
        corpus.notes.strip(),
        f"Settings that are not the table's:\n\n{notes}" if notes else "",
    ]
    return "\n\n".join(filter(None, parts))


def _format_facts(table: Table, system: System, groups: dict[float | None, list[dict]]) -> list[str]:
    """Return the cells for seeds, learning rate, minutes and machine."""
    if not groups:
        return [""] * 4
    (rate, runs), *others = groups.items()
    known = system.learning_rates or [None]
    rates = [f"not {format_rate(other)}" for other, _ in others]
    rates += [f"untried {format_rate(other)}" for other in known if other not in groups]
    rates += [f"not the table's: {format_rate(other)}" for other in groups if other not in known]
    return [
        f"{len(runs)}" + (f" of {len(table.seeds)}" if len(runs) < len(table.seeds) else ""),
        format_rate(rate) + (f" ({', '.join(rates)})" if rates else ""),
        f"{mean(run['wall_time_seconds'] for run in runs) / 60:.1f}",
        "; ".join(sorted({run["machine"] for run in runs})),
    ]
