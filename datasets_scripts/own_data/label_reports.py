# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reports about labels: names that look alike, that no training document has, or that all have."""

import logging
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np

from ...errors import UserInputError
from ...wording import counted
from ..label_lists import LabelLists
from .names import clip, shorten
from .reading import SplitReader

logger = logging.getLogger(__name__)


def _plain_form(name: str) -> str:
    """Return a name without what is hard to see: case, Unicode form, invisible characters."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(char for char in folded if unicodedata.category(char) != "Cf")


def _distinct(names: Sequence[str]) -> list[str]:
    """Return names as Python writes them; with escapes for all but ASCII, where some would be printed alike."""
    composed = {unicodedata.normalize("NFC", name) for name in names}
    return [ascii(name) if len(composed) < len(names) else repr(name) for name in names]


def report_alike(names: Sequence[str]) -> None:
    """Report names that look the same."""
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(_plain_form(name), []).append(name)
    pairs = [" and ".join(_distinct(found)) for found in alike.values() if len(found) > 1]
    if pairs:
        what = "labels that differ only by case, Unicode form or invisible characters"
        logger.warning(f"{what}: {'; '.join(pairs[:10])}")


def report_unseen(
    reader: SplitReader, unseen: Counter[str], first: str, whose: str, names: Collection[str], has_known_labels: bool
) -> None:
    """Report labels that are not among the labels, and what is done with them.

    Args:
        reader (`SplitReader`): The split.
        unseen (`Counter[str]`): Rows that name each of them.
        first (`str`): Place of the first one.
        whose (`str`): What the labels are those of.
        names (`Collection[str]`): Names of the labels.
        has_known_labels (`bool`): Whether the split names a label that is among them.

    Raises:
        UserInputError: They are in the training split, or no option says what to do with them.
    """
    named = ", ".join(repr(clip(name)) for name, _ in unseen.most_common(10)) + (", …" if len(unseen) > 10 else "")
    times = f"({counted(unseen.total(), 'time')} in all)"
    what = f"{counted(len(unseen), f'label {times} is', f'labels {times} are')} not among the {len(names):,} of {whose}"
    done, given = reader.options.unseen_labels, reader.options.label_names or []
    advice = "correct them"
    # Where all names are numbers, ids are read as names too: see `id_to_name`.
    if unseen.keys() <= {*map(str, range(len(given)))} and not all(map(str.isdecimal, given)):
        advice = "numbers are read as names here; set label_format ids to read ids, or write names in all splits"
    elif {name.isdecimal() for name in unseen} ^ {name.isdecimal() for name in names} == {False, True}:
        advice = "write labels as names in all splits, or set label_names, the names of numbers and of lists of 0 and 1"
    elif reader.options.finds_label_columns:
        advice += ", or name the label columns (label_columns auto takes all columns of 0 and 1)"
    elif whose == "the model" and reader.split == "train":
        advice += ", or add them with labelwise add-labels (in Python: add_labels)"
    if done == "error" or reader.split == "train":
        advice += "" if reader.split == "train" else ", or set unseen_labels ignore or miss"
        raise UserInputError(f"{first}: {named}: {what}; {advice}")
    if not has_known_labels:
        raise UserInputError(f"{first}: {named}: {what}, and no other label is in {reader.source.name}; {advice}")
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
            "negative (missing_labels unknown continues without change)"
        )
    for ids, kind in ((never, "positive"), (always, "negative")):
        if len(ids):
            told = shorten([names[i] for i in ids])
            logger.warning(f"{split}: {counted(len(ids), 'label has', 'labels have')} no {kind} document: {told}")
