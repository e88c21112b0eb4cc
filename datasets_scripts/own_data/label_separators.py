# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reports about what separates labels in a string: a separator that is missing, that is never met, or not enough."""

import json
import logging
import re
from collections import Counter
from collections.abc import Sequence
from itertools import chain

from ...errors import UserInputError
from ...wording import counted
from .names import clip
from .reading import SplitReader

logger = logging.getLogger(__name__)

_CUT = re.compile(r"\[.*\s\.\.\.\s.*\]", re.DOTALL)
_INDICATORS_AS_TEXT = re.compile(r"[01](\s*[\s,;|/]\s*[01])+")
# Marks that few names contain, and marks that count where names with them are put together from other labels.
_USUAL, _OTHER = (";", "|", ","), ("\n", "\t", " & ", "/", "+", " ")
_PARTS = re.compile("[,;|]")
# A list as PostgreSQL or a template writes it, {tax,law} or [tax, law]; and what a separator leaves of it.
_BRACKETED = re.compile(r"\[[^\[\]]*\]|\{[^{}]*\}")
_OPENED, _CLOSED = re.compile(r"[\[{][^\]}]*"), re.compile(r"[^\[{]*[\]}]")


def report_separator(reader: SplitReader, names: Sequence[str]) -> None:
    """Report labels that look like several in one string, and a separator that does not separate them.

    Args:
        reader (`SplitReader`): The split.
        names (`Sequence[str]`): The labels as they were read.

    Raises:
        UserInputError: They are what is printed of a longer list, or no names.
    """
    if reader.options.label_separator is not None and reader.split == "train":
        _report_unused(reader)
    if not reader.profile.kinds.keys() & {"string", "split"}:
        return
    _refuse_printed(reader, names)
    if reader.options.label_format is None and _report_brackets(reader, names):
        return
    mark, found = _find_mark(names, reader.options.label_separator)
    if mark:
        _report_mark(reader, names, mark, found)


def _report_unused(reader: SplitReader) -> None:
    """Report a separator that occurs in no row."""
    kinds, separator = reader.profile.kinds, reader.options.label_separator
    if "split" in kinds:
        return
    told = f"occurs in the labels of none of {counted(len(reader.spool), 'row')}"
    if "string" not in kinds:
        told = "separates nothing, as the labels are lists"
    logger.warning(f"{reader.source.name}: label_separator {separator!r} {told}")


def _refuse_printed(reader: SplitReader, names: Sequence[str]) -> None:
    cut = next((name for name in names if _CUT.fullmatch(name)), None)
    if cut is not None and reader.options.label_format is None:
        raise UserInputError(
            f"{reader.source.name}: the labels '{' '.join(cut[:60].split())}' were cut when NumPy printed them: write "
            "lists, as array.tolist() makes them (or set label_format strings to read each cell as a name)"
        )
    indicators = [name for name in names if _INDICATORS_AS_TEXT.fullmatch(name)]
    if indicators and len(indicators) == len(names):
        raise UserInputError(
            f"{reader.source.name}: labels such as {indicators[0]!r} look like one 0 or 1 per label: give "
            "label_separator, and label_names in their order"
        )


def _report_brackets(reader: SplitReader, names: Sequence[str]) -> bool:
    """Report brackets around lists, or left by a separator; return whether there are any."""
    separator = reader.options.label_separator
    if any(map(_PARTS.search, names)) and all(map(_BRACKETED.fullmatch, names)):
        example = max(names, key=len)
        told = f"labels such as {clip(example)!r} are each read as one name; label_separator would leave the brackets"
        parts = [part.strip() for part in _PARTS.split(example[1:-1])]
    else:
        halves = [next(filter(half.fullmatch, names), None) for half in (_OPENED, _CLOSED)]
        if separator is None or None in halves:
            return False
        told = f"label_separator {separator!r} leaves brackets in labels such as {' and '.join(map(repr, halves))}"
        parts = [half.strip("[]{} ") for half in halves]
    lists = json.dumps(parts, ensure_ascii=False)
    logger.warning(f"{reader.source.name}: {told}: write lists, such as {clip(lists)}")
    return True


def _find_mark(names: Sequence[str], given: str | None) -> tuple[str, list[str]]:
    """Return the mark that most labels contain that look like several, and these labels; "" if there is none."""
    best: tuple[str, list[str]] = ("", [])
    for mark in (*_USUAL, *_OTHER):
        found = [] if mark == given else [name for name in names if mark in name]
        if len(found) < max(3, len(names) / 10) or len(found) <= len(best[1]):
            continue
        if mark in _USUAL or _are_combinations(found, names, mark):
            best = (mark, found)
    return best


def _are_combinations(found: Sequence[str], names: Sequence[str], mark: str) -> bool:
    """Return whether most labels with a mark are put together from parts that occur elsewhere.

    A part does if it is a label by itself, or is in another label. Of words, nearly all must do both: names of several
    words have words in common too.

    Args:
        found (`Sequence[str]`): The labels with the mark.
        names (`Sequence[str]`): All labels.
        mark (`str`): The mark.
    """
    parts = [{part.strip() for part in name.split(mark) if part.strip()} for name in found]
    times = Counter(chain.from_iterable(parts))
    alone = {*names} - {*found}
    if mark == " ":
        return sum(part in alone and times[part] > 1 for part in times) >= 0.9 * len(times)
    return sum(len(one) > 1 and all(part in alone or times[part] > 1 for part in one) for one in parts) > len(found) / 2


def _report_mark(reader: SplitReader, names: Sequence[str], mark: str, found: Sequence[str]) -> None:
    kinds, example = reader.profile.kinds, clip(min(found))
    if "list" in kinds and reader.options.label_separator is None and mark in _USUAL:
        raise UserInputError(
            f"{kinds['string'][0]}: the labels are the string {example!r}, but those of {kinds['list'][0]} are a list; "
            f"write all as lists, or give label_separator {mark!r}"
        )
    some = f"{len(found):,} of {counted(len(names), 'label')}"
    logger.warning(
        f"{reader.source.name}: {some} contain {mark!r}, such as {example!r}: each is read as one label; if {mark!r} "
        f"separates several, give label_separator {mark!r}"
    )
