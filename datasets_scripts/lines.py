# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reading text files by line, so that every fault can be told with its line."""

import csv
from collections.abc import Iterator
from pathlib import Path

from .errors import UserInputError


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield a UTF-8 file's lines with their numbers; a byte order mark at the start is dropped.

    Only a line feed ends a line: `str.splitlines` also cuts at U+2028 and others, which occur inside real texts.

    Args:
        path (`Path`): File to read.

    Yields:
        `tuple[int, str]`: Line number, counted from 1, and the line with its line feed.

    Raises:
        UserInputError: The file can't be read, or isn't UTF-8.
    """
    offset = 0
    try:
        with open(path, "rb") as file:
            for number, line in enumerate(file, start=1):
                yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
                offset += len(line)
    except UnicodeDecodeError as error:
        raise UserInputError(
            f"{path} line {number}: byte {offset + error.start} is not UTF-8; save the file as UTF-8"
        ) from error
    except OSError as error:
        raise UserInputError(
            f"{path}: cannot be read ({error.strerror}); check the path and its permissions"
        ) from error


def read_names(path: Path) -> list[str]:
    """Read a file of label names, one a line; empty lines are skipped.

    Args:
        path (`Path`): File to read.

    Returns:
        `list[str]`: Names in the order of the file, without the white space around them.

    Raises:
        UserInputError: The file can't be read, or holds a name twice.
    """
    names = [line.strip() for _, line in read_lines(path) if line.strip()]
    twice = [name for i, name in enumerate(names) if name in names[:i]]
    if twice:
        raise UserInputError(f"{path}: '{twice[0]}' is named twice; remove one")
    return names


def read_csv(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV file with a header, each with the number of the line it begins at.

    Args:
        path (`Path`): File to read.

    Yields:
        `tuple[int, dict[str, str]]`: Line number, and the row's cells by column.

    Raises:
        UserInputError: The file isn't UTF-8 or well-formed CSV, names a column twice, or a row has too few or many cells.
    """
    # The default of 131,072 characters a cell is less than a long document.
    csv.field_size_limit(2**31 - 1)
    reader = csv.reader((line for _, line in read_lines(path)), strict=True)
    header: list[str] = []
    start = 1
    try:
        for row in reader:
            if not header:
                header = row
                twice = [name for name in header if header.count(name) > 1]
                if twice:
                    raise UserInputError(f"{path} line {start}: the column '{twice[0]}' comes twice; rename one")
            elif row:
                if len(row) != len(header):
                    raise UserInputError(
                        f"{path} line {start}: {len(row)} fields, but the header has {len(header)}; "
                        "put fields that contain commas or line breaks in double quotes"
                    )
                yield start, dict(zip(header, row, strict=True))
            start = reader.line_num + 1
    except csv.Error as error:
        raise UserInputError(f"{path} line {start}: not well-formed CSV ({error}); check the quotes") from error
