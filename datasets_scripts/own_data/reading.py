# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The rows of one split: texts are checked, labels are profiled, and both go to disk."""

import json
import logging
import shlex
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ...errors import UserInputError
from ...wording import counted, counted_of
from ..documents import UNKNOWN_COLUMN, check_text
from .formats import format_of
from .label_columns import list_columns
from .label_profile import Cell, LabelProfile
from .label_sets import pack_columns
from .label_values import is_missing, is_null, to_plain
from .names import shorten
from .options import LabelOptions
from .sources import Record
from .spool import Spool, SpoolRow
from .text_columns import NumberError, read_text

logger = logging.getLogger(__name__)


class Source(NamedTuple):
    """Where the rows of a split come from.

    `rows` may be called several times. `names` are all labels in the order of their ids, if the source has them. With
    `has_names`, the label column contains lists of names, whatever they look like. `stated` are the labels of which
    each row says whether they apply, as a matrix does; by default, all.
    """

    name: str
    rows: Callable[[], Iterable[Record]]
    names: Sequence[str] | None = None
    has_names: bool = False
    stated: Sequence[str] | None = None

    @property
    def is_xlsx(self) -> bool:
        """Whether the rows are those of an Excel file, in which the value of a formula may be missing."""
        return format_of(Path(self.name)) == "xlsx"


class SplitReader:
    """Reader of the rows of one split.

    Args:
        split (`str`): Name of the split.
        source (`Source`): Its rows.
        options (`LabelOptions`): How texts and labels are written.
        columns (`Sequence[str]`, *optional*): Columns of 0 and 1, one per label.
        path (`Path`): File for the rows.

    Attributes:
        spool (`Spool`): The rows.
        profile (`LabelProfile`): What the label column contains.
        first_missing (`str`): Place of the first row without labels.
        num_missing (`int`): Number of the rows without labels.
    """

    def __init__(
        self, split: str, source: Source, options: LabelOptions, columns: Sequence[str] | None, path: Path
    ) -> None:
        self.split, self.source, self.options, self.columns = split, source, options, columns
        self.spool = Spool(path)
        self.profile = LabelProfile(f"{source.name}, column '{options.label_column}'")
        self.first_missing, self.num_missing = "", 0

    def read(self) -> None:
        """Read all rows.

        Raises:
            UserInputError: A text or a 0/1 value is malformed, or a column is missing.
        """
        self.spool.write(self._rows())

    def cell(self, value: Any) -> Cell:
        """Take a value of the label column apart."""
        keeps = self.source.has_names or self.options.label_format == "strings" or self.columns is not None
        return Cell(value, None if self.source.has_names else self.options.label_separator, keeps)

    def _rows(self) -> Iterator[SpoolRow]:
        column, has_column, absent = self.options.label_column, False, {*(self.columns or ())}
        first_without, num_without, first_blank, num_blank, first_number, num_numbers = "", 0, "", 0, "", 0
        for number, (where, row) in enumerate(self.source.rows(), start=1):
            has_columns = number > 1 or all(name in row for name in self.options.text_column)
            if has_columns and all(is_null(row.get(name)) for name in self.options.text_column):
                first_without = first_without or where
                num_without += 1
                continue
            try:
                text = read_text(row, self.options.text_column, where)
            except NumberError as error:
                first_number = first_number or str(error)
                num_numbers += 1
                continue
            if not text.strip():
                first_blank = first_blank or where
                num_blank += 1
            unknown = None
            if self.columns is not None:
                absent -= row.keys()
                labels = pack_columns([row.get(name) for name in self.columns], self.columns, where)
            else:
                has_column = has_column or column in row
                labels = plain_labels(row.get(column), where)
                cell = self.cell(labels)
                if cell.kind == "missing":
                    self.first_missing = self.first_missing or where
                    self.num_missing += 1
                    labels = None
                else:
                    self.profile.add(cell, where)
                if not is_missing(row.get(UNKNOWN_COLUMN)):
                    unknown = _dump(plain_labels(row[UNKNOWN_COLUMN], where), where)
            given_id = row.get("id")
            row_id = check_text(str(number if is_missing(given_id) else given_id), where, "id")
            yield SpoolRow(where, row_id, text, _dump(labels, where), unknown)
        if num_without:
            what = "blank, or a formula without a stored value: open and save the file in Excel"
            raise UserInputError(
                f"{first_without}: the text is missing ({what if self.source.is_xlsx else 'null'}), as in "
                f"{num_without:,} of {counted(number, 'row')} of {self.source.name}; correct or remove them"
            )
        if num_numbers:
            raise UserInputError(
                f"{first_number}, as in {num_numbers:,} of {counted(number, 'row')} of {self.source.name}; write them "
                "as text: in JSON in quotes, in Excel after an apostrophe, in pandas by astype(str)"
            )
        if num_blank == number:
            logger.warning(f"{self.source.name}: all texts are blank; text_column names the column of the text")
        elif num_blank and self.split == "train":
            some = counted_of(num_blank, number, "text", "is", "are")
            logger.warning(f"{self.source.name}: {some} blank, the first at {first_blank}; correct or remove them")
        if absent:
            missing = next(name for name in self.columns if name in absent)
            raise UserInputError(
                f"{self.source.name}: no column '{missing}', which is one of the label columns; there are: "
                f"{shorten([*row], 50)}"
            )
        if self.columns is None and not has_column:
            self._raise_no_column(row)

    def _raise_no_column(self, row: Mapping[str, Any]) -> None:
        binary = list_columns(self.source, self.options).binary
        advice = "label_column names the column of the labels"
        if binary:
            more = " …" if len(binary) > 10 else ""
            told = shlex.join(binary[:10]) + more
            advice += f"; label_columns names columns of 0 and 1, one per label, such as {told}"
        raise UserInputError(
            f"{self.source.name}: no column '{self.options.label_column}'; there are: {shorten([*row], 50)} ({advice})"
        )


def plain_labels(value: Any, where: str) -> Any:
    """Return a value of a column of labels with the types of JSON.

    Args:
        value (`Any`): The value.
        where (`str`): Place of the row, for messages.

    Raises:
        UserInputError: It is nested too deep.
    """
    try:
        return to_plain(value)
    except RecursionError as error:
        raise UserInputError(f"{where}: the labels are nested too deep; expected a list of names") from error


def _dump(value: Any, where: str) -> str:
    try:
        return json.dumps(value, ensure_ascii=True)
    except (TypeError, ValueError) as error:
        raise UserInputError(f"{where}: the labels are of type {type(value).__name__}, which is not read") from error
