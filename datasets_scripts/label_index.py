# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels of all splits as ids: which labels there are, and which a document has, has not, or may have."""

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ..errors import UserInputError
from .documents import UNKNOWN_COLUMN
from .label_reports import report_alike, report_separator
from .label_sets import COLUMNS, LabelSet, is_blank, numeric_first, read_label_set
from .options import LabelOptions
from .reading import SplitReader

logger = logging.getLogger(__name__)

_MEMO = 1 << 16
Ids = tuple[int, ...]


class _Row(NamedTuple):
    """Label ids of a document, before all labels are known: unless `negative` is `None`, the others are unknown."""

    labels: Ids
    unknown: Ids
    negative: Ids | None
    unseen: tuple[str, ...]
    repeats: bool


_UNKNOWN_ROW = _Row((), (), (), (), False)
_NEGATIVE_ROW = _Row((), (), None, (), False)


class LabelIndex:
    """Ids of labels.

    Args:
        names (`Sequence[str]`, *optional*): All labels in the order of their ids, if they are known before training
            documents are read.
        model_labels (`Sequence[str]`, *optional*): Labels of an existing model.
        options (`LabelOptions`): How labels are written.

    Attributes:
        names (`list[str]`): All labels in the order of their ids, after `finish`.
        missed (`list[str]`): Labels of other splits that training has not.
        kept (`dict[str, list[bool]]`): By split, whether each row stays.
    """

    def __init__(self, names: Sequence[str] | None, model_labels: Sequence[str] | None, options: LabelOptions) -> None:
        self.row_names = names  # of ids and of lists of 0 and 1; the model may have another order
        self.is_fixed = names is not None or model_labels is not None
        self.of_model = model_labels is not None
        self.ids = {name: i for i, name in enumerate(model_labels or names or ())}
        self.options = options
        self.names: list[str] = []
        self.missed: list[str] = []
        self.kept: dict[str, list[bool]] = {}
        self._rows: dict[str, list[_Row]] = {}
        self._readings: dict[str, str] = {}

    @staticmethod
    def fixed_names(
        readers: Mapping[str, SplitReader],
        options: LabelOptions,
        columns: Sequence[str] | None,
        model_labels: Sequence[str] | None,
    ) -> list[str] | None:
        """Return the labels in the order of their ids, if options, columns or the source tell them.

        Raises:
            UserInputError: Nothing tells them, and there are no training documents.
        """
        first = next(iter(readers.values()))
        names = options.label_names or columns or first.source.names
        if names is None and model_labels is None and "train" not in readers:
            raise UserInputError("the labels are unknown: give a train split to take them from, or label_names")
        return None if names is None else list(names)

    def add(self, reader: SplitReader, before: str | None) -> str:
        """Read the labels of a split; the training split comes first.

        Args:
            reader (`SplitReader`): The split.
            before (`str`, *optional*): How the labels of the split before were read.

        Returns:
            `str`: How they were read.

        Raises:
            UserInputError: Labels are malformed or missing, or training has them not.
        """
        reading = self._find_reading(reader, before)
        self._check_missing(reader)
        learns = not self.is_fixed and reader.split == "train"
        drops = self.options.missing_labels == "drop"
        memo: dict[tuple[str, str | None], _Row] = {}
        rows, kept = [], []
        unseen: Counter[str] = Counter()
        first_unseen, repeats = "", 0
        for where, labels, unknown in reader.spool.labels():
            key = (labels, unknown)
            row = memo.get(key)
            if row is None:
                row = self._to_row(reader, reading, where, key, learns)
                if len(memo) < _MEMO:
                    memo[key] = row
            if row.unseen:
                first_unseen = first_unseen or where
                unseen.update(row.unseen)
            repeats += row.repeats
            rows.append(row)
            kept.append(not drops or not (labels == "null" or (reading == COLUMNS and is_blank(json.loads(labels)))))
        self._rows[reader.split], self.kept[reader.split] = rows, kept
        self._readings[reader.split] = reading
        if repeats:
            logger.warning(f"{reader.source.name}: {repeats} rows name a label twice; it counts once")
        if reading in ("names", "ids"):
            report_separator(reader, [*self.ids, *unseen])
        if unseen:
            self._report_unseen(reader, unseen, first_unseen)
        if learns:
            if not any(row.labels for row in rows):
                raise UserInputError(
                    f"{reader.source.name}: no training document has a label; check the column "
                    f"'{self.options.label_column}'"
                )
            self.is_fixed = True
        return reading

    def finish(self) -> None:
        """Put the labels into their order, and report names that look alike."""
        learned = self.row_names is None and not self.of_model
        self.names = sorted(self.ids, key=numeric_first) if learned else list(self.ids)
        report_alike(self.names)

    def resolve(self, split: str) -> tuple[list[Ids], list[Ids], list[Ids]]:
        """Return the ids of the labels, of the unknown labels and of the missed ones of each row of a split."""
        new_id = np.argsort(np.argsort([self.names.index(name) for name in self.ids])).tolist()
        everything = frozenset(range(len(self.names)))
        absent: list[int] = []
        if self.of_model and self._readings[split] in (COLUMNS, "indicators"):
            absent = [i for name, i in self.ids.items() if name not in self.row_names]
        if absent:
            told = ", ".join(self.names[i] for i in sorted(absent)[:10])
            logger.warning(f"{split}: {len(absent)} labels have no column, so they are unknown: {told}")
        missed_ids = {name: i for i, name in enumerate(self.missed)}
        memo: dict[int, tuple[Ids, Ids, Ids]] = {}

        def convert(row: _Row) -> tuple[Ids, Ids, Ids]:
            unknown = {*row.unknown, *absent}
            if row.negative is not None:
                unknown = everything - {*row.labels} - {*row.negative} | unknown
            return (
                tuple(sorted(new_id[i] for i in row.labels)),
                tuple(sorted(new_id[i] for i in unknown)),
                tuple(missed_ids[name] for name in row.unseen if name in missed_ids),
            )

        found = [memo.get(id(row)) or memo.setdefault(id(row), convert(row)) for row in self._rows[split]]
        documents = sum(bool(unknown) for _, unknown, _ in found)
        if documents:
            number = sum(len(unknown) for _, unknown, _ in found)
            logger.warning(f"{split}: {number} labels of {documents} documents are unknown and count nowhere")
        return tuple(list(part) for part in zip(*found, strict=True)) if found else ([], [], [])

    def _find_reading(self, reader: SplitReader, before: str | None) -> str:
        if reader.columns is not None:
            return COLUMNS
        if reader.source.has_names:
            return "names"
        names = self.row_names or (list(self.ids) if self.is_fixed else None)
        separator = self.options.label_separator
        reading = reader.profile.decide(self.options.label_format, names, before, separator)
        if reading == "indicators" and self.row_names is None:
            (width,) = reader.profile.lengths
            if self.of_model and width == len(self.ids):
                logger.warning(f"{reader.profile.name}: the numbers are read in the order of the model's labels")
                self.row_names = list(self.ids)
            elif self.options.label_format is None and "list" not in reader.profile.kinds:
                where, value = next(iter(reader.profile.kinds.values()))
                raise UserInputError(
                    f"{where}: the labels {value} are one 0 or 1 per label: give the {width} label_names in their order"
                )
            else:
                self.row_names = [str(i) for i in range(width)]
                self.ids = self.ids or {name: i for i, name in enumerate(self.row_names)}
            self.is_fixed = True
        return reading

    def _check_missing(self, reader: SplitReader) -> None:
        if not reader.missing:
            return
        number, total, what = len(reader.missing), len(reader.spool), self.options.missing_labels
        if what == "error":
            raise UserInputError(
                f"{reader.missing[0]}: the labels are missing, as in {number} of {total} rows of {reader.source.name}; "
                "set missing_labels negative (no label applies), drop or unknown, or correct them"
            )
        done = {"negative": "no label applies", "drop": "they are left out", "unknown": "their labels are unknown"}
        logger.warning(f"{reader.source.name}: the labels of {number} of {total} rows are missing: {done[what]}")

    def _to_row(self, reader: SplitReader, reading: str, where: str, key: tuple[str, str | None], learns: bool) -> _Row:
        labels, unknown = (None if part is None else json.loads(part) for part in key)
        if labels is None:
            return _UNKNOWN_ROW if self.options.missing_labels == "unknown" else _NEGATIVE_ROW
        names, blank_is_negative = self._names_of_ids(), self.options.missing_labels == "negative"
        found = read_label_set(reader.cell(labels), reading, where, names, self.row_names, blank_is_negative)
        unknown_names = list(found.unknown)
        if unknown is not None:
            place = f"{where}, {UNKNOWN_COLUMN}"
            kind = "names" if reading in (COLUMNS, "objects", "indicators") else reading
            unknown_names += read_label_set(reader.cell(unknown), kind, place, names, None, False).labels
        both = set(found.labels).intersection(unknown_names)
        if both:
            raise UserInputError(
                f"{where}: label '{min(both)}' is in {self.options.label_column} and in {UNKNOWN_COLUMN}; remove one"
            )
        if learns:
            for name in (*found.labels, *unknown_names, *(found.negative or ())):
                self.ids.setdefault(name, len(self.ids))
        return self._number(found, unknown_names)

    def _number(self, found: LabelSet, unknown: Sequence[str]) -> _Row:
        def ids(names: Sequence[str]) -> Ids:
            return tuple({self.ids[name]: None for name in names if name in self.ids})

        unseen = tuple(dict.fromkeys(name for name in (*found.labels, *unknown) if name not in self.ids))
        negative = None if found.negative is None else ids(found.negative)
        repeats = len(set(found.labels)) < len(found.labels)
        return _Row(ids(found.labels), ids(unknown), negative, unseen, repeats)

    def _names_of_ids(self) -> list[str] | None:
        if self.row_names is not None:
            return list(self.row_names)
        return list(self.ids) if self.of_model else None

    def _report_unseen(self, reader: SplitReader, unseen: Counter, first: str) -> None:
        whose = "the model" if self.of_model else "label_names" if reader.split == "train" else "training"
        named = ", ".join(f"'{name}'" for name, _ in unseen.most_common(10)) + (", …" if len(unseen) > 10 else "")
        what = f"{len(unseen)} labels ({unseen.total()} times in all) are not among the {len(self.ids)} of {whose}"
        done = self.options.unseen_labels
        if done == "error" or reader.split == "train":
            advice = "" if reader.split == "train" else ", or set unseen_labels ignore or miss"
            raise UserInputError(f"{first}: {named}: {what}; correct them{advice}")
        if not any(row.labels for row in self._rows[reader.split]):
            raise UserInputError(
                f"{first}: {named}: {what}, and no other label is in {reader.source.name}; correct them"
            )
        logger.warning(
            f"{reader.source.name}: {what}: {named}; "
            f"{'they are left out' if done == 'ignore' else 'each counts as a label that the model missed'}"
        )
        self.missed = list(dict.fromkeys([*self.missed, *unseen]))
