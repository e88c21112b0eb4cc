# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A table of a paper with our numbers beside the published ones, written from the results of runs alone."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, stdev

from labelwise.hub.markdown import make_table
from labelwise.reproduction.options import options_of
from labelwise.reproduction.runs import (
    COMMAND_NAME,
    LOG_NAME,
    describe_difference,
    describe_documents,
    format_rate,
    make_run,
    processes_of,
    settings_of,
)
from labelwise.reproduction.tables import RUN_SUFFIX, Corpus, System, Table
from labelwise.runs.results import RESULTS_NAME, load_results

AWAITS_NAME = "awaits.txt"


@dataclass
class Records:
    """What is known of the runs on a corpus.

    Args:
        results (`dict[str, dict]`): By the name of the run, what `results.json` holds.
        unfinished (`list[str]`): Names of runs that were begun and have not ended.
        awaits (`str`): What is missing for any run, "the text: ..."; empty where nothing is.
    """

    results: dict[str, dict] = field(default_factory=dict)
    unfinished: list[str] = field(default_factory=list)
    awaits: str = ""


def read_run_folders(folder: Path) -> Records:
    """The records of a corpus from the folders of its runs.

    Raises:
        UserInputError: Results are damaged.
    """
    results = {path.parent.name: load_results(path.parent) for path in sorted(folder.glob(f"*/{RESULTS_NAME}"))}
    begun = [path.parent.name for path in sorted(folder.glob(f"*/{COMMAND_NAME}"))]
    return Records(results, [name for name in begun if name not in results], _read_awaits(folder))


