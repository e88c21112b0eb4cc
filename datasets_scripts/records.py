# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Conversion of user-provided rows into documents with checked labels."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from datasets import DatasetDict

from ..errors import UserInputError
from .documents import UNKNOWN_COLUMN, Document, to_dataset
from .splits import cut_stratified

logger = logging.getLogger(__name__)

_VALIDATION_FRACTION = 0.1


class Record(NamedTuple):
    """A row: its place (for messages), and its values by column."""

    where: str
    row: dict[str, Any]


def assemble(
    splits: dict[str, Iterable[Record]],
    text_column: str,
    label_column: str,
    label_separator: str | None,
    label_names: Sequence[str] | None,
    seed: int,
) -> DatasetDict:
    """Check rows and convert them into datasets; cut a validation split off the training split if there is none.

    Args:
        splits (`dict[str, Iterable[Record]]`): Rows by split; without `label_names`, "train" is among them.
        text_column (`str`): Column with the text.
        label_column (`str`): Column with the labels.
        label_separator (`str`, *optional*): Separator between names inside a string.
        label_names (`Sequence[str]`, *optional*): Label names in the order of their ids, by default those of "train".
        seed (`int`): Seed of the cut.

    Returns:
        `DatasetDict`: The splits with the features of `make_features`. A warning reports a validation split that is
        smaller than half of a tenth.

    Raises:
        UserInputError: A text or label is malformed, a label is not among the labels, or no document has a label.
    """
    names = None if label_names is None else check_names(label_names)
    known = None if names is None else set(names)
    documents: dict[str, list[Document]] = {}
    for split, records in splits.items():
        documents[split] = []
        for number, (where, row) in enumerate(records, start=1):
            text = check_text(row[text_column], where)
            labels, unknown = read_both(row, label_column, where, label_separator, names)
            wrong = [] if known is None else [name for name in (*labels, *unknown) if name not in known]
            if wrong:
                raise UserInputError(
                    f"{where}: label '{wrong[0]}' is not one of the {len(known)} labels of "
                    f"{'training' if names is None else 'the model'}; correct it or train on documents with it"
                )
            given_id = row.get("id")
            documents[split].append(Document(str(number if given_id is None else given_id), text, labels, unknown))
        if known is None:
            known = {name for document in documents[split] for name in document.labels}
            if not known:
                raise UserInputError(
                    f"no training document has a label (up to {where}); check the column '{label_column}'"
                )
            known.update(name for document in documents[split] for name in document.unknown_labels)
    names = sorted(known, key=numeric_first) if names is None else names
    if "train" in documents and "validation" not in documents:
        if len(documents["train"]) < 2:
            raise UserInputError(
                "one training document is too few to cut a validation split off; give more or a validation split"
            )
        asked = _VALIDATION_FRACTION * len(documents["train"])
        documents["train"], documents["validation"] = cut_stratified(documents["train"], _VALIDATION_FRACTION, seed)
        if len(documents["validation"]) < asked / 2:
            logger.warning(
                f"only {len(documents['validation'])} of {round(asked)} documents were cut off for validation: most "
                "labels are too rare to be in both splits; your own validation split measures better"
            )
    order = [split for split in ("train", "validation", "test") if split in documents]
    # All splits have the same columns.
    with_unknown = any(document.unknown_labels for split in order for document in documents[split])
    return DatasetDict({split: to_dataset(documents[split], names, with_unknown) for split in order})


def check_columns(row: Mapping[str, Any], columns: Iterable[str], where: str) -> None:
    """Check that a row has all columns.

    Args:
        row (`Mapping[str, Any]`): Values by column.
        columns (`Iterable[str]`): Columns that it must have.
        where (`str`): Place of the row, for the message.

    Raises:
        UserInputError: A column is missing.
    """
    missing = [column for column in columns if column not in row]
    if missing:
        raise UserInputError(
            f"{where}: no column '{missing[0]}'; there are: {', '.join(row)} (text_column and label_column choose)"
        )


def read_both(
    row: Mapping[str, Any], label_column: str, where: str, separator: str | None, label_names: Sequence[str] | None
) -> tuple[list[str], list[str]]:
    """Read the labels of a row and its unknown labels.

    Args:
        row (`Mapping[str, Any]`): Values by column; without a value in `unknown_labels`, all labels are known.
        label_column (`str`): Column with the labels.
        where (`str`): Place of the row, for messages.
        separator (`str`, *optional*): Separator between names inside a string.
        label_names (`Sequence[str]`, *optional*): Names by id.

    Returns:
        `tuple[list[str], list[str]]`: Names of the labels that apply, and of those of which this is unknown.

    Raises:
        UserInputError: `read_labels` fails on one of the columns, or a label is in both.
    """
    labels = read_labels(row[label_column], where, separator, label_names)
    value = row.get(UNKNOWN_COLUMN)
    unknown = [] if value is None else read_labels(value, f"{where}, {UNKNOWN_COLUMN}", separator, label_names)
    both = set(labels).intersection(unknown)
    if both:
        raise UserInputError(f"{where}: label '{min(both)}' is in {label_column} and in {UNKNOWN_COLUMN}; remove one")
    return labels, unknown


