# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Corpora of objects in memory: lists, matrices, `Dataset`s and DataFrames."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas
from datasets import Dataset, DatasetDict
from scipy import sparse

from ...errors import UserInputError
from ...wording import counted
from ..class_ids import class_names, name_ids
from ..documents import UNKNOWN_COLUMN
from .assembly import SPLITS, assemble
from .files import file_source
from .label_values import is_indicator, is_missing, is_null, read_indicator
from .options import LabelOptions, check_names, make_options
from .reading import Source
from .sources import Record, is_pipe


def from_lists(splits: Mapping[str, Any], *, model_labels: Sequence[str] | None = None, **options: Any) -> DatasetDict:
    """Build a corpus from objects in memory.

    The corpus equals the one that `load_files` builds from JSONL files with the same rows.

    Args:
        splits (`Mapping[str, Any]`):
            Documents by split: "train", "validation" and "test". Without "validation", a stratified tenth of the
            training documents becomes the validation split. A split is one of:

            - a pair of texts and labels. The labels are what the label column of a file may contain, one per text: a
              list of names, a 0 or 1 per label, an object of 0 and 1 by name, a string. Or a matrix of shape
              `(documents, num_labels)`: an array, a SciPy sparse matrix (without an entry: 0), or a DataFrame whose
              columns are the names; 1 where a label applies, 0 where not, -100, None or NaN where this is unknown.
            - a `Dataset` or a pandas DataFrame, with the columns of a file.
            - the path of a file, as for `load_files`.
        model_labels (`Sequence[str]`, *optional*):
            Labels of an existing model, in their order.
        options:
            Fields of `LabelOptions`, as for `load_files`.

    Returns:
        `DatasetDict`: The splits with the features `id`, `text`, `labels` and, if some labels are unknown,
        `unknown_labels`. Warnings report what was guessed, counted or left out.

    Raises:
        UserInputError: The splits, texts, labels or label names are malformed or do not fit each other.

    Example:

    ```python
    >>> corpus = from_lists({"train": (["It crashes.", "Refund me!"], [["bug"], ["billing"]])})
    ```"""
    if not isinstance(splits, Mapping) or not splits:
        raise UserInputError("splits must be a dict with at least one split, such as {'train': (texts, labels)}")
    wrong = [split for split in splits if split not in SPLITS]
    if wrong:
        raise UserInputError(f"unknown split {wrong[0]!r}; known: {', '.join(SPLITS)}")
    parsed = make_options(options)
    sources = {split: make_source(split, splits[split], parsed, model_labels) for split in SPLITS if split in splits}
    _check_widths({split: source for split, source in sources.items() if isinstance(splits[split], (tuple, list))})
    return assemble(sources, parsed, model_labels, in_memory=True)


def make_source(split: str, documents: Any, options: LabelOptions, model_labels: Sequence[str] | None) -> Source:
    """Return the rows of a split, in any form that `from_lists` takes."""
    if isinstance(documents, (str, Path)):
        if is_pipe(documents):
            raise UserInputError(f"{documents}: is a pipe, which can be read once; give the texts, or a file")
        return file_source(documents, options)
    if isinstance(documents, (Dataset, pandas.DataFrame)):
        if not len(documents):
            raise UserInputError(f"{split}: no documents; give at least one or leave the split out")
        if isinstance(documents, Dataset):
            return dataset_source(split, documents, options)
        columns = [str(column) for column in documents.columns]
        twice = [name for i, name in enumerate(columns) if name in columns[:i]]
        if twice:
            raise UserInputError(f"{split}: the column '{twice[0]}' occurs twice; rename one")
        return _number_rows(split, lambda: (dict(zip(columns, row, strict=True)) for row in _tuples(documents)))
    if not isinstance(documents, (tuple, list)) or len(documents) != 2:
        advice = f'; of a DatasetDict, give ds["{split}"]' if isinstance(documents, DatasetDict) else ""
        advice += ', and validation=ds["validation"]' if advice and split == "train" else ""
        raise UserInputError(
            f"{split}: expected a pair (texts, labels), a Dataset, a pandas DataFrame or a path{advice}"
        )
    for kind, values in zip(("texts", "labels"), documents, strict=True):
        if isinstance(values, (str, Mapping)) or not isinstance(values, Iterable):
            raise UserInputError(f"{split}: the {kind} are of type {type(values).__name__}; give a list")
    return _pair_source(split, list(documents[0]), _to_matrix(documents[1]), options, model_labels)


def dataset_source(name: str, rows: Dataset, options: LabelOptions) -> Source:
    """Return the rows of a `Dataset`, with names for class ids."""
    columns = (options.label_column, UNKNOWN_COLUMN)
    found = {column: names for column in columns if (names := class_names(rows.features.get(column)))}

    def read() -> Iterator[Record]:
        for number, row in enumerate(rows.with_format(None), start=1):
            where = f"{name} row {number}"
            yield Record(where, row | {column: name_ids(row[column], where, names) for column, names in found.items()})

    names = found.get(options.label_column)
    return Source(name, read, names, has_names=names is not None)


def is_matrix(labels: Any) -> bool:
    """Return whether labels, in any form that `from_lists` takes, are a matrix: rows of numbers, one per label."""
    labels = _to_matrix(labels)
    if not isinstance(labels, list):
        return True
    rows = [row for row in labels if isinstance(row, (list, tuple, np.ndarray))]
    return (
        bool(rows)
        and len(rows) == len(labels)
        and {len(row) for row in rows} == {len(rows[0])}
        and all(_is_number(value) and is_indicator(value) for row in rows for value in row)
    )