def read_recorded(folder: Path) -> Records:
    """The records of a corpus from copies of `results.json`, which bear the names of their runs."""
    untuned = {"metrics_at_tuned_thresholds": None}  # the oldest do not say so
    results = {path.stem: untuned | json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    return Records(results, [], _read_awaits(folder))


def _read_awaits(folder: Path) -> str:
    path = folder / AWAITS_NAME
    return path.read_text("utf-8").strip() if path.is_file() else ""


def choose_learning_rate(runs: dict) -> str | float | None:
    """The learning rate that validation chooses.

    Args:
        runs (`dict`): By learning rate, the results of runs that are alike in everything else.

    Returns:
        The key of the run with the highest micro-F1 + macro-F1 on validation, the first of several: at the thresholds
        that were tuned there, where those of all runs were, or else at 0.5.
    """
    tuned = all(run["metrics_at_tuned_thresholds"] for run in runs.values())
    key = "metrics_at_tuned_thresholds" if tuned else "metrics"

    def score(rate) -> float:
        metrics = runs[rate][key]["validation"]
        return metrics["micro_f1"] + metrics["macro_f1"]

    return max(runs, key=score)


def cell(metric: str, value: float) -> str:
    """A metric as it is printed: in percent, but the Hamming loss as a fraction."""
    return f"{value:.5f}" if metric == "hamming_loss" else f"{100 * value:.2f}"


def spread_cell(metric: str, values: list[float]) -> str:
    """Mean ± standard deviation over seeds; of one seed, its value."""
    spread = f" ± {cell(metric, stdev(values))}" if len(values) > 1 else ""
    return cell(metric, mean(values)) + spread


def format_table(table: Table, records: dict[str, Records]) -> str:
    """Writes a table in Markdown.

    Args:
        table (`Table`): Its rows, and the published numbers.
        records (`dict[str, Records]`): By corpus, what is known of its runs.
    """
    about = (
        f"Published numbers from {table.paper}. Ours: mean ± standard deviation over seeds, at threshold 0.5 and at one"
        " threshold for all labels, tuned on validation. Validation chose the epoch and, where several were tried (the"
        " others are in brackets), the learning rate. Minutes of a run; of its last part, where it was stopped and went"
        " on."
    )
    parts = [_format_corpus(table, corpus, records.get(corpus.name, Records())) for corpus in table.corpora]
    return "\n\n".join([f"### {table.title}", about, *parts])


def _format_corpus(table: Table, corpus: Corpus, records: Records) -> str:
    printed = [any(row[i] != "-" for row in corpus.published.values()) for i in range(len(table.metrics))]
    head = ["row"]
    for metric, is_printed in zip(table.metrics, printed, strict=True):
        head += [metric, f"{metric}, tuned", *([f"{metric}, published"] if is_printed else [])]
    head += ["seeds", "learning rate", "minutes", "machine"]
    rows: list[list[str]] = []
    settings: dict[str, list[str]] = {}
    documents: dict[str, list[str]] = {}
    for system in table.systems:
        rates, runs = find_runs(system, records, table.seeds[0])
        published = corpus.published.get(system.name, ["-"] * len(table.metrics))
        cells = [system.name]
        for metric, number, is_printed in zip(table.metrics, published, printed, strict=True):
            cells += [*(_format_ours(metric, runs) if runs else ["", ""]), *([number] if is_printed else [])]
        if runs:
            cells += _format_facts(table, rates, runs)
            for difference, seeds in _differences(table, corpus, system, rates, runs).items():
                which = "" if len(seeds) == len(runs) else f", seed {', '.join(map(str, seeds))}"
                settings.setdefault(difference, []).append(f"`{system.name}{which}`")
            for numbers in _documents(system, records):
                documents.setdefault(numbers, []).append(f"`{system.name}`")
        else:
            cells[1] = _why_nothing(system, records)
            cells += [""] * 4
        rows.append(cells)
    parts = [f"#### {corpus.name}: {corpus.split}"]
    if records.awaits:
        parts.append(f"Awaits {records.awaits}.")
    if len(documents) == 1:
        parts.append(f"Documents of the runs: {next(iter(documents))}.")
    elif documents:
        counts = [f"- {', '.join(names)}: {numbers}" for numbers, names in documents.items()]
        parts += ["Documents of the runs, which are not the same for all:", "\n".join(counts)]
    parts.append(make_table(head, rows))
    if corpus.notes:
        parts.append(corpus.notes.strip())
    if settings:
        notes = [f"- {', '.join(names)}: `{difference}`" for difference, names in settings.items()]
        parts += ["Settings that are not the table's:", "\n".join(notes)]
    unfinished = [name for system in table.systems for name in _of_system(system, records.unfinished)]
    if unfinished:
        logs = ", ".join(f"`{corpus.name}/{name}/{LOG_NAME}`" for name in unfinished)
        parts.append(f"Unfinished runs, of which the log tells more: {logs}.")
    return "\n\n".join(parts)


def _format_facts(table: Table, rates: list[str], runs: list[dict]) -> list[str]:
    """Seeds, learning rate, minutes and machine."""
    seeds = f"{len(runs)}" + ("" if len(runs) >= len(table.seeds) else f" of {len(table.seeds)}")
    rate = rates[0] + ("" if len(rates) == 1 else f" (not {', '.join(rates[1:])})")
    minutes = mean(run["wall_time_seconds"] for run in runs) / 60
    return [seeds, rate, f"{minutes:.1f}", "; ".join(sorted({run["machine"] for run in runs}))]


def _why_nothing(system: System, records: Records) -> str:
    if records.awaits:
        return f"awaits {records.awaits.partition(':')[0]}"
    return "unfinished" if _of_system(system, records.unfinished) else "not run"


def _format_ours(metric: str, runs: list[dict]) -> list[str]:
    """At 0.5 and at the tuned threshold."""
    cells = []
    for key in ("metrics", "metrics_at_tuned_thresholds"):
        values = [run[key]["test"][metric] for run in runs if run[key]]
        cells.append("-" if len(values) < len(runs) else spread_cell(metric, values))
    return cells


def find_runs(system: System, records: Records, first_seed: int) -> tuple[list[str], list[dict]]:
    """The runs that a row is made of.

    Args:
        system (`System`): The row.
        records (`Records`): Of the corpus.
        first_seed (`int`): The one that chooses the learning rate; where it was not run, the lowest.

    Returns:
        `list[str]`: The learning rate that was chosen, and the others; `"-"` where training has none.
        `list[dict]`: The results at that rate, one of each seed; empty where there is none.
    """
    by_rate: dict[str, dict[int, dict]] = {}
    for name in _of_system(system, records.results):
        run = records.results[name]
        by_rate.setdefault(learning_rate_of(system, run["command"]), {})[run["seed"]] = run
    if not by_rate:
        return [], []
    known = {seed for seeds in by_rate.values() for seed in seeds}
    first = first_seed if first_seed in known else min(known)
    firsts = {rate: seeds[first] for rate, seeds in by_rate.items() if first in seeds}
    rate = choose_learning_rate(firsts)
    others = [other for other in firsts if other != rate]
    return [rate, *others], [by_rate[rate][seed] for seed in sorted(by_rate[rate])]


def learning_rate_of(system: System, command: list[str]) -> str:
    """What a `labelwise train` command names, or leaves at the system's own; `"-"` where training has none."""
    if not system.learning_rates:
        return "-"
    return format_rate(float(options_of(command[2:]).get("--learning_rate", [system.learning_rates[0]])[0]))


def _of_system(system: System, names) -> list[str]:
    """Those that are the row's: `ROW[, learning rate X][, seed N]`."""
    return [name for name in names if re.fullmatch(re.escape(system.name) + RUN_SUFFIX, name)]


def _documents(system: System, records: Records) -> list[str]:
    """What the runs of a row were trained and measured on, each different count once; the oldest do not say it."""
    found = [records.results[name].get("documents") for name in _of_system(system, records.results)]
    return list(dict.fromkeys(describe_documents(documents) for documents in found if documents))


def _differences(
    table: Table, corpus: Corpus, system: System, rates: list[str], runs: list[dict]
) -> dict[str, list[int]]:
    """By settings that are not the table's, the seeds of the runs that have them."""
    seeds: dict[str, list[int]] = {}
    for run in runs:
        seeds.setdefault(_difference(table, corpus, system, rates, run), []).append(run["seed"])
    return {difference: group for difference, group in seeds.items() if difference}


def _difference(table: Table, corpus: Corpus, system: System, rates: list[str], run: dict) -> str:
    """The settings of a run that are not the table's; of the learning rates, those that were tried."""
    rate = float(rates[0]) if system.learning_rates else None
    planned = make_run(Path(), table, corpus, system, rate, run["seed"], encoder=corpus.encoder or "-")
    found, wanted = settings_of(run["command"]), settings_of(planned.command_of(processes_of(run)))
    grid = [format_rate(rate) for rate in system.learning_rates]
    for settings, tried, others in ((found, rates, grid), (wanted, grid, rates)):
        settings.pop("--seed", None)
        settings.pop("--learning_rate", None)
        more = [rate for rate in tried if rate not in [*others, "-"]]
        if more:
            settings["--learning_rate"] = more
    return describe_difference(found, wanted)
