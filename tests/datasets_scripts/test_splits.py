# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
from collections import Counter

import numpy as np
import pytest

from labelwise.datasets_scripts import splits
from labelwise.datasets_scripts.documents import Document
from labelwise.datasets_scripts.label_lists import LabelLists
from labelwise.datasets_scripts.own_data.spool import text_key
from labelwise.datasets_scripts.splits import choose_stratified, cut_random, cut_stratified


def make(label_sets):
    return [Document(str(i), f"text {i}", labels) for i, labels in enumerate(label_sets)]


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
    documents = [Document(str(i), f"text {i}", ["a"], ["b"]) for i in range(10)]
    kept, cut_off = cut_stratified(documents, 0.2, seed=0)
    assert sorted(kept + cut_off) == documents


@pytest.mark.parametrize("seed", range(5))
def test_documents_of_one_text_stay_together(seed):
    # Every text occurs twice, with other whitespace; one of its documents has a second label.
    pairs = [[("one two", [name]), (" one\ttwo\n", [name, "b"])] for name in "ac" * 20]
    texts = [(text.replace("one", str(i)), labels) for i, pair in enumerate(pairs) for text, labels in pair]
    keys = np.array([text_key(text) for text, _ in texts], dtype=np.uint64)
    labels = LabelLists.from_rows(["abc".index(name) for name in names] for _, names in texts)
    chosen = np.flatnonzero(choose_stratified(labels, keys, 0.1, seed))
    assert (chosen[::2] + 1).tolist() == chosen[1::2].tolist()
    assert Counter(name for row in chosen for name in texts[row][1]) == {"a": 4, "c": 4, "b": 4}


def test_two_texts_are_one_on_each_side():
    labels, keys = LabelLists.from_rows([[0]] * 9), np.array([1] * 7 + [2] * 2, dtype=np.uint64)
    assert {choose_stratified(labels, keys, 0.1, seed).sum() for seed in range(5)} <= {2, 7}


def test_the_corpora_of_papers_keep_copies_apart():
    documents = [Document(str(i), "the same text", ["a"]) for i in range(20)]
    assert [len(part) for part in cut_stratified(documents, 0.1, seed=0)] == [18, 2]


def test_a_cut_of_rare_labels_is_topped_up():
    labels = LabelLists.from_rows([i % 100] for i in range(300))  # of three documents each, of which it cuts none off
    chosen = np.flatnonzero(choose_stratified(labels, np.arange(300), 0.1, seed=0))
    assert len({*(chosen % 100).tolist()}) == len(chosen) == 30


def test_the_top_up_keeps_half_of_the_documents_of_each_label():
    labels = LabelLists.from_rows([i % 100] for i in range(300))
    chosen = np.flatnonzero(choose_stratified(labels, np.arange(300), 0.4, seed=0))  # of 120, 20 are too many
    assert Counter((chosen % 100).tolist()) == dict.fromkeys(range(100), 1)


def test_many_documents_are_stratified_in_blocks(monkeypatch):
    labels = LabelLists.from_rows([i % 3, *([3] if i % 40 == 0 else [])] for i in range(4000))
    monkeypatch.setattr(splits, "_CELLS", 1)
    chosen = choose_stratified(labels, np.arange(4000), 0.1, seed=0)
    shares = np.bincount(labels.take(np.flatnonzero(chosen)).ids) / np.bincount(labels.ids)
    assert chosen.sum() == 400
    assert shares == pytest.approx([0.1, 0.1, 0.1, 0.1], abs=0.003)


def test_random():
    kept, cut_off = cut_random("abcdefghij", 3, seed=0)
    assert len(cut_off) == 3 and sorted(kept + cut_off) == list("abcdefghij")
    assert kept == sorted(kept)
    assert cut_random("abcdefghij", 3, seed=0) == (kept, cut_off) != cut_random("abcdefghij", 3, seed=1)
