# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The lock of an output folder: who gets it, who is told what, and what is left."""

import errno
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from labelwise.errors import UserInputError
from labelwise.runs import locking
from labelwise.runs.locking import LOCK_NAME, hold_folder, lock_folder

HEIR = """
import os, sys
from pathlib import Path
from labelwise.runs.locking import LOCK_NAME, lock_folder
with lock_folder("--output_dir", sys.argv[1]):
    print(Path(sys.argv[1], LOCK_NAME).read_text() == str(os.getpid()))
"""


def in_a_thread(function) -> list:
    """Run a function in a thread, and return what it returns or raises."""
    found = []

    def run() -> None:
        try:
            found.append(function())
        except UserInputError as error:
            found.append(str(error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(timeout=20)
    return found


def lock(folder: Path, shared: bool = False) -> str:
    with lock_folder("--output_dir", folder, shared=shared):
        return "locked"


def test_the_holder_is_told(tmp_path):
    with lock_folder("--output_dir", tmp_path):
        (told,) = in_a_thread(lambda: lock(tmp_path))
        assert told.startswith(f"--output_dir {tmp_path}: process {os.getpid()} is writing to this folder")
    assert in_a_thread(lambda: lock(tmp_path)) == ["locked"]
    assert list(tmp_path.iterdir()) == []


def hold(folder: Path, locked: Event) -> None:
    with lock_folder("--output_dir", folder):
        locked.set()
        signal.pause()


def test_released_when_the_holder_is_killed(tmp_path):
    processes = multiprocessing.get_context("fork")
    locked = processes.Event()
    holder = processes.Process(target=hold, args=(tmp_path, locked))
    holder.start()
    assert locked.wait(timeout=20)
    with pytest.raises(UserInputError, match=f"process {holder.pid} "):
        lock(tmp_path)
    holder.kill()
    holder.join()
    assert (tmp_path / LOCK_NAME).exists()  # which locks nothing
    assert lock(tmp_path) == "locked"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_handed_over_as_standard_input(tmp_path):
    with hold_folder("--output_dir", tmp_path) as file:
        command = [sys.executable, "-c", HEIR, str(tmp_path)]
        heir = subprocess.run(command, stdin=file, capture_output=True, text=True)
        assert (heir.returncode, heir.stdout) == (0, "True\n"), heir.stderr
        assert in_a_thread(lambda: lock(tmp_path)) != ["locked"]


def test_once_for_a_command_within_a_command(tmp_path):
    with lock_folder("--output_dir", tmp_path):
        assert lock(tmp_path) == "locked"
        assert in_a_thread(lambda: lock(tmp_path)) != ["locked"]
        assert lock(tmp_path / "other") == "locked"


def test_shared(tmp_path):
    with lock_folder("--output_dir", tmp_path, shared=True):
        assert in_a_thread(lambda: lock(tmp_path, shared=True)) == ["locked"]
        assert (tmp_path / LOCK_NAME).exists()
        assert in_a_thread(lambda: lock(tmp_path)) != ["locked"]
    with lock_folder("--output_dir", tmp_path):
        assert in_a_thread(lambda: lock(tmp_path, shared=True)) != ["locked"]
    assert list(tmp_path.iterdir()) == []


def test_waiting(tmp_path):
    order = []

    def wait() -> None:
        with hold_folder("--output_dir", tmp_path, wait=True) as file:
            order.append((file is not None, (tmp_path / LOCK_NAME).exists()))

    waiting = threading.Thread(target=wait)
    with lock_folder("--output_dir", tmp_path):
        waiting.start()
        waiting.join(timeout=0.2)
        assert waiting.is_alive() and order == []
    waiting.join(timeout=20)
    assert order == [(True, True)]  # and not a file that was deleted


@pytest.mark.parametrize("inner", [None, "kept"])
def test_folders_that_stay_empty_are_deleted(tmp_path, inner):
    folder = tmp_path / "a" / "b"
    with lock_folder("--output_dir", folder):
        if inner:
            (folder / inner).touch()
    assert folder.exists() == (inner is not None)
    assert (tmp_path / "a").exists() == (inner is not None)


def test_never_through_a_link(tmp_path):
    target = tmp_path / "target"
    target.write_text("somebody's")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / LOCK_NAME).symlink_to(target)
    with pytest.raises(UserInputError, match="cannot be locked"):
        lock(tmp_path / "out")
    assert target.read_text() == "somebody's"


def test_a_lock_that_cannot_be_written_is_released(tmp_path, monkeypatch):
    def fail(folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(locking, "finish_writing", fail)
        with pytest.raises(UserInputError, match="cannot be locked: No space left on device") as error:
            lock(tmp_path)
    assert lock(tmp_path) == "locked", error  # which has the file while it is kept


def test_a_folder_that_cannot_be_written(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(UserInputError, match="is a file; name a folder"):
        lock(tmp_path / "file" / "out")
