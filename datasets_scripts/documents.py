# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents of a corpus (id, text, labels) and the columns that they become."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import UserInputError

if TYPE_CHECKING:
    from datasets import Features

# Optional column of the labels of which it is unknown whether they apply; without it, all labels are known.
UNKNOWN_COLUMN = "unknown_labels"
# Optional column of the labels that no training document has; each counts as one that the model missed.
UNSEEN_COLUMN = "unseen_labels"
# Columns of a table that are read where it has them.
OPTIONAL_COLUMNS = ("id", UNKNOWN_COLUMN)


class Document(NamedTuple):
    """A document of a corpus; `labels` and `unknown_labels` are names, in any order."""

    id: str
    text: str
    labels: Sequence[str]
    unknown_labels: Sequence[str] = ()


def make_features(names: Sequence[str], with_unknown: bool = False) -> "Features":
    """Return the features of a corpus.

    Args:
        names (`Sequence[str]`): Label names in the order of their ids.
        with_unknown (`bool`, *optional*, defaults to `False`): Add the column `unknown_labels`.

    Returns:
        `Features`: `id` and `text` as strings, `labels` (and `unknown_labels`) as lists of `ClassLabel` ids.
    """
    from datasets import ClassLabel, Features, List, Value  # not for predictions, which make no dataset

    label_lists = ["labels", UNKNOWN_COLUMN] if with_unknown else ["labels"]
    labels = {column: List(ClassLabel(names=list(names))) for column in label_lists}
    return Features({"id": Value("string"), "text": Value("string"), **labels})


def to_examples(documents: Iterable[Document], names: Sequence[str], with_unknown: bool = False) -> Iterator[dict]:
    """Yield documents as examples, with label names turned into sorted ids without repeats.

    Args:
        documents (`Iterable[Document]`): Documents whose labels are all in `names`.
        names (`Sequence[str]`): Label names in the order of their ids.
        with_unknown (`bool`, *optional*, defaults to `False`): Add the column `unknown_labels`.

    Yields:
        `dict`: One document, with the columns of `make_features`.
    """
    ids = {name: i for i, name in enumerate(names)}
    for document in documents:
        example = {"id": document.id, "text": document.text, "labels": sorted({ids[name] for name in document.labels})}
        if with_unknown:
            example[UNKNOWN_COLUMN] = sorted({ids[name] for name in document.unknown_labels})
        yield example


def describe(value: Any) -> str:
    """Describe the type of a value for the user."""
    return (
        "missing (null)" if value is None else "an empty string" if value == "" else f"of type {type(value).__name__}"
    )


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
