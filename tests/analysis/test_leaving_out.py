# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Drops are those of the text without the words; agreement is scipy's, and falls for shuffled attention."""

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from labelwise import LabelTokenizer, LMMTCForSequenceClassification, LWLSTMForSequenceClassification
from labelwise.analysis import leaving_out
from labelwise.analysis.leaving_out import Drops, group_words, leave_out, measure_agreement
from labelwise.analysis.words_read import read_words

from ..other_families import make_other_family

TEXT = "w1 w2 w3 w4. W5 w6 w7. W8 w9 w10 w11"


def logits(model, tokenizer, text: str) -> np.ndarray:
    with torch.no_grad():
        return model(**tokenizer([text], truncation=True, return_tensors="pt")).logits[0].double().numpy()


def without(words, left_out: np.ndarray) -> str:
    """The text without some words."""
    text = list(words.text)
    for word in np.flatnonzero(left_out):
        start, end = words.spans[word]
        text[start:end] = " " * (end - start)
    return "".join(text)


@pytest.mark.parametrize("name", ["lw-lstm", "cnn", "reg-lstm", "sgm", "br"])
def test_drops_of_words_are_those_of_texts_without_them(name, word_tokenizer, make_config):
    torch.manual_seed(0)
    labels = ["joy", "anger", "fear"]
    if name == "lw-lstm":
        model = LWLSTMForSequenceClassification(make_config(num_labels=3)).eval()
    else:
        model = make_other_family(name, word_tokenizer, labels)
    words = read_words(model, word_tokenizer, TEXT)
    drops = leave_out(model, word_tokenizer, words, group_words(words), [2, 0])
    whole = logits(model, word_tokenizer, TEXT)
    assert drops.drop_KP.shape == (2, len(words.spans))
    for word in range(len(words.spans)):
        other = logits(model, word_tokenizer, without(words, np.arange(len(words.spans)) == word))
        np.testing.assert_allclose(drops.drop_KP[:, word], (whole - other)[[2, 0]], atol=1e-5)
    np.testing.assert_array_equal(drops.of_words(), drops.drop_KP)


def test_drops_of_sentences(word_tokenizer, make_config):
    torch.manual_seed(0)
    model = LWLSTMForSequenceClassification(make_config(hierarchical=True)).eval()
    words = read_words(model, word_tokenizer, TEXT)
    drops = leave_out(model, word_tokenizer, words, words.sentence_of_word, [1])
    whole = logits(model, word_tokenizer, TEXT)
    assert drops.num_parts == 3
    for sentence in range(3):
        other = logits(model, word_tokenizer, without(words, words.sentence_of_word == sentence))
        np.testing.assert_allclose(drops.drop_KP[:, sentence], (whole - other)[[1]], atol=1e-5)


@pytest.mark.parametrize("hierarchical", [False, True])
def test_no_later_word_takes_the_place_of_a_deleted_one(hierarchical, word_tokenizer, make_config):
    torch.manual_seed(0)
    model = LWLSTMForSequenceClassification(make_config(hierarchical=hierarchical, max_words=5)).eval()
    short, long = "w1 w2 w3 w4 w5", "w1 w2 w3 w4 w5 w6 w7"
    drops = []
    for text in (short, long):
        words = read_words(model, word_tokenizer, text)
        drops.append(leave_out(model, word_tokenizer, words, group_words(words), [0]))
    np.testing.assert_allclose(drops[1].drop_KP, drops[0].drop_KP, atol=1e-6)
    assert (drops[1].of_words()[:, 5:] == 0).all()
    assert (drops[1].of_words()[:, :5] != 0).all()


def test_the_only_word(word_tokenizer, make_config):
    model = LWLSTMForSequenceClassification(make_config()).eval()
    words = read_words(model, word_tokenizer, "w7")
    drops = leave_out(model, word_tokenizer, words, group_words(words), [0])
    expected = logits(model, word_tokenizer, "w7") - logits(model, word_tokenizer, "")
    np.testing.assert_allclose(drops.drop_KP[0], expected[:1], atol=1e-6)


def test_words_in_pieces(encoder):
    tokenizer = LabelTokenizer.from_encoder(encoder, ["joy", "anger"], "compact")
    model = LMMTCForSequenceClassification.from_encoder(encoder, ["joy", "anger"], "compact").eval()
    words = read_words(model, tokenizer, "the dog and cats")
    drops = leave_out(model, tokenizer, words, group_words(words), [0, 1])
    whole = logits(model, tokenizer, "the dog and cats")
    np.testing.assert_allclose(drops.drop_KP[:, -1], whole - logits(model, tokenizer, "the dog and"), atol=1e-4)


def test_many_words_are_left_out_in_groups(word_tokenizer, make_config, monkeypatch):
    model = LWLSTMForSequenceClassification(make_config(max_words=10)).eval()
    words = read_words(model, word_tokenizer, "w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12")
    part_of_word = group_words(words, most=4)
    assert part_of_word.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3, -1, -1]
    monkeypatch.setattr(leaving_out, "BATCH_SIZE", 2)
    drops = leave_out(model, word_tokenizer, words, part_of_word, [0])
    assert drops.describe_words() == "4 groups of 3 neighbouring words, because the text is long"
    whole, other = (logits(model, word_tokenizer, text) for text in (words.text, "w4 w5 w6 w7 w8 w9 w10"))
    assert drops.of_words()[0, :3] == pytest.approx([whole[0] - other[0]] * 3, abs=1e-6)
    attention_W = np.arange(12.0)
    expected = spearmanr([3, 12, 21, 9], np.abs(drops.drop_KP[0])).statistic
    assert measure_agreement(attention_W, drops, 0).rank_correlation == pytest.approx(expected)


def make_drops(drop_P: np.ndarray) -> Drops:
    return Drops(np.arange(len(drop_P)), np.asarray(drop_P)[None])


def test_agreement_by_hand():
    agreement = measure_agreement(np.array([0.4, 0.3, 0.2, 0.1]), make_drops([-5.0, 1.0, 4.0, -3.0]), 0)
    # Attention has no sign, so a logit that rises counts as one that falls.
    # Ranks 4 3 2 1 and 4 1 3 2; rho = 1 - 6 * (0 + 4 + 1 + 1) / (4 * 15)
    assert agreement.rank_correlation == pytest.approx(0.4)
    assert (agreement.num_parts, agreement.top, agreement.num_common) == (4, 2, 1)


def test_agreement_falls_for_shuffled_attention():
    rng = np.random.default_rng(0)
    attention_W = rng.random(40)
    drops = make_drops(attention_W + rng.normal(scale=0.1, size=40))
    agreement = measure_agreement(attention_W, drops, 0)
    assert agreement.rank_correlation > 0.8
    assert agreement.num_common >= 3
    shuffled = [measure_agreement(rng.permutation(attention_W), drops, 0) for _ in range(200)]
    assert abs(np.mean([one.rank_correlation for one in shuffled])) < 0.05
    assert np.mean([one.num_common for one in shuffled]) == pytest.approx(5 * 5 / 40, abs=0.2)


@pytest.mark.parametrize(
    ("attention_W", "drop_P"), [([0.6, 0.4], [2, 1]), ([0.3, 0.3, 0.3], [1, 2, 3]), ([0.1, 0.2, 0.3], [0, 0, 0])]
)
def test_no_agreement(attention_W, drop_P):
    assert measure_agreement(np.array(attention_W), make_drops(drop_P), 0).rank_correlation is None
