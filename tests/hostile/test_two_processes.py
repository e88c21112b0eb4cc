# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Two commands at once on one folder: while the first works, the second is told so in one line.

`push` writes nothing to the folder of its model. Two `reproduce` share a table and lock the folder of each run.
"""

import multiprocessing
import os
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import labelwise_cli as cli
import pytest

from labelwise.runs.locking import LOCK_NAME

from ..cli.test_streams import TABLE
from ..tiny_corpus import TINY

COMMANDS = {
    "train": f"--model lw-lstm DATA {TINY} --output_dir OUT",
    "pretrain-encoder": "DATA --output_dir OUT",
    "tune-thresholds": "DATA --model_name_or_path OUT",
    "calibrate": "DATA --model_name_or_path OUT",
    "add-labels": "DATA --labels LABELS --model_name_or_path MODEL --output_dir OUT",
    "export": "--model_name_or_path MODEL --output_dir OUT",
    "compare": "DATA --models br --output_dir OUT",
    "reproduce": "TABLE --output_dir OUT",
    "datasets": "support_tickets --to_parquet OUT",
}


@pytest.fixture(scope="module")
def fill(distinct, model, tmp_path_factory):
    """`fill(command, folder)`: the words of a command on a folder."""
    table = tmp_path_factory.mktemp("table") / "tiny.toml"
    table.write_text(TABLE.replace("DATA", distinct))
    labels = table.with_name("labels.json")
    labels.write_text('["travel"]')
    places = {"DATA": distinct, "MODEL": str(model), "TABLE": str(table), "LABELS": str(labels)}

    def words(command: str, folder: Path) -> list[str]:
        known = {**places, "OUT": str(folder)}
        return " ".join(known.get(word, word) for word in [command, *COMMANDS[command].split()]).split()

    return words


@pytest.fixture(scope="module", params=COMMANDS)
def first(request, fill, model, tmp_path_factory) -> Iterator[tuple[str, int, Path]]:
    """A command, the process that is at it, stopped once it has locked its folder, and the folder."""
    folder = tmp_path_factory.mktemp("first") / "out"
    if request.param in ("tune-thresholds", "calibrate"):
        shutil.copytree(model, folder)
    process = multiprocessing.get_context("fork").Process(target=cli.main, args=(fill(request.param, folder),))
    process.start()
    try:
        while not _has_locked(process.pid, folder):
            assert process.is_alive()
            time.sleep(0.001)
        os.kill(process.pid, signal.SIGSTOP)
        yield request.param, process.pid, folder
    finally:
        process.kill()
        process.join()


def _has_locked(number: int, folder: Path) -> bool:
    try:
        return (folder / LOCK_NAME).read_text() == str(number)
    except FileNotFoundError:
        return False


def content(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.mark.parametrize("second", COMMANDS)
def test_the_second_is_told(first, fill, ends_well, second):
    command, number, folder = first
    if command == second == "reproduce":
        pytest.skip("two processes share a table")
    before = content(folder)
    told = ends_well(fill(second, folder))
    assert f"{folder}: process {number} is writing to this folder; wait until it has ended" in told
    assert content(folder) == before
