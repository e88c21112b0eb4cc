# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Attention between label tokens, against the encoder's own weights."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
import torch

from labelwise import LabelTokenizer, LMMTCForSequenceClassification
from labelwise.analysis.label_attention import agreement, draw_label_attention, label_attention

LABELS = ["joy", "anger", "cat"]
TEXTS = ["the cat sat", "a dog chased the cat away and away", "what joy it was", "nobody knows", "joy"]


@pytest.mark.parametrize("template", ["diff", "compact"])
def test_equals_the_encoders_weights_document_by_document(encoder, template):
    tokenizer = LabelTokenizer.from_encoder(encoder, LABELS, template)
    model = LMMTCForSequenceClassification.from_encoder(encoder, LABELS, template)
    found = label_attention(model, tokenizer, TEXTS, [1, 2], batch_size=2)
    step, first = (3, 2) if template == "diff" else (1, 1)
    places = [first + step * i for i in range(3)]  # [CLS] [LS-1] [MASK-1] [LE-1] [LS-2] ...
    expected = np.zeros((2, 3, 3))
    model.set_attn_implementation("eager")  # which returns its weights
    for text in TEXTS:
        encoded = tokenizer(text, return_tensors="pt")
        assert tokenizer.convert_ids_to_tokens(encoded["input_ids"][0, places]) == ["[MASK-1]", "[MASK-2]", "[MASK-3]"]
        with torch.no_grad():
            attentions = model.lm_mtc.encoder.base_model(**encoded, output_attentions=True).attentions
        for layer, heads in enumerate(attentions):  # (1, heads, tokens, tokens)
            for row in range(3):
                for column in range(3):
                    expected[layer, row, column] += heads[0, :, places[row], places[column]].mean().item()
    assert list(found) == [1, 2]
    np.testing.assert_allclose(np.stack([*found.values()]), expected, rtol=1e-4)
    assert 0 < found[1].sum(axis=1).max() < len(TEXTS)  # each row is a part of a document's whole attention, 1


def test_agreement_is_of_pairs_in_both_directions():
    holds = np.array([[1, 1, 0, 0]] * 3 + [[1, 0, 1, 0]] * 2 + [[0, 1, 1, 0]] + [[0, 0, 0, 1]] * 9)
    attention = np.array([[9, 8, 3, 50], [0, 0, 1, 0], [2, 0, 9, 90], [0, 70, 0, 0]])  # both ways: 8, 5, 1
    assert agreement(attention, holds) == pytest.approx(1)  # whatever goes to the last, which is always alone
    assert agreement(-attention, holds) == pytest.approx(-1)
    many = np.repeat(holds, 128, axis=0).astype(np.int8)  # 384, 256 and 128 documents a pair, as multi_hot gives them
    assert agreement(attention, many) == pytest.approx(1)


def test_the_figure_has_a_panel_a_layer():
    matrix = pd.DataFrame(np.eye(3) + 0.1, index=LABELS, columns=LABELS)
    figure = draw_label_attention(matrix, {2: matrix, 6: matrix}, {2: 0.25, 6: -0.5}, "model: corpus")
    titles = [axes.get_title() for axes in figure.axes]
    assert titles[:3] == [
        "correlation of the labels",
        "layer 2\nagreement with the correlation 0.25",
        "layer 6\nagreement with the correlation -0.50",
    ]
    assert [axes.get_xlabel() for axes in figure.axes[:3]] == ["label", "label attended to", "label attended to"]
    assert figure.get_suptitle() == "model: corpus"
    assert not figure.axes[3].axison  # of four places, three are taken


@pytest.mark.parametrize("number", [3, 28])
def test_panels_do_not_overlap(number):
    names = [f"label number {i}" for i in range(number)]
    matrix = pd.DataFrame(np.random.default_rng(0).random((number, number)), index=names, columns=names)
    figure = draw_label_attention(matrix, {2: matrix, 6: matrix}, {2: 0.25, 6: -0.5}, "model: corpus")
    figure.draw_without_rendering()
    boxes = [axes.get_tightbbox() for axes in figure.axes if axes.axison]
    assert len(boxes) == 6  # three panels and their colour bars
    boxes.append(figure._suptitle.get_window_extent())
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)
    assert all(box.x0 >= -2 and box.x1 <= figure.bbox.x1 + 2 for box in boxes)
    assert all(box.y0 >= -2 and box.y1 <= figure.bbox.y1 + 2 for box in boxes)
