# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A corpus that can be learned in seconds."""

import datasets
import numpy as np
import pytest


@pytest.fixture(scope="session")
def planted_corpus():
    """`planted_corpus(number, seed)`: documents of 4 labels; each label that holds puts two of its words in."""

    def make(number: int, seed: int = 0) -> datasets.Dataset:
        rng = np.random.default_rng(seed)
        rows = {"input_ids": [], "labels": []}
        for _ in range(number):
            labels = rng.random(4) < 0.4
            words = rng.integers(25, 43, size=rng.integers(3, 8)).tolist()
            for k in np.flatnonzero(labels):
                words += rng.integers(3 + 5 * k, 8 + 5 * k, size=2).tolist()
            rng.shuffle(words)
            cut = len(words) // 2
            rows["input_ids"].append([*words[:cut], 2, *words[cut:], 2])
            rows["labels"].append(labels.astype(int).tolist())
        return datasets.Dataset.from_dict(rows)

    return make


@pytest.fixture(scope="session")
def planted_config(make_config):
    """`planted_config(**settings)`: of a model that reads the planted corpus whole."""

    def make(**settings):
        shape = {"embedding_size": 16, "hidden_size": 12, "num_hidden_layers": 1, "max_words": 40}
        return make_config(**{**shape, "max_words_per_sentence": 20, **settings})

    return make
