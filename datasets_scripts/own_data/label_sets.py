# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Names of the labels that apply to a document, and of those of which this is unknown."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ...errors import UserInputError
from ...wording import counted
from ..documents import check_text, describe
from .label_profile import Cell
from .label_values import is_missing, read_indicator

# Reading of columns of 0 and 1, one per label, beside those of `LabelProfile.decide`.
COLUMNS = "columns"
_BLANK, _UNKNOWN = "?", "u"
_CHARACTERS = {"1": "1", "0": "0", "": _BLANK}  # the usual cells of a CSV file


class LabelSet(NamedTuple):
    """Labels of a document by name; with `rest_unknown`, all labels that are named nowhere are unknown."""

    labels: list[str]
    unknown: Sequence[str] = ()
    negative: Sequence[str] = ()
    rest_unknown: bool = False


def pack_columns(values: Sequence[object], columns: Sequence[str], where: str) -> str:
    """Return the values of columns of 0 and 1 as one character each; "?" is blank, "u" is unknown.

    Raises:
        UserInputError: A value says neither that the label applies nor that it does not.
    """
    packed = []
    for value, column in zip(values, columns, strict=True):
        try:
            packed.append(_state(value))
        except ValueError:
            raise UserInputError(
                f"{where}: {value!r} in the column '{column}'; give 1 or 0, or leave it blank if it is unknown"
            ) from None
    return "".join(packed)


def read_label_set(
    cell: Cell,
    reading: str,
    where: str,
    names: Sequence[str] | None,
    columns: Sequence[str] | None,
    blank_is_negative: bool,
) -> LabelSet:
    """Return the labels that a cell names.

    Args:
        cell (`Cell`): Value of the label column; packed by `pack_columns` if the reading is `COLUMNS`.
        reading (`str`): How the column is read: see `LabelProfile.decide`.
        where (`str`): Place of the row, for messages.
        names (`Sequence[str]`, *optional*): Names by id.
        columns (`Sequence[str]`, *optional*): Names of the numbers of an indicator row.
        blank_is_negative (`bool`): Whether a label whose 0 or 1 is missing does not apply; otherwise, it is unknown.

    Raises:
        UserInputError: The cell does not fit the reading.
    """
    if reading == COLUMNS:
        return _by_state(zip(columns, cell.value, strict=True), blank_is_negative)
    if reading == "objects":
        states: dict[str, str] = {}
        for name, value in cell.states.items():
            label = check_text(name.strip(), where, "label")
            if not label or label in states:
                told = f"label '{label}' is named twice" if label else "a label has no name"
                raise UserInputError(f"{where}: {told}; correct the object")
            try:
                states[label] = _state(value)
            except ValueError:
                raise UserInputError(
                    f"{where}: {value!r} for label '{name}'; give 1 or 0, or null if it is unknown"
                ) from None
        found = _by_state(states.items(), blank_is_negative)
        return found._replace(rest_unknown=not blank_is_negative)
    if reading == "indicators":
        if len(cell.items) != len(columns):
            numbers, labels = counted(len(cell.items), "number"), counted(len(columns), "label")
            raise UserInputError(f"{where}: {numbers} for {labels}; give one number per label")
        return _by_state(zip(columns, pack_columns(cell.items, columns, where), strict=True), blank_is_negative)
    return LabelSet([_to_name(item, reading, where, names) for item in cell.items])


def _state(value: object) -> str:
    """Return the character of a value that `read_indicator` reads."""
    if isinstance(value, str) and value in _CHARACTERS:
        return _CHARACTERS[value]
    state = read_indicator(value)
    if state is None:
        return _BLANK if is_missing(value) else _UNKNOWN
    return str(state)


def _by_state(states: Iterable[tuple[str, str]], blank_is_negative: bool) -> LabelSet:
    unknown = {_UNKNOWN} if blank_is_negative else {_UNKNOWN, _BLANK}
    by_kind: dict[str, list[str]] = {"1": [], "?": [], "0": []}
    for name, state in states:
        by_kind["?" if state in unknown else "1" if state == "1" else "0"].append(name)
    return LabelSet(by_kind["1"], by_kind["?"], by_kind["0"])


def _to_name(item: object, reading: str, where: str, names: Sequence[str] | None) -> str:
    if reading == "ids":
        if isinstance(item, str) and item.isascii() and item.isdigit():
            item = int(item)
        if not is_id(item):
            raise UserInputError(f"{where}: label {item!r} is {describe(item)}; expected a label id")
        return id_to_name(item, where, names)
    if is_id(item):  # `label_format` is `names`
        item = str(item)
    if not isinstance(item, str):
        raise UserInputError(f"{where}: label {item!r} is {describe(item)}; expected a name")
    return check_text(item, where, "label")


def id_to_name(label_id: int, where: str, names: Sequence[str] | None) -> str:
    """Return the name of a label id; if all names are numbers, they are the ids of an earlier run without names."""
    if names is None or all(name.isascii() and name.isdigit() for name in names):
        if label_id < 0:
            raise UserInputError(f"{where}: label id {label_id} is negative; ids count from 0")
        return str(label_id)
    if not 0 <= label_id < len(names):
        raise UserInputError(f"{where}: label id {label_id} is out of range; there are ids 0 to {len(names) - 1}")
    return names[label_id]


def is_id(value: object) -> bool:
    """Return whether a value is a label id: an integer, but not a boolean."""
    return isinstance(value, int) and not isinstance(value, bool)


def numeric_first(name: str) -> tuple[int, str]:
    """Return a sorting key that keeps label ids used as names in their order: "2" before "10"."""
    is_number = name.isascii() and name.isdigit() and len(name) < 10
    return (int(name) if is_number else 10**9, name)
