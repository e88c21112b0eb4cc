# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from labelwise.datasets_scripts.documents import make_features
from labelwise.datasets_scripts.label_lists import LabelLists
from labelwise.datasets_scripts.own_data.spool import BATCH, Spool, SpoolRow, text_key, write_dataset


def row(i):
    unknown = None if i % 3 else f'["u{i}"]'
    return SpoolRow(f"line {i}", f"id {i}", f"Text {i}\u2028é" if i else "", f'["{i}"]', unknown)


@pytest.fixture
def spool(tmp_path):
    """A spool of more than two batches."""
    spool = Spool(tmp_path / "train.rows")
    spool.write(row(i) for i in range(2 * BATCH + 5))
    return spool


def test_rows_come_back_in_order(spool):
    assert len(spool) == 2 * BATCH + 5
    assert [len(batch) for batch in spool.batches()] == [BATCH, BATCH, 5]
    expected = [(one.where, one.labels, one.unknown) for one in map(row, range(2 * BATCH + 5))]
    assert list(spool.labels()) == list(spool.labels()) == expected


def test_no_rows(tmp_path):
    spool = Spool(tmp_path / "train.rows")
    spool.write([])
    assert (len(spool), list(spool.labels())) == (0, [])


def test_a_key_is_the_same_for_texts_that_differ_in_whitespace(tmp_path):
    spool = Spool(tmp_path / "train.rows")
    spool.write(row(1)._replace(text=text) for text in ("a b", " a\n\tb ", "ab", "A b", ""))
    assert spool.keys[0] == spool.keys[1] == text_key("a  b")
    assert len({*spool.keys}) == 4


@pytest.mark.parametrize("in_memory", [True, False])
def test_chosen_rows_become_a_dataset(tmp_path, spool, in_memory):
    chosen = np.array([0, 2, BATCH - 1, BATCH, 2 * BATCH + 4])  # at the ends of batches
    lists = {"labels": LabelLists.from_rows([[0], [], [1, 2], [2], [0, 1]])}
    features = make_features(["a", "b", "c"])
    dataset = write_dataset(tmp_path / "train.arrow", spool, chosen, lists, features, in_memory)
    assert dataset.features == features
    assert dataset["id"][:] == [f"id {i}" for i in chosen]
    assert dataset["text"][:] == [row(i).text for i in chosen]
    assert dataset["labels"][:] == [[0], [], [1, 2], [2], [0, 1]]
    assert bool(dataset.cache_files) is not in_memory


def test_a_dataset_of_no_rows_has_its_columns(tmp_path, spool):
    lists = {"labels": LabelLists()}
    dataset = write_dataset(
        tmp_path / "a.arrow", spool, np.array([], dtype=int), lists, make_features(["a"]), in_memory=True
    )
    assert (len(dataset), dataset.column_names) == (0, ["id", "text", "labels"])
