# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The commands that results were made with are still commands."""

import json
import shlex
from pathlib import Path

from labelwise.commands.compare import CompareArguments
from labelwise.commands.train import option_names
from labelwise.runs.comparison import options_of, settings_of, words_of
from labelwise.runs.data import DataArguments
from labelwise.runs.options import CommandParser

RESULTS = Path(__file__).parents[2] / "docs/results"
COMPARISONS = RESULTS.parent / "explanation/compare"


def test_options_of_recorded_commands_are_options_today() -> None:
    records = [json.loads(path.read_text("utf-8")) for path in RESULTS.glob("*/*.json")]
    assert records
    for record in records:
        options = options_of(record["command"][2:])
        (model,) = options.get("--model", ["lw-lstm"])
        assert options.keys() <= option_names(model), shlex.join(record["command"])


def test_records_say_what_run_they_are_of() -> None:
    for path in RESULTS.glob("*/*.json"):
        record = json.loads(path.read_text("utf-8"))
        run = record["run"]
        assert (run["corpus"], run["seed"]) == (path.parent.name, record["seed"])
        assert run["options"] == shlex.join(words_of(settings_of(record["command"])))


def test_recorded_comparisons_are_of_commands_today() -> None:
    for path in COMPARISONS.glob("*.json"):
        record = json.loads(path.read_text("utf-8"))
        args, _ = CommandParser([CompareArguments, DataArguments]).parse(record["command"][2:])
        assert [row["model"] for row in record["systems"]] == args.models
        assert shlex.join(record["command"]) in path.with_suffix(".md").read_text("utf-8")
