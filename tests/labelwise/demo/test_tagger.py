# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What the page asks of a model."""

import csv
import json

import pytest
from transformers import pipeline

from labelwise import UserInputError
from labelwise.demo import page
from labelwise.demo.tagger import LabelAnswer

from ...tiny_corpus import write_jsonl

TEXT = "the money, the loan and the ball"


def test_labels_are_those_of_the_pipeline(words, model):
    found = words.label(TEXT)
    expected = pipeline("multi-label-classification", model=str(model))(TEXT)
    assert {answer.label for answer in found if answer.is_predicted} == set(expected["labels"])
    assert {answer.label: answer.probability for answer in found} == pytest.approx(expected["scores"], abs=2e-6)
    order = [(not answer.is_predicted, -answer.probability) for answer in found]
    assert order == sorted(order)
    assert (words.name, words.reads_known_labels) == ("model", False)


def test_thresholds(words, label_tokens):
    assert {answer.threshold for answer in words.label(TEXT)} == {0.5}
    assert all(answer.is_predicted for answer in words.label(TEXT, threshold=1e-6))
    assert not any(answer.is_predicted for answer in words.label(TEXT, threshold=1 - 1e-6))
    by_label = {answer.label: answer.threshold for answer in label_tokens.label("what joy it was")}
    assert by_label == {"joy": 0.3, "anger": 0.5, "<b>fear</b>": 0.7}


def test_known_labels(label_tokens):
    assert label_tokens.reads_known_labels
    plain = {answer.label: answer for answer in label_tokens.label("what joy it was")}
    found = {answer.label: answer for answer in label_tokens.label("what joy it was", known=["anger"])}
    assert found["anger"] == LabelAnswer("anger", 1.0, 0.5, is_predicted=True, is_known=True)
    assert found["joy"].probability != plain["joy"].probability


def test_words_of_a_label(words):
    explanation = words.explain(TEXT, "bank")
    (answer,) = explanation.answers
    assert (answer.label, explanation.method) == ("bank", "attention")
    assert words.explain(TEXT, "bank", threshold=1e-6).answers[0].predicted
    assert not words.explain(TEXT, "bank", threshold=1 - 1e-6).answers[0].predicted
    with pytest.raises(UserInputError, match="the text contains no words"):
        words.explain(" ", "bank")


def test_a_tagged_file(words, tmp_path):
    file = write_jsonl(tmp_path / "texts.jsonl", [{"body": TEXT}, {"body": "soup"}])
    rows = [json.loads(line) for line in words.tag(file, "body", "jsonl", 1e-6).read_text("utf-8").splitlines()]
    assert [row["body"] for row in rows] == [TEXT, "soup"]
    assert [set(row["labels"]) for row in rows] == [{"bank", "food", "sport"}] * 2
    with words.tag(file, "body", "csv").open(encoding="utf-8", newline="") as tagged:
        assert next(csv.reader(tagged)) == ["body", "labels", "scores"]
    with pytest.raises(UserInputError, match="has no such column; there are: body"):
        words.tag(file, "text", "csv")


def test_the_table_of_labels_is_html(label_tokens):
    table = page._table(label_tokens.label("what joy it was"))
    assert "&lt;b&gt;fear&lt;/b&gt;" in table and "<b>" not in table
