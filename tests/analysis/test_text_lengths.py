# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Words of texts, and those that a model reads."""

from labelwise import LabelTokenizer, WordTokenizer
from labelwise.analysis.text_lengths import measure_lengths, word_counter

TEXTS = ["One two three. Four five six seven!", "", " \n", "short"]


def test_words():
    lengths = measure_lengths(TEXTS, word_counter(TEXTS, 4))
    assert lengths.words_D.tolist() == [9, 0, 0, 1]
    assert lengths.read_D.tolist() == [4, 0, 0, 1]
    assert lengths.is_cut_D.tolist() == [True, False, False, False]
    assert (lengths.unit, lengths.limit) == ("words", "4 words")


def test_chinese_is_cut_by_jieba():
    texts = ["我来到北京清华大学"]
    lengths = measure_lengths(texts, word_counter(texts, 2))
    assert lengths.unit == "jieba words"
    assert lengths.words_D.tolist() == [4]
    assert lengths.read_D.tolist() == [2]


def test_sentences():
    tokenizer = WordTokenizer.train_from_iterator(
        TEXTS, min_frequency=1, mark_sentences=True, max_sentences=1, max_words_per_sentence=3
    )
    lengths = measure_lengths(TEXTS, tokenizer)
    assert lengths.words_D.tolist() == [9, 0, 0, 1]  # marks are no words
    assert lengths.read_D.tolist() == [3, 0, 0, 1]
    assert lengths.limit == "1 sentence of 3 words"


def test_label_tokens_are_no_words(bert):
    tokenizer = LabelTokenizer.from_encoder(bert, labels=["x", "y"], max_length=12)
    lengths = measure_lengths(["the cat sat on the mat", "the cat"], tokenizer)
    assert lengths.unit == "tokens"
    assert lengths.words_D.tolist() == [6, 2]
    assert lengths.read_D.tolist() == [4, 2]  # 12 without [CLS], [SEP] and three tokens a label
