# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts.documents import Document
from labelwise.datasets_scripts.splits import cut_random, cut_stratified


def make(label_sets):
    return [Document(str(i), "text", labels) for i, labels in enumerate(label_sets)]


def test_stratified_keeps_shares():
    documents = make([["common"], ["common", "half"]] * 95 + [["rare"]] * 10)
    kept, cut_off = cut_stratified(documents, 0.1, seed=0)
    assert sorted(kept + cut_off) == sorted(documents)
    assert [int(doc.id) for doc in kept] == sorted(int(doc.id) for doc in kept)
    assert sum("rare" in doc.labels for doc in cut_off) == 1
    assert sum("half" in doc.labels for doc in cut_off) == pytest.approx(9.5, abs=1)


def test_stratified_depends_on_the_seed_alone():
    documents = make([["a"], ["b"], []] * 20)
    one, two, other = (cut_stratified(documents, 0.2, seed) for seed in (0, 0, 1))
    assert one == two != other


@pytest.mark.parametrize("label_sets", [[["a"], ["b"]], [["a"], ["a"]], [[], []], [["a"], []], [["a"]] * 5, [[]] * 7])
def test_neither_side_is_empty(label_sets):
    for seed in range(5):
        kept, cut_off = cut_stratified(make(label_sets), 0.1, seed)
        assert kept and cut_off and len(kept) + len(cut_off) == len(label_sets)


def test_stratified_keeps_unknown_labels():
    documents = [Document(str(i), "text", ["a"], ["b"]) for i in range(10)]
    kept, cut_off = cut_stratified(documents, 0.2, seed=0)
    assert sorted(kept + cut_off) == documents


def test_random():
    kept, cut_off = cut_random("abcdefghij", 3, seed=0)
    assert len(cut_off) == 3 and sorted(kept + cut_off) == list("abcdefghij")
    assert kept == sorted(kept)
    assert cut_random("abcdefghij", 3, seed=0) == (kept, cut_off) != cut_random("abcdefghij", 3, seed=1)
