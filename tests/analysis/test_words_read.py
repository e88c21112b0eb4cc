# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Words are those of the text as the user wrote it, and the tokens those that the model reads."""

import numpy as np
import pytest
import torch

from labelwise import LabelTokenizer, LMMTCForSequenceClassification, LWLSTMForSequenceClassification, WordTokenizer
from labelwise.analysis.words_read import read_words

from ..label_wise_encoders import make_label_wise_encoder
from ..other_families import OTHER_FAMILIES, make_other_family

TEXT = "w1 W2, w3.  W4 w5 w6 w7 w8 w9 w10. W11 w12!\n w1. W2. W3 w4"  # longer than SMALL reads, in every way


def spelled(words) -> list[str]:
    return [words.word(number) for number in range(len(words.spans))]


def logits(model, ids: torch.Tensor) -> torch.Tensor:
    with torch.no_grad():
        return model(ids[None]).logits


@pytest.fixture
def model(corner, make_config):
    torch.manual_seed(0)
    return LWLSTMForSequenceClassification(make_config(**corner)).eval()


def test_what_is_cut_off(model, word_tokenizer):
    words = read_words(model, word_tokenizer, TEXT)
    assert spelled(words) == TEXT.replace(",", " ,").replace(".", " .").replace("!", " !").split()
    if model.config.hierarchical:
        assert words.is_read.tolist() == [True] * 10 + [False] * 3 + [True] * 5 + [False] * 4
    else:
        assert words.is_read.tolist() == [True] * 14 + [False] * 8
    read = words.word_of_token[words.word_of_token >= 0]
    assert read.tolist() == words.is_read.nonzero()[0].tolist()
    expected = [word_tokenizer.convert_tokens_to_ids(word.lower()) for word in spelled(words)]
    assert words.input_ids[words.word_of_token >= 0].tolist() == [expected[word] for word in read]


def test_tokens_give_the_logits_of_the_text(model, word_tokenizer):
    words = read_words(model, word_tokenizer, TEXT)
    whole = word_tokenizer(TEXT, return_tensors="pt")["input_ids"][0]
    assert len(words.input_ids) < len(whole)
    torch.testing.assert_close(logits(model, words.input_ids), logits(model, whole))


def test_sentences_keep_what_was_cut_off_of_them(word_tokenizer, make_config):
    model = LWLSTMForSequenceClassification(make_config(hierarchical=True)).eval()
    parts = [(number, len(of)) for number, of in read_words(model, word_tokenizer, TEXT).sentences()]
    assert parts == [(0, 5), (1, 8), (2, 3), (3, 6)]
    assert list(read_words(model, word_tokenizer, "w1 w2").sentences()) == [(0, [0, 1])]


@pytest.mark.parametrize("name", OTHER_FAMILIES)
def test_every_word_model(name, word_tokenizer):
    model = make_other_family(name, word_tokenizer, ["joy", "anger"])
    model.config.max_words = 6
    words = read_words(model, word_tokenizer, TEXT)
    if name != "han-lg":  # reads sentences
        assert words.is_read.tolist() == [True] * 6 + [False] * 16
    whole = word_tokenizer(TEXT, return_tensors="pt")["input_ids"][0]
    torch.testing.assert_close(logits(model, words.input_ids), logits(model, whole))


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b"])
def test_no_words(model, word_tokenizer, text):
    with pytest.raises(ValueError, match="contains no words"):
        read_words(model, word_tokenizer, text)


@pytest.mark.parametrize("text", ["发动机的动力很好。 油耗\x1f有点高！\n配置 ok", "é 动力"])
def test_words_that_jieba_cuts(make_config, text):
    tokenizer = WordTokenizer.train_from_iterator([text], min_frequency=1, segmenter="jieba")
    words = spelled(read_words(LWLSTMForSequenceClassification(make_config(max_words=50)).eval(), tokenizer, text))
    assert "".join(words) == "".join(text.replace("\x1f", " ").split())
    assert "动力" in words


def test_accents_belong_to_their_word(make_config, word_tokenizer):
    model = LWLSTMForSequenceClassification(make_config()).eval()
    words = spelled(read_words(model, word_tokenizer, "cafe\u0301 [SEP] na\u0308i"))
    assert words == ["cafe\u0301", "[", "SEP", "]", "na\u0308i"]


@pytest.mark.parametrize("template", ["diff", "same", "shared_answers", "compact", "none"])
def test_words_in_pieces(encoder, template):
    tokenizer = LabelTokenizer.from_encoder(encoder, ["joy", "anger"], template)
    model = LMMTCForSequenceClassification.from_encoder(encoder, ["joy", "anger"], template).eval()
    text = " ".join(["the cat sat, zebras"] * 20)
    words = read_words(model, tokenizer, text)
    assert "".join(spelled(words)) == text.replace(" ", "")
    num_read = words.is_read.sum()
    assert 0 < num_read < len(words.spans)
    assert words.is_read[:num_read].all()  # what was cut off is the end
    encoded = tokenizer(text, truncation=True)
    assert words.input_ids.tolist() == encoded["input_ids"]
    assert (words.word_of_token >= 0).tolist() == [word is not None for word in encoded.word_ids(0)]
    assert spelled(read_words(model, tokenizer, "the \n  cat ")) == ["the", "cat"]
    with pytest.raises(ValueError, match="contains no words"):
        read_words(model, tokenizer, " \n ")


@pytest.mark.parametrize("hierarchical", [False, True])
def test_windows_are_the_sentences_of_a_hierarchical_label_wise_encoder(bert, hierarchical):
    """Those of whole words: one that lies in two windows belongs to that of its first token."""
    tokenizer, model = make_label_wise_encoder(bert, ["joy", "anger"], hierarchical=hierarchical)
    words = read_words(model, tokenizer, " ".join(["the cat sat, zebras"] * 20))
    assert len(words.input_ids) == tokenizer.model_max_length == 30
    assert words.input_ids.tolist() == tokenizer(words.text, truncation=True)["input_ids"]
    num_read = words.is_read.sum()
    assert words.is_read[:num_read].all() and not words.is_read[num_read:].any()
    if not hierarchical:
        assert (words.sentence_name, set(words.sentence_of_word[:num_read])) == ("sentence", {0})
        return
    assert words.sentence_name == "window"
    # Windows of 10 tokens of the text every 6, read to the middle of an overlap: 8 tokens, 6, 6 and the rest.
    assert words.sentence_of_token.tolist() == [0] * 9 + [1] * 6 + [2] * 6 + [3] * 9
    firsts = [words.word_of_token.tolist().index(word) for word in range(num_read)]
    assert words.sentence_of_word[:num_read].tolist() == words.sentence_of_token[firsts].tolist()
    assert [number for number, _ in words.sentences()] == [0, 1, 2, 3]
    short = read_words(model, tokenizer, "the cat")
    assert short.sentence_of_token.tolist() == [0] * 4


def test_tokens_of_a_word_are_summed(bert):
    tokenizer = LabelTokenizer.from_encoder(bert, ["joy"], "compact")
    model = LMMTCForSequenceClassification.from_encoder(bert, ["joy"], "compact").eval()
    words = read_words(model, tokenizer, "zebras chased")
    per_token = np.ones((1, len(words.input_ids)))
    assert words.sum_tokens(per_token).tolist() == [[(words.word_of_token == word).sum() for word in (0, 1)]]
    assert words.sum_tokens(per_token).sum() == len(words.input_ids) - 3  # [CLS], [MASK-1] and [SEP]
