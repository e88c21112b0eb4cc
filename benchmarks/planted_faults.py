# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Faults planted in a corpus, to measure whether an audit finds them: copies of texts, names and labels.

Shapes: D documents, L labels.
"""

import random
from dataclasses import dataclass, replace

import numpy as np

from labelwise.analysis.all_splits import AllSplits

# How labels are flipped: "moved" keeps the frequency of each label, "uniform" is every pair with the same probability.
FLIPS = {
    "moved": "labels removed from a document that has them, and as many given to others",
    "uniform": "all pairs of a document and a label, flipped",
}


@dataclass
class PlantedCopies:
    """A corpus with copies of some of its documents at its end.

    Attributes:
        documents (`AllSplits`): The documents, and the copies.
        source, copy (`np.ndarray` of shape `(copies,)`): Number of each document that was copied, and of its copy.
        is_exact (`np.ndarray` of shape `(copies,)`): Whether a copy differs in white space only.
        has_other_labels (`np.ndarray` of shape `(copies,)`): Whether a copy has other labels.
    """

    documents: AllSplits
    source: np.ndarray
    copy: np.ndarray
    is_exact: np.ndarray
    has_other_labels: np.ndarray


def plant_copies(documents: AllSplits, number: int, seed: int) -> PlantedCopies:
    """Add copies of documents: half exact, half with one word in twenty changed (at least one), and half of each with
    other labels.

    Args:
        documents (`AllSplits`): A corpus.
        number (`int`): Number of copies.
        seed (`int`): Seed of what is copied and changed.
    """
    rng = random.Random(seed)
    long_enough = [row for row, text in enumerate(documents.texts) if len(text.split()) >= 5]
    source = np.array(rng.sample(long_enough, number))
    words = sorted({word for row in source for word in documents.texts[row].split()})
    is_exact, has_other_labels = np.arange(number) % 2 == 0, np.arange(number) % 4 >= 2
    texts, labels_DL = [], documents.labels_DL[source].copy()
    for row, exact, other, labels_L in zip(source, is_exact, has_other_labels, labels_DL, strict=True):
        text = documents.texts[row]
        texts.append("  ".join(text.split()) if exact else _change_words(text, words, rng))
        if other:
            label = rng.randrange(len(labels_L))
            labels_L[label] = 0 if labels_L[label] == 1 else 1
    copies = replace(
        documents,
        split_D=np.concatenate([documents.split_D, documents.split_D[source]]),
        ids=[*documents.ids, *(f"copy of {documents.ids[row]}" for row in source)],
        texts=[*documents.texts, *texts],
        labels_DL=np.concatenate([documents.labels_DL, labels_DL]),
    )
    return PlantedCopies(copies, source, len(documents.ids) + np.arange(number), is_exact, has_other_labels)


def _change_words(text: str, words: list[str], rng: random.Random) -> str:
    """Return a text in which one word in twenty is replaced by another, left out, or added."""
    changed = text.split()
    for _ in range(max(1, len(changed) // 20)):
        place = rng.randrange(len(changed))
        kept, word = rng.choice([(0, 1), (0, 0), (1, 1)]), rng.choice(words)
        changed[place : place + 1] = [changed[place]] * kept[0] + [word] * kept[1]
    return " ".join(changed)


def plant_names(names: list[str], number: int, seed: int) -> list[tuple[str, str, str]]:
    """Return labels and other spellings of their names, as if some annotators had written them so.

    Args:
        names (`list[str]`): Names of the labels.
        number (`int`): Labels of each kind of spelling.
        seed (`int`): Seed of the choice.

    Returns:
        `list[tuple[str, str, str]]`: A label, its other spelling, and the kind of the spelling.
    """
    rng = random.Random(seed)
    long_enough = [name for name in names if sum(map(str.isalpha, name)) >= 5]
    planted = []
    for kind in ("case", "white space", "plural", "letter"):
        for name in rng.sample(long_enough, number):
            place = rng.randrange(1, len(name) - 1)
            other = {
                "case": name.upper() if name != name.upper() else name.lower(),
                "white space": f"{name[:place]}{rng.choice('-_ ')}{name[place:]}",
                "plural": f"{name}s",
                "letter": name[:place] + name[place + 1 :],
            }[kind]
            planted.append((name, other, kind))
    return planted


def flip_labels(labels_DL: np.ndarray, how: str, share: float, seed: int) -> np.ndarray:
    """Return labels of which some are wrong.

    Args:
        labels_DL (`np.ndarray` of shape `(documents, num_labels)`): Ones and zeros.
        how (`str`): A key of `FLIPS`.
        share (`float`): Share of the labels that apply which are moved, or of all pairs that are flipped.
        seed (`int`): Seed of the choice.
    """
    rng = np.random.default_rng(seed)
    flipped_DL = labels_DL.copy()
    if how == "uniform":
        is_flipped = rng.random(labels_DL.shape) < share
        flipped_DL[is_flipped] = 1 - labels_DL[is_flipped]
        return flipped_DL
    for label, labels_D in enumerate(labels_DL.T):
        applies, others = np.flatnonzero(labels_D == 1), np.flatnonzero(labels_D == 0)
        number = min(round(share * len(applies)), len(others))
        flipped_DL[rng.choice(applies, number, replace=False), label] = 0
        flipped_DL[rng.choice(others, number, replace=False), label] = 1
    return flipped_DL
