# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels of all splits as ids: which labels there are, and which a document has, has not, or may have."""

import json
import logging
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ...errors import UserInputError
from ...wording import counted
from ..documents import UNKNOWN_COLUMN
from ..label_lists import LabelLists
from .label_reports import report_alike, report_unseen
from .label_separators import report_separator
from .label_sets import COLUMNS, LabelSet, is_id, numeric_first, read_label_set
from .names import shorten
from .options import LabelOptions
from .reading import SplitReader

logger = logging.getLogger(__name__)

_MEMO = 1 << 12


class _Row(NamedTuple):
    """Label ids of a document, before all labels are known: with `rest_unknown`, `others` are those that it has not.

    Otherwise, `others` are the unknown ones. `unseen` and `unseen_unknown` are names of labels that no training
    document has. A row says nothing if nothing is known of any label.
    """

    labels: tuple[int, ...]
    others: tuple[int, ...]
    rest_unknown: bool = False
    unseen: tuple[str, ...] = ()
    unseen_unknown: tuple[str, ...] = ()
    repeats: bool = False
    says_nothing: bool = False


class _SplitLabels:
    """Label ids of the rows of a split."""

    def __init__(self, stated: Sequence[str] | None) -> None:
        self.stated = None if stated is None else {*stated}  # labels of which each row says whether they apply
        self.has_columns = stated is not None
        self.labels, self.others, self.missed = LabelLists(), LabelLists(), LabelLists()
        self.rest_unknown, self.kept = bytearray(), bytearray()


class ResolvedLabels(NamedTuple):
    """Ids of the labels, of the unknown ones, and of those that no training document has, of each row of a split."""

    labels: LabelLists
    unknown: LabelLists
    unseen: LabelLists

    def take(self, rows: np.ndarray) -> "ResolvedLabels":
        """Return those of some rows."""
        return ResolvedLabels(*(lists.take(rows) for lists in self))


