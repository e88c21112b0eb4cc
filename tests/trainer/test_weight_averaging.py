# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""AverageWeights: what is evaluated, chosen, saved and resumed, beside what is trained."""

from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import load_file
from transformers import DataCollatorWithPadding, Trainer, TrainerCallback, TrainingArguments, set_seed

from labelwise import AverageWeights, MultiLabelTrainer, MultiLabelTrainingArguments, RegLSTMConfig
from labelwise import RegLSTMForSequenceClassification as Model

NO_SAVES = {"save_strategy": "no", "eval_strategy": "no", "load_best_model_at_end": False}
STEPS = 5  # of an epoch


def copy_of(model):
    return {name: value.detach().clone() for name, value in model.named_parameters()}


def assert_same(ones, others, **close):
    for name, value in ones.items():
        torch.testing.assert_close(value, others[name], **(close or {"atol": 0.0, "rtol": 0.0}), msg=name)


class Record(TrainerCallback):
    """The weights that a step was taken to, which only the optimizer's hook sees, and those of each evaluation."""

    def __init__(self):
        self.trained, self.evaluated, self.started = [], [], []

    def on_step_begin(self, args, state, control, model=None, **kwargs):
        self.started.append(copy_of(model))

    def on_optimizer_step(self, args, state, control, model=None, **kwargs):
        self.trained.append(copy_of(model))

    def on_evaluate(self, args, state, control, model=None, **kwargs):
        self.evaluated.append(copy_of(model))


def averages(trained, beta=0.9):
    """E_t / (1 - beta^t), E_t = beta E_{t-1} + (1 - beta) theta_t, E_0 = 0."""
    found, moving = [], {name: torch.zeros_like(value, dtype=torch.float64) for name, value in trained[0].items()}
    for t, weights in enumerate(trained, 1):
        moving = {name: beta * moving[name] + (1 - beta) * weights[name].double() for name in weights}
        found.append({name: (value / (1 - beta**t)).float() for name, value in moving.items()})
    return found


@pytest.fixture
def make_trainer(planted_corpus, word_tokenizer, tmp_path):
    def make(trainer_class=MultiLabelTrainer, callbacks=(), beta=0.9, frozen=False, **settings):
        settings = {
            "output_dir": str(tmp_path / "out"),
            "per_device_train_batch_size": 8,
            "num_train_epochs": 2,
            "learning_rate": 1e-2,
            "disable_tqdm": True,
            "report_to": "none",
            **settings,
        }
        arguments_class, more = MultiLabelTrainingArguments, {}
        if trainer_class is Trainer:
            arguments_class = TrainingArguments
            settings["use_cpu"] = True
            more = {"data_collator": DataCollatorWithPadding(word_tokenizer)}
        set_seed(0)
        model = Model(RegLSTMConfig(vocab_size=60, embedding_size=8, hidden_size=6, num_labels=4, max_words=40))
        model.reg_lstm.embeddings.requires_grad_(not frozen)
        return trainer_class(
            model,
            arguments_class(**settings),
            train_dataset=planted_corpus(8 * STEPS),
            eval_dataset=planted_corpus(20, seed=1),
            processing_class=word_tokenizer,
            callbacks=[*([AverageWeights(beta)] if beta is not None else []), *callbacks],
            **more,
        )

    return make


def test_training_continues_with_the_weights_and_everything_else_sees_their_averages(make_trainer):
    without, record = Record(), Record()
    settings = {**NO_SAVES, "eval_strategy": "steps", "eval_steps": 1}
    make_trainer(callbacks=[without], beta=None, **settings).train()
    trainer = make_trainer(callbacks=[record], **settings)
    trainer.train()
    for found, expected in zip(record.trained, without.trained, strict=True):
        assert_same(found, expected)
    expected = averages(record.trained)
    for step in range(2 * STEPS):
        assert_same(record.evaluated[step], expected[step], atol=1e-6, rtol=1e-5)
        if step:
            assert_same(record.started[step], record.trained[step - 1])
    assert_same(record.evaluated[0], record.trained[0])  # the correction
    assert_same(copy_of(trainer.model), record.evaluated[-1])


def test_beta_0_is_the_weights_themselves(make_trainer):
    record = Record()
    trainer = make_trainer(callbacks=[record], beta=0.0, **NO_SAVES)
    trainer.train()
    assert_same(copy_of(trainer.model), record.trained[-1])


