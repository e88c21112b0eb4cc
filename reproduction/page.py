# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A table of a paper with our numbers beside the published ones, written from the records of runs alone."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, stdev

from ..hub.markdown import make_table
from ..runs.comparison import describe_difference, describe_documents, options_of
from .runs import LOG_NAME, RUN_NAME, Run, format_rate, read_run
from .tables import Corpus, System, Table

AWAITS_NAME = "awaits.txt"
TUNED = "metrics_at_tuned_thresholds"


@dataclass
class Records:
    """The records of the runs on a corpus."""

    runs: dict[str, dict] = field(default_factory=dict)  # by name, as `read_run` returns them
    awaits: str = ""  # what is missing for any run, such as "the text: ..."


def read_records(folder: Path) -> Records:
    """Read the records of a corpus: from the folders of its runs, and from records in one file each."""
    runs = {path.parent.name: read_run(path.parent) for path in sorted(folder.glob(f"*/{RUN_NAME}"))}
    runs |= {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    path = folder / AWAITS_NAME
    return Records(runs, path.read_text("utf-8").strip() if path.is_file() else "")


def choose_learning_rate(runs: dict[float | None, dict]) -> float | None:
    """Return the learning rate with the highest micro-F1 + macro-F1 on validation.

    Args:
        runs (`dict[float, dict]`): By learning rate, the results of runs that are alike in everything else. They are
            compared at tuned thresholds if all of them have these, or else at 0.5.
    """
    key = TUNED if all(run.get(TUNED) for run in runs.values()) else "metrics"
    found = {rate: run[key]["validation"] for rate, run in runs.items()}
    return max(found, key=lambda rate: found[rate]["micro_f1"] + found[rate]["macro_f1"])


def format_metrics(metrics: list[str], runs: list[dict], key: str = "metrics", split: str = "test") -> list[str]:
    """Return a cell for each metric: its mean over runs, ± the standard deviation of several, in percent.

    The Hamming loss is a fraction. Cells are `-` if a run lacks what `key` names, and empty without runs.
    """
    if not runs or not all(run.get(key) for run in runs):
        return ["-" if runs else ""] * len(metrics)
    cells = []
    for metric in metrics:
        values = [run[key][split][metric] for run in runs]
        numbers = [mean(values), *([stdev(values)] if len(values) > 1 else [])]
        cells.append(" ± ".join(f"{n:.5f}" if metric == "hamming_loss" else f"{100 * n:.2f}" for n in numbers))
    return cells


def group_runs(runs: list[dict], first_seed: int) -> dict[float | None, list[dict]]:
    """Group the finished runs of a row by learning rate, the one that validation chose first.

    Args:
        runs (`list[dict]`): Records of the row.
        first_seed (`int`): The seed that chooses the learning rate; if it was not run, the lowest one does.
    """
    groups: dict[float | None, list[dict]] = {}
    for run in sorted(runs, key=lambda run: run["run"]["seed"]):
        groups.setdefault(run["run"]["learning_rate"], []).append(run)
    seeds = {run["run"]["seed"] for run in runs}
    first = first_seed if first_seed in seeds else min(seeds, default=0)
    tried = {rate: run for rate, group in groups.items() for run in group if run["run"]["seed"] == first}
    chosen = choose_learning_rate(tried) if tried else None
    return {rate: groups[rate] for rate in sorted(tried, key=lambda rate: rate != chosen)}


def format_table(table: Table, records: dict[str, Records]) -> str:
    """Return a table in Markdown, from its records by corpus."""
    about = (
        f"Published numbers from {table.paper}. Ours: mean ± standard deviation over seeds, at threshold 0.5 and at one"
        " threshold for all labels, tuned on validation. Validation chose the epoch and, where several were tried (the"
        " others are in brackets), the learning rate. Minutes of a run; of its last part, where it was stopped and"
        " resumed."
    )
    parts = [_format_corpus(table, corpus, records.get(corpus.name, Records())) for corpus in table.corpora]
    return "\n\n".join([f"### {table.title}", about, *parts])


def _format_corpus(table: Table, corpus: Corpus, records: Records) -> str:
    printed = {i for numbers in corpus.published.values() for i, number in enumerate(numbers) if number != "-"}
    head, rows, unfinished = ["row"], [], []
    for i, metric in enumerate(table.metrics):
        name = "accuracy" if metric == "subset_accuracy" else metric  # the papers' word
        head += [name, f"{name}, tuned", *([f"{name}, published"] if i in printed else [])]
    settings: dict[str, list[str]] = {}
    documents: dict[str, list[str]] = {}
    for system in table.systems:
        begun = {name: run for name, run in records.runs.items() if run["run"]["system"] == system.name}
        unfinished += [f"`{corpus.name}/{name}/{LOG_NAME}`" for name, run in begun.items() if "metrics" not in run]
        finished = [run for run in begun.values() if "metrics" in run]
        groups = group_runs(finished, table.seeds[0])
        runs = next(iter(groups.values()), [])
        published = corpus.published.get(system.name, ["-"] * len(table.metrics))
        ours = (format_metrics(table.metrics, runs, key) for key in ("metrics", TUNED))
        cells = [c for i, cells in enumerate(zip(*ours, published, strict=True)) for c in cells[: 2 + (i in printed)]]
        if not runs:
            reason = "unfinished" if begun else "not run"
            cells[0] = f"awaits {records.awaits.partition(':')[0]}" if records.awaits else reason
        rows.append([system.name, *cells, *_format_facts(table, list(groups), runs)])
        for numbers in dict.fromkeys(describe_documents(run["documents"]) for run in finished):
            documents.setdefault(numbers, []).append(f"`{system.name}`")
        differences: dict[str, list[str]] = {}
        for run in runs:
            difference = _difference(table, corpus, system, list(groups), run)
            differences.setdefault(difference, []).append(str(run["run"]["seed"]))
        for difference, seeds in differences.items():
            which = "" if len(seeds) == len(runs) else f", seed {', '.join(seeds)}"
            settings.setdefault(difference, []).append(f"`{system.name}{which}`")
    counts = "\n".join(f"- {', '.join(names)}: {numbers}" for numbers, names in documents.items())
    notes = "\n".join(f"- {', '.join(names)}: `{difference}`" for difference, names in settings.items() if difference)
    parts = [
        f"#### {corpus.name}: {corpus.split}",
        f"Awaits {records.awaits}." if records.awaits else "",
        f"Documents of the runs: {''.join(documents)}." if len(documents) == 1 else "",
        f"Documents of the runs, which are not the same for all:\n\n{counts}" if len(documents) > 1 else "",
        make_table([*head, "seeds", "learning rate", "minutes", "machine"], rows),
        corpus.notes.strip(),
        f"Settings that are not the table's:\n\n{notes}" if notes else "",
        f"Unfinished runs, of which the log tells more: {', '.join(unfinished)}." if unfinished else "",
    ]
    return "\n\n".join(filter(None, parts))


def _format_facts(table: Table, rates: list[float | None], runs: list[dict]) -> list[str]:
    """Return the cells for seeds, learning rate, minutes and machine."""
    if not runs:
        return [""] * 4
    seeds = f"{len(runs)}" + ("" if len(runs) >= len(table.seeds) else f" of {len(table.seeds)}")
    rate = format_rate(rates[0]) + (f" (not {', '.join(map(format_rate, rates[1:]))})" if rates[1:] else "")
    minutes = mean(run["wall_time_seconds"] for run in runs) / 60
    return [seeds, rate, f"{minutes:.1f}", "; ".join(sorted({run["machine"] for run in runs}))]


def _difference(table: Table, corpus: Corpus, system: System, rates: list[float | None], run: dict) -> str:
    """Return the settings of a run that are not the table's; of the learning rates, those that were tried."""
    planned = Run(Path(), table, corpus, system, rates[0], run["run"]["seed"]).facts()
    found, wanted = (options_of(facts["options"]) for facts in (run["run"], planned))
    for settings, tried, others in ((found, rates, system.learning_rates), (wanted, system.learning_rates, rates)):
        settings.pop("--learning_rate", None)
        settings.pop("--seed", None)
        more = [format_rate(rate) for rate in tried if rate not in (None, *others)]
        settings |= {"--learning_rate": more} if more else {}
    return describe_difference(found, wanted)
