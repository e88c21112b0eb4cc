# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Which labels and scores probabilities become."""

import random

import numpy as np
import pytest
import torch

from labelwise import LWLSTMConfig, UserInputError
from labelwise.hub.answer_rules import AnswerRules, is_empty, read_rules

NAMES = ["bank", "food", "sport"]


@pytest.fixture
def config() -> LWLSTMConfig:
    return LWLSTMConfig(id2label=dict(enumerate(NAMES)), thresholds=0.4)


def logits(*rows: list[float]) -> torch.Tensor:
    return torch.tensor(rows).logit()


def decide(rules: AnswerRules, rows: list[list[float]]) -> list[list[bool]]:
    return rules.decide([False] * len(rows), logits(*rows)).tolist()


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
    rows = logits([0.9, 0.8, 0.7], [0.9, 0.1, 0.1])
    empty = [is_empty(text), is_empty("text")]
    for given in (empty, torch.tensor(empty)):
        assert AnswerRules(0.5, min_labels=1).decide(given, rows).tolist() == [[False] * 3, [True, False, False]]


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (None, [{"bank": 0.25, "food": 0.5, "sport": 0.125}, {"bank": 0.75, "food": 0.0, "sport": 1.0}]),
        (2, [{"food": 0.5, "bank": 0.25}, {"sport": 1.0, "bank": 0.75}]),
        (5, [{"food": 0.5, "bank": 0.25, "sport": 0.125}, {"sport": 1.0, "bank": 0.75, "food": 0.0}]),
        (0, [{}, {}]),
    ],
)
def test_the_best_scores_come_first(number, expected):
    names, scores = AnswerRules(0.5, num_scores=number).rank(NAMES, torch.tensor([[0.25, 0.5, 0.125], [0.75, 0, 1]]))
    found = [list(zip(best, row, strict=True)) for best, row in zip(names, scores.tolist(), strict=True)]
    assert found == [list(scores.items()) for scores in expected]


def test_thresholds_of_the_model_are_overridden(config):
    assert AnswerRules.for_model(config).thresholds == 0.4
    assert AnswerRules.for_model(config, 0.3).thresholds == 0.3
    assert AnswerRules.for_model(config, None, {"food": 0.7}).thresholds == [0.4, 0.7, 0.4]
    assert AnswerRules.for_model(config, 0.3, {"food": 0.7, "bank": 0.2}).thresholds == [0.2, 0.7, 0.3]
    config.thresholds = [0.1, 0.2, 0.3]
    assert AnswerRules.for_model(config, None, {"sport": 0.9}).thresholds == [0.1, 0.2, 0.9]
    assert config.thresholds == [0.1, 0.2, 0.3]
    config.thresholds = 0  # a whole number, among which 0.3 would be 0
    assert AnswerRules.for_model(config, None, {"food": 0.3}).thresholds == [0.0, 0.3, 0.0]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((None, {"sports": 0.3}), "threshold sports: none of the model's 3 labels; .*sport"),
        ((1.0,), "threshold 1.0: must be > 0 and < 1"),
        ((None, {"food": 0.0}), "threshold 0.0: must be > 0 and < 1"),
        ((float("nan"),), "threshold nan: must be"),
        ((None, None, 4), "min_labels 4: must be >= 0 and <= 3"),
    ],
)
def test_what_does_not_fit_the_model(config, given, told):
    with pytest.raises(UserInputError, match=told):
        AnswerRules.for_model(config, *given)


def test_what_is_asked_for(config):
    assert read_rules(config) == read_rules(config, None, None, None) == AnswerRules(0.4, 0, None)
    assert read_rules(config, 0.3, 1, 2) == AnswerRules(0.3, 1, 2)
    assert read_rules(config, np.float32(0.5), np.int64(1)) == AnswerRules(0.5, 1)
    assert read_rules(config, {"food": 0.7}).thresholds == [0.4, 0.7, 0.4]
    assert read_rules(config, {}).thresholds == 0.4


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"threshold": "0.5"}, "threshold: must be a number, or numbers by the names of labels"),
        ({"threshold": [0.2, 0.3, 0.4]}, "threshold: must be a number"),
        ({"threshold": True}, "threshold: must be a number"),
        ({"threshold": {"bank": None}}, "threshold: must be a number"),
        ({"threshold": 2}, "threshold 2: must be > 0 and < 1"),
        ({"threshold": {3: 0.5}}, "threshold 3: none of the model's 3 labels"),
        ({"min_labels": 1.5}, "min_labels: must be a whole number >= 0"),
        ({"min_labels": 4}, "min_labels 4: must be >= 0 and <= 3"),
        ({"top_k": "2"}, "top_k: must be a whole number >= 0"),
        ({"top_k": -1}, "top_k: must be a whole number >= 0"),
        ({"top_k": True}, "top_k: must be a whole number >= 0"),
    ],
)
def test_what_cannot_be_asked_for(config, given, told):
    with pytest.raises(UserInputError, match=told) as error:
        read_rules(config, **given)
    assert "\n" not in str(error.value)
