# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Label smoothing against its formula, and in training."""

import math

import pytest
import torch
from transformers import set_seed

from labelwise import LWLSTMForSequenceClassification, MultiLabelTrainer, MultiLabelTrainingArguments
from labelwise.errors import UserInputError
from labelwise.modeling.label_loss import binary_cross_entropy, mean_per_document
from labelwise.trainer.losses import LOSSES, make_loss
from labelwise.trainer.losses.label_smoothing import smooth_labels
from labelwise.trainer.training_arguments import SMOOTHED_LOSSES

LOGITS = torch.tensor([[2.0, -1.0, 0.5], [0.0, 3.0, -2.0]])
LABELS = torch.tensor([[1, 0, -100], [0, 1, 1]])
NAMES = ["a", "b", "c", "d"]
NO_SAVES = {"eval_strategy": "no", "save_strategy": "no", "load_best_model_at_end": False}


@pytest.mark.parametrize("dtype", [torch.int64, torch.int8, torch.float32, torch.bfloat16])
def test_targets(dtype):
    expected = torch.tensor([[0.9, 0.1, -100], [0.1, 0.9, 0.9]])
    torch.testing.assert_close(smooth_labels(LABELS.to(dtype), 0.2), expected)
    assert smooth_labels(LABELS, 0.0).equal(LABELS.float())


def test_by_hand():
    """The cross-entropy with the mixed distribution: (1 - ε) H(q, p) + ε H(u, p), for each known label."""

    def cost(logit, label):
        p = 1 / (1 + math.exp(-logit))
        hard = -math.log(p if label else 1 - p)
        uniform = -0.5 * math.log(p) - 0.5 * math.log(1 - p)
        return 0.7 * hard + 0.3 * uniform

    rows = [[cost(2, 1), cost(-1, 0)], [cost(0, 0), cost(3, 1), cost(-2, 1)]]
    smoothed = smooth_labels(LABELS, 0.3)
    assert binary_cross_entropy(LOGITS, smoothed).item() == pytest.approx(sum(map(sum, rows)) / 2)
    means = [sum(row) / len(row) for row in rows]
    assert binary_cross_entropy(LOGITS, smoothed, mean_per_document).item() == pytest.approx(sum(means) / 2)


@pytest.mark.parametrize("loss", SMOOTHED_LOSSES)
def test_the_best_probabilities_are_the_targets(planted_corpus, loss):
    """At 1 - ε / 2 and ε / 2, for the cross-entropies; ZLPR and weights move them, but keep them from 0 and 1."""
    compute = binary_cross_entropy if loss == "bce" else make_loss(loss, planted_corpus(40), NAMES)
    labels = torch.tensor([[1, 0, 0, 1]])
    logits = torch.zeros(1, 4, requires_grad=True)
    optimizer = torch.optim.LBFGS([logits], max_iter=200)

    def closure():
        optimizer.zero_grad()
        value = compute(logits, smooth_labels(labels, 0.2))
        value.backward()
        return value

    optimizer.step(closure)
    found = logits.detach().sigmoid()[0]
    if loss == "bce":
        torch.testing.assert_close(found, torch.tensor([0.9, 0.1, 0.1, 0.9]), atol=1e-3, rtol=0)
    assert ((found > 0.5) == (labels[0] == 1)).all()
    assert found.min() > 1e-3
    assert found.max() < 1 - 1e-3


@pytest.fixture
def make_trainer(planted_corpus, planted_config, word_tokenizer, tmp_path):
    """`make_trainer(**settings)`: a trainer of documents whose first label is unknown in every other one."""

    def make(**settings) -> MultiLabelTrainer:
        args = MultiLabelTrainingArguments(
            str(tmp_path), per_device_train_batch_size=8, max_steps=3, logging_steps=1, disable_tqdm=True, **settings
        )
        set_seed(0)
        documents = planted_corpus(24)
        labels = [[-100, *row[1:]] if number % 2 else row for number, row in enumerate(documents["labels"])]
        documents = documents.remove_columns("labels").add_column("labels", labels)
        return MultiLabelTrainer(
            LWLSTMForSequenceClassification(planted_config(dropout=0.0)),
            args,
            train_dataset=documents,
            eval_dataset=documents,
            processing_class=word_tokenizer,
        )

    return make


@pytest.mark.parametrize("loss", SMOOTHED_LOSSES)
def test_training_is_smoothed_and_evaluation_is_not(make_trainer, loss, recwarn):
    plain = make_trainer(loss=loss, **NO_SAVES)
    smoothed = make_trainer(loss=loss, label_smoothing_factor=0.3, **NO_SAVES)
    batch = next(iter(plain.get_train_dataloader()))
    assert (batch["labels"] == -100).any()
    outputs = plain.model.train()(**batch)
    expected = plain.model.loss_function(outputs.logits, smooth_labels(batch["labels"], 0.3))
    assert smoothed.compute_loss(smoothed.model.train(), batch).item() == pytest.approx(expected.item())
    assert expected.item() != pytest.approx(outputs.loss.item())
    assert smoothed.evaluate()["eval_loss"] == plain.evaluate()["eval_loss"]
    assert not [warning for warning in recwarn if "smoothing" in str(warning.message)]


def test_no_smoothing_is_the_same_training(make_trainer):
    losses = []
    for settings in ({}, {"label_smoothing_factor": 0.0}, {"label_smoothing_factor": 0.3}):
        trainer = make_trainer(**settings, **NO_SAVES)
        trainer.train()
        losses.append([log["loss"] for log in trainer.state.log_history if "loss" in log])
    assert losses[0] == losses[1] != losses[2]


@pytest.mark.parametrize("loss", sorted({*LOSSES} - {*SMOOTHED_LOSSES}))
def test_losses_without_targets_between_0_and_1(loss):
    with pytest.raises(UserInputError, match=rf"^--label_smoothing_factor 0\.1: --loss {loss} has no labels between 0"):
        MultiLabelTrainingArguments("out", loss=loss, label_smoothing_factor=0.1)