def _is_number(value: Any) -> bool:
    return not isinstance(value, (str, list, dict)) and (value is None or np.isscalar(value) or value is pandas.NA)


def _number_rows(split: str, rows: Any, names: Sequence[str] | None = None, is_named: bool = False) -> Source:
    """Return numbered rows; of a matrix whose columns have names of their own, no others are stated."""

    def read() -> Iterator[Record]:
        return (Record(f"{split} row {number}", row) for number, row in enumerate(rows(), start=1))

    return Source(split, read, names, names is not None, names if is_named else None)


def _tuples(frame: pandas.DataFrame) -> Iterator[tuple]:
    """Yield the rows of a frame; whole numbers stay whole beside columns of other types."""
    return zip(*(frame.iloc[:, i].tolist() for i in range(frame.shape[1])), strict=True)


def _to_matrix(labels: Any) -> Any:
    """Return labels as a sparse matrix, an array of numbers, a DataFrame whose columns have names, or a list."""
    if sparse.issparse(labels):
        # A copy, in which each entry comes once.
        labels = labels.tocsr(copy=True)
        labels.sum_duplicates()
        return labels
    if isinstance(labels, pandas.DataFrame):
        if not isinstance(labels.columns, pandas.RangeIndex):
            return labels
        labels = labels.to_numpy()
    elif hasattr(labels, "__array__"):
        labels = np.asarray(labels)
    if isinstance(labels, np.ndarray) and labels.ndim == 2:
        return labels
    return list(labels)


def _pair_source(
    split: str, texts: list, labels: Any, options: LabelOptions, model_labels: Sequence[str] | None
) -> Source:
    """Return the rows of texts and labels."""
    rows = labels.shape[0] if hasattr(labels, "shape") else len(labels)
    if len(texts) != rows:
        documents = counted(rows, "document")
        raise UserInputError(
            f"{split}: {counted(len(texts), 'text')}, but labels of {documents}; give one row per text"
        )
    if not texts:
        raise UserInputError(f"{split}: no documents; give at least one or leave the split out")
    if len(options.text_column) > 1 or options.label_columns:
        raise UserInputError(f"{split}: text_column and label_columns name columns of a table, but texts are a list")
    columns = (options.text_column[0], options.label_column, UNKNOWN_COLUMN)
    if isinstance(labels, list):
        if options.label_format is None and _are_indicators(labels):
            raise UserInputError(
                f"{split}: the labels are one 0 or 1 per text; give an array with one column per label, or "
                "label_format ids if they are ids of two labels"
            )
        pairs = list(zip(texts, labels, strict=True))
        return _number_rows(split, lambda: (dict(zip(columns, pair, strict=False)) for pair in pairs))
    names = _column_names(split, labels, options, model_labels)
    blank_is_negative = options.missing_labels == "negative"

    def read() -> Iterator[dict]:
        for text, pair in zip(texts, _read_matrix(labels, names, split, blank_is_negative), strict=True):
            yield dict(zip(columns, (text, *pair), strict=True))

    return _number_rows(split, read, names, isinstance(labels, pandas.DataFrame))


def _are_indicators(labels: list) -> bool:
    """Return whether labels are a 0 or 1 per text, and no lists."""
    known = (value for value in labels if not is_null(value))
    first = next(known, None)
    return first is not None and all(_is_number(value) and is_indicator(value) for value in chain([first], known))


def _column_names(split: str, labels: Any, options: LabelOptions, model_labels: Sequence[str] | None) -> list[str]:
    """Return the names of the columns of a matrix."""
    width = labels.shape[1]
    if isinstance(labels, pandas.DataFrame):
        return check_names([str(column) for column in labels.columns], f"{split}: columns of the labels")
    names = options.label_names or model_labels
    if names is None:
        return [str(i) for i in range(width)]
    if width != len(names):
        columns, given = counted(width, "column"), counted(len(names), "label name")
        raise UserInputError(f"{split}: the labels have {columns}, but label_names or the model has {given}")
    return list(names)


def _check_widths(sources: Mapping[str, Source]) -> None:
    """Check that matrices without names have the same number of columns."""
    widths = {split: len(source.names) for split, source in sources.items() if source.names and not source.stated}
    for split, width in widths.items():
        first = next(iter(widths))
        if width != widths[first]:
            columns = counted(width, "column")
            raise UserInputError(f"{split}: the labels have {columns}, but those of {first} have {widths[first]}")


def _read_matrix(
    labels: Any, names: list[str], split: str, blank_is_negative: bool
) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the names of the labels that apply, and of the unknown labels, of each row of a matrix."""
    if sparse.issparse(labels):
        bounds = zip(labels.indptr[:-1], labels.indptr[1:], strict=True)
        rows = ((labels.data[a:b].tolist(), [names[i] for i in labels.indices[a:b]]) for a, b in bounds)
    else:
        values = _tuples(labels) if isinstance(labels, pandas.DataFrame) else (row.tolist() for row in labels)
        rows = ((row, names) for row in values)
    for number, (row, row_names) in enumerate(rows, start=1):
        states = []
        for value, name in zip(row, row_names, strict=True):
            try:
                states.append(0 if blank_is_negative and is_missing(value) else read_indicator(value))
            except ValueError:
                raise UserInputError(
                    f"{split} row {number}: {value} for label '{name}'; give 1, 0, or -100 or None if unknown"
                ) from None
        pairs = list(zip(states, row_names, strict=True))
        yield [name for state, name in pairs if state == 1], [name for state, name in pairs if state is None]
