# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Co-occurrence against counts by hand."""

import numpy as np
import pytest
import torch

from labelwise.trainer.label_cooccurrence import label_cooccurrence

# Labels a, b, c and d: d holds in no document.
LABELS = [
    [1, 1, 0, 0],
    [1, 0, 0, 0],
    [1, 1, 1, 0],
    [0, 0, 1, 0],
    [1, 0, 0, 0],
    [0, 0, 0, 0],
]
BY_HAND = [
    [1, 2 / 4, 1 / 4, 0],  # a four times, twice with b, once with c
    [2 / 2, 1, 1 / 2, 0],
    [1 / 2, 1 / 2, 1, 0],
    [0, 0, 0, 1],
]


@pytest.mark.parametrize("dtype", [np.int8, np.int64, np.float32])
def test_counts_by_hand(dtype):
    found = label_cooccurrence(np.array(LABELS, dtype=dtype))
    assert found.dtype == torch.float32
    torch.testing.assert_close(found, torch.tensor(BY_HAND))


def test_a_label_that_always_holds():
    found = label_cooccurrence([[1, 0], [1, 1], [1, 0]])
    torch.testing.assert_close(found, torch.tensor([[1, 1 / 3], [1, 1]]))


def test_what_is_not_known_is_not_counted():
    """Three documents have a; of one it is not known whether it has b."""
    found = label_cooccurrence([[1, 1], [1, 0], [1, -100], [-100, 1]])
    torch.testing.assert_close(found, torch.tensor([[1, 1 / 2], [1, 1]]))


@pytest.mark.parametrize("labels", [np.zeros((3, 2)), np.full((3, 2), -100), np.zeros((0, 2))], ids=str)
def test_nothing_to_count_is_the_identity(labels):
    assert label_cooccurrence(labels).equal(torch.eye(2))