def numeric_first(name: str) -> tuple[int, str]:
    """Return a sorting key that keeps label ids used as names in their order: "2" before "10"."""
    is_number = name.isascii() and name.isdigit() and len(name) < 10
    return (int(name) if is_number else 10**9, name)


def check_names(label_names: Sequence[str]) -> list[str]:
    """Check the given label names.

    Args:
        label_names (`Sequence[str]`): Label names in the order of their ids.

    Returns:
        `list[str]`: The names, without surrounding whitespace.

    Raises:
        UserInputError: There are no names, one is not a name, or one is repeated.
    """
    if isinstance(label_names, str) or not label_names:
        raise UserInputError(f"label_names must be a list of names, not {label_names!r}")
    names: list[str] = []
    for number, name in enumerate(label_names, start=1):
        if not isinstance(name, str) or not name.strip():
            raise UserInputError(f"label_names: number {number} is {name!r}, not a name")
        if name.strip() in names:
            raise UserInputError(f"label_names: '{name.strip()}' is named twice; remove one")
        names.append(name.strip())
    return names


def check_text(text: Any, where: str, what: str = "text") -> str:
    """Check a text.

    Args:
        text (`Any`): Value of the text column.
        where (`str`): Place of the row, for messages.
        what (`str`, *optional*, defaults to `"text"`): Name of the value, for messages.

    Returns:
        `str`: The text.

    Raises:
        UserInputError: It is not a string, or contains half a surrogate pair, which no tokenizer accepts.
    """
    if not isinstance(text, str):
        raise UserInputError(f"{where}: the {what} is {describe(text)}, not a string")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise UserInputError(
            f"{where}: character {error.start + 1} of the {what} is half a surrogate pair; remove it"
        ) from error
    return text


def read_labels(value: Any, where: str, separator: str | None, label_names: Sequence[str] | None) -> list[str]:
    """Read the value of the label column.

    Args:
        value (`Any`): List of names, list of ids, one id, or a string.
        where (`str`): Place of the row, for messages.
        separator (`str`, *optional*): Separator between names inside a string.
        label_names (`Sequence[str]`, *optional*): Names by id.

    Returns:
        `list[str]`: Label names, without surrounding whitespace.

    Raises:
        UserInputError: It is of another type, a name is empty or repeated, or an id is out of range.
    """
    if isinstance(value, str):
        parts = value.split(separator) if separator else [value]
        value = [part.strip() for part in parts if part.strip()]
    elif is_id(value):
        value = [value]
    if not isinstance(value, list):
        raise UserInputError(f"{where}: the labels are {describe(value)}; expected a list of names or ids, or a string")
    value = [item.strip() if isinstance(item, str) else item for item in value]
    wrong = [item for item in value if not (isinstance(item, str) and item) and not is_id(item)]
    if wrong:
        raise UserInputError(f"{where}: label {wrong[0]!r} is {describe(wrong[0])}; expected a name or a label id")
    names = [
        check_text(item, where, "label") if isinstance(item, str) else id_to_name(item, where, label_names)
        for item in value
    ]
    if len(set(names)) < len(names):
        twice = next(name for i, name in enumerate(names) if name in names[:i])
        raise UserInputError(f"{where}: label '{twice}' is named twice; remove one")
    return names


def id_to_name(label_id: int, where: str, label_names: Sequence[str] | None) -> str:
    """Return the name of a label id; if all names are numbers, they are the ids of an earlier run without names."""
    if label_names is None or all(name.isascii() and name.isdigit() for name in label_names):
        if label_id < 0:
            raise UserInputError(f"{where}: label id {label_id} is negative; ids count from 0")
        return str(label_id)
    if not 0 <= label_id < len(label_names):
        raise UserInputError(f"{where}: label id {label_id} is out of range; there are ids 0 to {len(label_names) - 1}")
    return label_names[label_id]


def is_id(value: Any) -> bool:
    """Return whether a value is a label id: an integer, but not a boolean."""
    return isinstance(value, int) and not isinstance(value, bool)


def describe(value: Any) -> str:
    """Describe the type of a value for the user."""
    return (
        "missing (null)" if value is None else "an empty string" if value == "" else f"of type {type(value).__name__}"
    )
