# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page of a table: our numbers beside the published ones, and all runs, written from their records alone."""

import json
import shlex
from collections import defaultdict
from pathlib import Path
from statistics import mean
from typing import Any

from ..hub.markdown import make_table
from ..runs.comparison import describe_documents, format_rate
from ..runs.comparison_page import STOPPED_BY
from ..runs.results import METRICS, format_metrics
from .runs import LOG_NAME, RUN_NAME, Run, read_run
from .tables import Corpus, System, Table

AWAITS_NAME = "awaits.txt"
TUNED = "metrics_at_tuned_thresholds"
_ABOUT = (
    "Test split, in percent (Hamming loss as a fraction), mean ± standard deviation over seeds: at threshold 0.5 and,"
    " in columns named `tuned`, at thresholds tuned on validation. Validation (micro-F1 + macro-F1) chooses the epoch"
    " and the learning rate. Minutes are of a run, or of its last part if it was resumed."
)
_OTHER_SETTINGS = (
    "Settings that are not the table's (`no OPTION`: the run has the default of that option at its revision):"
)
_FACTS = ["validation micro / macro", "epochs", "best step", "stopped by", "parameters", "minutes"]


def read_records(folder: Path) -> dict[str, dict]:
    """Return the records of a corpus by name: those in the folders of its runs, and those in one file each."""
    runs = {path.parent.name: read_run(path.parent) for path in sorted(folder.glob(f"*/{RUN_NAME}"))}
    return runs | {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}


def choose_by_validation(runs: dict[Any, dict]) -> Any:
    """Return the key of the highest validation micro-F1 + macro-F1, at tuned thresholds if all runs have them."""
    metrics = TUNED if all(run.get(TUNED) for run in runs.values()) else "metrics"
    found = {key: run[metrics]["validation"] for key, run in runs.items()}
    return max(found, key=lambda key: found[key]["micro_f1"] + found[key]["macro_f1"])


def group_runs(records: dict[str, dict], system: str, first_seed: int) -> dict[float | None, list[dict]]:
    """Group finished runs of a row by learning rate, first the one that the first seed chose, or the lowest seed.

    Runs that say their revision replace those of the row that are too old to say it.
    """
    runs = [run for run in records.values() if run["run"]["system"] == system and "metrics" in run]
    runs = [run for run in runs if "revision" in run["run"]] or runs
    groups: dict[float | None, list[dict]] = {}
    for run in sorted(runs, key=lambda run: run["run"]["seed"]):
        groups.setdefault(run["run"]["learning_rate"], []).append(run)
    seeds = {run["run"]["seed"] for run in runs}
    first = first_seed if first_seed in seeds else min(seeds, default=0)
    tried = {rate: run for rate, group in groups.items() for run in group if run["run"]["seed"] == first}
    chosen = choose_by_validation(tried) if tried else None
    return {rate: groups[rate] for rate in sorted(tried, key=lambda rate: rate != chosen)}


def format_table(table: Table, folder: Path) -> str:
    """Return the page of a table in Markdown, from the records in a folder that has a folder for each corpus."""
    parts, missing = [f"# {table.title}", f"Published numbers: {table.paper}. {_ABOUT}"], []
    for corpus in table.corpora:
        path, records = folder / corpus.name / AWAITS_NAME, read_records(folder / corpus.name)
        awaits = path.read_text("utf-8").strip() if path.is_file() else ""
        begun = {run["run"]["system"] for run in records.values()} & {system.name for system in table.systems}
        if begun:
            parts += [f"## {corpus.name}", f"{corpus.split}.", *_format_corpus(table, corpus, records, folder)]
        if awaits or not begun:
            missing.append(f"- {corpus.name} ({corpus.split}): {awaits or 'not run'}")
    return "\n\n".join([*parts, *(["## Not run", "\n".join(missing)] if missing else [])])


