# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A table of a paper with our numbers beside the published ones, written from the results of runs alone."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, stdev
from typing import Any

from labelwise.hub.markdown import make_table
from labelwise.reproduction.runs import LOG_NAME, Plan, format_rate, read_record
from labelwise.reproduction.tables import Corpus, System, Table
from labelwise.runs.results import load_results
from labelwise.runs.settings import describe_difference, describe_documents, settings_of

AWAITS_NAME = "awaits.txt"
ABOUT = (
    "Published numbers from {}. Ours: mean ± standard deviation over seeds, at threshold 0.5 and at one threshold for"
    " all labels, tuned on validation. Validation chose the epoch and, where several were tried (the others are in"
    " brackets), the learning rate. Minutes of a run; of its last part, where it was stopped and resumed."
)
# The papers' word for a metric, where it is another.
PAPERS_WORDS = {"subset_accuracy": "accuracy"}
AT_HALF, TUNED = "metrics", "metrics_at_tuned_thresholds"


@dataclass
class Records:
    """The runs on a corpus.

    Args:
        runs (`dict[str, dict]`): By name, the contents of `results.json`, with the facts of the run under `run`.
        unfinished (`dict[str, str]`): Rows of the runs that have begun and not ended, by name.
        awaits (`str`): What is missing for any run, "the text: ..."; empty where nothing is.
    """

    runs: dict[str, dict[str, Any]] = field(default_factory=dict)
    unfinished: dict[str, str] = field(default_factory=dict)
    awaits: str = ""

    def of(self, system: System) -> list[dict[str, Any]]:
        """Return the finished runs of a row."""
        return [run for run in self.runs.values() if run["run"]["system"] == system.name]


def read_run_folders(folder: Path) -> Records:
    """Read the records of a corpus from the folders of its runs.

    Raises:
        UserInputError: Results are corrupted.
    """
    records = Records(awaits=_read_awaits(folder))
    for path in sorted(folder.glob("*/")):
        record, results = read_record(path), load_results(path)
        if record and results:
            records.runs[path.name] = results | {"run": vars(record)}
        elif record:
            records.unfinished[path.name] = record.system
    return records


