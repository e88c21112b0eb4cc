# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Answers as Parquet."""

from collections.abc import Iterable, Sequence
from itertools import accumulate, islice
from typing import IO, Any

import pyarrow
import pyarrow.parquet

from ..errors import UserInputError
from .answer_files import AnsweredRow, AnswerTable, to_cell

# Scores that are in memory at a time as Python's numbers, and rows of a row group at most.
_GROUP_SCORES, _GROUP_ROWS = 2**19, 2**13


def write_parquet(file: IO, rows: Iterable[AnsweredRow], table: AnswerTable) -> None:
    """Write answers as Parquet, a group of rows at a time.

    Args:
        file (`IO`): The file, open for bytes.
        rows (`Iterable[tuple[Mapping[str, Any], Answer]]`): Carried values by column, and the answer; at least one.
        table (`AnswerTable`): The columns.

    Raises:
        UserInputError: A carried column has values of several types.
    """
    rows = iter(rows)
    size = min(_GROUP_ROWS, max(1, _GROUP_SCORES // len(table.label_names)))
    group = _to_arrow(list(islice(rows, size)), table, None)
    with pyarrow.parquet.ParquetWriter(file, group.schema) as writer:
        writer.write_table(group)
        while block := list(islice(rows, size)):
            writer.write_table(_to_arrow(block, table, group.schema))


def _to_arrow(block: Sequence[AnsweredRow], table: AnswerTable, schema: pyarrow.Schema | None) -> pyarrow.Table:
    """Return rows as a table; the first rows decide the types of the carried columns."""
    arrays = {}
    for name in table.carried:
        values = [to_cell(carried[name]) for carried, _ in block]
        try:
            arrays[name] = _to_array(values, None if schema is None else schema.field(name).type)
        except (pyarrow.ArrowException, OverflowError) as error:
            raise UserInputError(
                f"the column '{name}' of the input has values of several types, which Parquet does not have ({error}); "
                "pass --format jsonl"
            ) from error
    arrays["labels"] = pyarrow.array([answer.labels for _, answer in block], pyarrow.list_(pyarrow.string()))
    if table.has_scores:
        # A list of label and score, as pipelines return; `datasets` does not read maps.
        scores = [answer.scores for _, answer in block]
        offsets = list(accumulate(map(len, scores), initial=0))
        flat = [
            pyarrow.array([name for row in scores for name in row], pyarrow.string()),
            pyarrow.array([score for row in scores for score in row.values()], pyarrow.float64()),
        ]
        items = pyarrow.StructArray.from_arrays(flat, ["label", "score"])
        arrays["scores"] = pyarrow.ListArray.from_arrays(pyarrow.array(offsets, pyarrow.int32()), items)
    return pyarrow.table(arrays)


def _to_array(values: Sequence[Any], expected: pyarrow.DataType | None) -> pyarrow.Array:
    array = pyarrow.array(values)
    if pyarrow.types.is_null(array.type):
        return array.cast(expected or pyarrow.string())
    if expected is None or array.type == expected:
        return array
    if pyarrow.types.is_integer(array.type) and pyarrow.types.is_floating(expected):
        return array.cast(expected)
    # No other conversion: it would cut decimals off, or read a string as a number.
    raise pyarrow.ArrowInvalid(f"{array.type} after {expected}")
