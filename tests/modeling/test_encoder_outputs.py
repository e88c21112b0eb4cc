# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The classifier over what its base model has computed before, in place of the documents."""

import pytest
import torch

from labelwise import LMMTCForSequenceClassification, LWLSTMForSequenceClassification, SGMForSequenceClassification

from ..other_families import OTHER_FAMILIES, make_other_family

LABELS = ["a", "b", "c", "d"]
NEURAL = [name for name, (_, model, _) in OTHER_FAMILIES.items() if model.takes_encoder_outputs]


@pytest.fixture
def model(request, make_config, word_tokenizer, bert):
    name = request.param
    if name in OTHER_FAMILIES:
        return make_other_family(name, word_tokenizer, LABELS)
    torch.manual_seed(0)
    if name == "lw-lstm":
        return LWLSTMForSequenceClassification(make_config(num_encoders=2)).eval()
    return LMMTCForSequenceClassification.from_encoder(bert, LABELS, name)


@pytest.mark.parametrize("model", [*NEURAL, "lw-lstm", "none", "diff"], indirect=True)
def test_logits_and_loss_are_those_of_the_documents(model):
    ids, labels = torch.arange(34).view(2, 17) % 20 + 5, torch.tensor([[1, 0, 0, 1], [0, -100, 1, 0]])
    with torch.no_grad():
        document = model.base_model(ids)
        expected = model(ids, labels=labels)
        for encoder_outputs in (document, (document.last_hidden_state,)):
            found = model(encoder_outputs=encoder_outputs, labels=labels)
            torch.testing.assert_close(found.logits, expected.logits)
            torch.testing.assert_close(found.loss, expected.loss)
        with pytest.raises(ValueError, match="pass input_ids, or encoder_outputs"):
            model(labels=labels)


def test_models_that_read_more_than_one_representation(word_tokenizer):
    assert set(OTHER_FAMILIES) - set(NEURAL) == {"br", "cc", "lp", "sgm", "set-rnn"}
    assert not SGMForSequenceClassification.takes_encoder_outputs


def test_a_label_by_label_model_reads_the_document_again(bert):
    model = LMMTCForSequenceClassification.from_encoder(bert, LABELS, label_by_label=True)
    assert not model.takes_encoder_outputs


def test_a_frozen_encoder_has_no_states_to_regularize(word_tokenizer):
    model = make_other_family("reg-lstm", word_tokenizer, LABELS)
    model.config.activation_regularization = 1e4
    ids, labels = torch.arange(3, 13).view(1, 10), torch.tensor([[1, 0, 0, 1]])
    expected = model(ids, labels=labels).loss
    model.train()
    assert model(ids, labels=labels).loss > expected + 1
    model.base_model.eval()
    torch.testing.assert_close(model(ids, labels=labels).loss, expected)
