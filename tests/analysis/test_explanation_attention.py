# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Weights are the model's, laid on the words of the text; how far to trust them is measured."""

import numpy as np
import pytest
import torch
from scipy.stats import spearmanr

from labelwise import (
    LabelTokenizer,
    LMMTCForSequenceClassification,
    LWLSTMForSequenceClassification,
    MultiLabelClassifier,
    load_corpus,
)
from labelwise.analysis.explain import explain
from labelwise.analysis.explanation import Answer
from labelwise.analysis.explanation_attention import AttentionExplanation
from labelwise.analysis.leaving_out import Drops, measure_agreement
from labelwise.analysis.words_read import WordsRead

from ..label_wise_encoders import make_label_wise_encoder

TEXT = "w1 W2, w3.  W4 w5 w6 w7 w8 w9 w10. W11 w12!\n w1. W2. W3 w4"  # longer than SMALL reads, in every way


@pytest.fixture(params=[1, 2], ids=["one encoder", "two encoders"])
def model(request, corner, make_config):
    torch.manual_seed(0)
    return LWLSTMForSequenceClassification(make_config(**corner, num_encoders=request.param)).eval()


def test_shares_sum_to_one_and_are_zero_where_cut_off(model, word_tokenizer):
    found = explain(model, word_tokenizer, TEXT, [2, 0])
    is_read, sentence_of_word = found.words.is_read, found.words.sentence_of_word
    assert (found.weights_KW[:, ~is_read] == 0).all()
    assert (found.weights_KW[:, is_read] > 0).all()
    np.testing.assert_allclose(found.weights_KW.sum(axis=1), 1, atol=1e-5)
    if not model.config.label_wise:
        np.testing.assert_array_equal(found.weights_KW[0], found.weights_KW[1])
    if model.config.hierarchical:
        np.testing.assert_allclose(found.sentence_weights_KM.sum(axis=1), 1, atol=1e-5)
        for sentence in range(4):
            of_words = found.weights_KW[:, sentence_of_word == sentence].sum(axis=1)
            np.testing.assert_allclose(of_words, found.sentence_weights_KM[:, sentence], atol=1e-5)
    else:
        assert found.sentence_weights_KM is None


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
    if model.config.hierarchical:
        np.testing.assert_allclose(found.sentence_weights_KM, [[1]], atol=1e-6)
    assert found.trust(0) == ("attention cannot be compared with leaving words out: there are too few (2 words)")


@pytest.mark.parametrize("template", ["diff", "same", "shared_answers", "compact"])
def test_label_tokens(encoder, template):
    labels = ["joy", "anger"]
    tokenizer = LabelTokenizer.from_encoder(encoder, labels, template)
    model = LMMTCForSequenceClassification.from_encoder(encoder, labels, template).eval()
    text = " ".join(["the cat sat, zebras"] * 20)
    found = explain(model, tokenizer, text, [1])
    encoded = tokenizer(text, truncation=True, return_tensors="pt")
    model.set_attn_implementation("eager")  # which returns its weights
    with torch.no_grad():
        outputs = model(**encoded, output_attentions=True)
    weights_T = outputs.attentions[-1][0].mean(dim=0)[tokenizer.label_positions[1]]
    is_text = torch.tensor([word is not None for word in encoded.word_ids(0)])
    assert found.weights_KW.sum() == pytest.approx(float(weights_T[is_text].sum()), abs=1e-5)
    assert 0 < found.weights_KW.sum() < 1
    assert (found.weights_KW[:, ~found.words.is_read] == 0).all()


@pytest.mark.parametrize(
    "settings",
    [{}, {"num_contexts": 2}, {"hierarchical": True}, {"hierarchical": True, "num_contexts": 2, "num_encoders": 2}],
)
def test_windows(bert, settings):
    """Shares of tokens, special tokens included, make the representation out of the states that labels attend to."""
    tokenizer, model = make_label_wise_encoder(bert, ["joy", "anger", "fear"], **settings)
    text = "the cat sat, zebras " * 5
    found = explain(model, tokenizer, text, [2, 0])
    with torch.no_grad():
        outputs = model.base_model(
            **tokenizer([text], truncation=True, return_tensors="pt"), output_hidden_states=True, output_attentions=True
        )
    levels = 2 if settings.get("hierarchical") else 1
    sets = [outputs.attentions[i : i + levels] for i in range(0, len(outputs.attentions), levels)]
    assert len(sets) == settings.get("num_contexts", 1)
    shares = []
    for number, (words_LT, *windows_LM) in enumerate(sets):
        share_KT = words_LT[0, [2, 0]]
        if windows_LM:
            share_KT = share_KT * windows_LM[0][0, [2, 0]][:, found.words.sentence_of_token]
        shares.append(share_KT)
        if windows_LM:
            of_windows = [share_KT[:, found.words.sentence_of_token == window].sum(dim=1) for window in range(4)]
            torch.testing.assert_close(torch.stack(of_windows, dim=1), windows_LM[0][0, [2, 0]], atol=1e-5, rtol=0)
        states_TH = outputs.hidden_states[min(number, len(outputs.hidden_states) - 1)][0]
        representation_KH = outputs.last_hidden_state[0, [2, 0], 16 * number : 16 * (number + 1)]
        torch.testing.assert_close(share_KT @ states_TH, representation_KH, atol=1e-5, rtol=1e-5)
    mean_KT = torch.stack(shares).mean(dim=0).numpy()
    np.testing.assert_allclose(found.weights_KW, found.words.sum_tokens(mean_KT), atol=1e-6)
    np.testing.assert_allclose(
        found.weights_KW.sum(axis=1) + mean_KT[:, [0, -1]].sum(axis=1), 1, atol=1e-5
    )  # [CLS] and [SEP]
    assert (found.weights_KW[:, ~found.words.is_read] == 0).all()
    assert found.description.endswith("; the rest is that of special tokens")
    if settings.get("hierarchical"):
        assert "a word's weight in its window times its window's in the document" in found.description
        assert "with leaving windows out: " in found.trust(0)
    else:
        assert found.sentence_weights_KM is None


