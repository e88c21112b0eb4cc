# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reproducible cuts of documents into splits."""

import random
from collections.abc import Sequence
from typing import TypeVar

import numpy as np
from iterstrat.ml_stratifiers import MultilabelStratifiedShuffleSplit
from scipy import sparse

from .documents import Document
from .label_lists import LabelLists

T = TypeVar("T")

# Cells of a dense matrix of groups and labels that iterative stratification gets at once.
_CELLS = 1_500_000


def cut_stratified(documents: Sequence[Document], fraction: float, seed: int) -> tuple[list[Document], list[Document]]:
    """Cut a fraction off such that every label has about the same share in both parts.

    Both parts keep the order of the documents, and neither is empty. Unlike `choose_stratified`, which cuts a user's
    own data, it cuts the corpora of papers, whose splits stay as they are: copies of a text may be in both parts.

    Args:
        documents (`Sequence[Document]`): At least two documents.
        fraction (`float`): Share of the documents to cut off, must be > 0 and < 1.
        seed (`int`): Seed of the random choices.

    Returns:
        `tuple[list[Document], list[Document]]`: The remaining documents, and those cut off.
    """
    ids = {name: i for i, name in enumerate(sorted({name for document in documents for name in document.labels}))}
    labels = LabelLists.from_rows(sorted({ids[name] for name in document.labels}) for document in documents)
    is_cut = _stratify(_to_matrix(labels, np.arange(len(documents)), len(ids)), fraction, seed)
    # With few documents, stratification may put all of them into one part.
    if is_cut.all() or not is_cut.any():
        is_cut = np.arange(len(documents)) == random.Random(seed).randrange(len(documents))
    kept = [document for document, cut in zip(documents, is_cut, strict=True) if not cut]
    return kept, [document for document, cut in zip(documents, is_cut, strict=True) if cut]


def choose_stratified(labels: LabelLists, keys: np.ndarray, fraction: float, seed: int) -> np.ndarray:
    """Choose documents to cut off such that every label has about the same share in both parts.

    Iterative stratification (Sechidis et al., *On the Stratification of Multi-Label Data*, ECML PKDD 2011). It leaves
    too few documents for the smaller part where most labels are rare: then more are added, first those that bring a
    label, as long as at least half of the documents of each label remain. A document without which a label would have
    none left is cut off only if there are too few others. Unknown labels count as not set.

    Args:
        labels (`LabelLists`): Label ids of each document.
        keys (`np.ndarray` of shape `(documents,)`): One number per document, the same for documents that must stay
            together; at least two different ones.
        fraction (`float`): Share of the documents to cut off, must be > 0 and < 1.
        seed (`int`): Seed of the random choices.

    Returns:
        `np.ndarray` of shape `(documents,)`: Whether each document is cut off; at least one is, and not all.
    """
    _, first, group_of = np.unique(keys, return_index=True, return_inverse=True)
    # Groups in the order of their first documents.
    num_groups = len(first)
    place = np.empty(num_groups, dtype=np.int32)
    place[np.argsort(first)] = np.arange(num_groups, dtype=np.int32)
    group_of = place[group_of]
    groups_GL = _to_matrix(labels, group_of, int(labels.ids.max(initial=0)) + 1)
    counts = groups_GL.sum(axis=0)

    def labels_of(group: int) -> np.ndarray:
        return groups_GL.indices[groups_GL.indptr[group] : groups_GL.indptr[group + 1]]

    # A label of one group alone cannot be in both parts; it must not keep the others from being so.
    is_chosen = _stratify(groups_GL[:, np.flatnonzero(counts > 1)], fraction, seed)
    order = np.random.default_rng(seed).permutation(num_groups)
    left = counts - groups_GL[is_chosen].sum(axis=0)
    takes_all = np.zeros(num_groups, dtype=bool)  # groups without which a label has no document left
    for group in np.flatnonzero(is_chosen):
        if not left[labels_of(group)].all():
            is_chosen[group], takes_all[group] = False, True
            left[labels_of(group)] += 1
    missing = round(fraction * num_groups) - is_chosen.sum()
    for bringing in (True, False) if missing > 0 else ():
        for group in order:
            own = labels_of(group)
            brings = bool((left[own] == counts[own]).any())
            if is_chosen[group] or (bringing and not brings) or (2 * (left[own] - 1) < counts[own]).any():
                continue
            is_chosen[group] = True
            left[own] -= 1
            missing -= 1
            if not missing:
                break
        if not missing:
            break
    is_chosen[np.flatnonzero(takes_all & ~is_chosen)[: max(0, missing)]] = True
    # With few documents, all of them may be in one part.
    if is_chosen.all() or not is_chosen.any():
        is_chosen = np.arange(num_groups) == order[0]
    return is_chosen[group_of]


def _to_matrix(labels: LabelLists, group_of: np.ndarray, num_labels: int) -> sparse.csr_array:
    """Return a matrix of groups of documents and labels, 1 where a document of the group has the label."""
    ones = np.ones(len(labels.ids), dtype=np.int32)
    shape = (int(group_of.max()) + 1, num_labels)
    groups_GL = sparse.csr_array((ones, (group_of[labels.documents], labels.ids)), shape=shape)
    groups_GL.data[:] = 1
    return groups_GL


def _stratify(groups_GL: sparse.csr_array, fraction: float, seed: int) -> np.ndarray:
    """Return whether iterative stratification cuts each group off.

    The splitter needs a dense matrix and some copies of it. Of many groups, it gets blocks: those with the rarest
    labels first, as it would treat them itself.
    """
    num_groups, num_labels = groups_GL.shape
    num_blocks = -(-num_groups // max(1_000, _CELLS // (num_labels + 2)))
    blocks = [np.arange(num_groups)]
    if num_blocks > 1:
        shares = 1 / groups_GL.sum(axis=0)[groups_GL.indices]
        rarest = sparse.csr_array((shares, groups_GL.indices, groups_GL.indptr), groups_GL.shape).max(axis=1)
        blocks = np.array_split(np.argsort(-rarest.toarray().ravel(), kind="stable"), num_blocks)
    is_chosen = np.zeros(num_groups, dtype=bool)
    for block in blocks:
        block_GL = groups_GL[block]
        # The splitter needs two columns or more; columns of zeros do not influence the cut.
        dense_GL = np.zeros((len(block), num_labels + 2), dtype=bool)
        dense_GL[:, :-2] = block_GL.astype(bool).toarray()
        splitter = MultilabelStratifiedShuffleSplit(n_splits=1, test_size=fraction, random_state=seed)
        is_chosen[block[next(splitter.split(dense_GL, dense_GL))[1]]] = True
    return is_chosen


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
