# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A learning rate for classifier and label tokens over a pretrained encoder."""

import datasets
import pytest
import torch
from transformers import set_seed

from labelwise import (
    CNNForSequenceClassification,
    LabelTokenizer,
    LMMTCForSequenceClassification,
    LMMTCTrainingArguments,
    MultiLabelTrainer,
    MultiLabelTrainingArguments,
)
from labelwise.errors import UserInputError
from labelwise.trainer.head_learning_rate import label_token_ids

from ..modeling.test_common import WORDS

NAMES = ["a", "b"]
NO_SAVES = {"save_strategy": "no", "eval_strategy": "no", "load_best_model_at_end": False}


@pytest.fixture
def make_trainer(make_encoder, tmp_path):
    folder = make_encoder("bert", hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)

    def make(template="diff", **settings):
        tokenizer = LabelTokenizer.from_encoder(folder, NAMES, template)
        set_seed(0)
        model = LMMTCForSequenceClassification.from_encoder(folder, NAMES, template, mlm_weight=0.0, dropout=0.0)
        rows = [dict(tokenizer(text), labels=[i % 2, 1]) for i, text in enumerate(["the cat", "a dog sat"] * 4)]
        settings = {
            "output_dir": str(tmp_path / "out"),
            "per_device_train_batch_size": 4,
            "max_steps": 1,
            "learning_rate": 1e-3,
            "warmup_steps": 0,
            "lr_scheduler_type": "constant",
            "disable_tqdm": True,
            "report_to": "none",
            **NO_SAVES,
            **settings,
        }
        documents = datasets.Dataset.from_list(rows)
        args = LMMTCTrainingArguments(**settings)
        return MultiLabelTrainer(
            model, args, train_dataset=documents, eval_dataset=documents, processing_class=tokenizer
        )

    return make


def steps_of(trainer):
    """The step of each parameter: what training adds to it."""
    before = {name: value.clone() for name, value in trainer.model.named_parameters()}
    trainer.train()
    return {name: (value - before[name]).detach() for name, value in trainer.model.named_parameters()}


@pytest.mark.parametrize("optim", ["adamw_torch", "sgd", "adagrad", "rmsprop", "adafactor"])
@pytest.mark.parametrize("template", ["diff", "none"])
def test_classifier_and_label_tokens_alone_take_other_steps(make_trainer, optim, template):
    settings = {"template": template, "optim": optim, "weight_decay": 0.1, "max_grad_norm": 0}
    one = make_trainer(**settings)
    plain, other = steps_of(one), steps_of(make_trainer(head_learning_rate=5e-3, **settings))
    ids = label_token_ids(one.processing_class)
    assert len(ids) == (10 if template == "diff" else 0)
    embeddings = "lm_mtc.encoder.bert.embeddings.word_embeddings.weight"
    for name, step in plain.items():
        factor = torch.full_like(step, 5.0 if name.startswith("head.") else 1.0)
        if name == embeddings:
            factor[ids] = 5.0
        torch.testing.assert_close(other[name], factor * step, atol=2e-6, rtol=1e-3, msg=name)
    assert plain["head.weight"].abs().max() > 0
    assert template == "none" or plain[embeddings][ids].abs().max() > 0


def test_groups_keep_their_weight_decay_and_follow_the_schedule(make_trainer):
    settings = {"lr_scheduler_type": "linear", "warmup_steps": 2, "max_steps": 4, "weight_decay": 0.1}
    trainer = make_trainer(head_learning_rate=5e-3, **settings)
    rates = []
    trainer.create_optimizer_and_scheduler(num_training_steps=4)
    names = {parameter: name for name, parameter in trainer.model.named_parameters()}
    groups = [([names[part] for part in group["params"]], group) for group in trainer.optimizer.param_groups]
    assert sum(len(found) for found, _ in groups) == len(names)
    assert [group["weight_decay"] for _, group in groups] == [0.1, 0, 0.1, 0]
    assert [sorted(found) for found, _ in groups[2:]] == [["head.weight"], ["head.bias"]]
    for _ in range(4):
        rates.append([group["lr"] for _, group in groups])
        trainer.optimizer.step()
        trainer.lr_scheduler.step()
    assert [row[2] for row in rates] == pytest.approx([0, 2.5e-3, 5e-3, 2.5e-3])
    for row in rates:
        assert row == pytest.approx([row[2] / 5, row[2] / 5, row[2], row[2]])


def test_a_resumed_training_ends_as_if_never_stopped(make_trainer, tmp_path):
    settings = {
        "head_learning_rate": 5e-3,
        "lr_scheduler_type": "linear",
        "warmup_steps": 2,
        "max_steps": 6,
        "save_strategy": "steps",
        "save_steps": 3,
        "save_total_limit": 2,
    }
    whole = make_trainer(**settings)
    whole.train()
    resumed = make_trainer(**settings)
    resumed.train(resume_from_checkpoint=str(tmp_path / "out" / "checkpoint-3"))
    for one, other in zip(whole.model.parameters(), resumed.model.parameters(), strict=True):
        assert one.equal(other)
    with pytest.raises(UserInputError, match=r"checkpoint-3 was trained .* another --head_learning_rate"):
        make_trainer(**{**settings, "head_learning_rate": None}).train(
            resume_from_checkpoint=str(tmp_path / "out" / "checkpoint-3")
        )


def test_a_model_of_words_has_two_rates_too(planted_corpus, word_tokenizer, tmp_path):
    model = CNNForSequenceClassification(WORDS["cnn"][0])
    args = MultiLabelTrainingArguments(
        str(tmp_path), head_learning_rate=0.5, max_steps=1, disable_tqdm=True, report_to="none", **NO_SAVES
    )
    trainer = MultiLabelTrainer(model, args, train_dataset=planted_corpus(8), processing_class=word_tokenizer)
    optimizer = trainer.create_optimizer()
    assert trainer.create_optimizer() is optimizer  # which stays as it is
    assert [group["lr"] for group in optimizer.param_groups] == [1e-3, 1e-3, 0.5, 0.5]
    assert {part for group in optimizer.param_groups[2:] for part in group["params"]} == set(model.head.parameters())


@pytest.mark.parametrize("rate", [0.0, -1.0, float("inf")])
def test_rates_out_of_range(tmp_path, rate):
    with pytest.raises(ValueError, match=r"--head_learning_rate .*: must be > 0 and finite"):
        MultiLabelTrainingArguments(str(tmp_path), head_learning_rate=rate)
