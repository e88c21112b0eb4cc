# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Sampled negatives: what is drawn, the loss and gradient that are expected, and the probabilities that are trained."""

import re
import shutil
from functools import partial, wraps
from itertools import combinations

import datasets
import numpy as np
import pytest
import torch
from transformers import set_seed

from labelwise import (
    CNNConfig,
    CNNForSequenceClassification,
    LabelWiseEncoderForSequenceClassification,
    LWLSTMForSequenceClassification,
    MultiLabelTrainer,
    MultiLabelTrainingArguments,
)
from labelwise.errors import UserInputError
from labelwise.modeling.label_loss import binary_cross_entropy, sum_per_document
from labelwise.trainer.negatives import SAMPLED_LOSSES, SampledNegatives

LABELS = torch.tensor([[1, 0, 0, -100, 0, 0, 0], [0, 0, 1, 0, 0, 0, -100]])
NO_EVALUATION = {"eval_strategy": "no", "save_strategy": "no", "load_best_model_at_end": False, "disable_tqdm": True}


def test_labels_of_the_batch_and_as_many_others():
    sampled = SampledNegatives(2, sum_per_document)
    found = set()
    for seed in range(100):
        torch.manual_seed(seed)
        with sampled.drawn({"labels": LABELS, "input_ids": "kept"}) as inputs:
            subset = inputs["class_subset"].tolist()
            losses = torch.ones(2, len(subset))
            assert sampled.reduce(losses[:1], losses[:1]) == 2 + 5
        assert subset == sorted(subset) and {0, 2} < set(subset) and len(subset) == 4
        assert inputs["labels"].equal(LABELS[:, subset]) and inputs["input_ids"] == "kept"
        found |= {*subset}
    assert found == set(range(7))
    assert sampled.reduce(losses, losses) == 4, "an evaluation between steps is not weighted"


def test_few_others_are_all_computed():
    inputs = {"labels": LABELS}
    with SampledNegatives(5, sum_per_document).drawn(inputs) as drawn:
        assert drawn is inputs


@pytest.fixture(params=["lw-lstm", "hlw-lstm", "two encoders", "lw-encoder"])
def model(request, make_config, make_encoder):
    torch.manual_seed(0)
    names = {i: f"label {i}" for i in range(7)}
    if request.param == "lw-encoder":
        folder = make_encoder("bert", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
        model = LabelWiseEncoderForSequenceClassification.from_encoder(
            folder, list(names.values()), window_size=12, dropout=0.0
        )
    else:
        settings = {"hlw-lstm": {"hierarchical": True}, "two encoders": {"num_encoders": 2}}.get(request.param, {})
        config = make_config(id2label=names, label_wise=True, classifier="label_wise", dropout=0.0, **settings)
        model = LWLSTMForSequenceClassification(config)
    for parameter in model.head.parameters():
        torch.nn.init.normal_(parameter)
    return model.double().train()


def loss_and_gradients(model, inputs):
    model.zero_grad(set_to_none=True)
    loss = model(**inputs).loss
    loss.backward()
    return [loss.detach(), *(parameter.grad for parameter in model.parameters())]


@pytest.mark.parametrize("loss", SAMPLED_LOSSES)
def test_expected_loss_and_gradient_are_those_over_all_labels(model, loss, monkeypatch, tmp_path):
    """The mean over all samples of two of the five others."""
    args = MultiLabelTrainingArguments(str(tmp_path), loss=loss, negatives=2, **NO_EVALUATION)
    sampled = MultiLabelTrainer(model, args).sampled_negatives
    inputs = {"input_ids": torch.randint(5, 40, (2, 9)), "labels": LABELS}
    expected = loss_and_gradients(model, inputs)
    samples = []
    for chosen in combinations(range(5), 2):
        monkeypatch.setattr(torch, "randperm", lambda number, chosen=chosen: torch.tensor(chosen))
        with sampled.drawn(inputs) as drawn:
            samples.append(loss_and_gradients(model, drawn))
    assert len({float(sample[0]) for sample in samples}) > 1, "samples differ"
    for whole, parts in zip(expected, zip(*samples, strict=True), strict=True):
        parts = [torch.zeros_like(whole) if part is None else part for part in parts]
        torch.testing.assert_close(torch.stack(parts).mean(0), whole, atol=1e-10, rtol=1e-8)


def test_a_sample_attends_to_its_labels_alone(model):
    inputs = {"input_ids": torch.randint(5, 40, (2, 9)), "labels": LABELS}
    with torch.no_grad(), SampledNegatives(1, sum_per_document).drawn(inputs) as drawn:
        logits = model(**drawn).logits
        subset = drawn["class_subset"]
        torch.testing.assert_close(logits, model(**inputs).logits[:, subset], atol=1e-10, rtol=1e-10)
        if hasattr(model, "lw_lstm"):
            assert model.base_model(inputs["input_ids"], class_subset=subset).last_hidden_state.shape[1] == 3
        outputs = model.base_model(inputs["input_ids"])
        kept = model(encoder_outputs=(outputs.last_hidden_state,), class_subset=subset).logits
        torch.testing.assert_close(kept, logits, atol=1e-10, rtol=1e-10)


def test_frequent_and_rare_labels_are_calibrated_like_over_all_labels():
    """A label on its own bias: without the correction, its probability would be that among the sampled labels."""
    generator = torch.Generator().manual_seed(0)
    frequencies = torch.tensor([0.3, 0.1, *[0.02] * 48])
    labels = (torch.rand(2000, 50, generator=generator) < frequencies).float()
    found = {}
    for negatives in (50, 5):
        torch.manual_seed(0)
        sampled = SampledNegatives(negatives, sum_per_document)
        biases = torch.full((50,), -2.0, requires_grad=True)
        optimizer = torch.optim.Adam([biases], lr=0.1)
        schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.01, 600)
        for _ in range(600):
            rows = labels[torch.randint(2000, (32,))]
            with sampled.drawn({"labels": rows}) as inputs:
                logits = biases[inputs.get("class_subset", slice(None))].expand(inputs["labels"].shape)
                loss = binary_cross_entropy(logits, inputs["labels"], sampled.reduce)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        found[negatives] = biases.detach().sigmoid()
    for probabilities in found.values():
        assert (probabilities - labels.mean(0)).abs().max() < 0.02
    assert abs(float(found[5][2:].mean() - found[50][2:].mean())) < 0.003


