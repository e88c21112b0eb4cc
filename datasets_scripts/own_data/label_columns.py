# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Columns of 0 and 1, one per label: which they are, in each split."""

import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...errors import UserInputError
from ..documents import OPTIONAL_COLUMNS
from .label_values import is_indicator, is_missing
from .names import clip, shorten
from .options import LabelOptions

if TYPE_CHECKING:
    from .reading import Source

logger = logging.getLogger(__name__)


class Columns(NamedTuple):
    """Columns of a source, besides text, id and those that are blank in all rows.

    `binary` contain only 0 and 1 (or true and false, yes and no) and blanks; `others`, by name, contain something else,
    of which the value is a description.
    """

    binary: list[str]
    others: dict[str, str]
    nearly: list[str]  # those of `others` that are nearly binary
    has_unnamed: bool = False  # whether a column without a name is binary


def find_columns(
    sources: Mapping[str, "Source"], options: LabelOptions, model_labels: Sequence[str] | None
) -> dict[str, list[str]] | None:
    """Return the columns of 0 and 1, one per label, by split; `None` if one column has all labels.

    Those of the first split come first in each. With `label_columns auto`, a column of 0 and 1 in another split is a
    label too, if the first split does not have the column: an unseen label. Beside the labels of a model, this is
    unknown, as the columns that it was trained on are: such a column counts only if `unseen_labels` says how.

    Args:
        sources (`Mapping[str, Source]`): Rows by split.
        options (`LabelOptions`): The options.
        model_labels (`Sequence[str]`, *optional*): Labels of an existing model, of which the columns are found.

    Raises:
        UserInputError: There is no such column.
    """
    if not options.finds_label_columns:
        return None if options.label_columns is None else dict.fromkeys(sources, options.label_columns)
    first, known = next(iter(sources.values())), None
    if model_labels is None:
        known = _list_named(first, options)
        found, what = known.binary, "contains only 0 and 1"
        if known.nearly:
            logger.warning(f"{first.name}: not read as label columns: {'; '.join(known.nearly)}")
    else:
        seen = next(iter(first.rows())).row
        found, what = [name for name in model_labels if name in seen], "has the name of a label of the model"
    if not found:
        raise UserInputError(f"{first.name}: label_columns auto: no column {what}; name the columns")
    logger.warning(f"{first.name}: the label columns are {shorten(found, 50)} (label_columns sets them)")
    columns = {}
    for split, source in sources.items():
        further: list[str] = []
        if known is None:
            further = _columns_beside_the_model(split, source, options, model_labels)
        elif source is not first:
            names = _list_named(source, options).binary
            further = [name for name in names if name not in known.binary and name not in known.others]
        columns[split] = [*found, *further]
    return columns


def _columns_beside_the_model(
    split: str, source: "Source", options: LabelOptions, model_labels: Sequence[str]
) -> list[str]:
    """Return the columns of 0 and 1 that are unseen labels of a model, and report those that are left out."""
    further = [name for name in _list_named(source, options).binary if name not in model_labels]
    if split != "train" and options.unseen_labels != "error":
        return further
    if further:
        what = "columns of 0 and 1 that are no labels of the model are left out"
        advice = "" if split == "train" else " (unseen_labels miss counts them)"
        logger.warning(f"{source.name}: {what}: {shorten(further)}{advice}")
    return []


def _list_named(source: "Source", options: LabelOptions) -> Columns:
    """Return which columns contain only 0 and 1, and report one that has no name."""
    columns = list_columns(source, options)
    if columns.has_unnamed:
        formula = " (its name may be a formula without a stored value: open and save the file in Excel)"
        logger.warning(
            f"{source.name}: a column of 0 and 1 without a name is left out; if it is a label, name it in the header"
            f"{formula if source.is_xlsx else ''}"
        )
    return columns


def list_columns(source: "Source", options: LabelOptions) -> Columns:
    """Return which columns contain only 0 and 1."""
    left_out = {*options.text_column, *OPTIONAL_COLUMNS}
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
                if name not in first:
                    shown = clip(value) if isinstance(value, str) else value
                    first[name] = f"'{name}', which has {shown!r} at {where}"
    nearly = [first[name] for name in first if name and fitting[name] > 9 * others[name]]
    binary = [name for name, number in fitting.items() if number and name not in others]
    return Columns([name for name in binary if name], first, nearly, "" in binary)
