# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`pipeline("multi-label-classification")`."""

import json

import numpy as np
import pytest
import torch
from datasets import Dataset
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from labelwise import (
    LabelTokenizer,
    LMMTCForSequenceClassification,
    LWLSTMForSequenceClassification,
    UserInputError,
    predict_labels,
)
from labelwise.hub.answer_rules import read_rules
from labelwise.runs.answers import predict

from ..file_modes import modes_of, usual_mode
from ..label_wise_encoders import make_label_wise_encoder

TEXTS = ["w1 w2. w3", "", "w5 " * 300, "nothing known", "w7 w8 w9. w1"]
NAMES = ["earn", "acq | {x}", "粮食", "`corn`"]


@pytest.fixture(scope="module", params=["lw_lstm", "lm_mtc", "lw_encoder"])
def folder(request, make_config, word_tokenizer, bert, tmp_path_factory) -> str:
    """A model whose thresholds cut its own probabilities in two."""
    torch.manual_seed(0)
    if request.param == "lw_lstm":
        model = LWLSTMForSequenceClassification(make_config(id2label=dict(enumerate(NAMES))))
        tokenizer = word_tokenizer
    elif request.param == "lw_encoder":
        tokenizer, model = make_label_wise_encoder(bert, NAMES, hierarchical=True)
    else:
        tokenizer = LabelTokenizer.from_encoder(bert, NAMES)
        model = LMMTCForSequenceClassification.from_encoder(bert, NAMES)
    model.eval()
    batch = tokenizer(TEXTS, padding=True, truncation=True, return_tensors="pt")
    model.config.thresholds = model(**batch).logits.sigmoid().median(dim=0).values.tolist()
    folder = tmp_path_factory.mktemp(request.param)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def tagger(folder):
    return pipeline("multi-label-classification", model=folder)


def assert_same(found: list[dict], expected: list[dict]) -> None:
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.keys() == {"labels", "scores"}
        assert one["labels"] == other["labels"]
        assert one["scores"] == pytest.approx(other["scores"], abs=2e-6)


def shifted(tagger, by: float):
    """Thresholds off the probabilities they were taken from, where rounding would decide."""
    tagger.model.config.thresholds = [threshold + by for threshold in tagger.model.config.thresholds]


@pytest.fixture(scope="module")
def expected(folder, tagger) -> list[dict]:
    """What `labelwise predict` writes."""
    shifted(tagger, 1e-4)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    model.config.thresholds = tagger.model.config.thresholds
    documents = ((text, {}) for text in TEXTS)
    rows = [
        answer._asdict() for answer in predict(model, AutoTokenizer.from_pretrained(folder), documents, batch_size=1)
    ]
    assert len({tuple(row["labels"]) for row in rows}) > 2
    assert [row["labels"] for row, text in zip(rows, TEXTS, strict=True) if not text] == [[]]
    assert list(rows[0]["scores"]) == NAMES
    return rows


@pytest.mark.parametrize("batch_size", [1, 2, 8])
def test_equals_predict_whatever_the_batch(tagger, expected, batch_size):
    assert_same(tagger(TEXTS, batch_size=batch_size), expected)


def test_kinds_of_input(tagger, expected):
    assert_same([tagger(TEXTS[0])], expected[:1])
    assert_same(tagger(TEXTS[:1]), expected[:1])
    generated = tagger((text for text in TEXTS), batch_size=2)
    assert iter(generated) is not None and not isinstance(generated, list)
    assert_same(list(generated), expected)
    assert tagger([]) == []
    table = Dataset.from_dict({"text": TEXTS})
    for texts in (tuple(TEXTS), np.array(TEXTS), table["text"], table.to_pandas()["text"], list(table)):
        assert_same(tagger(texts), expected)
    assert_same([tagger({"text": TEXTS[0], "id": 3})], expected[:1])


def test_thresholds_are_those_of_the_config(tagger, expected):
    before = tagger.model.config.thresholds
    try:
        tagger.model.config.thresholds = 0.0
        assert tagger(TEXTS[0])["labels"] == NAMES
        tagger.model.config.thresholds = 1.0
        assert tagger(TEXTS[0])["labels"] == []
        tagger.model.config.thresholds = [0.5] * 3
        with pytest.raises(ValueError, match="3 thresholds for 4 labels"):
            tagger(TEXTS[0])
    finally:
        tagger.model.config.thresholds = before


