# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents of the same text, or almost the same, within and across splits, and whether their labels agree.

Shapes: D documents, L labels, P pairs.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from ..datasets_scripts.own_data.spool import text_key
from .all_splits import AllSplits
from .near_duplicates import find_near_duplicates


@dataclass
class Duplicates:
    """Which documents have the same text, and which almost the same.

    Attributes:
        text_D (`np.ndarray` of shape `(documents,)`): A number for each text: that of the first document with it. Texts
            are the same if they differ in white space at most. Blank texts have no duplicates.
        group_D (`np.ndarray` of shape `(documents,)`): A number for each group of texts that are the same or almost the
            same; a text belongs to a group if it is almost the same as any of it.
        similarity_D (`np.ndarray` of shape `(documents,)`): Similarity to the most similar other document; NaN for
            documents that are alone in their group.
    """

    text_D: np.ndarray
    group_D: np.ndarray
    similarity_D: np.ndarray

    def same_text(self) -> Iterator[np.ndarray]:
        """Yield the documents of each text that several documents have."""
        return _together(self.text_D)

    def groups(self) -> Iterator[np.ndarray]:
        """Yield the documents of each group of at least two."""
        return _together(self.group_D)


def find_duplicates(texts: list[str], similarity: float = 0.7) -> Duplicates:
    """Find the texts that are the same or almost the same.

    Args:
        texts (`list[str]`): The text of each document.
        similarity (`float`, *optional*, defaults to 0.7): Lowest similarity (`find_near_duplicates`).
    """
    first: dict[int, int] = {}
    text_D = np.arange(len(texts))
    for row, text in enumerate(texts):
        if text.strip():
            text_D[row] = first.setdefault(text_key(text), row)
    numbers = np.fromiter(first.values(), dtype=np.int64, count=len(first))
    pairs_P2, similarity_P = find_near_duplicates([texts[row] for row in numbers], similarity)
    pairs_P2 = numbers[pairs_P2]

    similarity_D = np.full(len(texts), np.nan)
    np.fmax.at(similarity_D, pairs_P2[:, 0], similarity_P)
    np.fmax.at(similarity_D, pairs_P2[:, 1], similarity_P)
    similarity_D = similarity_D[text_D]
    for rows in _together(text_D):
        similarity_D[rows] = 1
    links = sparse.coo_array((np.ones(len(pairs_P2)), pairs_P2.T), shape=(len(texts), len(texts)))
    _, group_D = connected_components(links, directed=False)
    return Duplicates(text_D, group_D[text_D], similarity_D)


def disagree(labels_RL: np.ndarray) -> bool:
    """Return whether a label applies to one of some documents and not to another; unknown ones agree with all."""
    return bool(((labels_RL == 1).any(axis=0) & (labels_RL == 0).any(axis=0)).any())


def count_duplicates(documents: AllSplits, duplicates: Duplicates) -> dict[str, np.ndarray]:
    """Return for each document whether it is a duplicate, by kind.

    Returns:
        `dict[str, np.ndarray]`: Booleans of shape `(documents,)`:
        - `same_text`: an earlier document of its split has the same text.
        - `same_text_in_train`: it is in another split, and a training document has the same text.
        - `near`: another document of its split has almost the same text, none the same.
        - `near_in_train`: it is in another split, and a training document has almost the same text, none the same.
        - `conflict`: a document with the same text has different labels.
        - `near_conflict`: a document with almost the same text has different labels, none with the same text has.
    """
    kinds = ("same_text", "same_text_in_train", "near", "near_in_train", "conflict", "near_conflict")
    found = {kind: np.zeros(len(documents.ids), dtype=bool) for kind in kinds}
    is_train = documents.in_split("train")
    for rows in duplicates.same_text():
        for split in np.unique(documents.split_D[rows]):
            found["same_text"][rows[documents.split_D[rows] == split][1:]] = True
        found["same_text_in_train"][rows] = is_train[rows].any() & ~is_train[rows]
        found["conflict"][rows] = disagree(documents.labels_DL[rows])
    for rows in duplicates.groups():
        texts, splits = duplicates.text_D[rows], documents.split_D[rows]
        for split in np.unique(splits):
            inside = rows[splits == split]
            if len(np.unique(duplicates.text_D[inside])) > 1:
                alone = np.isin(duplicates.text_D[inside], _once(duplicates.text_D[inside]))
                found["near"][inside[alone]] = True
        train_texts = texts[is_train[rows]]
        found["near_in_train"][rows] = ~is_train[rows] & (len(train_texts) > 0) & ~np.isin(texts, train_texts)
        if len(np.unique(texts)) > 1 and disagree(documents.labels_DL[rows]):
            found["near_conflict"][rows] = ~found["conflict"][rows]
    return found


def list_duplicates(documents: AllSplits, duplicates: Duplicates) -> pd.DataFrame:
    """Return the documents of all groups, a row each: groups whose labels differ come first, then large groups.

    Returns:
        `pd.DataFrame`: `group`, `text_number` (the same for the same text), `split`, `id`, `labels` (as JSON), `differ`
        (whether labels of the group differ), `similarity` to the most similar other document, and `text`.
    """
    groups = [(rows, disagree(documents.labels_DL[rows])) for rows in duplicates.groups()]
    groups.sort(key=lambda group: (not group[1], -len(group[0]), group[0][0]))
    rows = [
        {
            "group": number,
            "text_number": int(duplicates.text_D[row]),
            "split": documents.split_names[documents.split_D[row]],
            "id": documents.ids[row],
            "labels": json.dumps(documents.names_of(row), ensure_ascii=False),
            "differ": differ,
            "similarity": round(float(duplicates.similarity_D[row]), 3),
            "text": documents.texts[row],
        }
        for number, (members, differ) in enumerate(groups, start=1)
        for row in members
    ]
    columns = ["group", "text_number", "split", "id", "labels", "differ", "similarity", "text"]
    return pd.DataFrame(rows, columns=columns)


def count_shared(documents: AllSplits, duplicates: Duplicates) -> pd.DataFrame:
    """Return how many documents of a split (row) have a text that occurs in another one (column)."""
    texts = [set(duplicates.text_D[documents.split_D == number]) for number in range(len(documents.split_names))]
    counts = [
        [
            int(np.isin(duplicates.text_D[documents.split_D == one], list(texts[two])).sum()) if one != two else 0
            for two in range(len(texts))
        ]
        for one in range(len(texts))
    ]
    return pd.DataFrame(counts, index=documents.split_names, columns=documents.split_names)


def _together(number_D: np.ndarray) -> Iterator[np.ndarray]:
    """Yield the documents of each number that several have, in ascending order."""
    order = np.argsort(number_D, kind="stable")
    starts = np.flatnonzero(np.diff(number_D[order], prepend=-1))
    for rows in np.split(order, starts[1:]):
        if len(rows) > 1:
            yield rows


def _once(numbers: np.ndarray) -> np.ndarray:
    values, counts = np.unique(numbers, return_counts=True)
    return values[counts == 1]
