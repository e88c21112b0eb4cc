# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""How documents and labels stand in a user's own data: the options that commands and the Python API share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ...errors import UserInputError

# Function that is called with a line about something that was guessed or left out.
Tell = Callable[[str], None]
# Characters that are hard to give on a command line, as they are spelled there.
_SPELLED = {"tab": "\t", "\\t": "\t", "\\n": "\n"}
# The value of `label_columns` that stands for all columns with nothing but 0 and 1.
AUTO = "auto"


@dataclass
class FileOptions:
    """Format of a file, and the columns of its texts. What is not given is detected, and a detection is reported."""

    text_column: list[str] = field(
        default_factory=lambda: ["text"],
        metadata={"help": "Column with the text; several columns are joined by line ends."},
    )
    input_format: str | None = field(
        default=None,
        metadata={
            "help": "Format of the files; by default, their suffix or first bytes decide. `folder` has one folder of "
            "text files per label, `text` one text per line.",
            "choices": ["csv", "jsonl", "json", "parquet", "xlsx", "folder", "text"],
        },
    )
    delimiter: str | None = field(
        default=None, metadata={"help": "Character between the cells of a CSV file (`tab` for a tab)."}
    )
    quoting: str | None = field(
        default=None,
        metadata={
            "help": "Whether double quotes around a CSV cell are part of its text (`none`) or not (`standard`).",
            "choices": ["standard", "none"],
        },
    )
    encoding: str | None = field(
        default=None, metadata={"help": "Encoding of text files, such as cp1252; UTF-8 or UTF-16 by default."}
    )
    sheet: str | None = field(default=None, metadata={"help": "Sheet of an .xlsx file, if several have the columns."})

    def __post_init__(self) -> None:
        if isinstance(self.text_column, str):
            self.text_column = [self.text_column]
        if not isinstance(self.text_column, (list, tuple)):
            raise UserInputError(f"text_column {self.text_column!r}: must be the name of a column, or a list of names")
        twice = [name for i, name in enumerate(self.text_column) if name in self.text_column[:i]]
        if twice or not self.text_column:
            raise UserInputError(f"text_column: {f'{twice[0]!r} is named twice' if twice else 'no column is named'}")
        for part in fields(self):
            choices, value = part.metadata.get("choices"), getattr(self, part.name)
            if choices and value is not None and value not in choices:
                raise UserInputError(f"{part.name} {value!r}: must be one of {', '.join(choices)}")
        self.delimiter = _SPELLED.get(self.delimiter, self.delimiter)
        if self.delimiter is not None and (len(self.delimiter) != 1 or self.delimiter in '"\r\n'):
            raise UserInputError(f"delimiter {self.delimiter!r}: must be one character, or tab")
        try:
            b"x".decode("utf-8" if self.encoding is None else self.encoding, errors="ignore")
        except (LookupError, ValueError) as error:
            told = f"encoding {self.encoding or repr('')}: unknown; give a name such as utf-8 or cp1252"
            raise UserInputError(told) from error