@pytest.mark.parametrize("wrong", [None, 3, ["a", None], {"body": "a"}, [["a", "b"]]])
def test_what_is_no_text(tagger, wrong):
    with pytest.raises(TypeError, match="multi-label-classification reads strings, not"):
        tagger(wrong)


@pytest.mark.parametrize(
    "given",
    [
        {"threshold": 0.4},
        {"threshold": {NAMES[1]: 0.01, NAMES[2]: 0.99}},
        {"min_labels": 3},
        {"top_k": 2},
        {"top_k": 0},
    ],
)
def test_parameters_mean_what_they_mean_to_predict(folder, tagger, expected, given):
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    model.config.thresholds = tagger.model.config.thresholds
    tokenizer = AutoTokenizer.from_pretrained(folder)
    rules = read_rules(model.config, **given)
    rows = [answer._asdict() for answer in predict(model, tokenizer, ((text, {}) for text in TEXTS), 1, rules)]
    assert rows != expected
    of_pipeline = pipeline("multi-label-classification", model=model, tokenizer=tokenizer, **given)
    for found in (tagger(TEXTS, batch_size=2, **given), of_pipeline(TEXTS)):
        assert_same(found, rows)
        assert [list(row["scores"]) for row in found] == [list(row["scores"]) for row in rows]


def test_parameters_change_the_answer(tagger, expected):
    assert tagger(TEXTS[0], threshold=1e-6)["labels"] == NAMES
    scores = expected[0]["scores"]
    best = max(scores, key=scores.get)
    rules = {"threshold": 1 - 1e-6, "min_labels": 1, "top_k": 1}
    for found in (tagger(TEXTS[0], **rules), *tagger((text for text in TEXTS[:1]), **rules)):
        assert found == {"labels": [best], "scores": {best: pytest.approx(scores[best], abs=2e-6)}}
    assert_same([tagger(TEXTS[0])], expected[:1])


def test_a_call_goes_before_the_pipeline(folder):
    strict = pipeline("multi-label-classification", model=folder, threshold=1 - 1e-6, top_k=1)
    assert strict(TEXTS[0])["labels"] == []
    answer = strict(TEXTS[0], threshold=1e-6)
    assert answer["labels"] == NAMES and len(answer["scores"]) == 1
    assert list(strict(TEXTS[0], top_k=None)["scores"]) == NAMES
    assert strict(TEXTS[0])["labels"] == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"threshold": 1.5}, "threshold 1.5: must be > 0 and < 1"),
        ({"threshold": {"corn": 0.5}}, "threshold corn: none of the model's 4 labels"),
        ({"min_labels": 5}, "min_labels 5: must be >= 0 and <= 4"),
        ({"top_k": -1}, "top_k: must be a whole number >= 0"),
    ],
)
def test_wrong_parameters_are_told_before_the_model_runs(folder, tagger, monkeypatch, given, told):
    monkeypatch.setattr(tagger, "forward", None)
    with pytest.raises(UserInputError, match=told):
        tagger("a", **given)
    with pytest.raises(UserInputError, match=told):
        pipeline("multi-label-classification", model=folder, **given)


def test_a_model_of_another_package(make_encoder):
    with pytest.raises(UserInputError, match="is a bert model, which text-classification runs"):
        pipeline("multi-label-classification", model=make_encoder("bert"))


def test_unknown_parameters_are_an_error(tagger):
    with pytest.raises(TypeError, match="no parameter treshold; it has threshold, min_labels, top_k"):
        tagger("a", treshold=0.2)


def test_lower_precision(folder, tagger, expected):
    half = pipeline("multi-label-classification", model=folder, dtype=torch.bfloat16)
    scores = half(TEXTS[0])["scores"]
    assert scores == pytest.approx(expected[0]["scores"], abs=0.05)
    logits = half.forward(half.preprocess(TEXTS[0]))["logits"]
    held = predict_labels(logits, half.model.config.thresholds)[0].tolist()
    assert half(TEXTS[0])["labels"] == [name for name, holds in zip(NAMES, held, strict=True) if holds]


def test_saved_pipeline_is_a_folder_like_any_other(tagger, expected, tmp_path):
    tagger.save_pretrained(tmp_path)
    assert modes_of(tmp_path) == {usual_mode(tmp_path)}
    assert "custom_pipelines" not in json.loads((tmp_path / "config.json").read_text())
    assert_same(pipeline("multi-label-classification", model=str(tmp_path))(TEXTS), expected)
