# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Cutting one set of documents into two, the same way for the same seed."""

import random
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit

from .documents import Document

T = TypeVar("T")


def cut_stratified(documents: Sequence[Document], fraction: float, seed: int) -> tuple[list[Document], list[Document]]:
    """Cut a fraction off so that both parts hold every label in the same proportion, as far as that goes.

    Iterative stratification (Sechidis et al., *On the Stratification of Multi-Label Data*, ECML PKDD 2011). Both parts
    keep the order of the documents, and neither is empty.

    Args:
        documents (`Sequence[Document]`): At least two documents.
        fraction (`float`): Share of the documents to cut off, between 0 and 1.
        seed (`int`): Seed of the ties that the algorithm breaks at random.

    Returns:
        `tuple[list[Document], list[Document]]`: What remains, and what was cut off.
    """
    names = sorted({name for document in documents for name in document.labels})
    ids = {name: i for i, name in enumerate(names)}
    # Columns that no document holds never guide the cut, but the splitter refuses a matrix of fewer than two.
    labels_NL = np.zeros((len(documents), len(names) + 2), dtype=bool)
    for row, document in enumerate(documents):
        labels_NL[row, [ids[name] for name in document.labels]] = True
    splitter = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=fraction, random_state=seed)
    cut_off = set(next(splitter.split(labels_NL, labels_NL))[1].tolist())
    # With a handful of documents, stratification may give all of them to one side.
    if len(cut_off) in (0, len(documents)):
        cut_off = {random.Random(seed).randrange(len(documents))}
    kept = [document for i, document in enumerate(documents) if i not in cut_off]
    return kept, [document for i, document in enumerate(documents) if i in cut_off]


def cut_random(items: Sequence[T], size: int, seed: int) -> tuple[list[T], list[T]]:
    """Cut `size` items off at random; both parts keep the order of the items.

    Args:
        items (`Sequence[T]`): Items to cut.
        size (`int`): Number of items to cut off.
        seed (`int`): Seed of the choice.

    Returns:
        `tuple[list[T], list[T]]`: What remains, and what was cut off.
    """
    cut_off = set(random.Random(seed).sample(range(len(items)), size))
    kept = [item for i, item in enumerate(items) if i not in cut_off]
    return kept, [item for i, item in enumerate(items) if i in cut_off]


def cut_tenths(items: Sequence[T], seed: int) -> dict[str, list[T]]:
    """Cut a tenth off at random for `"test"`, as many for `"validation"`, and leave the rest for `"train"`.

    Arguments are those of `cut_random`.
    """
    tenth = round(0.1 * len(items))
    rest, test = cut_random(items, tenth, seed)
    train, validation = cut_random(rest, tenth, seed)
    return {"train": train, "validation": validation, "test": test}
