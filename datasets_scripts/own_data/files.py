# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Corpora of own files."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from os import PathLike
from pathlib import Path
from typing import Any

from datasets import DatasetDict

from ...errors import UserInputError
from ..documents import OPTIONAL_COLUMNS
from .assembly import assemble
from .options import LabelOptions, make_options
from .reading import Source
from .sources import Record, detect_format, find_files, is_class_folder, read_source, readable_twice
from .tables import names_in_parquet

logger = logging.getLogger(__name__)


def load_files(
    train_file: str | Path | None = None,
    validation_file: str | Path | None = None,
    test_file: str | Path | None = None,
    model_labels: Sequence[str] | None = None,
    **options: Any,
) -> DatasetDict:
    """Load files of documents. Texts go to disk as they are read; in memory are a hash and the label ids of each.

    A file is CSV or TSV with a header, JSON (an array, or one object per line), Parquet, Excel (.xlsx), or one of these
    compressed by gzip, bzip2 or xz; a folder or a pattern stands for several files; a folder of folders has one folder
    of text files per label.

    The labels are those of the training file. An optional column `unknown_labels` lists the labels of which it is
    unknown whether they apply, in the format of the label column.

    Args:
        train_file (`str`, *optional*):
            Training documents; optional only with `label_names` or `model_labels`.
        validation_file (`str`, *optional*):
            Validation documents, defaults to a stratified tenth of the training documents.
        test_file (`str`, *optional*):
            Test documents; without them, there is no test split.
        model_labels (`Sequence[str]`, *optional*):
            Labels of an existing model, in their order.
        options:
            Fields of `LabelOptions`: `text_column`, `label_column`, `label_columns`, `label_separator`, `label_format`,
            `label_names`, `missing_labels`, `unseen_labels`, `drop_duplicates`, `split_seed`, and those of
            `FileOptions`: `input_format`, `delimiter`, `quoting`, `encoding`, `sheet`.

    Returns:
        `DatasetDict`: The splits with the features `id` (the column of that name, otherwise the number of the row),
        `text`, `labels` and, if some labels are unknown, `unknown_labels`. Warnings report what was guessed, counted
        or left out.

    Raises:
        UserInputError: A file is missing, unreadable or malformed, or its columns or labels do not fit.

    Example:

    ```python
    >>> corpus = load_files("comments.csv", text_column="comment_text", label_columns=["toxic", "insult"])
    ```"""
    files = {"train": train_file, "validation": validation_file, "test": test_file}
    for split, file in files.items():
        if not isinstance(file, (str, PathLike, type(None))):
            raise UserInputError(
                f"{split}_file is of type {type(file).__name__}, not a path: give one, as in load_files('train.jsonl', "
                "test_file='test.jsonl'); from_lists takes objects in memory"
            )
    if not any(files.values()):
        raise UserInputError("no file was given; give a train_file, or label_names and a test_file")
    parsed = make_options(options)
    if not train_file and model_labels is None and not (parsed.label_names or parsed.label_columns):
        raise UserInputError("the labels are unknown: give a train_file to take them from, or label_names")
    with ExitStack() as stack:
        sources = {
            split: file_source(stack.enter_context(readable_twice(file)), parsed, str(file))
            for split, file in files.items()
            if file
        }
        return assemble(sources, parsed, model_labels, in_memory=False)


def file_source(path: str | Path, options: LabelOptions, name: str | None = None) -> Source:
    """Return the rows of a file, a folder or a pattern, under its own name or another one for messages.

    Raises:
        UserInputError: There is no such file, or it is of an unknown format.
    """
    expanded = Path(path).expanduser()
    names, is_folder = None, is_class_folder(expanded, options)
    if not is_folder:
        first = find_files(path)[0]
        if detect_format(first, options.input_format) == "parquet":
            names = names_in_parquet(first, options.label_column)
    labels = [options.label_column] if options.label_columns is None else options.label_columns
    columns = None if options.finds_label_columns else [*options.text_column, *labels, *OPTIONAL_COLUMNS]
    told: set[str] = set()

    def tell(line: str) -> None:  # once, though the rows may be read several times
        line = line.replace(str(path), name or str(path))
        if line not in told:
            told.add(line)
            logger.warning(line)

    def read() -> Iterator[Record]:
        rows = read_source(path, options, columns, tell)
        if not is_folder:
            return rows
        return (Record(where, {**row, options.label_column: row["labels"]}) for where, row in rows)

    return Source(name or str(path), read, names, has_names=is_folder or names is not None)
