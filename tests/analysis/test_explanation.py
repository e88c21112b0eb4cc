# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Weights are the model's, laid on the words of the text as the user wrote it."""

import numpy as np
import pytest
import torch

from labelwise import (
    CNNConfig,
    CNNForSequenceClassification,
    LabelTokenizer,
    LMMTCForSequenceClassification,
    LWLSTMForSequenceClassification,
    WordTokenizer,
)
from labelwise.analysis.explanation import explain

TEXT = "w1 W2, w3.  W4 w5 w6 w7 w8 w9 w10. W11 w12!\n w1. W2. W3 w4"  # longer than SMALL reads, in every way


def words(explanation) -> list[str]:
    return [explanation.text[start:end] for start, end in explanation.spans]


@pytest.fixture(params=[1, 2], ids=["one encoder", "two encoders"])
def model(request, corner, make_config):
    torch.manual_seed(0)
    return LWLSTMForSequenceClassification(make_config(**corner, num_encoders=request.param)).eval()


def test_shares_sum_to_one_and_are_zero_where_cut_off(model, word_tokenizer):
    found = explain(model, word_tokenizer, TEXT, [2, 0])
    assert words(found) == TEXT.replace(",", " ,").replace(".", " .").replace("!", " !").split()
    assert found.weights_KW.shape == (2, len(found.spans))
    is_read = found.sentence_of_word >= 0
    assert not is_read.all()
    assert (found.weights_KW[:, ~is_read] == 0).all()
    assert (found.weights_KW[:, is_read] > 0).all()
    np.testing.assert_allclose(found.weights_KW.sum(axis=1), 1, atol=1e-5)
    if not model.config.label_wise:
        np.testing.assert_array_equal(found.weights_KW[0], found.weights_KW[1])
    if model.config.hierarchical:
        assert is_read.tolist() == [True] * 10 + [False] * 3 + [True] * 5 + [False] * 4
        np.testing.assert_allclose(found.sentence_weights_KM.sum(axis=1), 1, atol=1e-5)
        for sentence in range(4):
            of_words = found.weights_KW[:, found.sentence_of_word == sentence].sum(axis=1)
            np.testing.assert_allclose(of_words, found.sentence_weights_KM[:, sentence], atol=1e-5)
    else:
        assert is_read.sum() == 14
        assert found.sentence_weights_KM is None


def test_what_is_explained_is_what_is_predicted(model, word_tokenizer):
    found = explain(model, word_tokenizer, TEXT, [3, 1])
    with torch.no_grad():
        logits = model(**word_tokenizer([TEXT], truncation=True, return_tensors="pt")).logits[0]
    np.testing.assert_allclose(found.probabilities, logits.sigmoid()[[3, 1]], atol=1e-6)
    assert found.labels == ["LABEL_3", "LABEL_1"]
    assert found.predicted == (logits[[3, 1]] > 0).tolist()


def test_weighted_states_are_the_representation(word_tokenizer, make_config):
    model = LWLSTMForSequenceClassification(make_config()).eval()
    text = "w1 w2 w3 w4"
    found = explain(model, word_tokenizer, text, [0, 1, 2, 3])
    with torch.no_grad():
        outputs = model.base_model(**word_tokenizer([text], return_tensors="pt"), output_hidden_states=True)
    states_WH = outputs.hidden_states[0][0, 0].numpy()
    np.testing.assert_allclose(found.weights_KW @ states_WH, outputs.last_hidden_state[0], atol=1e-5)


def test_one_sentence(model, word_tokenizer):
    found = explain(model, word_tokenizer, "w1 w2", [0])
    assert list(found.sentences()) == [(0, [0, 1])]
    if model.config.hierarchical:
        np.testing.assert_allclose(found.sentence_weights_KM, [[1]], atol=1e-6)


def test_sentences_keep_what_was_cut_off_of_them(word_tokenizer, make_config):
    model = LWLSTMForSequenceClassification(make_config(hierarchical=True)).eval()
    parts = [(number, len(of)) for number, of in explain(model, word_tokenizer, TEXT, [0]).sentences()]
    assert parts == [(0, 5), (1, 8), (2, 3), (3, 6)]


def test_predicted_labels_without_others(model, word_tokenizer):
    model.config.thresholds = [0.0, 1.0, 0.0, 1.0]
    found = explain(model, word_tokenizer, TEXT)
    assert found.labels == ["LABEL_0", "LABEL_2"]
    assert all(found.predicted)
    model.config.thresholds = 1.0
    with pytest.raises(ValueError, match="predicts no label"):
        explain(model, word_tokenizer, TEXT)


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b"])
def test_no_words(model, word_tokenizer, text):
    with pytest.raises(ValueError, match="contains no words"):
        explain(model, word_tokenizer, text, [0])


@pytest.mark.parametrize("text", ["发动机的动力很好。 油耗\x1f有点高！\n配置 ok", "é 动力"])
def test_words_that_jieba_cuts(make_config, text):
    tokenizer = WordTokenizer.train_from_iterator([text], min_frequency=1, segmenter="jieba")
    found = explain(LWLSTMForSequenceClassification(make_config(max_words=50)).eval(), tokenizer, text, [0])
    assert "".join(words(found)) == "".join(text.replace("\x1f", " ").split())
    assert "动力" in words(found)


def test_accents_belong_to_their_word(make_config, word_tokenizer):
    found = explain(
        LWLSTMForSequenceClassification(make_config()).eval(), word_tokenizer, "cafe\u0301 [SEP] na\u0308i", [0]
    )
    assert words(found) == ["cafe\u0301", "[", "SEP", "]", "na\u0308i"]


@pytest.mark.parametrize("template", ["diff", "same", "compact"])
def test_label_tokens(encoder, template):
    labels = ["joy", "anger"]
    tokenizer = LabelTokenizer.from_encoder(encoder, labels, template)
    model = LMMTCForSequenceClassification.from_encoder(encoder, labels, template).eval()
    text = " ".join(["the cat sat, zebras"] * 20)
    found = explain(model, tokenizer, text, [1])
    encoded = tokenizer(text, truncation=True, return_tensors="pt")
    with torch.no_grad():
        outputs = model(**encoded, output_attentions=True)
    weights_T = outputs.attentions[-1][0].mean(dim=0)[tokenizer.label_positions[1]]
    is_text = torch.tensor([word is not None for word in encoded.word_ids(0)])
    assert found.weights_KW.sum() == pytest.approx(float(weights_T[is_text].sum()), abs=1e-5)
    assert 0 < found.weights_KW.sum() < 1
    assert "".join(words(found)) == text.replace(" ", "")
    is_read = found.sentence_of_word >= 0
    assert is_read[: is_read.sum()].all()  # what was cut off is the end
    assert not is_read.all()
    assert (found.weights_KW[:, ~is_read] == 0).all()


def test_models_without_attention_of_labels(bert, word_tokenizer):
    tokenizer = LabelTokenizer.from_encoder(bert, ["joy"], "none")
    model = LMMTCForSequenceClassification.from_encoder(bert, ["joy"], "none").eval()
    with pytest.raises(ValueError, match="models that have one: lw-lstm, hlw-lstm, lm-mtc"):
        explain(model, tokenizer, "joy", [0])
    cnn = CNNForSequenceClassification(CNNConfig(vocab_size=60, embedding_size=4, num_filters=3)).eval()
    with pytest.raises(ValueError, match="no attention from labels"):
        explain(cnn, word_tokenizer, "w1", [0])
