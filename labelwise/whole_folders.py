# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Files of a folder that are replaced together, even if the process is killed: the folder has the old or the new ones.

All new files are written to a hidden folder, whose renaming says that they are complete; then each replaces the earlier
one. Whoever locks the folder next discards what is not complete, or moves what is left.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .whole_files import move_whole

UNFINISHED_NAME = ".labelwise.unfinished"
COMPLETE_NAME = ".labelwise.complete"


@contextmanager
def write_together(folder: Path) -> Iterator[Path]:
    """Yield a folder whose files replace those of another one, which exists and is locked, when the block ends.

    Nothing is replaced if the block raises an error.

    Args:
        folder (`Path`): The other folder.

    Yields:
        `Path`: The folder to write to.

    Raises:
        OSError: The files cannot be written.
    """
    unfinished = folder / UNFINISHED_NAME
    try:
        unfinished.mkdir()
        yield unfinished
        unfinished.rename(folder / COMPLETE_NAME)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    finish_writing(folder)


def finish_writing(folder: Path) -> None:
    """Finish what a killed process has left in a folder, which is locked.

    Raises:
        OSError: The files cannot be written.
    """
    shutil.rmtree(folder / UNFINISHED_NAME, ignore_errors=True)
    complete = folder / COMPLETE_NAME
    if complete.is_dir():
        for file in sorted(complete.iterdir()):
            move_whole(file, folder / file.name)
        shutil.rmtree(complete)


def discard(folder: Path, part: Path) -> None:
    """Delete a folder in another one, which is locked. If the process is killed, it is there as a whole or not at all.

    Raises:
        OSError: It cannot be deleted.
    """
    unfinished = folder / UNFINISHED_NAME
    part.rename(unfinished)
    shutil.rmtree(unfinished)


def is_being_written(folder: Path) -> bool:
    """Return whether a folder has some of its new files only, because they are being moved or a process was killed."""
    return (folder / COMPLETE_NAME).exists()


def version_of(folder: Path, name: str) -> tuple[int, int] | None:
    """Return what changes when the file of this name is replaced, and the others with it; `None` if there is none."""
    try:
        found = (folder / name).stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
