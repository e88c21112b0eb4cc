# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents of all splits of a corpus, one after the other.

Shapes: D documents, L labels.
"""

from dataclasses import dataclass

import numpy as np
from datasets import DatasetDict

from ..trainer.preprocessing import label_matrix, label_names


@dataclass
class AllSplits:
    """Documents of all splits, in the order of the splits.

    Attributes:
        split_names (`list[str]`): Names of the splits.
        split_D (`np.ndarray` of shape `(documents,)`): Number of each document's split.
        ids, texts (`list[str]`): Id and text of each document.
        label_names (`list[str]`): Names of the labels.
        labels_DL (`np.ndarray` of shape `(documents, num_labels)`, int8): 1 where a label applies, 0 where not, -100
            where that is unknown.
    """

    split_names: list[str]
    split_D: np.ndarray
    ids: list[str]
    texts: list[str]
    label_names: list[str]
    labels_DL: np.ndarray

    def in_split(self, name: str) -> np.ndarray:
        """Return for each document whether it is in the split; a split that does not exist has none."""
        number = self.split_names.index(name) if name in self.split_names else -1
        return self.split_D == number

    def names_of(self, row: int) -> list[str]:
        """Return the names of the labels that apply to a document."""
        return [self.label_names[label] for label in np.flatnonzero(self.labels_DL[row] == 1)]


def join_splits(corpus: DatasetDict) -> AllSplits:
    """Return the documents of all splits.

    Args:
        corpus (`DatasetDict`): Splits with the columns `id`, `text`, `labels`, and optionally `unknown_labels`.
    """
    return AllSplits(
        split_names=list(corpus),
        split_D=np.repeat(np.arange(len(corpus)), [len(split) for split in corpus.values()]),
        ids=[document for split in corpus.values() for document in split["id"]],
        texts=[text for split in corpus.values() for text in split["text"]],
        label_names=label_names(corpus),
        labels_DL=np.concatenate([label_matrix(split) for split in corpus.values()]),
    )
