# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Which labels and scores texts are answered with, and what is told of them."""

import logging

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from labelwise import MultiLabelClassifier
from labelwise.errors import UserInputError
from labelwise.hub.answer_rules import AnswerRules
from labelwise.runs import prediction
from labelwise.runs.answers import predict

from ...tiny_corpus import make_documents

NAMES = ["bank", "food", "sport"]


@pytest.fixture
def classifier(model):
    """The model, with probabilities that differ from text to text."""
    classifier = AutoModelForSequenceClassification.from_pretrained(model).eval()
    linear = next(part for part in classifier.head.modules() if isinstance(part, torch.nn.Linear))
    with torch.no_grad():
        linear.weight *= 100
        texts = [document["text"] for document in make_documents(30, seed=3)]
        batch = AutoTokenizer.from_pretrained(model)(texts, padding=True, return_tensors="pt")
        linear.bias -= classifier(**batch).logits.mean(dim=0)
    return classifier


def test_the_best_scores_come_first(model, classifier):
    documents = [(document["text"], {}) for document in make_documents(30, seed=3)]
    tokenizer = AutoTokenizer.from_pretrained(model)
    everything = list(predict(classifier, tokenizer, documents, 8))
    two = list(predict(classifier, tokenizer, documents, 8, AnswerRules(0.5, num_scores=2)))
    none = list(predict(classifier, tokenizer, documents, 8, AnswerRules(0.5, num_scores=0)))
    for full, best, empty in zip(everything, two, none, strict=True):
        assert list(full.scores) == NAMES
        assert list(best.scores.items()) == sorted(full.scores.items(), key=lambda item: -item[1])[:2]
        assert empty.scores == {}
        assert full.labels == best.labels == empty.labels
    assert len({tuple(best.scores) for best in two}) > 1


def test_a_block_has_few_scores(classifier, model, monkeypatch):
    documents = [(document["text"], {}) for document in make_documents(30, seed=3)]
    tokenizer = AutoTokenizer.from_pretrained(model)
    monkeypatch.setattr(prediction, "_BLOCK_SCORES", 21)
    sizes = [len(block) for block, _ in prediction.iterate_logits(classifier, tokenizer, documents, 8)]
    assert sizes == [7, 7, 7, 7, 2]


def test_empty_texts_and_texts_without_labels_are_reported(classifier, model, caplog):
    tokenizer = AutoTokenizer.from_pretrained(model)
    documents = [(text, {}) for text in ("money", "", " ", "ball")]
    with caplog.at_level(logging.WARNING):
        found = list(predict(classifier, tokenizer, documents, 8, AnswerRules(1.0)))
    assert [answer.labels for answer in found] == [[]] * 4
    empty, none = caplog.messages
    assert empty == "2 of 4 texts are empty: no label"
    assert none.startswith("no probability is above 1; the highest is ")


def test_logits_that_are_no_numbers(classifier, model):
    classifier.head = torch.nn.Identity()
    classifier.forward = lambda **batch: type("Output", (), {"logits": torch.full((1, 3), torch.nan)})
    with pytest.raises(UserInputError, match="its training has diverged"):
        list(predict(classifier, AutoTokenizer.from_pretrained(model), [("money", {})], 8))


def test_python_answers_alike(model):
    texts = [document["text"] for document in make_documents(30, seed=3)] + [""]
    python = MultiLabelClassifier.from_pretrained(model)
    classifier = python.model
    documents = [(text, {}) for text in texts]
    tokenizer = AutoTokenizer.from_pretrained(model)
    for threshold, min_labels in ((None, 0), (0.3, 0), ({"food": 0.1}, 0), (0.9, 2)):
        by_label = threshold if isinstance(threshold, dict) else None
        overall = None if by_label else threshold
        rules = AnswerRules.for_model(classifier.config, overall, by_label, min_labels)
        expected = [answer.labels for answer in predict(classifier, tokenizer, documents, 8, rules)]
        assert python.predict(texts, threshold=threshold, min_labels=min_labels) == expected
        assert expected[-1] == []
    assert python.predict([], min_labels=1) == []
    with pytest.raises(UserInputError, match="threshold sports"):
        python.predict(texts, threshold={"sports": 0.5})
