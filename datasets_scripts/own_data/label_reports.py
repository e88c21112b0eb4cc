# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reports about labels that are read as they stand, and may mean something else."""

import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np

from ...errors import UserInputError
from ...wording import counted
from ..label_lists import LabelLists
from .reading import SplitReader

logger = logging.getLogger(__name__)

_CUT = re.compile(r"\[.*\s\.\.\.\s.*\]", re.DOTALL)
_INDICATORS_AS_TEXT = re.compile(r"[01](\s*[\s,;|/]\s*[01])+")


def shorten(names: Sequence[str], number: int = 10) -> str:
    """Return the first names, joined by commas."""
    return ", ".join(names[:number]) + (", …" if len(names) > number else "")


def _plain_form(name: str) -> str:
    """Return a name without what is hard to see: case, Unicode form, invisible characters."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if unicodedata.category(char) != "Cf")


def report_alike(names: Sequence[str]) -> None:
    """Report names that look the same."""
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(_plain_form(name), []).append(name)
    pairs = [" and ".join(map(repr, found)) for found in alike.values() if len(found) > 1]
    if pairs:
        what = "labels that differ only by case, Unicode form or invisible characters"
        logger.warning(f"{what}: {'; '.join(pairs[:10])}")


def report_separator(reader: SplitReader, names: Sequence[str]) -> None:
    """Report labels that look like several in one string."""
    given, kinds = reader.options.label_separator, reader.profile.kinds
    if not kinds.keys() & {"string", "split"}:
        return
    cut = next((name for name in names if _CUT.fullmatch(name)), None)
    if cut is not None and reader.options.label_format is None:
        raise UserInputError(
            f"{reader.source.name}: the labels '{' '.join(cut[:60].split())}' were cut when NumPy printed them: write "
            "lists, as array.tolist() makes them (or set label_format strings to read each cell as a name)"
        )
    indicators = [name for name in names if _INDICATORS_AS_TEXT.fullmatch(name)]
    if indicators and len(indicators) == len(names):
        raise UserInputError(
            f"{reader.source.name}: labels such as '{indicators[0]}' look like one 0 or 1 per label: give "
            "label_separator, and label_names in their order"
        )
    found = {mark: [name for name in names if mark in name] for mark in ";|," if mark != given}
    mark = max(found, key=lambda mark: len(found[mark]))
    if len(found[mark]) >= max(3, len(names) / 10):
        if "list" in kinds and not given:
            raise UserInputError(
                f"{kinds['string'][0]}: the labels are the string '{min(found[mark])}', but those of "
                f"{kinds['list'][0]} are a list; write all as lists, or give label_separator '{mark}'"
            )
        logger.warning(
            f"{reader.source.name}: {len(found[mark]):,} of {counted(len(names), 'label')} contain '{mark}', such as "
            f"'{min(found[mark])}': each is read as one label; if '{mark}' separates several, give "
            f"label_separator '{mark}'"
        )


def report_unseen(reader: SplitReader, unseen: Counter[str], first: str, known: str, has_known_labels: bool) -> None:
    """Report labels that are not among the labels, and what is done with them.

    Args:
        reader (`SplitReader`): The split.
        unseen (`Counter[str]`): Rows that name each of them.
        first (`str`): Place of the first one.
        known (`str`): What the labels are, and how many.
        has_known_labels (`bool`): Whether the split names a label that is among them.

    Raises:
        UserInputError: They are in the training split, or no option says what to do with them.
    """
    named = ", ".join(f"'{name}'" for name, _ in unseen.most_common(10)) + (", …" if len(unseen) > 10 else "")
    times = f"({counted(unseen.total(), 'time')} in all)"
    what = f"{counted(len(unseen), f'label {times} is', f'labels {times} are')} not among the {known}"
    done = reader.options.unseen_labels
    if done == "error" or reader.split == "train":
        advice = "" if reader.split == "train" else ", or set unseen_labels ignore or miss"
        raise UserInputError(f"{first}: {named}: {what}; correct them{advice}")
    if not has_known_labels:
        raise UserInputError(f"{first}: {named}: {what}, and no other label is in {reader.source.name}; correct them")
    logger.warning(
        f"{reader.source.name}: {what}: {named}; "
        f"{'they are left out' if done == 'ignore' else 'each counts as a label that the model missed'}"
    )


def check_states(
    split: str, names: Sequence[str], labels: LabelLists, unknown_labels: LabelLists, missing_labels: str
) -> None:
    """Report labels that apply to no document, or to all of which it is known.

    Args:
        split (`str`): Name of the split.
        names (`Sequence[str]`): Names of the labels.
        labels (`LabelLists`): Ids of the labels of each document.
        unknown_labels (`LabelLists`): Ids of the unknown labels of each document.
        missing_labels (`str`): The option of this name.

    Raises:
        UserInputError: There is no document of which it is known that some label does not apply.
    """
    number = len(names)
    positive = np.bincount(labels.ids, minlength=number)
    unknown = np.bincount(unknown_labels.ids, minlength=number)
    never = np.flatnonzero(positive == 0)
    always = np.flatnonzero((positive > 0) & (positive + unknown == len(labels)))
    if len(always) == number and unknown.any() and missing_labels != "unknown":
        documents = np.count_nonzero(unknown_labels.lengths)
        raise UserInputError(
            f"{split}: no document says that a label does not apply: what is blank is unknown, in {documents:,} of "
            f"{counted(len(labels), 'document')}; if blank means that the label does not apply, set missing_labels "
            "negative (missing_labels unknown goes on as it is)"
        )
    for ids, kind in ((never, "positive"), (always, "negative")):
        if len(ids):
            told = shorten([names[i] for i in ids])
            logger.warning(f"{split}: {counted(len(ids), 'label has', 'labels have')} no {kind} document: {told}")