@dataclass
class LabelOptions(FileOptions):
    """Where the labels of documents are, how they are written, and what becomes of those that are missing."""

    label_column: str = field(default="labels", metadata={"help": "Column with the labels."})
    label_columns: list[str] | None = field(
        default=None,
        metadata={
            "help": "Columns of 0 and 1, one per label, instead of one column with all labels; `auto` takes all "
            "columns that contain nothing else. A blank cell means that it is unknown whether the label applies."
        },
    )
    label_separator: str | None = field(
        default=None,
        metadata={"help": "Separator between labels if the column contains one string per row; `tab` for a tab."},
    )
    label_format: str | None = field(
        default=None,
        metadata={
            "help": "What the label column contains; detected by default. `names` or `ids`: lists of them. "
            "`indicators`: lists with one 0 or 1 per label. `strings`: names, even if they look like lists.",
            "choices": ["names", "ids", "indicators", "strings"],
        },
    )
    label_names: list[str] | None = field(
        default=None,
        metadata={"help": "All labels in the order of their ids, or of the numbers in lists of 0 and 1."},
    )
    missing_labels: str = field(
        default="error",
        metadata={
            "help": "Rows whose labels are missing (null, blank, or without the key): an error, `negative` (no label "
            "applies), `drop` (left out) or `unknown` (unknown for all labels).",
            "choices": ["error", "negative", "drop", "unknown"],
        },
    )
    unseen_labels: str = field(
        default="error",
        metadata={
            "help": "Labels in validation or test documents that no training document has: an error, `ignore` (left "
            "out) or `miss` (each counts as a label that the model missed).",
            "choices": ["error", "ignore", "miss"],
        },
    )
    unnamed_labels: str = field(
        default="negative",
        metadata={
            "help": "Labels that no row of a file names, where rows list names: `negative` (they apply to none of its "
            "documents) or `unknown`, as in documents that were read for some labels only.",
            "choices": ["negative", "unknown"],
        },
    )
    drop_duplicates: bool = field(
        default=False,
        metadata={
            "help": "Keep one document of each text: the first of a split, and none in training whose text is in "
            "validation or test, nor in validation if it is in test."
        },
    )
    split_seed: int = field(default=0, metadata={"help": "Seed of the splits that this command makes."})

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.label_column, str):
            told = "must be the name of one column; label_columns names a column of 0 and 1 per label"
            raise UserInputError(f"label_column {self.label_column!r}: {told}")
        if isinstance(self.label_columns, str):
            self.label_columns = [self.label_columns]
        if self.label_columns is not None:
            self.label_columns = check_names(self.label_columns, "label_columns")
            for name in ("label_separator", "label_format", "label_names"):
                if getattr(self, name) is not None:
                    raise UserInputError(f"{name} is for one column of labels; label_columns names a column per label")
            if self.label_column != "labels":
                raise UserInputError("give label_column, or label_columns (one column of 0 and 1 per label), not both")
        if self.label_names is not None:
            self.label_names = check_names(self.label_names, "label_names")
        self.label_separator = _SPELLED.get(self.label_separator, self.label_separator)
        if self.label_separator == "":
            raise UserInputError("label_separator is empty; give the character between two labels, or leave it out")
        if self.label_column in self.text_column:
            raise UserInputError(f"'{self.label_column}' is the column of the text and of the labels; name two columns")
        both = [name for name in self.label_columns or () if name in self.text_column]
        if both:
            raise UserInputError(f"'{both[0]}' is a column of the text and of a label; name two columns")

    @property
    def finds_label_columns(self) -> bool:
        """Whether the columns of 0 and 1 are to be found."""
        return self.label_columns == [AUTO]

    def given(self) -> list[str]:
        """Return the names of the options, besides the seed, that differ from their defaults."""
        default = LabelOptions()
        names = [part.name for part in fields(LabelOptions) if part.name != "split_seed"]
        return [name for name in names if getattr(self, name) != getattr(default, name)]


def make_options(options: Mapping[str, Any]) -> LabelOptions:
    """Return the options that a function was given by keyword.

    Raises:
        UserInputError: There is no such option, or its value is wrong.
    """
    known = [part.name for part in fields(LabelOptions)]
    unknown = [name for name in options if name not in known]
    if unknown:
        raise UserInputError(f"unknown option {unknown[0]}; known: {', '.join(known)}")
    return LabelOptions(**options)


def check_names(names: list[str], option: str) -> list[str]:
    """Check names of labels.

    Args:
        names (`list[str]`): The names.
        option (`str`): The option that they were given by.

    Returns:
        `list[str]`: The names, without surrounding whitespace.

    Raises:
        UserInputError: There are no names, one is not a name, or one is repeated.
    """
    if isinstance(names, str) or not isinstance(names, Iterable) or not (names := list(names)):
        told = "is empty: give at least one name" if names == [] else f"must be a list of names, not {names!r}"
        raise UserInputError(f"{option} {told}")
    checked: list[str] = []
    for number, name in enumerate(names, start=1):
        if not isinstance(name, str) or not name.strip():
            raise UserInputError(f"{option}: number {number} is {name!r}, not a name")
        if name.strip() in checked:
            raise UserInputError(f"{option}: '{name.strip()}' is named twice; remove one")
        checked.append(name.strip())
    return checked