class LabelIndex:
    """Ids of labels.

    Args:
        names (`Sequence[str]`, *optional*): All labels in the order of their ids, if they are known before training
            documents are read.
        model_labels (`Sequence[str]`, *optional*): Labels of an existing model.
        options (`LabelOptions`): How labels are written.

    Attributes:
        names (`list[str]`): All labels in the order of their ids, after `finish`.
        missed (`dict[str, int]`): Ids of the labels of other splits that no training document has.
    """

    def __init__(self, names: Sequence[str] | None, model_labels: Sequence[str] | None, options: LabelOptions) -> None:
        self.row_names = names  # of ids and of lists of 0 and 1; the model may have another order
        self.is_fixed = names is not None or model_labels is not None
        self.of_model = model_labels is not None
        self.ids = {name: i for i, name in enumerate(model_labels or names or ())}
        self.options = options
        self.names: list[str] = []
        self.missed: dict[str, int] = {}
        self._splits: dict[str, _SplitLabels] = {}

    @staticmethod
    def fixed_names(
        readers: Mapping[str, SplitReader], options: LabelOptions, model_labels: Sequence[str] | None
    ) -> list[str] | None:
        """Return the labels in the order of their ids, if options, columns or the source tell them.

        Raises:
            UserInputError: Nothing tells them, and there are no training documents.
        """
        first = next(iter(readers.values()))
        names = options.label_names or first.columns or first.source.names
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
        stated = self._columns(reader) if reading in (COLUMNS, "indicators") else reader.source.stated
        split = self._splits[reader.split] = _SplitLabels(stated)
        unseen: Counter[str] = Counter()
        first_unseen, repeats = "", 0
        for where, labels, unknown in reader.spool.labels():
            key = (labels, unknown)
            row = memo.get(key)
            if row is None:
                row = self._to_row(reader, reading, where, key, learns)
                if len(memo) < _MEMO:
                    memo[key] = row
            if row.unseen or row.unseen_unknown:
                first_unseen = first_unseen or where
                unseen.update((*row.unseen, *row.unseen_unknown))
            repeats += row.repeats
            split.labels.append(row.labels)
            split.others.append(row.others)
            split.missed.append(self.missed.setdefault(name, len(self.missed)) for name in row.unseen)
            split.rest_unknown.append(row.rest_unknown)
            split.kept.append(not (drops and row.says_nothing))
        dropped = len(split.kept) - sum(split.kept)
        if dropped:
            told = f"the labels of {dropped:,} of {counted(len(split.kept), 'row')} are missing"
            logger.warning(f"{reader.source.name}: {told}: they are left out")
        if repeats:
            rows = counted(repeats, "row names", "rows name")
            logger.warning(f"{reader.source.name}: {rows} a label twice; it counts once")
        if reading in ("names", "ids"):
            report_separator(reader, [*self.ids, *unseen])
        if unseen:
            whose = "the model" if self.of_model else "label_names" if reader.split == "train" else "training"
            report_unseen(reader, unseen, first_unseen, whose, self.ids, len(split.labels.ids) > 0)
        if self.options.unnamed_labels == "unknown" and stated is None and reading != "objects":
            named = {*split.labels.ids, *split.others.ids}
            split.stated = {name for name, i in self.ids.items() if i in named}
        if learns:
            if not len(split.labels.ids):
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

    def resolve(self, name: str) -> tuple[ResolvedLabels, np.ndarray]:
        """Return the label ids of each row of a split, and the numbers of the rows that stay."""
        split = self._splits.pop(name)
        place = {label: i for i, label in enumerate(self.names)}
        new_id = np.array([place[label] for label in self.ids], dtype=np.int32)
        absent: list[int] = []
        if split.stated is not None:
            absent = [i for label, i in self.ids.items() if label not in split.stated]
        if absent:
            told = shorten([label for label, i in self.ids.items() if i in absent])
            have, has = ("have no column", "has no column") if split.has_columns else ("are in no row", "is in no row")
            some = counted(len(absent), f"label {has}, so it is", f"labels {have}, so they are")
            logger.warning(f"{name}: {some} unknown: {told}")
        unknown = split.others
        if absent or any(split.rest_unknown):
            everything = frozenset(range(len(self.names)))
            unknown = LabelLists.from_rows(
                everything.difference(split.labels[row], split.others[row])
                if rest
                else {*split.others[row], *absent}.difference(split.labels[row])
                for row, rest in enumerate(split.rest_unknown)
            )
        if len(unknown.ids):
            documents = np.count_nonzero(unknown.lengths)
            some = counted(len(unknown.ids), "label")
            logger.warning(
                f"{name}: {some} of {counted(documents, 'document')} are unknown; losses and metrics leave them out"
            )
        found = ResolvedLabels(split.labels.renumber(new_id), unknown.renumber(new_id), split.missed)
        return found, np.flatnonzero(np.frombuffer(split.kept, dtype=np.uint8))

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
        number, total, what = reader.num_missing, len(reader.spool), self.options.missing_labels
        if not number:
            return
        if what == "error":
            raise UserInputError(
                f"{reader.first_missing}: the labels are missing, as in {number:,} of {counted(total, 'row')} of "
                f"{reader.source.name}; correct them, or set missing_labels negative (no label applies), drop or "
                "unknown"
            )
        done = {"negative": "no label applies", "unknown": "their labels are unknown"}
        if what in done:
            rows = f"{number:,} of {counted(total, 'row')}"
            logger.warning(f"{reader.source.name}: the labels of {rows} are missing: {done[what]}")

    def _to_row(self, reader: SplitReader, reading: str, where: str, key: tuple[str, str | None], learns: bool) -> _Row:
        labels, unknown = (None if part is None else json.loads(part) for part in key)
        if labels is None:
            return _Row((), (), rest_unknown=self.options.missing_labels == "unknown", says_nothing=True)
        names, blank_is_negative = self._names_of_ids(), self.options.missing_labels == "negative"
        columns = self._columns(reader)
        found = read_label_set(reader.cell(labels), reading, where, names, columns, blank_is_negative)
        unknown_names = list(found.unknown)
        if unknown is not None:
            place = f"{where}, {UNKNOWN_COLUMN}"
            kind = "names" if reading in (COLUMNS, "objects", "indicators") else reading
            cell = reader.cell(unknown)
            if cell.kind == "object":
                raise UserInputError(f"{place}: is an object; give a list of names")
            if reading == "names" and self.options.label_format is None and any(map(is_id, cell.items)):
                raise UserInputError(
                    f"{place}: {json.dumps(cell.value)} is a number beside names; give names, or set label_format names"
                )
            unknown_names += read_label_set(cell, kind, place, names, None, False).labels
        both = set(found.labels).intersection(unknown_names)
        if both:
            raise UserInputError(
                f"{where}: label '{min(both)}' is in {self.options.label_column} and in {UNKNOWN_COLUMN}; remove one"
            )
        if learns:
            for name in (*found.labels, *unknown_names, *found.negative):
                self.ids.setdefault(name, len(self.ids))
        return self._number(found, unknown_names, len(columns or ()))

    def _number(self, found: LabelSet, unknown: Sequence[str], num_columns: int) -> _Row:
        def ids(names: Sequence[str]) -> tuple[int, ...]:
            return tuple({self.ids[name]: None for name in names if name in self.ids})

        def unseen(names: Sequence[str]) -> tuple[str, ...]:
            return tuple(dict.fromkeys(name for name in names if name not in self.ids))

        others = found.negative if found.rest_unknown else unknown
        return _Row(
            ids(found.labels),
            ids(others),
            found.rest_unknown,
            unseen(found.labels),
            unseen(unknown),
            repeats=len(set(found.labels)) < len(found.labels),
            says_nothing=not found.labels
            and not found.negative
            and (found.rest_unknown or 0 < num_columns == len(set(unknown))),
        )

    def _columns(self, reader: SplitReader) -> Sequence[str] | None:
        """Return the names of the numbers of 0 and 1 in a row of a split."""
        return reader.columns or self.row_names

    def _names_of_ids(self) -> list[str] | None:
        if self.row_names is not None:
            return list(self.row_names)
        return list(self.ids) if self.of_model else None
