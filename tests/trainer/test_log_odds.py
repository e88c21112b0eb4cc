# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The start of new classifiers at the log-odds of the labels."""

import math

import datasets
import pytest
import torch
from transformers import DataCollatorWithPadding, Trainer, TrainingArguments

from labelwise import LMMTCForSequenceClassification, LWLSTMForSequenceClassification, start_at_log_odds
from labelwise.modeling.label_loss import binary_cross_entropy
from labelwise.trainer.label_statistics import label_cooccurrence
from labelwise.trainer.log_odds import label_log_odds
from labelwise.trainer.losses import LOSSES, make_loss
from labelwise.trainer.losses.label_smoothing import smooth_labels

from ..modeling.test_common import CORNERS, WORDS

# Label 0 is in 3 of 4 documents, label 1 in 1 of the 2 where it is known, label 2 in none, label 3 in all.
LABELS = [[1, 1, 0, 1], [1, -100, 0, 1], [0, 0, 0, 1], [1, -100, 0, 1]]
LOG_ODDS = [math.log(3.5 / 1.5), 0.0, math.log(0.5 / 4.5), math.log(4.5 / 0.5)]
WITHOUT_BIASES = ("magnet", "sgm", "sgm-ge", "set-rnn", "cnn-rnn", "br", "cc", "lp")


@pytest.fixture
def documents():
    return datasets.Dataset.from_dict({"input_ids": [[5, 6, 2]] * 4, "labels": LABELS})


def classifier_of(family):
    config, classes = WORDS[family]
    (kind,) = [kind for kind in classes if kind.__name__.endswith("ForSequenceClassification")]
    torch.manual_seed(0)
    return kind(config)


def biases(model):
    return [value for name, value in model.head.named_parameters() if name.endswith("bias")]


def test_unknown_labels_are_left_out_and_all_are_finite():
    assert label_log_odds(torch.tensor(LABELS)).tolist() == pytest.approx(LOG_ODDS)
    assert label_log_odds(torch.tensor([[-100], [-100]])).tolist() == [0]


@pytest.mark.parametrize("factor", [0.0, 0.3])
def test_no_constant_has_a_lower_loss(factor):
    labels = torch.tensor(LABELS)[:, :2].repeat(1000, 1)  # so many that half a document makes no difference
    logits = label_log_odds(labels, factor).requires_grad_()
    loss = binary_cross_entropy(logits.expand(labels.shape), smooth_labels(labels, factor))
    assert loss.item() > 0.5
    (gradient,) = torch.autograd.grad(loss, logits)
    assert gradient.abs().max() < 1e-3


@pytest.mark.parametrize(
    ("corner", "classifier"),
    [*((corner, kind) for corner in CORNERS for kind in ("linear", "mlp")), ("lw-lstm", "label_wise")],
)
def test_lw_lstm_starts_at_the_log_odds(make_config, documents, corner, classifier):
    model = LWLSTMForSequenceClassification(make_config(classifier=classifier, **CORNERS[corner]))
    weights = {name: value.clone() for name, value in model.named_parameters()}
    assert start_at_log_odds(model, documents)
    assert biases(model)[-1].tolist() == pytest.approx(LOG_ODDS)
    changed = [name for name, value in model.named_parameters() if not value.equal(weights[name])]
    assert changed == [[name for name in weights if name.endswith("bias") and name.startswith("head")][-1]]
    assert all(value.requires_grad for value in model.parameters())


@pytest.mark.parametrize("family", ["cnn", "reg-lstm"])
def test_other_families_start_at_the_log_odds(documents, family):
    model = classifier_of(family)
    assert start_at_log_odds(model, documents)
    assert model.head.bias.tolist() == pytest.approx(LOG_ODDS)


@pytest.mark.parametrize("only_together", [False, True])
def test_logits_behind_a_label_graph_start_at_the_log_odds(documents, only_together):
    """Two labels that only occur together make the graph singular."""
    labels = torch.tensor([[1, 0, 0, 1], [1, 1, 0, 0], [0, 1, 0, 1], [1, 0, 1, 1], [0, 0, 0, 0]])
    if only_together:
        labels[:, 3] = labels[:, 0]
    model = classifier_of("han-lg")
    with torch.no_grad():
        model.head.label_graph.copy_(label_cooccurrence(labels))
    assert (torch.linalg.matrix_rank(model.head.label_graph) == 4) != only_together
    assert start_at_log_odds(model, datasets.Dataset.from_dict({"labels": labels.tolist()}))
    found = model.head.classifier[-1].bias @ model.head.label_graph
    torch.testing.assert_close(found, label_log_odds(labels), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("family", WITHOUT_BIASES)
def test_classifiers_without_a_bias_for_each_label_stay(documents, family):
    model = classifier_of(family)
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    assert not start_at_log_odds(model, documents)
    assert all(value.equal(weights[name]) for name, value in model.state_dict().items())


@pytest.mark.parametrize("template", ["diff", "none"])
def test_lm_mtc_starts_at_the_log_odds_unless_its_labels_share_a_bias(make_encoder, documents, template):
    folder, names = make_encoder("bert"), ["a", "b", "c", "d"]
    model = LMMTCForSequenceClassification.from_encoder(folder, names, template)
    assert start_at_log_odds(model, documents)
    assert model.head.bias.tolist() == pytest.approx(LOG_ODDS)
    if template == "diff":
        shared = LMMTCForSequenceClassification.from_encoder(folder, names, template, label_head="shared")
        assert not start_at_log_odds(shared, documents)
        assert shared.head.bias.tolist() == [0]


def test_losses_with_other_optima_start_at_zero(documents):
    starts = {}
    for loss in LOSSES:
        model = classifier_of("cnn")
        assert start_at_log_odds(model, documents, loss)
        starts[loss] = model.head.bias.tolist()
    expected = dict.fromkeys(LOSSES, [0.0] * 4) | dict.fromkeys(["bce", "focal", "zlpr"], pytest.approx(LOG_ODDS))
    assert starts == expected


def test_zero_is_the_best_constant_of_weighted_bce():
    labels = torch.tensor([[1, 0], [0, 0], [0, 1], [0, 0], [0, 0]])
    loss = make_loss("weighted_bce", datasets.Dataset.from_dict({"labels": labels.tolist()}), ["a", "b"])
    logits = torch.zeros(2, requires_grad=True)
    (gradient,) = torch.autograd.grad(loss(logits.expand(labels.shape), labels), logits)
    assert gradient.tolist() == pytest.approx([0, 0], abs=1e-6)


def test_the_plain_trainer_goes_on_from_there(documents, word_tokenizer, tmp_path):
    model = classifier_of("cnn")
    start_at_log_odds(model, documents)
    args = TrainingArguments(
        str(tmp_path), max_steps=1, learning_rate=1e-3, report_to="none", use_cpu=True, disable_tqdm=True
    )
    collator = DataCollatorWithPadding(word_tokenizer)
    Trainer(model, args, train_dataset=documents, data_collator=collator).train()
    moved = (model.head.bias - torch.tensor(LOG_ODDS)).abs().max()
    assert 0 < moved < 2e-3
