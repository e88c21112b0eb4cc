# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Pairs of similar texts against a comparison of all pairs."""

import random
from itertools import combinations

import numpy as np
import pytest

from labelwise.analysis.near_duplicates import find_near_duplicates, normalize


def grams(text: str) -> set[str]:
    text = normalize(text).ljust(5)
    return {text[start : start + 5] for start in range(len(text) - 4)}


def all_pairs(texts, similarity) -> dict[tuple[int, int], float]:
    sets = list(map(grams, texts))
    scores = {(a, b): len(sets[a] & sets[b]) / len(sets[a] | sets[b]) for a, b in combinations(range(len(texts)), 2)}
    return {pair: score for pair, score in scores.items() if score >= similarity}


def make_texts(number: int, seed: int = 0) -> list[str]:
    rng = random.Random(seed)
    words = ["".join(rng.choices("abcdefghijklmno", k=rng.randint(2, 9))) for _ in range(300)]
    texts = [" ".join(rng.choices(words, k=rng.randint(1, 60))) for _ in range(number)]
    for source in rng.sample(texts, number // 4):
        changed = source.split()
        changed[rng.randrange(len(changed))] = rng.choice(words)
        texts.append(" ".join(changed))
    return list(dict.fromkeys(texts))


@pytest.mark.parametrize("similarity", [0.6, 0.8])
def test_all_pairs_are_found_with_their_similarity(similarity):
    texts = make_texts(200)
    pairs_P2, similarity_P = find_near_duplicates(texts, similarity)
    expected = all_pairs(texts, similarity)
    assert len(expected) >= 10
    found = dict(zip(map(tuple, pairs_P2.tolist()), similarity_P.tolist(), strict=True))
    assert found.items() <= expected.items()
    assert len(found) >= 0.99 * len(expected)
    assert find_near_duplicates(texts, similarity)[0].tolist() == pairs_P2.tolist()


def test_case_and_punctuation_do_not_count():
    texts = ["Thank you so much!", "something else entirely", "thank  you, so MUCH", "ΣΊΣΥΦΟΣ", "σίσυφος"]
    pairs_P2, similarity_P = find_near_duplicates(texts, 1)
    assert pairs_P2.tolist() == [[0, 2], [3, 4]]
    assert similarity_P.tolist() == [1, 1]


def test_short_and_strange_texts():
    texts = ["", "a", "b", "!!!", "???", "👍", "我", "我们", "\ud83d", "x" * 5, "x" * 500]
    pairs_P2, _ = find_near_duplicates(texts)
    assert pairs_P2.tolist() == [[9, 10]]  # one 5-gram


@pytest.mark.parametrize("texts", [[], ["one text alone"]])
def test_nothing_to_compare(texts):
    pairs_P2, similarity_P = find_near_duplicates(texts)
    assert pairs_P2.shape == (0, 2)
    assert similarity_P.shape == (0,)


def test_thousands_of_forms_from_one_template_stay_connected():
    texts = [f"Your order has been shipped today; it will arrive soon. Order {number}" for number in range(3000)]
    pairs_P2, _ = find_near_duplicates(texts)
    assert len(pairs_P2) <= 30_000  # of 4.5 million
    assert len(np.unique(pairs_P2)) == len(texts)
