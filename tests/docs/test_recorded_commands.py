# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The commands that results were made with are still commands."""

import json
import shlex
from pathlib import Path

from labelwise.commands.train import option_names
from labelwise.runs.settings import options_of

RESULTS = Path(__file__).parents[2] / "docs/results"


def test_options_of_recorded_commands_are_options_today():
    commands = [json.loads(path.read_text("utf-8"))["command"] for path in RESULTS.glob("*/*.json")]
    assert commands
    for command in commands:
        options = options_of(command[2:])
        (model,) = options.get("--model", ["lw-lstm"])
        assert options.keys() <= option_names(model), shlex.join(command)
