# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Batches of as many tokens: their sizes, their order, their gradients, and a training that resumes."""

import shutil

import datasets
import numpy as np
import pytest
import torch
from accelerate.data_loader import BatchSamplerShard, SkipBatchSampler
from transformers import set_seed

from labelwise import (
    CNNConfig,
    CNNForSequenceClassification,
    LabelMaskingCollator,
    LabelTokenizer,
    LMMTCForSequenceClassification,
    LMMTCTrainingArguments,
    LWLSTMForSequenceClassification,
    MultiLabelTrainer,
    MultiLabelTrainingArguments,
)
from labelwise.errors import UserInputError
from labelwise.trainer.token_batches import TokenBatchSampler, count_tokens

LENGTHS = np.random.default_rng(0).lognormal(4, 0.8, size=3000).astype(int).clip(1, 500)
TOKENS = 4000


@pytest.fixture
def sampler():
    return TokenBatchSampler(LENGTHS, TOKENS, seed=1)


def epochs(sampler, number):
    for sampler.epoch in range(number):
        yield list(sampler)


def test_every_document_is_in_one_batch(sampler):
    for batches in epochs(sampler, 3):
        assert sorted(number for batch in batches for number in batch) == list(range(len(LENGTHS)))


def test_batches_are_full_and_never_too_full(sampler):
    for batches in epochs(sampler, 3):
        tokens = np.array([LENGTHS[batch].sum() for batch in batches])
        assert tokens.max() <= TOKENS
        assert np.median(tokens) > 0.9 * TOKENS
        padded = sum(len(batch) * LENGTHS[batch].max() for batch in batches)
        assert padded < 1.1 * LENGTHS.sum()


def test_every_epoch_has_the_same_number_of_batches_in_another_order(sampler):
    first, second = epochs(sampler, 2)
    assert len(first) == len(second) == len(sampler)
    assert first != second
    assert {frozenset(batch) for batch in first} != {frozenset(batch) for batch in second}
    mean_lengths = [LENGTHS[batch].mean() for batch in first]
    assert mean_lengths != sorted(mean_lengths)


def test_order_is_that_of_seed_and_epoch(sampler):
    again = TokenBatchSampler(LENGTHS, TOKENS, seed=1)
    again.epoch = 2
    assert list(again) == list(epochs(sampler, 3))[2]
    assert list(TokenBatchSampler(LENGTHS, TOKENS, seed=2)) != next(epochs(sampler, 1))


@pytest.mark.parametrize("lengths", [[5], [5, 5, 5], [1, 2, 3, 500], [0, 0, 7]])
def test_small_corpora(lengths):
    sampler = TokenBatchSampler(np.array(lengths), 500, seed=0)
    batches = list(sampler)
    assert len(batches) == len(sampler)
    assert sorted(number for batch in batches for number in batch) == list(range(len(lengths)))
    assert all(sum(lengths[number] for number in batch) <= 500 for batch in batches)


def test_a_document_longer_than_a_batch_is_refused():
    with pytest.raises(UserInputError, match=r"499: the longest document has 500 tokens; use at least that"):
        TokenBatchSampler(np.array([3, 500]), 499, seed=0)


@pytest.mark.parametrize("skipped", [0, 5])
def test_processes_have_as_many_batches_each(sampler, skipped):
    """As Accelerate cuts them, from the start and resumed."""
    sampler.epoch = 1
    shards = [BatchSamplerShard(sampler, 3, index) for index in range(3)]
    found = [list(SkipBatchSampler(shard, skipped)) for shard in shards]
    assert {len(batches) for batches in found} == {len(shards[0]) - skipped}
    documents = {number for batches in found for batch in batches for number in batch}
    assert skipped or documents == set(range(len(LENGTHS)))


def test_tokens_are_counted_in_the_order_of_the_documents():
    documents = datasets.Dataset.from_dict({"input_ids": [[1] * 3, [1], [], [1] * 5], "labels": [[0]] * 4})
    assert count_tokens(documents).tolist() == [3, 1, 0, 5]
    assert count_tokens(documents.select([3, 0])).tolist() == [5, 3]
    with pytest.raises(ValueError, match=r"needs a datasets\.Dataset, not list"):
        count_tokens([{"input_ids": [1]}])


@pytest.fixture
def make_trainer(planted_corpus, planted_config, word_tokenizer, tmp_path):
    def make(documents=40, folder="out", model_class=LWLSTMForSequenceClassification, **settings):
        defaults = {
            "num_train_epochs": 2,
            "eval_strategy": "no",
            "save_strategy": "no",
            "load_best_model_at_end": False,
        }
        args = MultiLabelTrainingArguments(str(tmp_path / folder), disable_tqdm=True, **{**defaults, **settings})
        set_seed(0)
        config = planted_config()
        if model_class is CNNForSequenceClassification:
            config = CNNConfig(vocab_size=60, embedding_size=6, num_labels=4, kernel_sizes=[2, 3], num_filters=5)
        return MultiLabelTrainer(
            model_class(config), args, train_dataset=planted_corpus(documents), processing_class=word_tokenizer
        )

    return make


def batch_sizes(trainer, monkeypatch):
    """The documents of each batch that the model is trained on."""
    sizes, compute_loss = [], trainer.compute_loss
    monkeypatch.setattr(
        trainer,
        "compute_loss",
        lambda model, inputs, **kwargs: sizes.append(len(inputs["labels"])) or compute_loss(model, inputs, **kwargs),
    )
    return sizes


