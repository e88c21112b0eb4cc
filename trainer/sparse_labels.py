# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The labels of documents as a sparse array, of which most are 0. Shapes: D documents of a block, L labels."""

import datasets
import numpy as np
from scipy import sparse

_PAIRS = 2**22  # documents times labels of a block


def label_array(documents: datasets.Dataset) -> sparse.csr_array:
    """Return the labels of documents as a sparse array of shape `(documents, num_labels)`; only a block is ever dense.

    Args:
        documents (`datasets.Dataset`): With the column `labels`: 1, 0, or -100 where unknown, for each label.
    """
    labels = documents.with_format("numpy", columns=["labels"])
    step = max(1, _PAIRS // len(labels[0]["labels"]))
    blocks_DL = (labels[start : start + step]["labels"] for start in range(0, len(labels), step))
    return sparse.vstack([sparse.csr_array(block_DL) for block_DL in blocks_DL], format="csr")


def count_labels_of(documents: datasets.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Return in how many documents each label applies, and in how many it does not, `(num_labels,)` each."""
    labels = label_array(documents)
    number, num_labels = labels.shape
    positives_L = np.bincount(labels.indices[labels.data == 1], minlength=num_labels)
    return positives_L, number - np.bincount(labels.indices, minlength=num_labels)


def columns_of_rows(array: sparse.sparray) -> list[np.ndarray]:
    """Return the columns of the nonzero numbers of each row, in their order."""
    rows = sparse.csr_array(array)
    rows.eliminate_zeros()
    rows.sort_indices()
    return np.split(rows.indices.astype(np.int64), rows.indptr[1:-1])


__all__ = ["columns_of_rows", "count_labels_of", "label_array"]
