# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""CSV that spreadsheets open without running formulas. Every CSV file that the package writes is written here."""

import csv
import re
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pandas import DataFrame  # not at the top: rows need no pandas, which takes long to import

_FORMULA = re.compile(r"[=+\-@\t\r].", re.DOTALL)  # by itself, such as the dash of an empty cell, none is one


def neutralize(cell: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe before it.

    Numbers stay as they are, written as text too.
    """
    if not isinstance(cell, str) or not _FORMULA.match(cell):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def write_rows(file: IO, rows: Iterable[Iterable[Any]]) -> None:
    """Write rows, the header among them, to a text stream that does not change line ends."""
    csv.writer(file).writerows(map(neutralize, row) for row in rows)


def write_table(table: "DataFrame", path: Path, **settings: Any) -> None:
    """Write a table of pandas.

    Args:
        table (`pd.DataFrame`): The table.
        path (`Path`): The file.
        settings: As in `DataFrame.to_csv`; numbers have six digits.
    """
    # With these line ends, a line feed or a carriage return in a cell is quoted.
    text = table.to_csv(float_format="%.6g", lineterminator="\r\n", **settings)
    csv.field_size_limit(2**31 - 1)  # a cell may be a whole document
    with path.open("w", encoding="utf-8", newline="") as file:
        write_rows(file, csv.reader(StringIO(text, newline="")))
