# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Texts that are much longer than what a model reads of them."""

import random

import pytest

from labelwise import LabelTokenizer, WordTokenizer
from labelwise.tokenization.long_texts import read_beginnings

LENGTH = 1_000_000
WORDS = [*(f"w{number}" for number in range(40)), "well-known", "U.S.", "it's"]


@pytest.fixture(scope="module")
def text() -> str:
    rng = random.Random(0)
    words = (rng.choice(WORDS) + rng.choice(["", "", "", ".", "?", "\n"]) for _ in range(LENGTH // 4))
    return " ".join(words)


@pytest.fixture(scope="module", params=["words", "sentences", "grid", "labels"])
def tokenizer(request, bert):
    if request.param == "labels":
        return LabelTokenizer.from_encoder(bert, ["bank", "food"])
    grid = {"max_sentences": 5, "max_words_per_sentence": 3} if request.param == "grid" else {"max_words": 50}
    return WordTokenizer.train_from_iterator(
        [" ".join(WORDS)], min_frequency=1, mark_sentences=request.param != "words", **grid
    )


def test_same_tokens_of_a_small_part(tokenizer, text):
    (beginning,) = read_beginnings([text], tokenizer)
    assert len(beginning) <= LENGTH / 2 and text.startswith(beginning)
    assert tokenizer(beginning, truncation=True)["input_ids"] == tokenizer(text, truncation=True)["input_ids"]


@pytest.mark.parametrize("start", ["", "w1 " * 20, "w1" * 200_000, " " * 200_000])
def test_few_words_in_many_characters(tokenizer, text, start):
    """A word, or white space, longer than what is tried first."""
    whole = start + " " + text[:100_000]
    (beginning,) = read_beginnings([whole], tokenizer)
    assert tokenizer(beginning, truncation=True)["input_ids"] == tokenizer(whole, truncation=True)["input_ids"]


def test_a_limit_that_is_not_reached(tokenizer):
    short = "w1. w2? " * 3
    assert read_beginnings([short, ""], tokenizer) == [short, ""]
