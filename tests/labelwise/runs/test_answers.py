# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Which labels and scores a text is answered with."""

import logging
import random

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from labelwise import MultiLabelClassifier
from labelwise.errors import UserInputError
from labelwise.runs import prediction
from labelwise.runs.answers import AnswerRules, predict

from ...tiny_corpus import make_documents

NAMES = ["bank", "food", "sport"]


def logits(*rows: list[float]) -> torch.Tensor:
    return torch.tensor(rows).logit()


def decide(rules: AnswerRules, rows: list[list[float]], texts: list[str] | None = None) -> list[list[bool]]:
    return rules.decide(texts or ["text"] * len(rows), logits(*rows)).tolist()


def test_labels_are_added_only_where_there_are_too_few():
    rules = AnswerRules([0.1, 0.5, 0.5], min_labels=1)
    assert decide(rules, [[0.2, 0.4, 0.3], [0.05, 0.3, 0.4]]) == [[True, False, False], [False, False, True]]
    assert decide(AnswerRules([0.1, 0.5, 0.5], min_labels=2), [[0.2, 0.4, 0.3]]) == [[True, True, False]]
    assert decide(AnswerRules(0.1, min_labels=1), [[0.2, 0.4, 0.3]]) == [[True, True, True]]


def test_at_least_so_many_labels_against_a_search():
    rng = random.Random(0)
    for _ in range(200):
        scores = [rng.random() for _ in range(5)]
        thresholds = [rng.random() for _ in range(5)]
        number = rng.randrange(6)
        expected = {i for i in range(5) if scores[i] > thresholds[i]}
        for label in sorted(range(5), key=lambda i: -scores[i]):
            if len(expected) < number:
                expected.add(label)
        (found,) = decide(AnswerRules(thresholds, min_labels=number), [scores])
        assert {i for i, is_predicted in enumerate(found) if is_predicted} == expected


@pytest.mark.parametrize("text", ["", "  \n\t", "\u3000"])
def test_an_empty_text_has_no_label(text):
    rows = [[0.9, 0.8, 0.7], [0.9, 0.1, 0.1]]
    found = decide(AnswerRules(0.5, min_labels=1), rows, [text, "text"])
    assert found == [[False] * 3, [True, False, False]]


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


def test_thresholds_of_the_model_are_overridden(classifier):
    config = classifier.config
    config.thresholds = 0.4
    assert AnswerRules.for_model(config).thresholds == 0.4
    assert AnswerRules.for_model(config, 0.3).thresholds == 0.3
    assert AnswerRules.for_model(config, None, {"food": 0.7}).thresholds == [0.4, 0.7, 0.4]
    assert AnswerRules.for_model(config, 0.3, {"food": 0.7, "bank": 0.2}).thresholds == [0.2, 0.7, 0.3]
    config.thresholds = [0.1, 0.2, 0.3]
    assert AnswerRules.for_model(config, None, {"sport": 0.9}).thresholds == [0.1, 0.2, 0.9]
    assert config.thresholds == [0.1, 0.2, 0.3]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((None, {"sports": 0.3}), "threshold sports: none of the model's 3 labels; some of them: sport"),
        ((1.0,), "threshold 1.0: must be > 0 and < 1"),
        ((None, {"food": 0.0}), "threshold 0.0: must be > 0 and < 1"),
        ((float("nan"),), "threshold nan: must be"),
        ((None, None, 4), "min_labels 4: must be >= 0 and <= 3"),
    ],
)
def test_what_does_not_fit_the_model(classifier, given, told):
    with pytest.raises(UserInputError, match=told):
        AnswerRules.for_model(classifier.config, *given)


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
        found = list(predict(classifier, tokenizer, documents, 8, AnswerRules(0.999)))
    assert [answer.labels for answer in found] == [[]] * 4
    empty, none = caplog.messages
    assert empty == "2 of 4 texts are empty: no label"
    assert none.startswith("no probability is above 0.999; the highest is 0.")


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
