# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Corpora of objects in memory: lists, matrices, `Dataset`s and DataFrames."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas
from datasets import Dataset, DatasetDict
from scipy import sparse

from ..errors import UserInputError
from .class_ids import class_names, name_rows
from .documents import UNKNOWN_COLUMN
from .records import Record, assemble, check_columns, check_names, describe

SPLITS = ("train", "validation", "test")


def from_lists(
    splits: Mapping[str, Any],
    label_names: Sequence[str] | None = None,
    text_column: str = "text",
    label_column: str = "labels",
    seed: int = 0,
) -> DatasetDict:
    """Build a corpus from objects in memory.

    The corpus equals the one that `load_files` builds from JSONL files with the same rows.

    Args:
        splits (`Mapping[str, Any]`):
            Documents by split: "train", "validation" and "test". Without "validation", a stratified tenth of the
            training documents becomes the validation split. A split is one of:

            - a pair of texts and labels. The labels are a list of lists, sets or tuples of names, or a matrix of shape
              `(documents, num_labels)`: 1 where a label applies, 0 where not, -100, None or NaN where this is unknown.
              The matrix may be a list of lists, an array, a SciPy sparse matrix (without an entry: 0), or a pandas
              DataFrame whose columns are the names.
            - a `Dataset` or a pandas DataFrame, whose label column contains lists of names or label ids, not both. Its
              columns `id` and `unknown_labels` are kept, if they exist.
        label_names (`Sequence[str]`, *optional*):
            Names of the columns of a matrix, defaults to "0", "1" and so on; for lists of names, all labels in the
            order of their ids, defaults to the sorted names of the training documents.
        text_column (`str`, *optional*, defaults to `"text"`):
            Column with the text, in a `Dataset` or DataFrame.
        label_column (`str`, *optional*, defaults to `"labels"`):
            Column with the labels, in a `Dataset` or DataFrame.
        seed (`int`, *optional*, defaults to 0):
            Seed of the cut.

    Returns:
        `DatasetDict`: The splits with the features `id`, `text`, `labels` and, if some labels are unknown,
        `unknown_labels`.

    Raises:
        UserInputError: The splits, texts, labels or label names are malformed or do not fit each other.
    """
    if not isinstance(splits, Mapping) or not splits:
        raise UserInputError("splits must be a dict with at least one split, such as {'train': (texts, labels)}")
    wrong = [split for split in splits if split not in SPLITS]
    if wrong:
        raise UserInputError(f"unknown split {wrong[0]!r}; known: {', '.join(SPLITS)}")
    ordered = {split: _check_split(split, splits[split]) for split in SPLITS if split in splits}
    if label_names is None:
        # The training split, if there is one, decides for all.
        label_names = _names_of(next(iter(ordered.values())), label_column)
    if label_names is None and "train" not in splits:
        raise UserInputError("the labels are unknown: give a train split to take them from, or label_names")
    names = None if label_names is None else check_names(label_names)
    columns = (text_column, label_column)
    records = {split: _read_split(split, documents, columns, names) for split, documents in ordered.items()}
    return assemble(records, text_column, label_column, None, names, seed)


def _check_split(split: str, documents: Any) -> Any:
    """Return a table unchanged, and a pair as texts and labels that have a length; fail without documents."""
    size = 0
    if isinstance(documents, (Dataset, pandas.DataFrame)):
        size = len(documents)
    elif not isinstance(documents, (tuple, list)) or len(documents) != 2:
        raise UserInputError(f"{split}: expected a pair (texts, labels), a Dataset or a pandas DataFrame")
    else:
        for kind, values in zip(("texts", "labels"), documents, strict=True):
            if isinstance(values, str) or not isinstance(values, Iterable):
                raise UserInputError(f"{split}: the {kind} are of type {type(values).__name__}; give a list")
        texts, labels = list(documents[0]), _to_rows(documents[1])
        size, rows = len(texts), labels.shape[0] if hasattr(labels, "shape") else len(labels)
        if size != rows:
            raise UserInputError(f"{split}: {size} texts, but labels of {rows} documents; give one row per text")
        documents = (texts, labels)
    if not size:
        raise UserInputError(f"{split}: no documents; give at least one or leave the split out")
    return documents


def is_matrix(labels: Any) -> bool:
    """Return whether labels, in any form that `from_lists` takes, are a matrix and not lists of names."""
    return _is_matrix(_to_rows(labels))


def _to_rows(labels: Any) -> Any:
    """Return the labels of a pair as a sparse matrix, a DataFrame whose columns have names, or a list of rows."""
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
    return list(labels)


def _names_of(documents: Any, label_column: str) -> list[str] | None:
    """Return the names of the columns of a matrix or of the class ids of a `Dataset`; None where there are none."""
    if isinstance(documents, Dataset):
        return class_names(documents.features.get(label_column))
    if isinstance(documents, pandas.DataFrame) or not _is_matrix(labels := documents[1]):
        return None
    if isinstance(labels, pandas.DataFrame):
        return [str(column) for column in labels.columns]
    return [str(i) for i in range(_count_columns(labels))]


def _is_matrix(labels: Any) -> bool:
    """Return whether labels are a matrix: rows of values, none of them a string."""
    if not isinstance(labels, list):
        return True
    if not all(isinstance(row, (list, tuple, np.ndarray)) for row in labels) or not any(map(len, labels)):
        return False
    return not any(isinstance(value, str) for row in labels if not _is_numeric(row) for value in row)


