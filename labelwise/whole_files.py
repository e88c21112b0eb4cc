# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Files that appear whole or not at all. Every file that the package writes by itself is written here."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import uuid4


def is_replaceable(path: Path) -> bool:
    """Return whether a path is free, or a regular file or a link to one, which a new file can replace.

    Devices, FIFOs and descriptors such as `/dev/stdout` are not: they are written to directly.

    Raises:
        OSError: The path cannot be read, for example because its name is too long.
    """
    try:
        return stat.S_ISREG(path.stat().st_mode) and _descriptor(path) is None
    except FileNotFoundError:
        return True


@contextmanager
def open_whole(path: Path, binary: bool = False) -> Iterator[IO]:
    """Open a file that appears under its name when it is complete, in place of an earlier one.

    A link is kept, and the file that it leads to is replaced. What is not replaceable is written to directly.

    Args:
        path (`Path`): The file.
        binary (`bool`, *optional*, defaults to `False`): Whether bytes are written, and not text.

    Yields:
        `IO`: The stream to write to. It does not change line ends.

    Raises:
        OSError: The file cannot be written.
    """
    mode, text = ("b", {}) if binary else ("", {"encoding": "utf-8", "newline": ""})
    if not is_replaceable(path):
        descriptor = _descriptor(path)
        with open(path if descriptor is None else os.dup(descriptor), f"w{mode}", **text) as file:
            yield file
        return
    target = Path(os.path.realpath(path))
    # A name that no other file has; the suffix tells people what it is if the process is killed.
    partial = target.with_name(f"{target.name[:40]}.{uuid4().hex}.partial")
    try:
        with partial.open(f"x{mode}", **text) as file:
            yield file
        if target.exists():
            shutil.copymode(target, partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def move_whole(file: Path, path: Path) -> None:
    """Move a complete file to a path on the same disk, as `open_whole` would write it there.

    Raises:
        OSError: The file cannot be written.
    """
    if path.is_symlink() or not is_replaceable(path):
        with file.open("rb") as source, open_whole(path, binary=True) as copy:
            shutil.copyfileobj(source, copy)
    else:
        file.replace(path)


def _descriptor(path: Path) -> int | None:
    """Return the descriptor of this process that a path leads to, as `/dev/stdout` does to 1; `None` for other paths.

    It is written to as it is: opened anew, a file that standard output goes to would be written from its beginning.
    """
    own = os.path.realpath("/dev/fd")
    while not (path.name.isdigit() and os.path.realpath(path.parent) == own):
        if not path.is_symlink():
            return None
        path = path.parent / path.readlink()
    return int(path.name)
