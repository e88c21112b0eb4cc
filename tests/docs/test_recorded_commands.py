# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The commands that results were made with are still commands."""

import json
import shlex
from pathlib import Path

from labelwise.reproduction.options import family_of, options_of, options_of_family

RESULTS = Path(__file__).parents[2] / "docs/results"


def test_options_of_recorded_commands_are_options_today():
    commands = [json.loads(path.read_text())["command"] for path in RESULTS.glob("*/*.json")]
    assert commands
    for command in commands:
        options = options_of(command[2:])
        (model,) = options.get("--model", ["lw-lstm"])
        family = family_of(f"--model {model}")  # not of the checkpoint that it may start from, which is not here
        assert options.keys() <= options_of_family(family), shlex.join(command)