def _count_columns(matrix: Any) -> int:
    """Return the number of columns of a matrix; of a ragged one, the length of its longest row."""
    return max(map(len, matrix)) if isinstance(matrix, list) else matrix.shape[1]


def _is_numeric(row: Any) -> bool:
    """Return whether a row is an array of one dimension with booleans, integers or floats."""
    return isinstance(row, np.ndarray) and row.ndim == 1 and row.dtype.kind in "biuf"


def _is_missing(value: Any) -> bool:
    """Return whether a value is None, NaN or `pandas.NA`."""
    return value is None or value is pandas.NA or (isinstance(value, (float, np.floating)) and bool(np.isnan(value)))


def _read_split(split: str, documents: Any, columns: tuple[str, str], names: list[str] | None) -> Iterator[Record]:
    """Yield the documents of a split as rows with lists of label names (or of label ids without names)."""
    text_column, label_column = columns
    label_columns = (label_column, UNKNOWN_COLUMN)
    if isinstance(documents, Dataset):
        check_columns(documents.features, columns, split)
        records = name_rows(documents.with_format(None), documents.features, (label_column,), split)
    else:
        if isinstance(documents, pandas.DataFrame):
            check_columns({str(column): None for column in documents.columns}, columns, split)
            rows = documents.to_dict("records")
        else:
            texts, labels = documents
            pairs = _read_matrix(labels, names, split) if _is_matrix(labels) else ((row, None) for row in labels)
            rows = (
                {text_column: text, **dict(zip(label_columns, pair, strict=True))}
                for text, pair in zip(texts, pairs, strict=True)
            )
        records = (Record(f"{split} row {number}", row) for number, row in enumerate(rows, start=1))
    kinds: set[bool] = set()
    for number, (where, row) in enumerate(records, start=1):
        row = {column: None if _is_missing(value) else value for column, value in row.items()}
        present = [column for column in label_columns if column == label_column or row.get(column) is not None]
        lists = {column: _to_list(row[column], split, number) for column in present}
        kinds.update(isinstance(item, str) for items in lists.values() for item in items if _is_name_or_number(item))
        if len(kinds) > 1:
            raise UserInputError(
                f"{split}: labels up to row {number} are both names and numbers; give names, or a matrix of numbers"
            )
        yield Record(where, row | lists)


def _to_list(labels: Any, split: str, number: int) -> list:
    """Return the labels of a row, a list, tuple, set or array, as a list."""
    if isinstance(labels, str):
        raise UserInputError(f"{split}: labels of row {number} are the string {str(labels)!r}; give a list of names")
    if isinstance(labels, np.ndarray):
        labels = labels.tolist()
    if not isinstance(labels, (list, tuple, set, frozenset)):
        raise UserInputError(f"{split}: labels of row {number} are {describe(labels)}; give a list of names")
    return list(labels) if isinstance(labels, (list, tuple)) else sorted(labels, key=str)


def _read_matrix(labels: Any, names: list[str] | None, split: str) -> Iterator[tuple[list[str], list[str]]]:
    """Yield the names of the labels that apply, and of the unknown labels, of each row of a matrix."""
    columns = names
    if isinstance(labels, pandas.DataFrame):
        columns = [str(column).strip() for column in labels.columns]
        names = names or columns
        other = [column for column in columns if column not in names]
        if other:
            raise UserInputError(f"{split}: the labels have a column '{other[0]}', which is not one of the label names")
    if names is None:
        raise UserInputError(
            f"{split}: the labels are a matrix without names, but those of train are names; give label_names"
        )
    width = _count_columns(labels)
    if width != len(names):
        raise UserInputError(f"{split}: the labels have {width} columns, but there are {len(names)} label names")
    if sparse.issparse(labels):
        bounds = zip(labels.indptr[:-1], labels.indptr[1:], strict=True)
        rows = ((labels.data[a:b], [names[i] for i in labels.indices[a:b]]) for a, b in bounds)
    else:
        values = labels.itertuples(index=False, name=None) if isinstance(labels, pandas.DataFrame) else labels
        rows = ((row, columns) for row in values)
    for number, (row, row_names) in enumerate(rows, start=1):
        if len(row) != len(row_names):
            raise UserInputError(
                f"{split} row {number}: {len(row)} values, expected {width}; "
                "rows of numbers are a matrix with one column per label, label ids need names"
            )
        yield _read_values(row, row_names, f"{split} row {number}")


def _read_values(row: Any, names: Sequence[str], where: str) -> tuple[list[str], list[str]]:
    """Return the names of the values that are 1, and of those that are -100, None or NaN."""
    numbers = np.asarray(row) if _is_numeric(row) else np.array([_to_number(value) for value in row], dtype=float)
    unknown = np.isnan(numbers) | (numbers == -100)
    for i in np.flatnonzero(~unknown & ~np.isin(numbers, (0, 1)))[:1]:
        value = " ".join(str(row[i]).split())
        raise UserInputError(f"{where}: {value} for label '{names[i]}'; give 1, 0, or -100 or None if unknown")
    return [names[i] for i in np.flatnonzero(numbers == 1)], [names[i] for i in np.flatnonzero(unknown)]


def _is_name_or_number(value: Any) -> bool:
    """Return whether a value is a string or a number, and not missing."""
    return isinstance(value, (str, int, float, np.number, np.bool_)) and not _is_missing(value)


def _to_number(value: Any) -> float:
    """Return a value as a float: NaN if it is missing, infinity if it is no number."""
    if _is_missing(value):
        return np.nan
    return float(value) if isinstance(value, (int, float, np.number, np.bool_)) else np.inf