def read_recorded(folder: Path) -> Records:
    """Read the records of a corpus from copies of `results.json` that have the facts of the run under `run`."""
    untuned = {TUNED: None}  # missing in the oldest
    runs = {path.stem: untuned | json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    return Records(runs, awaits=_read_awaits(folder))


def _read_awaits(folder: Path) -> str:
    path = folder / AWAITS_NAME
    return path.read_text("utf-8").strip() if path.is_file() else ""


def choose_learning_rate(runs: dict[Any, dict[str, Any]]) -> Any:
    """Return the learning rate that validation chooses.

    Args:
        runs (`dict`): By learning rate, the results of runs that are alike in everything else.

    Returns:
        The key of the run with the highest micro-F1 + macro-F1 on validation, the first of several: at the thresholds
        that were tuned there, if those of all runs were, else at 0.5.
    """
    key = TUNED if all(run[TUNED] for run in runs.values()) else AT_HALF
    return max(runs, key=lambda rate: sum(runs[rate][key]["validation"][name] for name in ("micro_f1", "macro_f1")))


def cell(metric: str, values: list[float]) -> str:
    """Return a metric in percent, the Hamming loss as a fraction: mean ± standard deviation over seeds."""
    numbers = [mean(values), *([stdev(values)] if len(values) > 1 else [])]
    return " ± ".join(f"{number:.5f}" if metric == "hamming_loss" else f"{100 * number:.2f}" for number in numbers)


def cells(metrics: list[str], runs: list[dict[str, Any]], key: str) -> list[str]:
    """Return metrics on the test split over seeds, "-" where a run was not measured at these thresholds."""
    measured = all(run[key] for run in runs)
    return [cell(metric, [run[key]["test"][metric] for run in runs]) if measured else "-" for metric in metrics]


def format_table(table: Table, records: dict[str, Records]) -> str:
    """Return a table in Markdown.

    Args:
        table (`Table`): Its rows, and the published numbers.
        records (`dict[str, Records]`): By corpus, its runs.
    """
    parts = [_format_corpus(table, corpus, records.get(corpus.name, Records())) for corpus in table.corpora]
    return "\n\n".join([f"### {table.title}", ABOUT.format(table.paper), *parts])


def _format_corpus(table: Table, corpus: Corpus, records: Records) -> str:
    printed = [any(row[i] != "-" for row in corpus.published.values()) for i in range(len(table.metrics))]
    head = ["row"]
    for metric, is_printed in zip(table.metrics, printed, strict=True):
        word = PAPERS_WORDS.get(metric, metric)
        head += [word, f"{word}, tuned", *([f"{word}, published"] if is_printed else [])]
    head += ["seeds", "learning rate", "minutes", "machine"]
    rows: list[list[str]] = []
    settings: dict[str, list[str]] = {}
    documents: dict[str, list[str]] = {}
    for system in table.systems:
        rates, runs = find_runs(system, records, table.seeds[0])
        ours = [["", ""] for _ in table.metrics]
        if runs:
            ours = list(zip(cells(table.metrics, runs, AT_HALF), cells(table.metrics, runs, TUNED), strict=True))
            for difference, seeds in _differences(table, corpus, system, rates, runs).items():
                which = "" if len(seeds) == len(runs) else f", seed {', '.join(map(str, seeds))}"
                settings.setdefault(difference, []).append(f"`{system.name}{which}`")
            counts = [run.get("documents") for run in records.of(system)]  # missing in the oldest
            for numbers in dict.fromkeys(describe_documents(count) for count in counts if count):
                documents.setdefault(numbers, []).append(f"`{system.name}`")
        elif records.awaits:
            ours[0][0] = f"awaits {records.awaits.partition(':')[0]}"
        else:
            ours[0][0] = "unfinished" if system.name in records.unfinished.values() else "not run"
        row = [system.name]
        published = corpus.published.get(system.name, ["-"] * len(table.metrics))
        for numbers, number, is_printed in zip(ours, published, printed, strict=True):
            row += [*numbers, *([number] if is_printed else [])]
        rows.append(row + (_facts(table, rates, runs) if runs else [""] * 4))
    parts = [f"#### {corpus.name}: {corpus.split}"]
    if records.awaits:
        parts.append(f"Awaits {records.awaits}.")
    if len(documents) == 1:
        parts.append(f"Documents of the runs: {next(iter(documents))}.")
    elif documents:
        parts.append("Documents of the runs, which are not the same for all:")
        parts.append("\n".join(f"- {', '.join(names)}: {numbers}" for numbers, names in documents.items()))
    parts.append(make_table(head, rows))
    if corpus.notes:
        parts.append(corpus.notes.strip())
    if settings:
        parts.append("Settings that are not the table's:")
        parts.append("\n".join(f"- {', '.join(names)}: `{difference}`" for difference, names in settings.items()))
    names = {system.name for system in table.systems}
    logs = [f"`{corpus.name}/{name}/{LOG_NAME}`" for name, row in records.unfinished.items() if row in names]
    if logs:
        parts.append(f"Unfinished runs, see their logs: {', '.join(logs)}.")
    return "\n\n".join(parts)


def _facts(table: Table, rates: list[float | None], runs: list[dict[str, Any]]) -> list[str]:
    """Return seeds, learning rate, minutes and machine."""
    seeds = f"{len(runs)}" + ("" if len(runs) >= len(table.seeds) else f" of {len(table.seeds)}")
    chosen, *others = ("-" if rate is None else format_rate(rate) for rate in rates)
    chosen += f" (not {', '.join(others)})" if others else ""
    minutes = mean(run["wall_time_seconds"] for run in runs) / 60
    return [seeds, chosen, f"{minutes:.1f}", "; ".join(sorted({run["machine"] for run in runs}))]


def find_runs(system: System, records: Records, first_seed: int) -> tuple[list[float | None], list[dict[str, Any]]]:
    """Find the runs that a row is made of.

    Args:
        system (`System`): The row.
        records (`Records`): The runs on the corpus.
        first_seed (`int`): The one that chooses the learning rate; if it was not run, the lowest.

    Returns:
        `list[float]`: The learning rate that was chosen, and the others; `None` where training has none.
        `list[dict]`: The results at that rate, one of each seed; empty where there is none.
    """
    by_rate: dict[float | None, dict[int, dict[str, Any]]] = {}
    for run in records.of(system):
        by_rate.setdefault(run["run"]["learning_rate"], {})[run["run"]["seed"]] = run
    if not by_rate:
        return [], []
    seeds = {seed for runs in by_rate.values() for seed in runs}
    first = first_seed if first_seed in seeds else min(seeds)
    firsts = {rate: runs[first] for rate, runs in by_rate.items() if first in runs}
    chosen = choose_learning_rate(firsts)
    others = [rate for rate in firsts if rate != chosen]
    return [chosen, *others], [by_rate[chosen][seed] for seed in sorted(by_rate[chosen])]


def _differences(
    table: Table, corpus: Corpus, system: System, rates: list[float | None], runs: list[dict[str, Any]]
) -> dict[str, list[int]]:
    """Return the seeds of the runs by settings that are not the table's; of learning rates, all that were tried."""
    seeds: dict[str, list[int]] = {}
    tried = [format_rate(rate) for rate in rates if rate is not None]
    grid = [format_rate(rate) for rate in system.learning_rates]
    for run in runs:
        planned = Plan(Path(), table).make_run(corpus, system, rates[0], run["run"]["seed"])
        wanted = planned.command_of(run.get("num_processes", 1))  # missing in the oldest, which are of one
        found, wanted = settings_of(run["command"]), settings_of(wanted)
        for settings, own, others in ((found, tried, grid), (wanted, grid, tried)):
            settings.pop("--seed", None)
            settings.pop("--learning_rate", None)
            more = [rate for rate in own if rate not in others]
            settings |= {"--learning_rate": more} if more else {}
        seeds.setdefault(describe_difference(found, wanted), []).append(run["run"]["seed"])
    return {difference: group for difference, group in seeds.items() if difference}
