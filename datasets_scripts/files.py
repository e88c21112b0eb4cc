# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Corpora of own files: JSONL, CSV or Parquet."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow
import pyarrow.parquet
from datasets import DatasetDict, Features

from ..errors import UserInputError
from .class_ids import name_rows
from .lines import read_csv, read_lines
from .records import Record, assemble, check_columns

logger = logging.getLogger(__name__)


def load_files(
    train_file: str | None = None,
    validation_file: str | None = None,
    test_file: str | None = None,
    text_column: str = "text",
    label_column: str = "labels",
    label_separator: str | None = None,
    label_names: Sequence[str] | None = None,
    seed: int = 0,
) -> DatasetDict:
    """Load files of documents: `.jsonl` or `.json` (one object per line), `.csv` (with a header) or `.parquet`.

    The labels are those of the training file. A label that occurs only in another file is an error, because the model
    could never predict it. An optional column `unknown_labels` lists the labels of which it is unknown whether they
    apply, in the format of the label column.

    Args:
        train_file (`str`, *optional*):
            Training documents; optional only with `label_names`.
        validation_file (`str`, *optional*):
            Validation documents, defaults to a stratified tenth that is cut off the training documents, or less if
            labels are rare.
        test_file (`str`, *optional*):
            Test documents; without them, there is no test split.
        text_column (`str`, *optional*, defaults to `"text"`):
            Column with the text.
        label_column (`str`, *optional*, defaults to `"labels"`):
            Column with the labels: a list of names, a list of label ids, or one string. Ids without `label_names`
            become the names "0", "1" and so on. An empty list or string means that no label applies.
        label_separator (`str`, *optional*):
            Separator between the names in a string; by default, a string is one name.
        label_names (`Sequence[str]`, *optional*):
            Label names in the order of their ids, such as those of an existing model.
        seed (`int`, *optional*, defaults to 0):
            Seed of the cut.

    Returns:
        `DatasetDict`: The splits with the features `id` (the column of that name, otherwise the number of the row),
        `text`, `labels` and, if some labels are unknown, `unknown_labels`. Warnings report labels that look like
        several in one string, and a small validation split.

    Raises:
        UserInputError: A file is missing, unreadable or malformed, or its columns or labels do not fit.
    """
    files = {"train": train_file, "validation": validation_file, "test": test_file}
    if not any(files.values()):
        raise UserInputError("no file was given; give a train_file, or label_names and a test_file")
    if not train_file and label_names is None:
        raise UserInputError("the labels are unknown: give a train_file to take them from, or label_names")
    if label_separator == "":
        raise UserInputError("label_separator is empty; give the character between two labels, or leave it out")
    columns = (text_column, label_column)
    splits = {split: read_records(Path(file), columns) for split, file in files.items() if file}
    strings: set[str] = set()
    if label_separator is None:
        splits = {split: note_strings(records, label_column, strings) for split, records in splits.items()}
    corpus = assemble(splits, text_column, label_column, label_separator, label_names, seed)
    warn_of_separator(strings)
    return corpus


def note_strings(records: Iterable[Record], label_column: str, strings: set[str]) -> Iterator[Record]:
    """Yield the rows, and add to `strings` the labels that are one string."""
    for record in records:
        if isinstance(record.row[label_column], str):
            strings.add(record.row[label_column])
        yield record


def warn_of_separator(strings: set[str]) -> None:
    """Warn if many labels look like several in one string."""
    found = {mark: [string for string in strings if mark in string] for mark in ";|,"}
    mark = max(found, key=lambda mark: len(found[mark]))
    if len(found[mark]) >= max(3, len(strings) / 10):
        logger.warning(
            f"{len(found[mark])} of {len(strings)} labels contain '{mark}', such as '{min(found[mark])}': each is "
            f"read as one label; if '{mark}' separates several, give label_separator '{mark}'"
        )


def read_records(path: Path, columns: Sequence[str]) -> Iterator[Record]:
    """Yield the rows of a file, which is read by its suffix.

    Args:
        path (`Path`): File to read.
        columns (`Sequence[str]`): Columns that every row must have.

    Yields:
        `Record`: One row.

    Raises:
        UserInputError: The file is missing, empty, unreadable or of an unknown type, a column is missing, or a label id
            of a Parquet file with label names has no name.
    """
    path = path.expanduser()
    if path.suffix.lower() not in READERS:
        raise UserInputError(f"{path}: unknown suffix '{path.suffix}'; known: {', '.join(READERS)}")
    if not path.is_file():
        raise UserInputError(
            f"{path}: {'is a folder, not a file' if path.is_dir() else 'no such file'}; check the path"
        )
    empty = True
    for where, row in READERS[path.suffix.lower()](path, columns):
        empty = False
        check_columns(row, columns, where)
        yield Record(where, row)
    if empty:
        raise UserInputError(f"{path}: contains no documents")


def read_jsonl(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict]]:
    """Yield the objects of a file with one JSON object per line; blank lines are skipped."""
    for number, line in read_lines(path):
        if not line.strip():
            continue
        where = f"{path} line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UserInputError(f"{where}: broken JSON ({error}); write one object per line") from error
        if not isinstance(row, dict):
            raise UserInputError(f"{where}: a JSON {type(row).__name__}, not an object; write one object per line")
        yield where, row


def read_csv_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict]]:
    """Yield the rows of a CSV file."""
    for number, row in read_csv(path):
        yield f"{path} line {number}", row


def read_parquet(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict]]:
    """Yield the rows of a Parquet file, with names for label ids if `datasets` wrote the names into the file."""
    try:
        file = pyarrow.parquet.ParquetFile(path)
        features = Features.from_arrow_schema(file.schema_arrow)
        rows = (row for batch in file.iter_batches() for row in batch.to_pylist())
        yield from name_rows(rows, features, columns, str(path))
    except (pyarrow.ArrowException, OSError) as error:
        raise UserInputError(f"{path}: not a readable Parquet file ({' '.join(str(error).split())})") from error


READERS = {".jsonl": read_jsonl, ".json": read_jsonl, ".csv": read_csv_rows, ".parquet": read_parquet}
