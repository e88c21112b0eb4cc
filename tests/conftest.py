# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the model and trainer tests, and the number of threads of all."""

import os

# Threads of models so small only wait for each other. Before torch is imported; processes that tests start inherit it.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest

from labelwise import LWLSTMConfig, WordTokenizer

SMALL = {
    "vocab_size": 60,
    "embedding_size": 6,
    "hidden_size": 5,
    "num_labels": 4,
    "max_words": 14,
    "max_sentences": 4,
    "max_words_per_sentence": 5,
    "initializer_range": 1.0,
}


@pytest.fixture(scope="session")
def make_config():
    """`make_config(**settings)`: a small configuration; settings go before the small ones."""

    def make(**settings) -> LWLSTMConfig:
        if "id2label" in settings:
            settings["num_labels"] = len(settings["id2label"])
        return LWLSTMConfig(**{**SMALL, **settings})

    return make


@pytest.fixture(
    params=[(False, False), (True, False), (False, True), (True, True)], ids=["lstm", "han", "lw-lstm", "hlw-lstm"]
)
def corner(request) -> dict[str, bool]:
    """The two switches that make the four encoders of one model."""
    hierarchical, label_wise = request.param
    return {"hierarchical": hierarchical, "label_wise": label_wise}


@pytest.fixture(scope="session")
def word_tokenizer() -> WordTokenizer:
    """A tokenizer of the words w0 to w39 (ids 3 to 42) that marks sentence ends."""
    return WordTokenizer.train_from_iterator(
        [" ".join(f"w{word}" for word in range(40))], min_frequency=1, mark_sentences=True
    )
