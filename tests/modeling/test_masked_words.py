# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Joint masked language modelling of lw-encoder against a slow, obvious version."""

import pytest
import torch

from labelwise import LabelWiseEncoderForSequenceClassification, LabelWiseEncoderModel
from labelwise.modeling import modeling_lw_encoder
from labelwise.modeling.masked_words import MaskedWordHead, masked_lm_loss

from .test_modeling_lw_encoder import LABELS, WINDOWS, make_batch

LENGTHS = [2, 9, 25, 40]


@pytest.fixture(scope="module")
def model(bert):
    torch.manual_seed(0)
    return LabelWiseEncoderForSequenceClassification.from_encoder(bert, LABELS, **WINDOWS, mlm_weight=0.5).double()


@pytest.fixture(scope="module")
def batch():
    batch = make_batch(LENGTHS, width=40)
    targets = torch.full_like(batch["input_ids"], -100)
    targets[1, 3], targets[2, [1, 12, 20]], targets[3, 38] = 7, torch.tensor([8, 9, 10]), 11  # several windows
    return {**batch, "labels": torch.tensor([[1, 0, -100]] * 4), "mlm_targets": targets}


def test_loss_is_a_mean_per_document_of_what_was_predicted():
    logits = torch.randn(3, 5, dtype=torch.float64)
    targets = torch.tensor([[-100, 2, 4], [1, -100, -100], [-100, -100, -100]])
    losses = [-logits[i].log_softmax(-1)[word] for i, word in enumerate((2, 4, 1))]
    expected = ((losses[0] + losses[1]) / 2 + losses[2]) / 3
    torch.testing.assert_close(masked_lm_loss(logits, targets), expected)


def test_logits_of_words_meet_the_embeddings():
    torch.manual_seed(0)
    head, states, embeddings = MaskedWordHead(6, 4).double(), torch.randn(2, 6).double(), torch.randn(9, 4).double()
    x = torch.nn.functional.gelu(states @ head.dense.weight.T + head.dense.bias)
    x = (x - x.mean(-1, keepdim=True)) / (x.var(-1, unbiased=False, keepdim=True) + head.norm.eps).sqrt()
    torch.testing.assert_close(head(states, embeddings), x @ embeddings.T)


def test_loss_is_of_both_parts(model, batch):
    outputs = model(**batch)
    alone = model(**{name: part for name, part in batch.items() if name != "mlm_targets"})
    assert alone.mlm_loss is None and alone.label_loss is None
    torch.testing.assert_close(outputs.logits, alone.logits)
    torch.testing.assert_close(outputs.label_loss, alone.loss)

    inputs = {name: batch[name] for name in ("input_ids", "attention_mask")}
    states = model.base_model(**inputs, output_hidden_states=True).hidden_states[0]
    losses = []
    for document, row in enumerate(batch["mlm_targets"]):
        found = [
            -model.word_head(states[document, place], model.get_input_embeddings().weight).log_softmax(-1)[row[place]]
            for place in (row != -100).nonzero()[:, 0]
        ]
        losses.append(sum(found) / max(len(found), 1))
    torch.testing.assert_close(outputs.mlm_loss, sum(losses) / len(losses))
    torch.testing.assert_close(outputs.loss, alone.loss + 0.5 * outputs.mlm_loss)
    assert outputs.hidden_states is None
    without_labels = model(**{name: part for name, part in batch.items() if name != "labels"})
    torch.testing.assert_close(without_labels.loss, 0.5 * outputs.mlm_loss)


def test_padding_on_the_left(model, batch):
    shifted = {
        name: torch.stack([row.roll(int(row.shape[0] - length)) for row, length in zip(part, LENGTHS, strict=True)])
        for name, part in batch.items()
        if name != "labels"
    }
    torch.testing.assert_close(model(**shifted, labels=batch["labels"]).loss, model(**batch).loss)


def test_many_labels(model, batch, monkeypatch):
    expected = model(**batch)
    monkeypatch.setattr(modeling_lw_encoder, "LABELS_AT_ONCE", 1)
    found = model(**batch)
    torch.testing.assert_close(found.loss, expected.loss)
    torch.testing.assert_close(found.mlm_loss, expected.mlm_loss)


def test_the_head_is_saved_and_only_the_classifier_has_it(model, batch, tmp_path):
    model.save_pretrained(tmp_path)
    again = LabelWiseEncoderForSequenceClassification.from_pretrained(tmp_path, dtype=torch.float64)
    torch.testing.assert_close(again(**batch).mlm_loss, model(**batch).mlm_loss)
    _, report = LabelWiseEncoderModel.from_pretrained(tmp_path, output_loading_info=True)
    assert not report["missing_keys"] and not report["unexpected_keys"]
    _, report = LabelWiseEncoderForSequenceClassification.from_pretrained(
        tmp_path, mlm_weight=0, output_loading_info=True
    )
    assert not report["missing_keys"] and not report["unexpected_keys"]


def test_without_a_weight_there_is_no_head(bert, batch):
    model = LabelWiseEncoderForSequenceClassification.from_encoder(bert, LABELS, **WINDOWS)
    assert model.word_head is None
    assert model(**batch).mlm_loss is None
