# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Readers of text files, compressed or not, that report errors with the line."""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from ..errors import UserInputError
from .streams import open_bytes

# The longest mark first: that of UTF-32 begins like that of UTF-16.
_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def find_encoding(start: bytes) -> str:
    """Return the encoding that a byte order mark tells, by default `"utf-8"`."""
    return next((name for mark, name in _BYTE_ORDER_MARKS.items() if start.startswith(mark)), "utf-8")


def decode_start(start: bytes, encoding: str | None) -> str:
    """Return the first bytes of a file as a string, without what cannot be decoded."""
    return start.decode(encoding or find_encoding(start), errors="ignore")


def check_line_ends(start: str, name: str) -> None:
    """Check that a file is not of old Mac line ends, which would make it one line.

    Args:
        start (`str`): The first characters of the file.
        name (`str`): Its name, for the message.

    Raises:
        UserInputError: Its lines end with a carriage return alone.
    """
    if "\r" in start and "\n" not in start:
        raise UserInputError(
            f"{name}: its lines end with a carriage return alone; save it with Windows or Unix line ends"
        )


def read_lines(path: Path, encoding: str | None = None) -> Iterator[tuple[int, str]]:
    """Yield the lines of a text file with their numbers, without a byte order mark at the start.

    Only a line feed ends a line: `str.splitlines` also splits at U+2028 and others, which occur in real texts.

    Args:
        path (`Path`): File to read.
        encoding (`str`, *optional*): Its encoding, defaults to UTF-8, or to what a byte order mark tells.

    Yields:
        `tuple[int, str]`: Line number, counted from 1, and the line with its line feed.

    Raises:
        UserInputError: The file cannot be read, or has another encoding.
    """
    with open_bytes(path) as file:
        yield from decode_lines(file, str(path), encoding)


def decode_lines(file: BinaryIO, name: str, encoding: str | None) -> Iterator[tuple[int, str]]:
    encoding = _choose_encoding(file, encoding)
    if encoding.replace("_", "-").lower().startswith(("utf-16", "utf-32")):  # a line feed is more than one byte
        with _decoding(name, encoding, None), io.TextIOWrapper(file, encoding, newline="\n") as text:
            yield from enumerate(text, start=1)
        return
    offset = 0
    for number, line in enumerate(file, start=1):
        with _decoding(f"{name} line {number}", encoding, offset):
            decoded = line.decode(encoding if number == 1 else encoding.removesuffix("-sig"))
        if decoded:  # a byte order mark alone is no line
            yield number, decoded
        offset += len(line)


def read_pieces(path: Path, encoding: str | None = None, size: int = 1 << 16) -> Iterator[str]:
    """Yield the text of a file in pieces of some characters; arguments and errors are those of `read_lines`."""
    with open_bytes(path) as file:
        encoding = _choose_encoding(file, encoding)
        with _decoding(str(path), encoding, None), io.TextIOWrapper(file, encoding) as text:
            while piece := text.read(size):
                yield piece


def _choose_encoding(file: BinaryIO, given: str | None) -> str:
    """Return the given encoding, or what the first bytes tell; a byte order mark of UTF-8 is no text."""
    found = find_encoding(file.peek(4))
    is_utf8 = given is not None and codecs.lookup(given).name == "utf-8"
    return found if given is None or (is_utf8 and found == "utf-8-sig") else given


@contextmanager
def _decoding(place: str, encoding: str, offset: int | None) -> Iterator[None]:
    try:
        yield
    except UnicodeError as error:  # some codecs have no error of their own for decoding
        has_byte = offset is not None and isinstance(error, UnicodeDecodeError)
        where = f"{place}: byte {offset + error.start}" if has_byte else f"{place}: it"
        raise UserInputError(
            f"{where} is not {_ENCODING_NAMES.get(encoding, encoding)}; save the file as UTF-8, or give its encoding "
            "(such as cp1252)"
        ) from error


_ENCODING_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "utf-32": "UTF-32"}


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


DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "|"}


def read_csv(
    path: Path, delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL, encoding: str | None = None
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a CSV file with a header, each with the number of its first line.

    Args:
        path (`Path`): File to read.
        delimiter (`str`, *optional*, defaults to `","`): Character between two cells.
        quoting (`int`, *optional*): `csv.QUOTE_MINIMAL` or `csv.QUOTE_NONE`, where quotes are part of the cells.
        encoding (`str`, *optional*): As in `read_lines`.

    Yields:
        `tuple[int, dict[str, str]]`: Line number, and the cells of the row by column. Columns have no surrounding
        whitespace.

    Raises:
        UserInputError: The file has another encoding or is not well-formed CSV, a column is repeated, or a row has too
            few or too many cells.
    """
    # The default limit of 131,072 characters per cell is too low for long documents.
    csv.field_size_limit(2**31 - 1)
    lines = (line for _, line in read_lines(path, encoding))
    reader = csv.reader(lines, delimiter=delimiter, quoting=quoting, strict=True)
    header: list[str] = []
    start = 1
    try:
        for row in reader:
            if not header:
                header = [name.strip() for name in row]
                twice = [name for name in header if name and header.count(name) > 1]
                if twice:
                    raise UserInputError(f"{path} line {start}: the column '{twice[0]}' occurs twice; rename one")
            elif row:
                if len(row) != len(header):
                    raise UserInputError(
                        f"{path} line {start}: {len(row)} fields, but the header has {len(header)}; "
                        f"put fields that contain a {DELIMITERS.get(delimiter, delimiter)} or line breaks in double "
                        "quotes"
                    )
                yield start, dict(zip(header, row, strict=True))
            start = reader.line_num + 1
    except csv.Error as error:
        raise UserInputError(f"{path} line {start}: not well-formed CSV ({error}); check the quotes") from error