def test_agreement_with_words_and_sentences(word_tokenizer, make_config):
    torch.manual_seed(0)
    model = LWLSTMForSequenceClassification(make_config(hierarchical=True)).eval()
    found = explain(model, word_tokenizer, TEXT, [2, 0])
    is_read = found.words.is_read
    for row in range(2):
        of_words = spearmanr(found.weights_KW[row, is_read], np.abs(found.drops.drop_KP[row])).statistic
        of_sentences = spearmanr(found.sentence_weights_KM[row], np.abs(found.sentence_drops.drop_KP[row])).statistic
        assert found.agreement(row).rank_correlation == pytest.approx(of_words)
        assert found.sentence_agreement(row).rank_correlation == pytest.approx(of_sentences)
        measures = found.measures(row)
        assert (measures["agreement"], measures["left_out"]) == (pytest.approx(of_words), 15)
        assert (measures["sentence_agreement"], measures["sentences"]) == (pytest.approx(of_sentences), 4)
        assert f"{of_words:.2f} (rank correlation over 15 words; " in found.trust(row)
        assert found.trust(row).endswith(f", with leaving sentences out: {of_sentences:.2f} (over 4)")


def test_entries_and_highest():
    words = WordsRead(
        "a b c d",
        [(0, 1), (2, 3), (4, 5), (6, 7)],
        np.array([0, 0, 0, -1]),
        torch.arange(3),
        np.arange(3),
        np.zeros(3, int),
    )
    drops = Drops(np.array([0, 1, 2, -1]), np.array([[-3.0, 1.0, 2.0]]))
    found = AttentionExplanation(
        words=words,
        answers=[Answer("joy", 1.0, 0.73, True)],
        weights_KW=np.array([[0.5, 0.2, 0.3, 0.0]]),
        description="attention",
        drops=drops,
    )
    assert found.trust(0) == (
        "attention agrees with leaving words out: 1.00 (rank correlation over 3 words; 1 of the 1 highest in common)"
    )
    assert found.highest(0) == [
        ("Word", "Share", "Logit lost without it"),
        ("a", "50.0%", "-3.000"),
        ("c", "30.0%", "+2.000"),
        ("b", "20.0%", "+1.000"),
    ]
    entries = list(found.entries(0))
    assert entries[1]["word"] == "b"
    assert (entries[1]["start"], entries[1]["end"]) == (2, 3)
    assert (entries[1]["share"], entries[1]["drop"], entries[1]["left_out_with"]) == (0.2, 1.0, 1)
    assert entries[3]["word"] == "d"
    assert set(entries[3].values()) == {"d", 6, 7, None}


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_agreement_of_a_trained_model_falls_for_shuffled_attention(seed, real_data):
    corpus = load_corpus("reuters21578", data_dir=real_data / "reuters21578")
    stories, names = (
        corpus["train"].shuffle(seed=0).select(range(2_000)),
        corpus["train"].features["labels"].feature.names,
    )
    classifier = MultiLabelClassifier(
        "lw-lstm",
        hidden_size=32,
        num_hidden_layers=2,
        embedding_size=32,
        skip_gram_epochs=5,
        max_words=100,
        learning_rate=1e-2,
        warmup_steps=0,
        num_train_epochs=12,
        eval_strategy="no",
        save_strategy="no",
        load_best_model_at_end=False,
        seed=seed,
    ).fit(list(stories["text"]), [[names[label] for label in row] for row in stories["labels"]])
    label2id = classifier.model.config.label2id
    rng = np.random.default_rng(0)
    measured, shuffled = [], []
    for row in corpus["test"].select(range(40)):
        labels = [label2id[names[label]] for label in row["labels"] if names[label] in label2id]
        if not labels:
            continue
        found = explain(classifier.model, classifier.tokenizer, row["text"], labels)
        for i, attention_W in enumerate(found.weights_KW):
            measured.append(found.agreement(i).rank_correlation)
            shuffled.append(measure_agreement(rng.permutation(attention_W), found.drops, i).rank_correlation)
    assert len(measured) > 60
    assert np.mean(measured) > 0.2
    assert abs(np.mean(shuffled)) < 0.1
    assert np.mean(np.array(measured) > np.array(shuffled)) > 0.7
