# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Readers of text files that report errors with the line."""

import csv
from collections.abc import Iterator
from pathlib import Path

from ..errors import UserInputError


def read_lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a UTF-8 file with their numbers, without a byte order mark at the start.

    Only a line feed ends a line: `str.splitlines` also splits at U+2028 and others, which occur in real texts.

    Args:
        path (`Path`): File to read.

    Yields:
        `tuple[int, str]`: Line number, counted from 1, and the line with its line feed.

    Raises:
        UserInputError: The file cannot be read, or is not UTF-8.
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
    """Read a file of label names, one per line; empty lines are skipped.

    Args:
        path (`Path`): File to read.

    Returns:
        `list[str]`: Names in the order of the file, without surrounding whitespace.

    Raises:
        UserInputError: The file cannot be read, or contains a name twice.
    """
    names = [line.strip() for _, line in read_lines(path) if line.strip()]
    twice = [name for i, name in enumerate(names) if name in names[:i]]
    if twice:
        raise UserInputError(f"{path}: '{twice[0]}' is named twice; remove one")
    return names


def read_csv(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV file with a header, each with the number of its first line.

    Args:
        path (`Path`): File to read.

    Yields:
        `tuple[int, dict[str, str]]`: Line number, and the cells of the row by column.

    Raises:
        UserInputError: The file is not UTF-8 or well-formed CSV, a column is repeated, or a row has too few or too
            many cells.
    """
    # The default limit of 131,072 characters per cell is too low for long documents.
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
                    raise UserInputError(f"{path} line {start}: the column '{twice[0]}' occurs twice; rename one")
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