@pytest.fixture
def make_trainer(planted_corpus, planted_config, word_tokenizer, tmp_path):
    def make(folder="out", **settings):
        set_seed(0)
        documents = planted_corpus(40)
        labels = np.pad(np.array(documents["labels"]), ((0, 0), (0, 16)))
        documents = documents.remove_columns("labels").add_column("labels", labels.tolist())
        settings = {"num_train_epochs": 2, **NO_EVALUATION, **settings}
        args = MultiLabelTrainingArguments(str(tmp_path / folder), **settings)
        config = planted_config(id2label={i: str(i) for i in range(20)}, label_wise=True, classifier="label_wise")
        return MultiLabelTrainer(
            LWLSTMForSequenceClassification(config),
            args,
            train_dataset=documents,
            eval_dataset=documents,
            processing_class=word_tokenizer,
        )

    return make


@pytest.mark.parametrize("settings", [{}, {"gradient_accumulation_steps": 2, "label_smoothing_factor": 0.1}])
def test_a_resumed_training_ends_as_if_never_stopped(make_trainer, tmp_path, settings):
    settings = {"negatives": 3, "per_device_train_batch_size": 4, "save_strategy": "steps", "save_steps": 4, **settings}
    settings["save_total_limit"] = 99
    whole = make_trainer(**settings)
    whole.train()
    expected = [parameter.clone() for parameter in whole.model.parameters()]
    for step in (4, 8):
        resumed = make_trainer("resumed", **settings)
        resumed.train(resume_from_checkpoint=str(tmp_path / "out" / f"checkpoint-{step}"))
        for one, other in zip(expected, resumed.model.parameters(), strict=True):
            assert one.equal(other), step
        shutil.rmtree(tmp_path / "resumed")


def test_training_computes_few_labels_and_evaluation_all(make_trainer, monkeypatch):
    trainer = make_trainer(negatives=3, num_train_epochs=1, per_device_train_batch_size=4)
    shapes, forward = [], trainer.model.forward

    @wraps(forward)
    def noted(*args, **inputs):
        output = forward(*args, **inputs)
        shapes.append(output.logits.shape)
        return output

    monkeypatch.setattr(trainer.model, "forward", noted)
    trainer.train()
    assert {columns for _, columns in shapes} <= {4, 5, 6, 7}
    assert trainer.state.global_step == len(shapes)
    loss = trainer.evaluate()["eval_loss"]
    assert shapes[-1][1] == 20
    plain = MultiLabelTrainer(
        trainer.model,
        MultiLabelTrainingArguments(trainer.args.output_dir, **NO_EVALUATION),
        eval_dataset=trainer.eval_dataset,
        processing_class=trainer.processing_class,
    )
    plain.model.loss_function = partial(binary_cross_entropy, reduce=sum_per_document)
    assert plain.evaluate()["eval_loss"] == loss


def test_models_and_losses_that_it_does_not_fit(make_config, tmp_path):
    def message(model, **settings):
        args = MultiLabelTrainingArguments(str(tmp_path), negatives=3, **NO_EVALUATION, **settings)
        documents = datasets.Dataset.from_dict({"input_ids": [[5], [6]], "labels": [[0, 1], [1, 0]]})
        with pytest.raises(UserInputError) as error:
            MultiLabelTrainer(model, args, train_dataset=documents)
        assert re.fullmatch("--negatives 3: .*leave it out", str(error.value))
        return str(error.value)

    names = {"id2label": {0: "a", 1: "b"}, "label_wise": True}
    label_wise = LWLSTMForSequenceClassification(make_config(**names, classifier="label_wise"))
    for loss in ("zlpr", "weighted_bce", "distribution_balanced"):
        assert f"--loss {loss} is no sum over labels" in message(label_wise, loss=loss)
    assert "'linear' reads the representations" in message(LWLSTMForSequenceClassification(make_config(**names)))
    graph = LWLSTMForSequenceClassification(make_config(**names, classifier="label_wise", label_graph=True))
    assert "label graph mixes" in message(graph)
    cnn = CNNConfig(vocab_size=60, embedding_size=6, num_labels=2, kernel_sizes=[2], num_filters=5)
    assert "computes the logits of all labels at once" in message(CNNForSequenceClassification(cnn))


@pytest.mark.parametrize("number", [0, -5])
def test_numbers_that_are_none(tmp_path, number):
    with pytest.raises(ValueError, match=f"--negatives {number}: must be > 0"):
        MultiLabelTrainingArguments(str(tmp_path), negatives=number)