def _format_corpus(table: Table, corpus: Corpus, records: dict[str, dict], folder: Path) -> list[str]:
    printed = {i for numbers in corpus.published.values() for i, number in enumerate(numbers) if number != "-"}
    head, rows = ["row"], []
    for i, metric in enumerate(table.metrics):
        name = "accuracy" if metric == "subset_accuracy" else metric  # the papers' word
        head += [name, f"{name}, tuned", *([f"{name}, published"] if i in printed else [])]
    documents, settings, found = defaultdict(dict), defaultdict(list), {}
    for system in table.systems:
        groups = group_runs(records, system.name, table.seeds[0])
        runs = next(iter(groups.values()), [])
        published = corpus.published.get(system.name, ["-"] * len(table.metrics))
        ours = (format_metrics(table.metrics, runs, key) for key in ("metrics", TUNED))
        cells = [c for i, cells in enumerate(zip(*ours, published, strict=True)) for c in cells[: 2 + (i in printed)]]
        if not runs:
            is_begun = any(run["run"]["system"] == system.name for run in records.values())
            cells[0] = f"unfinished, see {LOG_NAME}" if is_begun else "not run"
        rows.append([system.name, *cells, *_format_facts(table, system, groups)])
        for run in (run for group in groups.values() for run in group):
            planned = Run(folder, table, corpus, system, run["run"]["learning_rate"], run["run"]["seed"])
            found[planned.folder.name] = run
            documents[describe_documents(run["documents"])][f"`{system.name}`"] = None
            if run in runs and (difference := planned.difference(run)):
                settings[f"`{difference}`"].append(f"`{planned.folder.name}`")
    counts, notes = (
        "\n".join(f"- {', '.join(names)}: {text}" for text, names in groups.items()) for groups in (documents, settings)
    )
    parts = [
        f"Documents of the runs: {''.join(documents)}." if len(documents) == 1 else "",
        f"Documents of the runs, which are not the same for all:\n\n{counts}" if len(documents) > 1 else "",
        make_table([*head, "seeds", "learning rate", "minutes"], rows),
        corpus.notes.strip(),
        f"{_OTHER_SETTINGS}\n\n{notes}" if notes else "",
        format_runs(found),
    ]
    return list(filter(None, parts))


def format_runs(runs: dict[str, dict]) -> str:
    """Return all metrics of runs by name, then machine, revision, versions and command."""
    rows, commands = [], defaultdict(list)
    for name, run in runs.items():
        stopped = STOPPED_BY[run.get("stopped_by")] if run["epochs"] else "-"  # linear models have no epochs
        facts = [f"{run['epochs']:.1f}", f"{run['best_step'] or '-'}", stopped, f"{run['num_parameters']:,}"]
        facts.append(f"{run['wall_time_seconds'] / 60:.1f}")
        tuning = run.get("threshold_tuning")
        thresholds = {"metrics": "0.5"} | ({TUNED: f"{tuning['mode']}, {tuning['metric']}"} if tuning else {})
        for key, threshold in thresholds.items():
            validation = " / ".join(format_metrics(["micro_f1", "macro_f1"], [run], key, "validation"))
            rows.append([name, threshold, *format_metrics(METRICS, [run], key), validation, *facts])
        versions = ", ".join(f"{package} {number}" for package, number in run["versions"].items())
        place = f"{run['machine']}; revision {run['run'].get('revision', 'not recorded')}; {versions}:"
        commands[place].append(f"- {name}: `{shlex.join(run['command'])}`")
    listed = [f"{place}\n\n" + "\n".join(lines) for place, lines in commands.items()]
    return "\n\n".join(["### Runs", make_table(["run", "threshold", *METRICS, *_FACTS], rows), *listed]) if rows else ""


def _format_facts(table: Table, system: System, groups: dict[float | None, list[dict]]) -> list[str]:
    """Return the cells for seeds, learning rate and minutes."""
    if not groups:
        return [""] * 3
    (rate, runs), *others = groups.items()
    known = system.learning_rates or [None]
    rates = [f"not {format_rate(other)}" for other, _ in others]
    rates += [f"untried {format_rate(other)}" for other in known if other not in groups]
    rates += [f"not the table's: {format_rate(other)}" for other in groups if other not in known]
    return [
        f"{len(runs)}" + (f" of {len(table.seeds)}" if len(runs) < len(table.seeds) else ""),
        format_rate(rate) + (f" ({', '.join(rates)})" if rates else ""),
        f"{mean(run['wall_time_seconds'] for run in runs) / 60:.1f}",
    ]
