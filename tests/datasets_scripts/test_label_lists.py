# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pyarrow
import pytest

from labelwise.datasets_scripts.label_lists import LabelLists

ROWS = [[2, 0], [], [1], [3, 1, 2], []]


def rows(lists):
    return [lists[i] for i in range(len(lists))]


@pytest.fixture
def lists():
    return LabelLists.from_rows(ROWS)


def test_lists_come_back(lists):
    assert rows(lists) == ROWS
    assert rows(LabelLists()) == []
    lists.append(iter((7, 8)))
    assert (len(lists), lists[5]) == (6, [7, 8])


def test_arrays(lists):
    assert lists.ids.tolist() == [2, 0, 1, 3, 1, 2]
    assert lists.offsets.tolist() == [0, 2, 2, 3, 6, 6]
    assert lists.lengths.tolist() == [2, 0, 1, 3, 0]
    assert lists.documents.tolist() == [0, 0, 2, 3, 3, 3]


@pytest.mark.parametrize("chosen", [[0, 1, 2, 3, 4], [3], [], [4, 0], [2, 2, 1]])
def test_some_documents(lists, chosen):
    assert rows(lists.take(np.array(chosen, dtype=np.int64))) == [ROWS[i] for i in chosen]


def test_new_ids_ascend_in_each_list(lists):
    assert rows(lists.renumber(np.array([9, 5, 7, 6]))) == [[7, 9], [], [5], [5, 6, 7], []]


def test_fingerprints_are_the_same_for_equal_lists_alone():
    one = LabelLists.from_rows([[1, 2], [], [2, 1], [1, 2]]).fingerprints()
    other = LabelLists.from_rows([[], [1, 2]]).fingerprints()
    assert one[0] == one[3] == other[1] and one[1] == other[0]
    assert len({*one.tolist()}) == 3


def test_arrow(lists):
    array = lists.to_arrow(pyarrow.list_(pyarrow.int64()))
    assert array.type == pyarrow.list_(pyarrow.int64())
    assert array.to_pylist() == ROWS
    assert len(LabelLists().to_arrow(pyarrow.list_(pyarrow.int64()))) == 0
