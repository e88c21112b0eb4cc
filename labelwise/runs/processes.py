# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Commands in processes of their own: long ones, with their time and their last line on a terminal, and git."""

import os
import subprocess
from pathlib import Path
from typing import BinaryIO

from tqdm import tqdm


def execute(command: list[str], stdin: BinaryIO, log: BinaryIO) -> int:
    """Run a command and return its exit status.

    Args:
        command (`list[str]`): Its words.
        stdin (`BinaryIO`): Its standard input.
        log (`BinaryIO`): The file that its output is appended to. A terminal shows the time and the last line of it.
    """
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}  # lines are in the log when they are written
    process = subprocess.Popen(command, stdin=stdin, stdout=log, stderr=log, env=environment)
    try:
        with tqdm(bar_format="{elapsed} {desc}", dynamic_ncols=True, leave=False, disable=None) as clock:
            while True:
                try:
                    return process.wait(timeout=1)
                except subprocess.TimeoutExpired:
                    clock.set_description_str(last_line(Path(log.name)))
    except BaseException:  # such as Ctrl-C
        process.kill()
        process.wait()
        raise


def last_line(log: Path) -> str:
    """Return the last line of a log that is not blank; empty if there is none."""
    with log.open("rb") as file:
        file.seek(max(0, log.stat().st_size - 4096))
        return file.read().decode("utf-8", errors="replace").rstrip().rpartition("\n")[2]


def git_revision(folder: Path) -> str:
    """Return the commit of a checkout, with "+" if files differ from it; "unknown" outside git or without it."""
    command = ["git", "-C", str(folder), "describe", "--always", "--abbrev=12", "--exclude=*", "--dirty=+"]
    try:
        return subprocess.run(command, capture_output=True, text=True).stdout.strip() or "unknown"
    except FileNotFoundError:
        return "unknown"
