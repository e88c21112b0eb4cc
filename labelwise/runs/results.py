# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`results.json`: the record of a run and its results, enough to run it again."""

import json
import os
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import torch
from accelerate import PartialState

from ..errors import UserInputError
from ..hub.public_record import RESULTS_NAME
from ..json_text import dump_json
from ..secret_tokens import hide_tokens
from ..trainer.metrics_names import METRIC_NAMES
from ..whole_folders import is_being_written
from .writing import open_file

METRICS = tuple(METRIC_NAMES)
# The facts that the card of a model needs.
_FACTS = (
    "dataset",
    "documents",
    "vocab_size",
    "metrics",
    "pretraining",
    "seed",
    "split_seed",
    "command",
    "wall_time_seconds",
    "versions",
    "machine",
)
_PACKAGES = ("labelwise", "torch", "transformers", "tokenizers", "datasets", "accelerate", "evaluate", "gensim")


def describe_machine() -> str:
    """Return the name of the processor or GPU."""
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


def make_results(**facts: Any) -> dict[str, Any]:
    """Return the facts of a run with versions, machine, and the number of processes that shared its batches."""
    return {
        **facts,
        "num_processes": PartialState().num_processes,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
        "machine": describe_machine(),
    }


def save_results(results: dict, folder: str | Path) -> None:
    """Write `results.json`, whole or not at all."""
    with open_file("--output_dir", str(Path(folder) / RESULTS_NAME)) as file:
        file.write(hide_tokens(dump_json(results, indent=2)) + "\n")


def load_results(folder: str | Path) -> dict | None:
    """Read `results.json` of a trained model.

    Returns:
        `dict`: Its contents; `None` where there is none, or where other files of the model are still to be replaced.

    Raises:
        UserInputError: It is corrupted.
    """
    path = Path(folder) / RESULTS_NAME
    if not path.is_file() or is_being_written(Path(folder)):
        return None
    try:
        results = json.loads(path.read_text("utf-8"))
        missing = [name for name in _FACTS if name not in results]
    except (ValueError, TypeError) as error:
        raise UserInputError(f"{path} is corrupted ({error}); delete it, or restore it") from error
    if missing:
        raise UserInputError(f"{path} is corrupted (no {missing[0]} in it); delete it, or restore it")
    return results


def format_metrics(metrics: list[str], runs: list[dict], key: str = "metrics", split: str = "test") -> list[str]:
    """Return a cell for each metric: its mean over runs, ± the standard deviation of several, in percent.

    The Hamming loss is a fraction. Cells are `-` if a run lacks the metric or what `key` names, and empty without runs.
    """
    if not runs or not all(run.get(key) for run in runs):
        return ["-" if runs else ""] * len(metrics)
    cells = []
    for metric in metrics:
        if not all(metric in run[key][split] for run in runs):
            cells.append("-")
            continue
        values = [run[key][split][metric] for run in runs]
        numbers = [mean(values), *([stdev(values)] if len(values) > 1 else [])]
        cells.append(" ± ".join(f"{n:.5f}" if metric == "hamming_loss" else f"{100 * n:.2f}" for n in numbers))
    return cells
