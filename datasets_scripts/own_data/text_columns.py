# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The text of a row: which columns contain it, and what is wrong where they do not."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, time, timedelta
from numbers import Number
from typing import Any

from ...errors import UserInputError
from ..documents import check_text, describe
from .label_values import is_missing, is_null
from .names import shorten

# What Excel, JSON and pandas make of a text such as 12345, TRUE or 2026-01-02.
_NUMBERS = (Number, date, time, timedelta)


class NumberError(UserInputError):
    """A text is a number or a date. Where one is, there are often many, so a reader of a file counts them."""


def check_text_columns(known: Collection[str], columns: Sequence[str], where: str, header: str | None = None) -> None:
    """Check that there are the columns of the text.

    Args:
        known (`Collection[str]`): The columns that there are.
        columns (`Sequence[str]`): Columns of the text.
        where (`str`): Place of the row or of the header, for messages.
        header (`str`, *optional*): What was read as the header: a "line" or a "row".

    Raises:
        UserInputError: There is none of the name.
    """
    missing = [column for column in columns if column not in known]
    if not missing:
        return
    names = [name for name in known if name]
    near = [name for name in names if name.casefold() == missing[0].casefold()]
    advice = f"did you mean text_column {near[0]}?" if near else "text_column names that of the text"
    if header and not near:
        advice = f"the first {header} is read as the header; {advice}"
    raise UserInputError(f"{where}: no column '{missing[0]}'; there are: {shorten(names, 50)} ({advice})")


def read_text(row: Mapping[str, Any], columns: Sequence[str], where: str) -> str:
    """Return the text of a row: that of one column, or those of several, joined by line ends.

    Args:
        row (`Mapping[str, Any]`): Values by column.
        columns (`Sequence[str]`): Columns of the text.
        where (`str`): Place of the row, for messages.

    Raises:
        NumberError: A value is a number or a date.
        UserInputError: A column does not exist, or its value is not a string.
    """
    check_text_columns(row.keys(), columns, where)
    if len(columns) == 1:
        value = row[columns[0]]
        if isinstance(value, (dict, list)) and all(isinstance(other, type(value)) for other in row.values()):
            raise UserInputError(
                f"{where}: the text is {describe(value)}, not a string; if this is a whole column of texts, write one "
                'object per row instead: in pandas, df.to_json(path, orient="records", lines=True)'
            )
        return _check(value, where, "text")
    parts = [_check(row[column], where, f"text ({column})") for column in columns if not is_missing(row[column])]
    return "\n".join(parts)


def _check(value: Any, where: str, what: str) -> str:
    if isinstance(value, _NUMBERS) and not is_null(value):
        raise NumberError(f"{where}: the {what} is {describe(value)}, not a string")
    return check_text(value, where, what)
