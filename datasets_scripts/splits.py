# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reproducible cuts of documents into splits."""

import random
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit

from .documents import Document
from .spool import text_key

T = TypeVar("T")


def cut_stratified(documents: Sequence[Document], fraction: float, seed: int) -> tuple[list[Document], list[Document]]:
    """Cut a fraction off such that every label has about the same share in both parts.

    Both parts keep the order of the documents, and neither is empty. Documents of the same text stay together.

    Args:
        documents (`Sequence[Document]`): Documents of at least two texts.
        fraction (`float`): Share of the documents to cut off, must be > 0 and < 1.
        seed (`int`): Seed of the random choices.

    Returns:
        `tuple[list[Document], list[Document]]`: The remaining documents, and those cut off.
    """
    ids = {name: i for i, name in enumerate(sorted({name for document in documents for name in document.labels}))}
    label_ids = [[ids[name] for name in document.labels] for document in documents]
    keys = [text_key(document.text) for document in documents]
    cut_off = choose_stratified(label_ids, keys, fraction, seed)
    kept = [document for i, document in enumerate(documents) if i not in cut_off]
    return kept, [document for i, document in enumerate(documents) if i in cut_off]


def choose_stratified(label_ids: Sequence[Sequence[int]], keys: Sequence[int], fraction: float, seed: int) -> set[int]:
    """Choose documents to cut off such that every label has about the same share in both parts.

    Iterative stratification (Sechidis et al., *On the Stratification of Multi-Label Data*, ECML PKDD 2011). It leaves
    too few documents for the smaller part where most labels are rare: then more are added, first those that bring a
    label, as long as at least half of the documents of each label remain. Unknown labels count as not set.

    Args:
        label_ids (`Sequence[Sequence[int]]`): Labels of each document.
        keys (`Sequence[int]`): One number per document, the same for documents that must stay together; at least two
            different ones.
        fraction (`float`): Share of the documents to cut off, must be > 0 and < 1.
        seed (`int`): Seed of the random choices.

    Returns:
        `set[int]`: Numbers of the documents to cut off; at least one, and not all.
    """
    groups: dict[int, list[int]] = {}
    for row, key in enumerate(keys):
        groups.setdefault(key, []).append(row)
    rows_of = list(groups.values())
    labels_of = [sorted({label for row in rows for label in label_ids[row]}) for rows in rows_of]
    counts = np.bincount([label for labels in labels_of for label in labels], minlength=1)
    chosen = _stratify(labels_of, counts, fraction, seed)
    order = list(range(len(rows_of)))
    random.Random(seed).shuffle(order)
    left, missing = counts.copy(), round(fraction * len(rows_of)) - len(chosen)
    for group in chosen:
        left[labels_of[group]] -= 1
    for bringing in (True, False):
        for group in order if missing > 0 else ():
            labels = labels_of[group]
            brings = bool((left[labels] == counts[labels]).any())
            if group in chosen or (bringing and not brings) or (2 * (left[labels] - 1) < counts[labels]).any():
                continue
            chosen.add(group)
            left[labels] -= 1
            missing -= 1
            if not missing:
                break
    # With few documents, all of them may be in one part.
    if len(chosen) in (0, len(rows_of)):
        chosen = {order[0]}
    return {row for group in chosen for row in rows_of[group]}


def _stratify(labels_of: list[list[int]], counts: np.ndarray, fraction: float, seed: int) -> set[int]:
    """Return the groups that iterative stratification cuts off; labels of one group alone have no influence on it."""
    columns = {label: column for column, label in enumerate(np.flatnonzero(counts > 1).tolist())}
    # The splitter needs two columns or more; columns of zeros do not influence the cut.
    labels_NL = np.zeros((len(labels_of), len(columns) + 2), dtype=bool)
    for row, labels in enumerate(labels_of):
        labels_NL[row, [columns[label] for label in labels if label in columns]] = True
    splitter = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=fraction, random_state=seed)
    return set(next(splitter.split(labels_NL, labels_NL))[1].tolist())


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
