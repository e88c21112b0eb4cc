# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Texts that are almost the same: MinHash finds candidates, which are then compared exactly.

The similarity of two texts is the Jaccard similarity of their sets of character 5-grams: shared ones over all. Case and
punctuation do not count. MinHash (Broder 1997) with banding (Leskovec, Rajaraman and Ullman, "Mining of Massive
Datasets", ch. 3): the minimum of a random hash over a set is equal for two sets with probability s, their similarity,
so that at least one band of R equal minima out of B is found with probability 1 - (1 - s^R)^B: 1.0000 for s = 0.8,
0.9998 for 0.7, 0.87 for 0.5.

Shapes: T texts, K hash functions, G 5-grams, P pairs.
"""

import re
from functools import lru_cache

import numpy as np

LOWEST_SIMILARITY = 0.5  # too many pairs would be missed below
_WIDTH = 5
_BANDS, _ROWS = 32, 4
_BLOCK = 256  # texts whose 5-grams fit the CPU cache
_COMPARED = 100_000  # pairs at once
# Later texts with which a text is compared, so that a thousand forms filled in from one template do not give a million
# pairs. Groups stay connected.
_NEIGHBOURS = 10
_ESTIMATE_MARGIN = 0.2  # over four standard deviations of an estimate from 128 hash functions

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def find_near_duplicates(texts: list[str], similarity: float = 0.7, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Find pairs of texts that are almost the same.

    Args:
        texts (`list[str]`): The texts, all different.
        similarity (`float`, *optional*, defaults to 0.7): Lowest similarity of a pair, >= `LOWEST_SIMILARITY`.
        seed (`int`, *optional*, defaults to 0): Seed of the hash functions.

    Returns:
        `np.ndarray` of shape `(pairs, 2)`: Numbers of the texts, the lower one first. Where many texts are almost the
        same, not all of their pairs, but enough to connect them.
        `np.ndarray` of shape `(pairs,)`: Their similarities.
    """
    first: dict[str, int] = {}
    equal = []
    for number, text in enumerate(texts):
        normal = normalize(text)
        if first.setdefault(normal, number) != number:
            equal.append((first[normal], number))
    distinct, numbers = list(first), np.fromiter(first.values(), dtype=np.int64, count=len(first))
    signatures_TK = _signatures(distinct, seed)
    candidates_P2 = _candidates(signatures_TK, similarity - _ESTIMATE_MARGIN)
    grams = lru_cache(maxsize=4096)(lambda number: _grams(distinct[number]))
    found, similarities = [], []
    for one, two in candidates_P2.tolist():
        shared = len(grams(one) & grams(two))
        score = shared / (len(grams(one)) + len(grams(two)) - shared)
        if score >= similarity:
            found.append((one, two))
            similarities.append(score)
    near_P2 = np.sort(numbers[np.array(found, dtype=np.int64).reshape(-1, 2)], axis=1)
    pairs_P2 = np.concatenate([np.array(equal, dtype=np.int64).reshape(-1, 2), near_P2])
    return pairs_P2, np.array([1.0] * len(equal) + similarities)


def normalize(text: str) -> str:
    """Return a text in lower case, with one space for everything between letters and digits.

    A text without letters and digits, such as one of emoji, stays as it is but for white space.
    """
    return re.sub(r"[\W_]+", " ", text.casefold()).strip() or " ".join(text.split())


def _grams(text: str) -> set[str]:
    text = text.ljust(_WIDTH)
    return {text[start : start + _WIDTH] for start in range(len(text) - _WIDTH + 1)}


def _signatures(texts: list[str], seed: int) -> np.ndarray:
    """Return the minima of all hash functions, shape `(texts, hash functions)`."""
    rng = np.random.default_rng(seed)
    number = _BANDS * _ROWS
    factors = rng.integers(0, 2**63, number, dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    summands = rng.integers(0, 2**63, number, dtype=np.uint64)
    signatures_TK = np.empty((len(texts), number), dtype=np.uint32)
    for start in range(0, len(texts), _BLOCK):
        block = [text.ljust(_WIDTH) for text in texts[start : start + _BLOCK]]
        hashes_G, first_grams = _hash_grams(block)
        for column, (factor, summand) in enumerate(zip(factors, summands, strict=True)):
            values_G = ((hashes_G * factor + summand) >> np.uint64(32)).astype(np.uint32)
            signatures_TK[start : start + _BLOCK, column] = np.minimum.reduceat(values_G, first_grams)
    return signatures_TK


def _hash_grams(texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return a hash of every 5-gram of every text, and the position of each text's first one."""
    codes = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    hashes = np.zeros(len(codes) - _WIDTH + 1, dtype=np.uint64)
    for place in range(_WIDTH):
        hashes = (hashes ^ codes[place : len(hashes) + place]) * _GOLDEN
        hashes ^= hashes >> np.uint64(29)
    lengths = np.array([len(text) for text in texts])
    is_inside = np.ones(len(codes), dtype=bool)
    for place in range(1, _WIDTH):  # 5-grams across the end of a text
        is_inside[lengths.cumsum() - place] = False
    counts = lengths - _WIDTH + 1
    return hashes[is_inside[: len(hashes)]], counts.cumsum() - counts


def _candidates(signatures_TK: np.ndarray, estimate: float) -> np.ndarray:
    """Return pairs that share a band and whose share of equal minima is at least `estimate`, each once."""
    number = len(signatures_TK)
    pairs_P, estimates_P = np.empty(0, dtype=np.int64), np.empty(0)  # a pair is one number
    for start in range(0, _BANDS * _ROWS, _ROWS):
        keys_T = np.zeros(number, dtype=np.uint64)
        for column in range(start, start + _ROWS):
            keys_T = (keys_T ^ signatures_TK[:, column]) * _GOLDEN
            keys_T ^= keys_T >> np.uint64(31)
        order = np.argsort(keys_T, kind="stable")
        keys_T = keys_T[order]
        found = [np.empty(0, dtype=np.int64)]
        for distance in range(1, _NEIGHBOURS + 1):
            same = np.flatnonzero(keys_T[distance:] == keys_T[:-distance])
            found.append(order[same] * number + order[same + distance])  # the order is stable: the lower one is first
        new_P = np.setdiff1d(np.concatenate(found), pairs_P)
        new_estimates = [estimates_P]
        for part in range(0, len(new_P), _COMPARED):
            one, two = np.divmod(new_P[part : part + _COMPARED], number)
            new_estimates.append((signatures_TK[one] == signatures_TK[two]).mean(axis=1))
        pairs_P, estimates_P = np.concatenate([pairs_P, new_P]), np.concatenate(new_estimates)
        is_kept = estimates_P >= estimate
        pairs_P, estimates_P = _most_similar(pairs_P[is_kept], estimates_P[is_kept], number)
    return np.stack(np.divmod(np.sort(pairs_P), max(number, 1)), axis=1)


def _most_similar(pairs_P: np.ndarray, estimates_P: np.ndarray, number: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of each text with the few later texts that are most similar to it."""
    order = np.lexsort((pairs_P, -estimates_P, pairs_P // max(number, 1)))
    first = pairs_P[order] // max(number, 1)
    rank = np.arange(len(first)) - np.searchsorted(first, first)
    kept = order[rank < _NEIGHBOURS]
    return pairs_P[kept], estimates_P[kept]
