# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Every model is explained, by the method it has; what is explained is what it predicts."""

import numpy as np
import pytest
import torch

from labelwise import LabelTokenizer, LMMTCForSequenceClassification, LWLSTMForSequenceClassification
from labelwise.analysis.explain import explain

from ..other_families import OTHER_FAMILIES, make_other_family

TEXT = "w1 W2, w3.  W4 w5 w6 w7 w8 w9 w10. W11 w12!\n w1. W2. W3 w4"
METHODS = {"br": "contributions", "cc": "contributions", "lp": "contributions", "han-lg": "attention"}


def logits_of(model, tokenizer, text: str) -> torch.Tensor:
    with torch.no_grad():
        return model(**tokenizer([text], truncation=True, return_tensors="pt")).logits[0]


@pytest.mark.parametrize("name", OTHER_FAMILIES)
def test_every_word_model(name, word_tokenizer):
    model = make_other_family(name, word_tokenizer, ["joy", "anger", "fear"])
    found = explain(model, word_tokenizer, TEXT, [2, 0])
    assert found.method == METHODS.get(name, "leaving out")
    assert [answer.label for answer in found.answers] == ["fear", "joy"]
    assert found.weights_KW.shape == (2, len(found.words.spans))
    logits = logits_of(model, word_tokenizer, TEXT)[[2, 0]]
    assert [answer.logit for answer in found.answers] == pytest.approx(logits.tolist(), abs=1e-5)
    for row in range(2):
        assert found.trust(row)
        assert len(list(found.entries(row))) > 0
        header, *rows = found.highest(row)
        assert all(len(cells) == len(header) for cells in rows)


@pytest.mark.parametrize(("template", "method"), [("diff", "attention"), ("none", "leaving out")])
def test_encoders(bert, template, method):
    tokenizer = LabelTokenizer.from_encoder(bert, ["joy", "anger"], template)
    model = LMMTCForSequenceClassification.from_encoder(bert, ["joy", "anger"], template).eval()
    assert explain(model, tokenizer, "the cat sat", [1]).method == method


def test_what_is_explained_is_what_is_predicted(corner, make_config, word_tokenizer):
    torch.manual_seed(0)
    model = LWLSTMForSequenceClassification(make_config(**corner)).eval()
    found = explain(model, word_tokenizer, TEXT, [3, 1])
    logits = logits_of(model, word_tokenizer, TEXT)
    np.testing.assert_allclose([answer.probability for answer in found.answers], logits.sigmoid()[[3, 1]], atol=1e-6)
    assert [answer.label for answer in found.answers] == ["LABEL_3", "LABEL_1"]
    assert [answer.predicted for answer in found.answers] == (logits[[3, 1]] > 0).tolist()


def test_predicted_labels_without_others(make_config, word_tokenizer):
    model = LWLSTMForSequenceClassification(make_config()).eval()
    model.config.thresholds = [0.0, 1.0, 0.0, 1.0]
    found = explain(model, word_tokenizer, TEXT)
    assert [answer.label for answer in found.answers] == ["LABEL_0", "LABEL_2"]
    assert all(answer.predicted for answer in found.answers)
    model.config.thresholds = 1.0
    with pytest.raises(ValueError, match="predicts no label"):
        explain(model, word_tokenizer, TEXT)
