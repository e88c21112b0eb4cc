# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels of documents as a sparse array, read block by block."""

import datasets
import numpy as np
import pytest
from scipy import sparse

from labelwise.trainer import sparse_labels
from labelwise.trainer.sparse_labels import columns_of_rows, count_labels_of, label_array

NUMBERS = [[1, -100, 1], [-100, -100, -100], [0, 1, 0], [1, 1, -100], [0, 0, 0]]


@pytest.mark.parametrize("pairs", [1, 7, 2**22])
def test_array_and_counts_are_those_of_the_numbers(pairs, monkeypatch):
    monkeypatch.setattr(sparse_labels, "_PAIRS", pairs)
    documents = datasets.Dataset.from_dict({"input_ids": [[5]] * 5, "labels": NUMBERS})
    assert label_array(documents).toarray().tolist() == NUMBERS
    assert [counts.tolist() for counts in count_labels_of(documents)] == [[2, 2, 1], [2, 1, 2]]
    assert label_array(documents.select([4, 2])).toarray().tolist() == [NUMBERS[4], NUMBERS[2]]


def test_columns_of_rows():
    array = sparse.csr_array(np.array([[0, 3, 1], [0, 0, 0], [2, 0, 0]]))
    assert [columns.tolist() for columns in columns_of_rows(array)] == [[1, 2], [], [0]]
    assert [columns.tolist() for columns in columns_of_rows(array.T)] == [[2], [0], [0]]
