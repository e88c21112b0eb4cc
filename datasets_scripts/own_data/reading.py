# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The rows of one split: texts are checked, labels are profiled, and both go to disk."""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from ...errors import UserInputError
from ...wording import counted
from ..documents import OPTIONAL_COLUMNS, UNKNOWN_COLUMN, check_text
from .label_profile import Cell, LabelProfile
from .label_sets import pack_columns
from .label_values import is_indicator, is_missing, is_null, to_plain
from .options import LabelOptions
from .sources import Record
from .spool import Spool, SpoolRow

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
        absent (`set[str]`): Columns of `columns` that no row has.
    """

    def __init__(
        self, split: str, source: Source, options: LabelOptions, columns: Sequence[str] | None, path: Path
    ) -> None:
        self.split, self.source, self.options, self.columns = split, source, options, columns
        self.spool = Spool(path)
        self.profile = LabelProfile(f"{source.name}, column '{options.label_column}'")
        self.first_missing, self.num_missing = "", 0
        self.absent = set(columns or ())

    def read(self) -> None:
        """Read all rows.

        Raises:
            UserInputError: A text or a 0/1 value is malformed, or a column is missing.
        """
        self.spool.write(self._rows())
        if self.absent:
            missing = next(column for column in self.columns if column in self.absent)
            raise UserInputError(f"{self.source.name}: no column '{missing}', which is one of the label columns")

    def cell(self, value: Any) -> Cell:
        """Take a value of the label column apart."""
        keeps = self.source.has_names or self.options.label_format == "strings" or self.columns is not None
        return Cell(value, None if self.source.has_names else self.options.label_separator, keeps)

    def _rows(self) -> Iterator[SpoolRow]:
        column, has_column = self.options.label_column, False
        first_without, num_without, has_words = "", 0, False
        for number, (where, row) in enumerate(self.source.rows(), start=1):
            has_columns = number > 1 or all(name in row for name in self.options.text_column)
            if has_columns and all(is_null(row.get(name)) for name in self.options.text_column):
                first_without = first_without or where
                num_without += 1
                continue
            text = read_text(row, self.options.text_column, where)
            has_words = has_words or bool(text.strip())
            unknown = None
            if self.columns is not None:
                self.absent -= row.keys()
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
            raise UserInputError(
                f"{first_without}: the text is missing (null), as in {num_without:,} of {counted(number, 'row')} of "
                f"{self.source.name}; correct or remove them"
            )
        if not has_words:
            logger.warning(f"{self.source.name}: all texts are blank; text_column names the column of the text")
        if self.columns is None and not has_column:
            self._raise_no_column(row)

    def _raise_no_column(self, row: Mapping[str, Any]) -> None:
        binary, _ = list_indicator_columns(self.source, self.options)
        advice = "label_column names the column of the labels"
        if binary:
            advice += f"; label_columns names columns of 0 and 1, one per label, such as {' '.join(binary)}"
        raise UserInputError(
            f"{self.source.name}: no column '{self.options.label_column}'; there are: {', '.join(row)} ({advice})"
        )


def read_text(row: Mapping[str, Any], columns: Sequence[str], where: str) -> str:
    """Return the text of a row: that of one column, or those of several, joined by line ends.

    Args:
        row (`Mapping[str, Any]`): Values by column.
        columns (`Sequence[str]`): Columns of the text; of several, some may be missing in a row.
        where (`str`): Place of the row, for messages.

    Raises:
        UserInputError: A column does not exist, or its value is not a string.
    """
    missing = [column for column in columns if column not in row]
    if missing:
        known = [name for name in row if name]
        near = [name for name in known if name.casefold() == missing[0].casefold()]
        advice = f"did you mean text_column {near[0]}?" if near else "text_column names that of the text"
        raise UserInputError(f"{where}: no column '{missing[0]}'; there are: {', '.join(known)} ({advice})")
    if len(columns) == 1:
        return check_text(row[columns[0]], where)
    parts = [check_text(row[column], where, f"text ({column})") for column in columns if not is_missing(row[column])]
    return "\n".join(parts)


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


def find_columns(source: Source, options: LabelOptions, model_labels: Sequence[str] | None) -> list[str] | None:
    """Return the columns of 0 and 1, one per label; `None` if one column has all labels.

    Args:
        source (`Source`): Rows of the training split, or of the only one.
        options (`LabelOptions`): The options.
        model_labels (`Sequence[str]`, *optional*): Labels of an existing model, of which the columns are found.

    Raises:
        UserInputError: There is no such column.
    """
    if not options.finds_label_columns:
        return options.label_columns
    if model_labels is None:
        found, nearly = list_indicator_columns(source, options)
        what = "contains only 0 and 1"
    else:
        seen = next(iter(source.rows())).row
        found, nearly = [name for name in model_labels if name in seen], []
        what = "has the name of a label of the model"
    if nearly:
        logger.warning(f"{source.name}: not read as label columns: {'; '.join(nearly)}")
    if not found:
        raise UserInputError(f"{source.name}: label_columns auto: no column {what}; name the columns")
    logger.warning(f"{source.name}: the label columns are {', '.join(found)} (label_columns sets them)")
    return found


def list_indicator_columns(source: Source, options: LabelOptions) -> tuple[list[str], list[str]]:
    """Return the columns that contain only 0 and 1 (or true and false, yes and no) and blanks, besides text and id.

    Returns:
        `tuple[list[str], list[str]]`: Their names; and descriptions of those that nearly do.
    """
    left_out = {*options.text_column, *OPTIONAL_COLUMNS, ""}
    fitting: Counter[str] = Counter()
    others: Counter[str] = Counter()
    first: dict[str, str] = {}
    for where, row in source.rows():
        for name, value in row.items():
            if name in left_out:
                continue
            if isinstance(value, str) and value in ("0", "1"):  # the usual cells, without a closer look
                fitting[name] += 1
            elif is_missing(value):
                fitting[name] += 0  # keeps the order of the columns
            elif is_indicator(value):
                fitting[name] += 1
            else:
                others[name] += 1
                first.setdefault(name, f"'{name}', which has {value!r} at {where}")
    nearly = [first[name] for name in first if fitting[name] > 9 * others[name]]
    return [name for name, number in fitting.items() if number and name not in others], nearly


def _dump(value: Any, where: str) -> str:
    try:
        return json.dumps(value, ensure_ascii=True)
    except (TypeError, ValueError) as error:
        raise UserInputError(f"{where}: the labels are of type {type(value).__name__}, which is not read") from error