def test_the_best_epoch_is_chosen_and_loaded_by_its_averages(make_trainer, tmp_path):
    record = Record()
    trainer = make_trainer(callbacks=[record], num_train_epochs=4, save_total_limit=None, learning_rate=0.1)
    trainer.train()
    best = trainer.state.best_global_step
    scores = [entry["eval_micro_f1_plus_macro_f1"] for entry in trainer.state.log_history if "eval_loss" in entry]
    assert best == STEPS * (1 + scores.index(max(scores)))
    for epoch in range(4):
        saved = load_file(tmp_path / "out" / f"checkpoint-{(epoch + 1) * STEPS}" / "model.safetensors")
        assert_same(saved, record.evaluated[epoch])
        assert not any(value.equal(record.trained[(epoch + 1) * STEPS - 1][name]) for name, value in saved.items())
    assert_same(copy_of(trainer.model), record.evaluated[best // STEPS - 1])
    trainer.save_model(str(tmp_path / "saved"))
    assert_same(copy_of(Model.from_pretrained(tmp_path / "saved")), copy_of(trainer.model))
    expected = trainer.evaluate()["eval_micro_f1_plus_macro_f1"]
    assert expected == pytest.approx(max(scores))


@pytest.mark.parametrize("settings", [{"optim": "sgd"}, {"gradient_accumulation_steps": 2}])
def test_a_run_resumed_in_mid_epoch_equals_one_that_never_stopped(make_trainer, tmp_path, settings):
    settings = {**NO_SAVES, "num_train_epochs": 3, **settings}
    whole, resumed = Record(), Record()
    one = make_trainer(callbacks=[whole], **settings)
    one.train()
    saving = {
        "save_strategy": "steps",
        "save_steps": 4,
        "save_total_limit": None,
        "output_dir": str(tmp_path / "stopped"),
    }
    make_trainer(**{**settings, **saving}).train()
    other = make_trainer(callbacks=[resumed], **settings)
    with torch.no_grad():
        for parameter in other.model.parameters():
            parameter.zero_()
    other.train(resume_from_checkpoint=str(tmp_path / "stopped" / "checkpoint-4"))
    for found, expected in zip(resumed.trained, whole.trained[4:], strict=True):
        assert_same(found, expected)
    assert_same(copy_of(other.model), copy_of(one.model))


def test_a_checkpoint_without_averages_cannot_be_resumed(make_trainer, tmp_path):
    settings = {**NO_SAVES, "save_strategy": "steps", "save_steps": 4, "save_total_limit": None}
    make_trainer(beta=None, **settings).train()
    with pytest.raises(FileNotFoundError, match="resume from a checkpoint with averaged weights"):
        make_trainer(**settings).train(resume_from_checkpoint=str(tmp_path / "out" / "checkpoint-4"))


def test_averages_are_applied_inside_the_block_only(make_trainer):
    trainer = make_trainer(**NO_SAVES)
    average_weights, model = trainer.average_weights, trainer.model
    weights = copy_of(model)
    average_weights.averages = {name: value + 1 for name, value in weights.items()}
    with pytest.raises(KeyError), average_weights.applied(model):
        assert_same(copy_of(model), {name: value + 1 for name, value in weights.items()})
        with average_weights.applied(model):
            pass
        assert_same(copy_of(model), {name: value + 1 for name, value in weights.items()})
        raise KeyError
    assert_same(copy_of(model), weights)
    assert_same(average_weights.averages, {name: value + 1 for name, value in weights.items()})


def test_a_model_saved_in_mid_training_has_the_averages(make_trainer, tmp_path):
    class Save(TrainerCallback):
        def on_step_end(self, args, state, control, **kwargs):
            if state.global_step == STEPS:
                trainer.save_model(str(tmp_path / "saved"))

    record = Record()
    trainer = make_trainer(callbacks=[Save(), record], **NO_SAVES)
    trainer.train()
    saved = copy_of(Model.from_pretrained(tmp_path / "saved"))
    assert_same(saved, averages(record.trained)[STEPS - 1], atol=1e-6, rtol=1e-5)


def test_a_plain_trainer_is_refused(make_trainer):
    with pytest.raises(ValueError, match="MultiLabelTrainer"):
        make_trainer(Trainer, **NO_SAVES).train()


def test_what_is_frozen_stays_to_the_bit(make_trainer):
    trainer = make_trainer(frozen=True, **NO_SAVES)
    before = copy_of(trainer.model)
    trainer.train()
    for name, value in copy_of(trainer.model).items():
        assert value.equal(before[name]) == ("embeddings" in name), name


def test_nothing_of_it_is_left_for_another_training(make_trainer):
    trainer = make_trainer(**NO_SAVES)
    trainer.train()
    reached, record = copy_of(trainer.model), Record()
    trainer.add_callback(record)
    trainer.train()
    assert_same(record.started[0], reached)


def test_a_first_step_that_fp16_skips_is_not_averaged(make_trainer):
    """The loss scaler finds its scale by skipping steps that overflow."""
    model, state, average_weights = make_trainer(beta=None, **NO_SAVES).model, SimpleNamespace(), AverageWeights(0.9)
    for state.global_step, was_skipped in enumerate([True, False, True], start=1):
        optimizer = SimpleNamespace(step_was_skipped=was_skipped)
        average_weights.on_step_end(None, state, None, model=model, optimizer=optimizer)
        assert bool(average_weights.averages) == (state.global_step > 1)
    assert_same(average_weights.averages, copy_of(model))
