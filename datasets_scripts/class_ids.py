# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Names of the class ids in columns of `datasets`."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from datasets import ClassLabel, LargeList, List

from ..errors import UserInputError
from .documents import UNKNOWN_COLUMN
from .records import Record


def name_rows(
    rows: Iterable[dict[str, Any]], features: Mapping[str, Any], columns: Iterable[str], where: str
) -> Iterator[Record]:
    """Yield rows with names for class ids.

    Args:
        rows (`Iterable[dict[str, Any]]`): Values by column.
        features (`Mapping[str, Any]`): Features of the columns.
        columns (`Iterable[str]`): Columns to convert if they have names, besides `unknown_labels`.
        where (`str`): File or dataset of the rows, for messages.

    Yields:
        `Record`: One row.

    Raises:
        UserInputError: A class id has no name.
    """
    names = {column: found for column in (*columns, UNKNOWN_COLUMN) if (found := class_names(features.get(column)))}
    for number, row in enumerate(rows, start=1):
        place = f"{where} row {number}"
        yield Record(place, row | {column: name_ids(row[column], place, found) for column, found in names.items()})


def class_names(feature: Any) -> list[str] | None:
    """Return the names of the label ids, single or in lists, of a column of `datasets`; None without names."""
    if isinstance(feature, (List, LargeList)):
        feature = feature.feature
    return feature.names if isinstance(feature, ClassLabel) else None


def name_ids(value: Any, where: str, names: list[str]) -> list[str] | None:
    """Return the names of the label ids of a column with names.

    Args:
        value (`Any`): List of ids, one id, or None, which is returned.
        where (`str`): Place of the row, for messages.
        names (`list[str]`): Names by id.

    Raises:
        UserInputError: An id has no name, as in test splits of contests, which are published without labels.
    """
    if value is None:
        return None
    ids = value if isinstance(value, list) else [value]
    wrong = [label_id for label_id in ids if label_id not in range(len(names))]
    if wrong:
        raise UserInputError(
            f"{where}: label id {wrong[0]} has no name, only 0 to {len(names) - 1} have; "
            "is this split published without labels?"
        )
    return [names[label_id] for label_id in ids]
