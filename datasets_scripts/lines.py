# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reading text files by line, so that every fault can be told with its line."""

from collections.abc import Iterator
from pathlib import Path

from .errors import DataError


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield a UTF-8 file's lines with their numbers; a byte order mark at the start is dropped.

    Only a line feed ends a line: `str.splitlines` also cuts at U+2028 and others, which occur inside real texts.

    Args:
        path (`Path`): File to read.

    Yields:
        `tuple[int, str]`: Line number, counted from 1, and the line with its line feed.

    Raises:
        DataError: The file can't be read, or isn't UTF-8.
    """
    offset = 0
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(file, start=1):
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
                offset += len(line)
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path} line {number}: byte {offset + error.start} is not UTF-8; save the file as UTF-8"
        ) from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror}); check the path and its permissions") from error
