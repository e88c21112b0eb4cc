# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Generated documents and texts."""

from dataclasses import replace

import pytest
import torch

from benchmarks.documents import PAD, SEP, corpus_texts, flat_documents, hierarchical_documents
from benchmarks.sizes import FULL


def test_lengths_are_log_normal_with_the_median_and_the_limit():
    lengths = torch.tensor([len(words) for (words,) in flat_documents(2000, FULL, 3, seed=0).sentences])
    assert 145 < lengths.median() < 165
    assert lengths.max() == FULL.max_words
    assert 0.5 < lengths.clamp(min=1).log().std() < 0.65


def test_sentences_keep_to_their_limits_and_their_mean():
    documents = hierarchical_documents(300, FULL, 3, seed=0)
    lengths = [len(words) for document in documents.sentences for words in document]
    assert max(map(len, documents.sentences)) == FULL.max_sentences
    assert max(lengths) <= FULL.max_words_per_sentence
    assert abs(sum(lengths) / len(lengths) - FULL.mean_words_per_sentence) < 0.2


def test_the_seed_decides():
    one, same, other = (flat_documents(5, FULL, 3, seed) for seed in (1, 1, 2))
    assert torch.equal(one.flat_ids(False), same.flat_ids(False))
    assert one.num_words != other.num_words


def test_flat_and_grid_ids_hold_the_same_words():
    sizes = replace(FULL, max_sentences=5, max_words_per_sentence=6, mean_words_per_sentence=3)
    documents = hierarchical_documents(4, sizes, 3, seed=0)
    flat, grid = documents.flat_ids(marks=True), documents.grid_ids()
    assert (flat == SEP).sum() == documents.num_sentences
    for row, sheet in zip(flat, grid, strict=True):
        words = row[(row != PAD) & (row != SEP)]
        assert torch.equal(words, sheet[sheet != PAD])
    assert (grid != PAD).sum() == documents.num_words


def test_a_stand_in_says_that_it_is_one(tmp_path):
    # Chinese texts, which take a second to generate, are read by the rows of `side_by_side`.
    one, same = (corpus_texts("goemotions", str(tmp_path), 20) for _ in range(2))
    assert "stand-in" in one.source
    assert len(one.texts) == 20
    assert one.texts == same.texts


def test_texts_of_a_corpus(tmp_path):
    folder = tmp_path / "bdci_car2018"
    folder.mkdir()
    with pytest.raises(ValueError, match="train"):  # no stand-in if the folder exists without its file
        corpus_texts("bdci_car2018", str(tmp_path), 20)
