# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The user's own documents: JSONL, CSV or Parquet files."""

import json
import logging
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow
import pyarrow.parquet
from datasets import DatasetDict, Features

from .documents import UNKNOWN_COLUMN
from .errors import UserInputError
from .lines import read_csv, read_lines
from .records import Record, assemble, check_columns, class_names, name_ids

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
    """Load files of documents: `.jsonl` or `.json` (one object a line), `.csv` (with a header) or `.parquet`.

    The label set is what the training file names. A label that only another file names is an error, for no model
    trained on the first could ever give it.

    Args:
        train_file (`str`, *optional*):
            Training documents; may be left out only with `label_names`.
        validation_file (`str`, *optional*):
            Validation documents, defaults to a stratified tenth that is cut off the training documents, or less where
            labels are rare.
        test_file (`str`, *optional*):
            Test documents; without them there is no test split.
        text_column (`str`, *optional*, defaults to `"text"`):
            Column with the text.
        label_column (`str`, *optional*, defaults to `"labels"`):
            Column with the labels: a list of names, a list of label ids, or one string. Ids without `label_names`
            become the names "0", "1" and so on. An empty list or string means that no label holds.
        label_separator (`str`, *optional*):
            What separates the names where the labels are one string, defaults to taking it for one name.
        label_names (`Sequence[str]`, *optional*):
            Label names in the order of their ids, as an existing model has them.
        seed (`int`, *optional*, defaults to 0):
            Seed of the cut.

    Returns:
        `DatasetDict`: The splits, with the features `id` (the column of that name, or else the row's number), `text`
        and `labels`. Warnings tell of labels that look like several in one string, and of a small validation split.

    Raises:
        UserInputError: A file is missing, unreadable or malformed, or its columns or labels don't fit.
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
    """Passes rows on, and adds to `strings` the labels that are one string."""
    for record in records:
        if isinstance(record.row[label_column], str):
            strings.add(record.row[label_column])
        yield record


def warn_of_separator(strings: set[str]) -> None:
    """Warns where many labels look like several in one string."""
    holders = {mark: [string for string in strings if mark in string] for mark in ";|,"}
    mark = max(holders, key=lambda mark: len(holders[mark]))
    if len(holders[mark]) >= max(3, len(strings) / 10):
        logger.warning(
            f"{len(holders[mark])} of {len(strings)} labels hold '{mark}', such as '{min(holders[mark])}': each is "
            f"taken for one label; if '{mark}' separates several, give label_separator '{mark}'"
        )


def read_records(path: Path, columns: Sequence[str]) -> Iterator[Record]:
    """Yield a file's rows by its suffix.

    Args:
        path (`Path`): File to read.
        columns (`Sequence[str]`): Columns that every row must have.

    Yields:
        `Record`: Where the row stands, and its values by column.

    Raises:
        UserInputError: The file is missing, empty, unreadable or of no known kind, a column is missing, or a label id of
            it has no name in a Parquet file with names.
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
        raise UserInputError(f"{path}: holds no documents")


def read_jsonl(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict]]:
    """Yield the objects of a file with one JSON object a line; blank lines are skipped."""
    for number, line in read_lines(path):
        if not line.strip():
            continue
        where = f"{path} line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UserInputError(f"{where}: broken JSON ({error}); write one object a line") from error
        if not isinstance(row, dict):
            raise UserInputError(f"{where}: a JSON {type(row).__name__}, not an object; write one object a line")
        yield where, row


def read_csv_rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict]]:
    """Yield the rows of a CSV file."""
    for number, row in read_csv(path):
        yield f"{path} line {number}", row


def read_parquet(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict]]:
    """Yield the rows of a Parquet file; label ids in `columns` as names where `datasets` wrote the names into it."""
    try:
        file = pyarrow.parquet.ParquetFile(path)
        features = Features.from_arrow_schema(file.schema_arrow)
        columns = (*columns, UNKNOWN_COLUMN)
        names = {column: found for column in columns if (found := class_names(features.get(column)))}
        rows = (row for batch in file.iter_batches() for row in batch.to_pylist())
        for number, row in enumerate(rows, start=1):
            where = f"{path} row {number}"
            for column, labels in names.items():
                row[column] = name_ids(row[column], where, labels)
            yield where, row
    except (pyarrow.ArrowException, OSError) as error:
        raise UserInputError(f"{path}: not a readable Parquet file ({' '.join(str(error).split())})") from error


READERS = {".jsonl": read_jsonl, ".json": read_jsonl, ".csv": read_csv_rows, ".parquet": read_parquet}
