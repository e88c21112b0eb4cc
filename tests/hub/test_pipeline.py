# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`pipeline("multi-label-classification")`."""

import json

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, pipeline

from labelwise import LabelTokenizer, LMMTCForSequenceClassification, LWLSTMForSequenceClassification, predict_labels
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


@pytest.mark.parametrize("wrong", [None, 3, ["a", None], {"text": "a"}, [["a", "b"]]])
def test_what_is_no_text(tagger, wrong):
    with pytest.raises(TypeError, match="multi-label-classification reads strings, not"):
        tagger(wrong)


def test_unknown_options_are_an_error(tagger):
    with pytest.raises(TypeError, match="top_k"):
        tagger("a", top_k=2)


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
