# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What a request asks, and what is refused in one sentence."""

import json

import pytest

from labelwise import LMMTCConfig, LWLSTMConfig, UserInputError
from labelwise.serving.questions import Limits, NoJSON, read_question

NAMES = {0: "bank", 1: "sport"}
LIMITS = Limits(max_texts=3, max_characters=10, max_body_bytes=1000)
CONFIG = LWLSTMConfig(vocab_size=9, embedding_size=2, hidden_size=2, id2label=NAMES, thresholds=[0.3, 0.4])


def read(asked, config=CONFIG):
    return read_question(json.dumps(asked).encode(), config, LIMITS)


def test_kinds_of_input():
    assert read("money") == ([("money", {})], read("ball").rules, False)
    assert read(["money", ""])[::2] == ([("money", {}), ("", {})], True)
    assert read([])[::2] == ([], True)
    assert read({"inputs": "money"}) == read("money")
    assert read({"inputs": ["money"], "parameters": {}}) == read(["money"])


def test_rules():
    assert read("a").rules.thresholds == [0.3, 0.4]
    rules = read({"inputs": "a", "parameters": {"threshold": 0.7, "min_labels": 1, "top_k": 2}}).rules
    assert (rules.thresholds, rules.min_labels, rules.num_scores) == (0.7, 1, 2)
    assert read({"inputs": "a", "parameters": {"threshold": {"sport": 0.9}}}).rules.thresholds == [0.3, 0.9]
    assert read({"inputs": "a", "parameters": {"threshold": {}}}).rules.thresholds == [0.3, 0.4]
    null = {"threshold": None, "min_labels": None, "top_k": None}
    assert read({"inputs": "a", "parameters": null}).rules == read("a").rules


def test_known_labels(bert):
    config = LMMTCConfig(encoder={"model_type": "bert"}, label_positions=[2, 5], id2label=NAMES)
    known = {"inputs": "money", "parameters": {"known_labels": ["bank"]}}
    assert read(known, config).documents == [("money", {"bank": True})]
    known = {"inputs": ["a", "b"], "parameters": {"known_labels": [{"bank": False}, []]}}
    assert read(known, config).documents == [("a", {"bank": False}), ("b", {})]
    with pytest.raises(UserInputError, match="known_labels: must be a list with the known labels of each text"):
        read({"inputs": ["a", "b"], "parameters": {"known_labels": ["bank"]}}, config)
    with pytest.raises(UserInputError, match="'food' is none of the model's labels"):
        read({"inputs": "a", "parameters": {"known_labels": ["food"]}}, config)


@pytest.mark.parametrize("body", [b"", b"money", b"{", b'"\xff"', b"[" * 100_000, b"1" * 5000, b"[1,]"])
def test_no_json(body):
    with pytest.raises(NoJSON, match="the body is"):
        read_question(body, CONFIG, LIMITS)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (None, "inputs: the text is missing"),
        (3, "inputs: the text is of type int, not a string"),
        (["a", 3.5], r"inputs\[1\]: the text is of type float, not a string"),
        ([["a"]], r"inputs\[0\]: the text is of type list, not a string"),
        ("\ud800", "half a surrogate pair"),
        ("a" * 11, "inputs: 11 characters: a text may have 10"),
        (["a"] * 4, "4 texts: a request may have 3"),
        ({"text": "a"}, "the body: unknown key 'text'; known: inputs, parameters"),
        ({"parameters": {}}, 'the body has no "inputs"'),
        ({"inputs": "a", "parameters": []}, "parameters: must be an object"),
        ({"inputs": "a", "parameters": {"temperature": 1}}, "parameters: unknown key 'temperature'"),
        ({"inputs": "a", "parameters": {"threshold": "0.5"}}, "threshold: must be a number"),
        ({"inputs": "a", "parameters": {"threshold": True}}, "threshold: must be a number"),
        ({"inputs": "a", "parameters": {"threshold": {"bank": None}}}, "threshold: must be a number"),
        ({"inputs": "a", "parameters": {"threshold": 0}}, "threshold 0: must be > 0 and < 1"),
        ({"inputs": "a", "parameters": {"threshold": {"food": 0.5}}}, "none of the model's 2 labels"),
        ({"inputs": "a", "parameters": {"min_labels": 3}}, "min_labels 3: must be >= 0 and <= 2"),
        ({"inputs": "a", "parameters": {"top_k": -1}}, "top_k: must be a whole number >= 0"),
        ({"inputs": "a", "parameters": {"top_k": 1.5}}, "top_k: must be a whole number >= 0"),
        ({"inputs": "a", "parameters": {"known_labels": ["bank"]}}, "the model has no label tokens"),
    ],
)
def test_refused(asked, told):
    with pytest.raises(UserInputError, match=told) as error:
        read(asked)
    assert not isinstance(error.value, NoJSON)
    assert "\n" not in str(error.value)
