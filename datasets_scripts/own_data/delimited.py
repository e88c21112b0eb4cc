# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reader of CSV files with any delimiter, with or without quotes."""

import csv
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from ...errors import UserInputError
from ..lines import DELIMITERS, check_line_ends, decode_start, read_csv, read_lines
from ..streams import read_start
from .options import FileOptions, Tell
from .text_columns import check_text_columns

# A first line that tells Excel the delimiter, and is no row.
EXCEL_MARK = re.compile(r"\ufeff?(sep=.)\s*$", re.IGNORECASE | re.MULTILINE)


def read_delimited(
    path: Path, options: FileOptions, columns: Collection[str], tell: Tell
) -> Iterator[tuple[str, dict]]:
    """Yield the rows of a CSV file, whose delimiter and quoting are detected unless they are given.

    Args:
        path (`Path`): File to read.
        options (`FileOptions`): The options; `text_column`, `delimiter`, `quoting` and `encoding` count.
        columns (`Collection[str]`): Columns that tell the delimiter: it separates them in the header.
        tell (`Callable`): Function that is told what was detected.

    Yields:
        `tuple[str, dict]`: Place of the row, and its cells by column.

    Raises:
        UserInputError: As `read_csv`; or the header lacks a column of the text.
    """
    start = decode_start(read_start(path), options.encoding)
    check_line_ends(start, str(path))
    if mark := EXCEL_MARK.match(start):
        raise UserInputError(f"{path} line 1: {mark[1]!r} is read by Excel only; delete this line")
    usual = "\t" if {".tsv", ".tab"}.intersection(suffix.lower() for suffix in path.suffixes) else ","
    delimiter = options.delimiter or find_delimiter(start, columns, usual)
    if options.delimiter is None and delimiter != usual:
        tell(f"{path}: the cells are read as separated by {_name(delimiter)} (delimiter sets it)")
    quoting = csv.QUOTE_NONE if options.quoting == "none" else csv.QUOTE_MINIMAL
    if options.quoting is None and delimiter == "\t" and not has_quotes(path, delimiter, options.encoding):
        tell(f"{path}: double quotes are read as part of the text (quoting sets it)")
        quoting = csv.QUOTE_NONE
    for index, (number, row) in enumerate(read_csv(path, delimiter, quoting, options.encoding)):
        if index == 0:
            check_text_columns(row.keys(), options.text_column, f"{path} line 1", "line")
        yield f"{path} line {number}", row


def find_delimiter(start: str, columns: Collection[str], usual: str) -> str:
    """Return the delimiter that gives most of the columns in the header, otherwise most cells.

    Args:
        start (`str`): First lines of the file.
        columns (`Collection[str]`): Columns that the file should have.
        usual (`str`): Delimiter that the suffix suggests.
    """

    def fit(delimiter: str) -> tuple[int, int, bool]:
        cells = header_cells(start, delimiter)
        return len({*columns} & {*cells}), len(cells), delimiter == usual

    return max(DELIMITERS, key=fit)


def header_cells(start: str, delimiter: str) -> list[str]:
    """Return the cells of the first line, without surrounding whitespace; none if it is no CSV."""
    try:
        return [cell.strip() for cell in next(csv.reader(start.splitlines(keepends=True), delimiter=delimiter), [])]
    except csv.Error:
        return []


def has_quotes(path: Path, delimiter: str, encoding: str | None) -> bool:
    """Return whether double quotes enclose cells; otherwise, they are characters of the texts.

    Many files of tab-separated texts have no quoting at all, and texts that begin with a quote. They are recognised by
    lines that are whole rows as they stand, and are not when their quotes are interpreted.

    Args:
        path (`Path`): File to read.
        delimiter (`str`): Character between two cells.
        encoding (`str`, *optional*): As in `read_lines`.
    """
    width, interpreted = 0, True
    for _, line in read_lines(path, encoding):
        line = line.rstrip("\r\n")
        if not line:
            continue
        found = line.count(delimiter) + 1
        width = width or found
        if found != width:
            return True
        if interpreted and '"' in line:
            interpreted = _is_row(line, delimiter, width)
    return interpreted


def _is_row(line: str, delimiter: str, width: int) -> bool:
    try:
        return [len(row) for row in csv.reader([line], delimiter=delimiter, strict=True)] == [width]
    except csv.Error:
        return False


def _name(delimiter: str) -> str:
    name = DELIMITERS.get(delimiter, repr(delimiter))
    return f"a {name}" if name.isalpha() else name