@pytest.mark.parametrize("model_class", [LWLSTMForSequenceClassification, CNNForSequenceClassification])
def test_a_training_reads_every_document_once_an_epoch(make_trainer, monkeypatch, model_class):
    trainer = make_trainer(tokens_per_batch=60, model_class=model_class)
    sizes = batch_sizes(trainer, monkeypatch)
    trainer.train()
    assert sum(sizes) == 80 and len(set(sizes)) > 1
    assert trainer.state.global_step == len(sizes) == 2 * len(trainer.token_batches)
    assert trainer.state.epoch == 2


def test_an_encoder_reads_them_too(make_encoder, tmp_path):
    tokenizer = LabelTokenizer.from_encoder(make_encoder("bert"), ["a", "b"])
    texts = ["the cat sat " * repeats for repeats in (1, 2, 3, 1, 2, 3, 4, 1)]
    documents = datasets.Dataset.from_dict({**tokenizer(texts), "labels": [[1, 0], [0, 1]] * 4})
    model = LMMTCForSequenceClassification.from_encoder(make_encoder("bert"), ["a", "b"])
    settings = {"num_train_epochs": 1, "eval_strategy": "no", "save_strategy": "no", "load_best_model_at_end": False}
    args = LMMTCTrainingArguments(str(tmp_path / "out"), tokens_per_batch=40, disable_tqdm=True, **settings)
    collator = LabelMaskingCollator(tokenizer)
    trainer = MultiLabelTrainer(
        model, args, train_data_collator=collator, train_dataset=documents, processing_class=tokenizer
    )
    trainer.train()
    assert trainer.state.global_step == len(trainer.token_batches) > 2


@pytest.mark.parametrize("accumulated", [1, 100], ids=["a batch", "all batches of the epoch"])
def test_a_step_of_all_documents_is_that_of_one_batch(make_trainer, accumulated):
    settings = {"optim": "sgd", "learning_rate": 0.5, "max_grad_norm": 0.0, "num_train_epochs": 1, "logging_steps": 1}
    settings["lr_scheduler_type"] = "constant"
    tokens = 60 if accumulated > 1 else 10_000
    trainer = make_trainer(tokens_per_batch=tokens, gradient_accumulation_steps=accumulated, **settings)
    plain = make_trainer(per_device_train_batch_size=40, **settings)
    for one in (trainer, plain):
        for module in one.model.modules():
            if "dropout" in vars(module):
                module.dropout = 0.0
            elif isinstance(module, torch.nn.Dropout):
                module.p = 0.0
    assert (len(trainer.token_batches) > 3) == (accumulated > 1)
    trainer.train()
    plain.train()
    assert trainer.state.global_step == plain.state.global_step == 1
    assert trainer.state.log_history[0]["loss"] == pytest.approx(plain.state.log_history[0]["loss"], rel=1e-4)
    for one, other in zip(trainer.model.parameters(), plain.model.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-5)


def test_every_document_counts_the_same_in_whichever_batch(make_trainer):
    """Or one would count less among many short documents."""
    trainer = make_trainer(tokens_per_batch=60)
    model, batches = trainer.model.train(), list(trainer.get_train_dataloader())
    assert len({len(batch["labels"]) for batch in batches}) > 1
    for batch in batches:
        set_seed(0)  # the same dropout
        mean = model(**batch).loss
        set_seed(0)
        expected = mean * len(batch["labels"]) / (40 / len(batches))
        torch.testing.assert_close(trainer.compute_loss(model, batch), expected)


@pytest.mark.parametrize("settings", [{}, {"gradient_accumulation_steps": 2}], ids=["", "accumulation"])
def test_a_resumed_training_ends_as_if_never_stopped(make_trainer, tmp_path, settings):
    settings = {"tokens_per_batch": 60, "save_strategy": "steps", "save_steps": 1, "save_total_limit": 99, **settings}
    whole = make_trainer(**settings)
    whole.train()
    expected = [parameter.clone() for parameter in whole.model.parameters()]
    steps = whole.state.global_step
    for step in (1, steps // 2, steps // 2 + 2, steps - 1):  # the end of the first epoch too
        resumed = make_trainer(folder="resumed", **settings)
        for parameter in resumed.model.parameters():
            parameter.data.zero_()
        resumed.train(resume_from_checkpoint=str(tmp_path / "out" / f"checkpoint-{step}"))
        for one, other in zip(expected, resumed.model.parameters(), strict=True):
            assert one.equal(other), step
        shutil.rmtree(tmp_path / "resumed")


def test_decay_follows_epochs_of_token_batches(make_trainer):
    trainer = make_trainer(tokens_per_batch=60, learning_rate_decay=0.5, max_steps=30, logging_steps=1)
    trainer.train()
    rates = [log["learning_rate"] for log in trainer.state.log_history if "learning_rate" in log]
    batches = len(trainer.token_batches)
    assert rates[: 2 * batches] == [1e-3] * 2 * batches and rates[2 * batches] == 0.5e-3


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"per_device_train_batch_size": 8},
            "--per_device_train_batch_size 8: --tokens_per_batch 100 makes",
        ),
        ({"per_device_train_batch_size": 32}, "--per_device_train_batch_size 32: --tokens_per_batch 100"),
        ({"train_sampling_strategy": "group_by_length"}, "--train_sampling_strategy group_by_length: --tokens_per"),
    ],
)
def test_batches_of_documents_are_refused_beside_them(tmp_path, given, message):
    with pytest.raises(UserInputError, match=message):
        MultiLabelTrainingArguments(str(tmp_path), tokens_per_batch=100, **given)
    assert MultiLabelTrainingArguments(str(tmp_path), **given)


@pytest.mark.parametrize("number", [0, -5, 1.5, True])
def test_numbers_that_are_none(tmp_path, number):
    with pytest.raises(ValueError, match=f"--tokens_per_batch {number}: must be"):
        MultiLabelTrainingArguments(str(tmp_path), tokens_per_batch=number)
