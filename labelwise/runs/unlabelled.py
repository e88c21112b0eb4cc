# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Texts without labels from the user's own files, with the columns that are carried over to the answers."""

from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple

from transformers import PreTrainedConfig

from ..datasets_scripts.documents import check_text
from ..datasets_scripts.own_data.label_values import is_null, parse_literal
from ..datasets_scripts.own_data.options import FileOptions
from ..datasets_scripts.own_data.reading import plain_labels
from ..datasets_scripts.own_data.sources import read_source
from ..datasets_scripts.own_data.text_columns import read_text
from ..errors import UserInputError
from ..json_text import dump_json
from .progress import logger

# Rows that tell which columns there are: objects of JSON may lack some.
_FIRST_ROWS = 1000
_ID = "id"


class Row(NamedTuple):
    """A text, its known labels (whether they apply, by name), and the values that are carried over, by column."""

    text: str
    known: dict[str, bool]
    carried: dict[str, Any]


def read_rows(
    source: str,
    options: FileOptions,
    config: PreTrainedConfig,
    keep_columns: Sequence[str] = (),
    known_labels_column: str | None = None,
) -> tuple[list[str], Iterator[Row]]:
    """Read texts in order, without keeping them in memory.

    Args:
        source (`str`): What `read_source` takes.
        options (`FileOptions`): Format and columns.
        config (`PreTrainedConfig`): Configuration of the model, with the names of the labels.
        keep_columns (`Sequence[str]`, *optional*): Columns that are carried over; so is `id`, if there is one.
        known_labels_column (`str`, *optional*): Column of known labels: a list of names, or an object of true and
            false by name.

    Returns:
        `list[str]`: The columns that are carried over.
        `Iterator[Row]`: The rows. A text that is null is empty.

    Raises:
        UserInputError: The input is missing or malformed, a column does not exist, a text is no string, or a known
            label is none of the model's. What is wrong after the first row is raised when it is read.
    """
    known = [known_labels_column] if known_labels_column else []
    records = read_source(source, options, [*options.text_column, *known, *keep_columns, _ID])
    first = list(islice(records, _FIRST_ROWS))
    columns = dict.fromkeys(name for _, row in first for name in row)
    missing = [name for name in keep_columns if name not in columns]
    if missing:
        raise UserInputError(
            f"--keep_columns {missing[0]}: {source} has no such column; there are: {', '.join(filter(None, columns))}"
        )
    carried = list(dict.fromkeys([*([_ID] if _ID in columns else []), *keep_columns]))
    rows = (
        Row(
            _read_text(row, options.text_column, where),
            _read_known(row, known_labels_column, where, config),
            {name: _read_carried(row.get(name), name, where) for name in carried},
        )
        for where, row in chain(first, records)
    )
    rows = _report_blank(rows, source)
    return carried, chain([next(rows)], rows)


def _report_blank(rows: Iterator[Row], source: str) -> Iterator[Row]:
    has_words = False
    for row in rows:
        has_words = has_words or bool(row.text.strip())
        yield row
    if not has_words:
        logger.warning(f"{source}: all texts are blank; --text_column names the column of the text")


def _read_text(row: dict[str, Any], columns: Sequence[str], where: str) -> str:
    if len(columns) == 1 and is_null(row.get(columns[0], "")):
        return ""
    return read_text(row, columns, where)


def _read_carried(value: Any, name: str, where: str) -> Any:
    if isinstance(value, (dict, list)):
        try:
            check_text(dump_json(value, default=str), where, f"column '{name}'")
        except RecursionError as error:
            raise UserInputError(f"{where}: the column '{name}' is nested too deep; leave it out") from error
        return value
    if isinstance(value, str):
        return check_text(value, where, f"column '{name}'")
    return None if is_null(value) else value


def _read_known(row: dict[str, Any], column: str | None, where: str, config: PreTrainedConfig) -> dict[str, bool]:
    if column is None:
        return {}
    if column not in row:
        raise UserInputError(f"{where}: no column '{column}'; there are: {', '.join(row)}")
    value = plain_labels(row[column], where)
    return check_known(parse_literal(value) if isinstance(value, str) else value, where, config)


def check_known(value: Any, where: str, config: PreTrainedConfig) -> dict[str, bool]:
    """Return known labels: whether they apply, by name.

    Args:
        value: A list of names, or an object of true and false by name.
        where (`str`): Place of the value, for messages.
        config (`PreTrainedConfig`): Configuration of the model.

    Raises:
        UserInputError: It is neither, or names a label that the model does not have.
    """
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        value = dict.fromkeys(value, True)
    if not isinstance(value, dict) or not all(is_set in (True, False) for is_set in value.values()):
        raise UserInputError(f"{where}: known labels must be a list of names, or an object of true and false by name")
    unknown = [name for name in value if name not in config.label2id]
    if unknown:
        raise UserInputError(f"{where}: {unknown[0]!r} is none of the model's labels: {', '.join(config.label2id)}")
    return value
