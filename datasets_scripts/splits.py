# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reproducible cuts of documents into splits."""

import random
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit

from .documents import Document

T = TypeVar("T")


def cut_stratified(documents: Sequence[Document], fraction: float, seed: int) -> tuple[list[Document], list[Document]]:
    """Cut a fraction off such that every label has about the same share in both parts.

    Iterative stratification (Sechidis et al., *On the Stratification of Multi-Label Data*, ECML PKDD 2011). Both parts
    keep the order of the documents, and neither is empty. Unknown labels count as not set.

    Args:
        documents (`Sequence[Document]`): At least two documents.
        fraction (`float`): Share of the documents to cut off, must be > 0 and < 1.
        seed (`int`): Seed of the random tie-breaking.

    Returns:
        `tuple[list[Document], list[Document]]`: The remaining documents, and those cut off.
    """
    names = sorted({name for document in documents for name in document.labels})
    ids = {name: i for i, name in enumerate(names)}
    # The splitter needs two columns or more; columns of zeros do not influence the cut.
    labels_NL = np.zeros((len(documents), len(names) + 2), dtype=bool)
    for row, document in enumerate(documents):
        labels_NL[row, [ids[name] for name in document.labels]] = True
    splitter = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=fraction, random_state=seed)
    cut_off = set(next(splitter.split(labels_NL, labels_NL))[1].tolist())
    # With few documents, stratification may put all of them into one part.
    if len(cut_off) in (0, len(documents)):
        cut_off = {random.Random(seed).randrange(len(documents))}
    kept = [document for i, document in enumerate(documents) if i not in cut_off]
    return kept, [document for i, document in enumerate(documents) if i in cut_off]


def cut_random(items: Sequence[T], size: int, seed: int) -> tuple[list[T], list[T]]:
    """Cut `size` items off at random, and keep the order of the items in both parts.

    Args:
        items (`Sequence[T]`): Items to cut.
        size (`int`): Number of items to cut off.
        seed (`int`): Seed of the choice.

    Returns:
        `tuple[list[T], list[T]]`: The remaining items, and those cut off.
    """
    cut_off = set(random.Random(seed).sample(range(len(items)), size))
    kept = [item for i, item in enumerate(items) if i not in cut_off]
    return kept, [item for i, item in enumerate(items) if i in cut_off]


def cut_tenths(items: Sequence[T], seed: int) -> dict[str, list[T]]:
    """Cut a tenth off at random for `"test"` and as many for `"validation"`; the rest is `"train"`.

    The arguments are those of `cut_random`.
    """
    tenth = round(0.1 * len(items))
    rest, test = cut_random(items, tenth, seed)
    train, validation = cut_random(rest, tenth, seed)
    return {"train": train, "validation": validation, "test": test}
