# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""How often labels apply, and how often together.

Shapes: D documents, L labels.
"""

import numpy as np
import pandas as pd
from scipy import sparse

from .all_splits import AllSplits


def count_labels(documents: AllSplits) -> pd.DataFrame:
    """Return the documents of each label, the most frequent label first.

    Returns:
        `pd.DataFrame`: `label`, the number of its documents in each split and in `all`, `share` of the documents in
        which it is known, `unknown` (documents in which it is not), `alone` (documents with no other label), and
        `most_often_with`, the label that most of its documents have too, with `share_of_it`, of those of its documents
        in which that one is known.
    """
    applies_DL = documents.labels_DL == 1
    unknown_L = (documents.labels_DL == -100).sum(axis=0)
    counts = {
        name: applies_DL[documents.split_D == number].sum(axis=0) for number, name in enumerate(documents.split_names)
    }
    all_L = applies_DL.sum(axis=0)
    together_LL = count_together(documents.labels_DL)
    np.fill_diagonal(together_LL, 0)
    partner_L = together_LL.argmax(axis=1)
    shared_L = together_LL[np.arange(len(partner_L)), partner_L]
    of_L = count_known(documents.labels_DL)[np.arange(len(partner_L)), partner_L]
    table = pd.DataFrame(
        {
            "label": documents.label_names,
            **counts,
            "all": all_L,
            "share": all_L / np.maximum(len(applies_DL) - unknown_L, 1),
            "unknown": unknown_L,
            "alone": applies_DL[applies_DL.sum(axis=1) == 1].sum(axis=0),
            "most_often_with": [
                documents.label_names[partner] if shared else ""
                for partner, shared in zip(partner_L, shared_L, strict=True)
            ],
            "share_of_it": shared_L / np.maximum(of_L, 1),
        }
    )
    return table.sort_values("all", ascending=False, kind="stable", ignore_index=True)


def count_together(labels_DL: np.ndarray) -> np.ndarray:
    """Return the number of documents to which two labels apply, shape `(num_labels, num_labels)`."""
    return _count_both(labels_DL == 1, labels_DL == 1)


def count_known(labels_DL: np.ndarray) -> np.ndarray:
    """Return the number of documents to which a label (row) applies and of which another (column) is known."""
    # Products of unknown labels, few as a rule, are cheaper than those of known ones.
    return (labels_DL == 1).sum(axis=0)[:, None] - _count_both(labels_DL == 1, labels_DL == -100)


def _count_both(one_DL: np.ndarray, other_DL: np.ndarray) -> np.ndarray:
    one, other = (sparse.csr_array(array_DL.astype(np.int64)) for array_DL in (one_DL, other_DL))
    return (one.T @ other).toarray()


def list_label_pairs(documents: AllSplits) -> pd.DataFrame:
    """Return the labels that apply together, the most correlated first.

    Returns:
        `pd.DataFrame`: `label`, `other`, the number of documents with both (`together`), shares of the documents of
        each that have the other (`share_of_label`, `share_of_other`), and their `correlation` (phi), all over the
        documents of which both are known.
    """
    together_LL, known_LL = count_together(documents.labels_DL), count_known(documents.labels_DL)
    is_unknown_DL = documents.labels_DL == -100
    unknown_L, both_LL = is_unknown_DL.sum(axis=0), _count_both(is_unknown_DL, is_unknown_DL)
    one, two = np.nonzero(np.triu(together_LL, k=1))
    number = len(documents.ids) - unknown_L[one] - unknown_L[two] + both_LL[one, two]
    together, count_one, count_two = together_LL[one, two], known_LL[one, two], known_LL[two, one]
    spread = np.sqrt(count_one * (number - count_one)) * np.sqrt(count_two * (number - count_two))
    with np.errstate(invalid="ignore", divide="ignore"):  # a label of all documents has no correlation
        phi = (number * together - count_one * count_two) / spread
    names = np.array(documents.label_names, dtype=object)
    table = pd.DataFrame(
        {
            "label": names[one],
            "other": names[two],
            "together": together,
            "share_of_label": together / count_one,
            "share_of_other": together / count_two,
            "correlation": phi,
        }
    )
    return table.sort_values(["correlation", "together"], ascending=False, kind="stable", ignore_index=True)
