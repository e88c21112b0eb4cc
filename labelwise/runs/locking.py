# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The lock of an output folder: one process at a time writes to it.

The system releases it when its process ends, however it ends. The lock file is deleted with the lock; one that a killed
process has left locks nothing.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from filelock import lock_descriptor

from ..errors import UserInputError
from ..whole_folders import finish_writing
from .writing import check_folder

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

LOCK_NAME = ".labelwise.lock"
_held = threading.local()  # `folders`: those that this thread has locked


@contextmanager
def lock_folder(option: str, path: str | Path, shared: bool = False) -> Iterator[None]:
    """Lock a folder that is written to, and create it if it is missing. An empty folder is deleted again.

    A command that calls another one for its own folder locks it once. What a killed process has left is finished first.

    Args:
        option (`str`): The option that names the folder.
        path (`str` or `Path`): The folder.
        shared (`bool`, *optional*, defaults to `False`): Whether others may lock it at the same time, if they share it
            too.

    Raises:
        UserInputError: Another process has the lock, or the folder cannot be written to.
    """
    check_folder(option, str(path))
    with hold_folder(option, Path(path), shared=shared) as lock:
        if lock is None:
            raise UserInputError(
                f"{option} {path}: {_find_holder(Path(path))} is writing to this folder; wait until it has ended, or "
                "name another folder"
            )
        yield


@contextmanager
def hold_folder(option: str, path: Path, wait: bool = False, shared: bool = False) -> Iterator[BinaryIO | None]:
    """Lock a folder as `lock_folder` does, but yield `None` if another process has the lock.

    Args:
        option (`str`): The option that names the folder.
        path (`Path`): The folder.
        wait (`bool`, *optional*, defaults to `False`): Whether to wait for the other process.
        shared (`bool`, *optional*, defaults to `False`): As in `lock_folder`.

    Yields:
        `BinaryIO`: The lock file. A process that gets it as its standard input has the lock too, and keeps it if this
        one is killed.

    Raises:
        UserInputError: The folder cannot be written to.
    """
    held = vars(_held).setdefault("folders", {})
    folder = path.resolve()
    if folder in held:
        yield held[folder]
        return
    missing = [parent for parent in (folder, *folder.parents) if not parent.exists()]
    name = folder / LOCK_NAME
    file = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_given = _is_given(name)
        file = _open(name) if is_given else _lock(name, wait, shared)
        if file is not None:
            file.truncate(0)
            file.write(str(os.getpid()).encode())
            if not shared:
                finish_writing(folder)
    except OSError as error:
        if file is not None:
            file.close()  # the lock goes with it
        raise UserInputError(f"{option} {path} cannot be locked: {error.strerror or error}") from error
    if file is None:
        yield None
        return
    with file:
        held[folder] = file
        try:
            yield file
        finally:
            del held[folder]
            # The process that gave the lock deletes it, and the last one of those that share it.
            if not is_given and (not shared or lock_descriptor(file.fileno(), blocking=False)):
                with suppress(OSError):
                    name.unlink()
            with suppress(OSError):  # the first folder that is not empty
                for parent in missing:
                    parent.rmdir()


def _is_given(name: Path) -> bool:
    """Return whether the process that started this one gave it the lock, as its standard input."""
    try:
        return os.path.samestat(os.fstat(0), name.stat()) and lock_descriptor(0, blocking=False)
    except OSError:  # there is no such file, or no standard input
        return False


def _open(name: Path) -> BinaryIO:
    # Not through a link, which could lead to any file.
    return open(os.open(name, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666), "r+b", buffering=0)


def _lock(name: Path, wait: bool, shared: bool) -> BinaryIO | None:
    """Open and lock a lock file; `None` if another process has it."""
    while True:
        file = _open(name)
        try:
            if not (_try_share(file) if shared else lock_descriptor(file.fileno(), blocking=wait)):
                file.close()
                return None
            if os.path.samestat(os.fstat(file.fileno()), name.stat()):
                return file
        except FileNotFoundError:  # the process that had the lock has deleted the file
            pass
        file.close()


def _try_share(file: BinaryIO) -> bool:
    if fcntl is None:  # the system has no lock that can be shared
        return True
    try:
        fcntl.flock(file.fileno(), fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _find_holder(folder: Path) -> str:
    """Return the process that has locked a folder, in words."""
    try:
        number = (folder / LOCK_NAME).read_text("utf-8")
    except OSError:
        number = ""
    return f"process {number}" if number.isdigit() else "another process"
