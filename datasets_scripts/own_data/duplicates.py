# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents of the same text: in several splits, or with different labels."""

import logging
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ...wording import counted, counted_of
from .spool import text_key

logger = logging.getLogger(__name__)

# The number of all blank texts.
_BLANK = np.uint64(text_key(""))


class Texts(NamedTuple):
    """Per document of a split, a number that is the same for equal texts, and one that is the same for equal labels."""

    keys: np.ndarray
    labels: np.ndarray


def report_overlaps(splits: Mapping[str, Texts]) -> None:
    """Report in one line each which texts are in two splits, and which have different labels in training.

    Blank texts are left out: that they are equal says nothing.
    """
    numbers = {split: len(texts.keys) for split, texts in splits.items()}
    splits = {split: _without_blanks(texts) for split, texts in splits.items()}
    if "train" in splits:
        texts, different = _count_conflicts(splits["train"])
        if different:
            some = counted_of(different, texts, "text", "occurs", "occur")
            logger.warning(
                f"train: {some} in several rows with different labels; if each row has one label of its document, "
                'join the rows: df.groupby("text")["labels"].agg(list) in pandas (`labelwise audit` lists the texts)'
            )
    for one, two in (("train", "validation"), ("train", "test"), ("validation", "test")):
        if one not in splits or two not in splits:
            continue
        shared = np.isin(splits[two].keys, splits[one].keys)
        pairs = [_pair(splits[split]) for split in (one, two)]
        different = np.count_nonzero(shared & ~np.isin(pairs[1], pairs[0]))
        rows = np.count_nonzero(shared)
        if rows:
            some = counted_of(rows, numbers[two], f"{two} document", "has", "have")
            logger.warning(
                f"{some} a text that is in {one} too, {different:,} of them with other labels: measured results are "
                "too high (drop_duplicates keeps one)"
            )


def rows_without_duplicates(splits: Mapping[str, Texts]) -> dict[str, np.ndarray]:
    """Return the rows to keep so that each text occurs once: in test, else in validation, else in training.

    Returns:
        `dict[str, np.ndarray]`: Ascending numbers of the rows, by split.
    """
    kept: dict[str, np.ndarray] = {}
    taken = np.array([], dtype=np.uint64)
    for split in ("test", "validation", "train"):
        if split not in splits:
            continue
        keys, first = np.unique(splits[split].keys, return_index=True)
        kept[split] = np.sort(first[~np.isin(keys, taken)])
        taken = np.union1d(taken, keys)
        dropped = len(splits[split].keys) - len(kept[split])
        if dropped:
            _, different = _count_conflicts(splits[split])
            some = counted(dropped, "document is dropped, because its", "documents are dropped, because their")
            logger.warning(
                f"{split}: {some} text occurs elsewhere; {counted(different, 'text')} of the split had different "
                "labels, of which the first are kept"
            )
    return kept


def _without_blanks(texts: Texts) -> Texts:
    is_kept = texts.keys != _BLANK
    return Texts(texts.keys[is_kept], texts.labels[is_kept])


def _count_conflicts(texts: Texts) -> tuple[int, int]:
    """Return the number of texts, and of those with different labels."""
    _, first = np.unique(_pair(texts), return_index=True)
    keys, counts = np.unique(texts.keys[first], return_counts=True)
    return len(keys), np.count_nonzero(counts > 1)


def _pair(texts: Texts) -> np.ndarray:
    """Return a number per document that is the same for equal texts with equal labels."""
    # A multiplication by a large odd number mixes the bits; it wraps around.
    return texts.keys ^ (texts.labels * np.uint64(0x9E3779B97F4A7C15))
