# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Answers as Parquet."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import accumulate, islice
from pathlib import Path
from typing import IO, Any

import pyarrow
import pyarrow.parquet

from ..errors import UserInputError
from .answer_files import AnsweredRow, AnswerTable, to_cell
from .writing import open_file

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
    rows, size = iter(rows), _group_size(table)
    group = _to_arrow(list(islice(rows, size)), table, None)
    with pyarrow.parquet.ParquetWriter(file, group.schema) as writer:
        writer.write_table(group)
        while block := list(islice(rows, size)):
            writer.write_table(_to_arrow(block, table, group.schema))


def join_parquet(files: Mapping[Path, Sequence[Path]], table: AnswerTable) -> None:
    """Join files of `write_parquet`, see `answer_files.join_answers`; a group of rows is in memory at a time."""
    schema = None
    for path, parts in files.items():
        with open_file("--output_file", str(path), binary=True) as file, ExitStack() as stack:
            writer = None
            for group in _read_groups(parts, _group_size(table)):
                joined = _join(group, table, schema)
                schema = schema or joined.schema
                writer = writer or stack.enter_context(pyarrow.parquet.ParquetWriter(file, schema))
                writer.write_table(joined)
            if writer is None:
                pyarrow.parquet.write_table(schema.empty_table(), file)


def _read_groups(parts: Sequence[Path], size: int) -> Iterator[list[pyarrow.Table]]:
    """Yield the tables of some parts at a time, which have `size` rows together, the last ones fewer."""
    group: list[pyarrow.Table] = []
    for part in parts:
        read = pyarrow.parquet.read_table(part)
        while read.num_rows:
            group.append(read.slice(0, size - sum(map(len, group))))
            read = read.slice(len(group[-1]))
            if sum(map(len, group)) == size:
                yield group
                group = []
    if group:
        yield group


def _join(group: Sequence[pyarrow.Table], table: AnswerTable, schema: pyarrow.Schema | None) -> pyarrow.Table:
    arrays = {
        name: _carried_array(name, [value for part in group for value in part[name].to_pylist()], schema)
        for name in table.carried
    }
    answers = pyarrow.concat_tables([part.drop_columns(list(table.carried)) for part in group])
    return pyarrow.table({**arrays, **dict(zip(answers.column_names, answers.columns, strict=True))})


def _group_size(table: AnswerTable) -> int:
    return min(_GROUP_ROWS, max(1, _GROUP_SCORES // len(table.label_names)))


def _to_arrow(block: Sequence[AnsweredRow], table: AnswerTable, schema: pyarrow.Schema | None) -> pyarrow.Table:
    """Return rows as a table; the first rows decide the types of the carried columns."""
    arrays = {
        name: _carried_array(name, [to_cell(carried[name]) for carried, _ in block], schema) for name in table.carried
    }
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


def _carried_array(name: str, values: Sequence[Any], schema: pyarrow.Schema | None) -> pyarrow.Array:
    try:
        return _to_array(values, None if schema is None else schema.field(name).type)
    except (pyarrow.ArrowException, OverflowError) as error:
        raise UserInputError(
            f"the column '{name}' of the input has values of several types, which Parquet does not have ({error}); "
            "pass --format jsonl"
        ) from error


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
