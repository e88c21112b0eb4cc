# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Label-wise pre-training as a Trainer."""

import pytest
import torch
from transformers import AutoModelForSequenceClassification, set_seed

from labelwise import LabelWisePreTrainer, LabelWisePreTrainingArguments, LWLSTMForPreTraining
from labelwise.errors import UserInputError


@pytest.fixture
def make_trainer(planted_corpus, planted_config, word_tokenizer, tmp_path):
    def make(config=None, eval_documents=None, **settings):
        settings = {
            "output_dir": str(tmp_path / "out"),
            "per_device_train_batch_size": 16,
            "save_strategy": "no",
            "disable_tqdm": True,
            **settings,
        }
        set_seed(0)
        model = LWLSTMForPreTraining(planted_config(num_encoders=2, **(config or {})))
        return LabelWisePreTrainer(
            model,
            LabelWisePreTrainingArguments(**settings),
            train_dataset=planted_corpus(100),
            eval_dataset=planted_corpus(eval_documents, seed=1) if eval_documents else None,
            processing_class=word_tokenizer,
        )

    return make


def weights(trainer):
    return {name: value.clone() for name, value in trainer.model.state_dict().items()}


def assert_same_weights(one, other):
    for name, value in weights(one).items():
        torch.testing.assert_close(value, weights(other)[name], atol=1e-6, rtol=1e-6, msg=name)


def test_a_refusal_names_the_split(make_trainer):
    with pytest.raises(UserInputError, match="of 2 validation documents is like that; give more validation documents"):
        make_trainer(eval_documents=2, max_steps=1)


@pytest.mark.parametrize("hierarchical", [False, True], ids=["lw-lstm", "hlw-lstm"])
def test_it_learns_what_documents_share_and_tells_the_accuracy(make_trainer, hierarchical):
    trainer = make_trainer({"hierarchical": hierarchical}, 200, max_steps=100, learning_rate=1e-2)
    before = trainer.evaluate()["eval_accuracy"]
    trainer.train()
    after = trainer.evaluate()
    assert 0.2 < before < 0.5  # one of three candidates is right
    assert after["eval_accuracy"] > 0.6
    assert after["eval_loss"] < 0.9  # of ln 3 = 1.10 for guessing


def test_accuracy_is_the_share_of_positives_that_score_highest(make_trainer):
    trainer = make_trainer(eval_documents=20, max_steps=1)
    batch = trainer.data_collator([trainer.eval_dataset[index] for index in range(20)])
    with torch.no_grad():
        scores = trainer.model.eval()(**batch).logits.tolist()
    right = [row.index(max(row)) == label for row, label in zip(scores, batch["labels"].tolist(), strict=True)]
    assert trainer.evaluate()["eval_accuracy"] == pytest.approx(sum(right) / 20)


def test_the_same_seed_gives_the_same_weights(make_trainer):
    one, other, third = make_trainer(max_steps=4), make_trainer(max_steps=4), make_trainer(max_steps=4, data_seed=1)
    for trainer in (one, other, third):
        set_seed(0)
        trainer.train()
    assert_same_weights(one, other)
    assert any(not value.equal(weights(third)[name]) for name, value in weights(one).items())


@pytest.mark.parametrize("workers", [0, 2])
def test_a_resumed_run_equals_one_that_never_stopped(make_trainer, tmp_path, workers):
    whole = make_trainer(max_steps=7)
    whole.train()
    stopped = make_trainer(max_steps=7, save_strategy="steps", save_steps=4, output_dir=str(tmp_path / "stopped"))
    stopped.train()
    resumed = make_trainer(max_steps=7, dataloader_num_workers=workers)
    with torch.no_grad():  # what the checkpoint holds counts, not how this model started
        for parameter in resumed.model.parameters():
            parameter.zero_()
    resumed.train(resume_from_checkpoint=str(tmp_path / "stopped" / "checkpoint-4"))
    assert resumed.state.global_step == 7
    assert_same_weights(whole, resumed)


def test_gradient_accumulation_draws_the_same_instances(make_trainer):
    config = {"dropout": 0.0}
    settings = {"max_steps": 2, "optim": "sgd", "learning_rate": 1.0, "max_grad_norm": 0.0}
    one = make_trainer(config, per_device_train_batch_size=16, **settings)
    four = make_trainer(config, per_device_train_batch_size=4, gradient_accumulation_steps=4, **settings)
    assert len(one.train_dataset) == len(four.train_dataset) == 32
    one.train()
    four.train()
    assert_same_weights(one, four)


def test_the_dropout_is_on(make_trainer):
    one, other = make_trainer(max_steps=1), make_trainer({"dropout": 0.0}, max_steps=1)
    one.train()
    other.train()
    assert any(not value.equal(weights(other)[name]) for name, value in weights(one).items())


def test_as_many_instances_are_evaluated_as_there_are_documents_and_always_the_same(make_trainer):
    one, other = (make_trainer(eval_documents=23, max_steps=1).eval_dataset for _ in range(2))
    assert len(one) == 23
    assert [one.draw(index) for index in range(23)] == [other.draw(index) for index in range(23)]


def test_bf16(make_trainer):
    trainer = make_trainer(max_steps=2, bf16=True, eval_documents=20)
    trainer.train()
    assert 0 <= trainer.evaluate()["eval_accuracy"] <= 1
    assert all(parameter.isfinite().all() for parameter in trainer.model.parameters())


@pytest.mark.parametrize(("max_steps", "told"), [(0, "--max_steps 0: must be > 0"), (-1, "set max_steps")])
def test_iterations_must_be_set(make_trainer, max_steps, told):
    with pytest.raises(ValueError, match=told):
        make_trainer(max_steps=max_steps)


def test_the_tokenizer_must_be_given(planted_corpus, planted_config, tmp_path):
    model = LWLSTMForPreTraining(planted_config(num_encoders=2))
    with pytest.raises(TypeError, match="missing 1 required keyword-only argument: 'processing_class'"):
        LabelWisePreTrainer(model, LabelWisePreTrainingArguments(str(tmp_path), max_steps=1), planted_corpus(20))


def test_what_it_saves_becomes_a_classifier(make_trainer, tmp_path):
    trainer = make_trainer(max_steps=1)
    trainer.train()
    trainer.save_model(str(tmp_path / "saved"))
    model, report = AutoModelForSequenceClassification.from_pretrained(tmp_path / "saved", output_loading_info=True)
    assert report["missing_keys"] == {f"head.{name}" for name, _ in model.head.named_parameters()}
    for name, value in weights(trainer).items():
        assert model.state_dict()[name].equal(value)
