# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Permissions of written files."""

from pathlib import Path
from stat import S_IMODE


def modes_of(folder: Path) -> set[int]:
    """The permissions of the files in a folder and below it."""
    modes = {S_IMODE(path.stat().st_mode) for path in Path(folder).rglob("*") if path.is_file()}
    assert modes, f"{folder} has no files"
    return modes


def usual_mode(folder: Path) -> int:
    """The permissions that a new file has."""
    probe = Path(folder) / "probe"
    probe.touch()
    mode = S_IMODE(probe.stat().st_mode)
    probe.unlink()
    return mode
