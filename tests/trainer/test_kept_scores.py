# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Scores of a model in place of unknown labels."""

import pytest
import torch
from datasets import Dataset

from labelwise import LWLSTMForSequenceClassification
from labelwise.modeling.calibration import calibrate_logits
from labelwise.trainer.kept_scores import keep_decisions, keep_scores

LABELS = [[1, -100, -100, 0], [-100, 0, 1, -100], [-100, -100, 0, 1]]
TEXTS = ["w1 w2 w3", "w4", "w5 w6 w7 w8 w9"]


@pytest.fixture
def documents(word_tokenizer) -> Dataset:
    return Dataset.from_dict({**word_tokenizer(TEXTS), "labels": LABELS})


@pytest.fixture
def model(make_config):
    torch.manual_seed(0)
    config = make_config(num_labels=4, calibration={"scale": 3.0, "offset": 1.0}, thresholds=[0.9, 0.2, 0.5, 0.5])
    return LWLSTMForSequenceClassification(config).eval()


@torch.no_grad()
def logits_of(model, tokenizer) -> torch.Tensor:
    calibration, model.config.calibration = model.config.calibration, None
    logits = [model(**tokenizer([text], return_tensors="pt")).logits for text in TEXTS]
    model.config.calibration = calibration
    return torch.cat(logits)


@pytest.mark.parametrize("batch_size", [1, 64])
def test_unknown_labels_are_probabilities_before_calibration(documents, model, word_tokenizer, batch_size):
    held = keep_scores(documents, model, word_tokenizer, slice(3), batch_size)
    probabilities = logits_of(model, word_tokenizer).sigmoid()
    expected = torch.tensor(LABELS).float()
    unknown = expected[:, :3] == -100
    expected[:, :3][unknown] = probabilities[:, :3][unknown]
    torch.testing.assert_close(torch.tensor(held["labels"][:]), expected)
    assert held["input_ids"][:] == documents["input_ids"][:]
    assert held["labels"][1][3] == -100  # not held
    assert documents["labels"][:] == LABELS
    assert model.config.calibration is not None


def test_decisions_are_those_of_thresholds_and_calibration(documents, model, word_tokenizer):
    held = torch.tensor(keep_decisions(documents, model, word_tokenizer, slice(3))["labels"][:])
    probabilities = calibrate_logits(logits_of(model, word_tokenizer), model.config.calibration).sigmoid()
    decided = (probabilities > torch.tensor(model.config.thresholds)).float()
    unknown = torch.tensor(LABELS)[:, :3] == -100
    assert torch.equal(held[:, :3][unknown], decided[:, :3][unknown])
    assert torch.equal(held[:, :3][~unknown], torch.tensor(LABELS)[:, :3][~unknown].float())


def test_the_loss_of_soft_labels_is_least_at_the_models_own_scores(documents, model, word_tokenizer):
    labels = torch.tensor(keep_scores(documents, model, word_tokenizer, slice(4))["labels"][:])[:, :3]
    logits = labels.clamp(1e-6, 1 - 1e-6).logit().requires_grad_()
    loss = model.loss_function(logits, labels)
    (gradient,) = torch.autograd.grad(loss, logits)
    assert gradient.abs().max() < 1e-5
