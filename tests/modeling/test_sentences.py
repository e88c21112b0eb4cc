# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Sentences from flat ids, against a loop over the tokens."""

import pytest
import torch

from labelwise.modeling.sentences import as_one_sentence, cut_sentences


def by_hand(document: str, max_sentences: int, max_words: int) -> list[list[int]]:
    """Positions of the words by sentence; `w` is a word, `.` an end mark, `_` padding."""
    sentences, sentence = [], []
    for position, sign in enumerate(document + "."):
        if sign == "w":
            sentence.append(position)
        elif sign == "." and sentence:
            sentences.append(sentence[:max_words])
            sentence = []
    return sentences[:max_sentences]


def cut(documents: list[str], max_sentences=99, max_words=99):
    signs = [list(document) for document in documents]
    is_token = torch.tensor([[sign != "_" for sign in row] for row in signs], dtype=torch.bool)
    # What stands under padding is arbitrary: an end mark there must not count.
    is_end = torch.tensor([[sign in "._" for sign in row] for row in signs], dtype=torch.bool)
    return cut_sentences(is_token, is_end, max_sentences, max_words)


def as_lists(grid) -> list[list[list[int]]]:
    documents = []
    for positions, mask in zip(grid.positions_BMS, grid.mask_BMS, strict=True):
        rows = [row[kept].tolist() for row, kept in zip(positions, mask, strict=True)]
        lengths = [len(row) for row in rows]
        assert lengths == sorted(lengths, key=lambda length: length == 0)  # empty rows come last
        assert all(kept[:length].all() for kept, length in zip(mask, lengths, strict=True))  # no holes
        documents.append([row for row in rows if row])
    return documents


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("ww.w.", [[0, 1], [3]]),
        ("ww.w", [[0, 1], [3]]),  # the last mark may be missing
        ("..ww...w..", [[2, 3], [7]]),  # empty sentences do not count
        ("__ww.w", [[2, 3], [5]]),
        ("w_w.__w_", [[0, 2], [6]]),  # holes
        ("....", []),
        ("____", []),
        ("wwww", [[0, 1, 2, 3]]),
    ],
)
def test_what_a_sentence_is(document, expected):
    assert as_lists(cut([document])) == [expected] == [by_hand(document, 99, 99)]


@pytest.mark.parametrize(("max_sentences", "max_words"), [(1, 1), (2, 3), (3, 2), (99, 99)])
def test_random_documents(max_sentences, max_words):
    generator = torch.Generator().manual_seed(0)
    documents = ["".join("www._"[i] for i in torch.randint(5, (25,), generator=generator).tolist()) for _ in range(200)]
    grid = cut(documents, max_sentences, max_words)
    assert as_lists(grid) == [by_hand(document, max_sentences, max_words) for document in documents]
    assert grid.positions_BMS[~grid.mask_BMS].eq(0).all()


def test_the_grid_is_as_small_as_the_batch_allows():
    assert cut(["ww.w.", "www.."], 40, 20).mask_BMS.shape == (2, 2, 3)
    assert cut(["ww.w.", "www.."], 1, 2).mask_BMS.shape == (2, 1, 2)
    assert cut(["__", ".."]).mask_BMS.shape == (2, 1, 1)
    assert cut(["", ""]).mask_BMS.shape == (2, 1, 1)


def test_words_as_one_sentence():
    is_word = torch.tensor([[sign == "w" for sign in document] for document in ("ww.w_", "_w.ww", "..__w", ".....")])
    grid = as_one_sentence(is_word, 2)
    assert as_lists(grid) == [[[0, 1]], [[1, 3]], [[4]], []]
    assert grid.mask_BMS.shape == (4, 1, 2)


def test_values_go_back_to_their_tokens():
    documents = ["ww.w._", "_w.www", "...___"]
    grid = cut(documents, max_words=2)
    weights = torch.rand(3, 2, *grid.mask_BMS.shape[1:])
    flat = grid.to_flat(weights, 6)
    expected = torch.zeros(3, 2, 6)
    for number, document in enumerate(documents):
        for row, sentence in enumerate(by_hand(document, 99, 2)):
            for column, position in enumerate(sentence):
                expected[number, :, position] = weights[number, :, row, column]
    assert flat.equal(expected)
