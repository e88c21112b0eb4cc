# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Which label is most often confused with another, block by block of documents.

Shapes: D documents, L labels.
"""

from typing import NamedTuple

import numpy as np

# Wrongly predicted labels of a document that count, those with the highest scores: a model that predicts thousands of
# labels for a document confuses no two of them in particular.
_MOST_WRONG = 50


class Partners(NamedTuple):
    """The label most often confused with each label, and in how many documents; arrays of shape `(num_labels,)`.

    The label is -1 where there is none.
    """

    label: np.ndarray
    documents: np.ndarray


class Confusions:
    """Counts of the documents in which one label was missed and another predicted wrongly."""

    def __init__(self) -> None:
        self._missed: list[np.ndarray] = []  # pairs of document and label, arrays of shape (2, pairs)
        self._wrong: list[np.ndarray] = []
        self._shape = (0, 0)

    def update(
        self, logits_DL: np.ndarray, predicted_DL: np.ndarray, true_DL: np.ndarray, known_DL: np.ndarray
    ) -> None:
        """Add documents."""
        wrong_DL = predicted_DL & known_DL & ~true_DL
        many = np.flatnonzero(wrong_DL.sum(axis=1) > _MOST_WRONG)
        if len(many):
            scores = np.where(wrong_DL[many], logits_DL[many], -np.inf)
            lower = np.argpartition(scores, -_MOST_WRONG, axis=1)[:, :-_MOST_WRONG]
            wrong_DL[many[:, None], lower] = False
        before, _ = self._shape
        for pairs_DL, found in ((true_DL & ~predicted_DL, self._missed), (wrong_DL, self._wrong)):
            documents, labels = pairs_DL.nonzero()
            found.append(np.stack([documents + before, labels]))
        self._shape = (before + len(true_DL), true_DL.shape[1])

    def compute(self) -> Partners:
        """Return the label most often confused with each label, the first of equally frequent ones."""
        from scipy import sparse

        missed, wrong = (np.concatenate(pairs, axis=1) for pairs in (self._missed, self._wrong))
        missed_DL, wrong_DL = (
            sparse.csr_array((np.ones(pairs.shape[1], dtype=np.int64), tuple(pairs)), shape=self._shape)
            for pairs in (missed, wrong)
        )
        instead_LL = missed_DL.T @ wrong_DL
        confused_LL = (instead_LL + instead_LL.T).tocsr()
        confused_LL.sort_indices()
        documents = confused_LL.max(axis=1).toarray().ravel()
        return Partners(np.where(documents > 0, confused_LL.argmax(axis=1).ravel(), -1), documents)
