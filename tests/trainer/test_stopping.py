# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Early stopping and the time limit, on a clock that only training steps and evaluations move."""

from types import SimpleNamespace

import pytest
import torch
from datasets import Dataset
from transformers import TrainerCallback, set_seed

from labelwise import LWLSTMForSequenceClassification, MultiLabelTrainer, MultiLabelTrainingArguments, UserInputError
from labelwise.runs.checkpoints import RestoreCallbacks
from labelwise.trainer import stopping
from labelwise.trainer.stopping import EarlyStopping, TimeLimit, count_evaluated

STEPS_PER_EPOCH = 5


class Clock(TrainerCallback):
    """A step takes a second; the rate of every step is kept."""

    def __init__(self):
        self.seconds, self.rates = 0.0, []

    def on_step_begin(self, *args, lr_scheduler, **kwargs):
        self.seconds += 1
        self.rates.append(lr_scheduler.get_last_lr()[0])


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(stopping, "time", SimpleNamespace(monotonic=lambda: clock.seconds))
    return clock


@pytest.fixture
def make_trainer(planted_corpus, planted_config, word_tokenizer, tmp_path):
    def make(callbacks=(), eval_dataset=None, **settings):
        set_seed(0)
        return MultiLabelTrainer(
            LWLSTMForSequenceClassification(planted_config()),
            MultiLabelTrainingArguments(
                str(tmp_path / "out"),
                disable_tqdm=True,
                report_to="none",
                **{"num_train_epochs": 4, "per_device_train_batch_size": 8, **settings},
            ),
            train_dataset=planted_corpus(8 * STEPS_PER_EPOCH),
            eval_dataset=eval_dataset or planted_corpus(30, seed=1),
            processing_class=word_tokenizer,
            callbacks=[*callbacks],
        )

    return make


def test_a_training_that_has_the_time_is_the_same_as_without_a_limit(make_trainer, clock):
    weights = []
    for settings in ({}, {"max_minutes": 1.0}):
        trainer = make_trainer([clock], **settings)
        trainer.train()
        assert (trainer.state.global_step, trainer.stopped_by) == (20, None)
        weights.append(trainer.model.state_dict())
    assert all(torch.equal(weight, weights[1][name]) for name, weight in weights[0].items())


@pytest.mark.parametrize("strategy", ["epoch", "steps"])
def test_time_is_over(make_trainer, clock, strategy):
    """The last step is evaluated and kept, and the learning rate has come down."""
    settings = {"eval_strategy": strategy, "save_strategy": strategy, "eval_steps": 500}
    trainer = make_trainer([clock], max_minutes=13 / 60, num_train_epochs=100, learning_rate=1e-3, **settings)
    trainer.time_limit.documents = 0
    trainer.train()
    assert (trainer.state.global_step, trainer.stopped_by) == (13, "max_minutes")
    assert trainer.state.best_global_step
    assert [entry["step"] for entry in trainer.state.log_history if "eval_loss" in entry][-1] == 13
    assert clock.rates[2:] == pytest.approx([1e-3 * (1 - second / 13) for second in range(1, 12)])


def test_time_for_what_is_evaluated_later(make_trainer, clock):
    """Before the first evaluation, a document takes a third of its time in training, which is 1/8 second here."""
    trainer = make_trainer([clock], max_minutes=14 / 60, num_train_epochs=1, per_device_train_batch_size=1)
    trainer.time_limit.documents = 24
    trainer.time_limit.preparation = 2
    trainer.train()
    assert trainer.state.global_step == 4  # 14 - 2 - 24 / 3


def test_evaluation_that_takes_all_of_the_time(make_trainer, clock, caplog):
    """Training ends at once, and a line says why, once."""
    trainer = make_trainer([clock], max_minutes=14 / 60, num_train_epochs=1, per_device_train_batch_size=1)
    trainer.time_limit.documents = 540  # 180 seconds
    with caplog.at_level("WARNING", "labelwise"):
        trainer.train()
    assert (trainer.state.global_step, trainer.stopped_by) == (2, "max_minutes")
    (line,) = [line for line in caplog.messages if "--max_minutes" in line]
    assert "no more time for training: evaluating 540 documents takes about 3.0 minutes; give more minutes" in line


def test_a_slow_first_step_says_nothing_of_evaluation(make_trainer, clock):
    class Slow(TrainerCallback):
        def on_step_begin(self, args, state, control, **kwargs):
            clock.seconds += 9 if state.global_step == 0 else 0

    trainer = make_trainer([clock, Slow()], max_minutes=1, num_train_epochs=1, per_device_train_batch_size=1)
    trainer.time_limit.documents = 30  # 10 seconds, and not 100
    trainer.train()
    assert trainer.state.global_step == 40


def test_time_of_a_frozen_encoder(make_trainer, clock):
    """What it reads at first is no part of a step; evaluations of kept representations are faster than later ones."""

    class Encoder(TrainerCallback):
        def on_train_begin(self, *args, **kwargs):
            clock.seconds += 6
            trainer.time_limit.count_encoding(30, 6.0)

    trainer = make_trainer([clock], max_minutes=30 / 60, num_train_epochs=100)
    trainer.add_callback(Encoder())
    trainer.time_limit.documents = 60  # 12 seconds
    trainer.train()
    assert (trainer.state.global_step, trainer.stopped_by) == (12, "max_minutes")  # 30 - 6 - 12


def test_schedules_without_a_function_are_left_alone(make_trainer, clock):
    settings = {"lr_scheduler_type": "reduce_lr_on_plateau", "eval_strategy": "epoch"}
    trainer = make_trainer([clock], max_minutes=7 / 60, **settings)
    trainer.time_limit.documents = 0
    trainer.train()
    assert (trainer.state.global_step, trainer.stopped_by) == (7, "max_minutes")


def test_a_resumed_training_has_the_rest_of_the_time(make_trainer, clock, tmp_path):
    class Interrupt(TrainerCallback):
        def on_step_end(self, args, state, control, **kwargs):
            if state.global_step == 7:
                raise KeyboardInterrupt

    first = make_trainer([clock, Interrupt()], max_minutes=13 / 60, num_train_epochs=100)
    first.time_limit.documents = 0
    first.time_limit.preparation = 1.0
    with pytest.raises(KeyboardInterrupt):
        first.train()
    clock.seconds += 1000  # until the same command is given again
    second = make_trainer([clock], max_minutes=13 / 60, num_train_epochs=100)
    second.time_limit.documents = 0
    second.add_callback(RestoreCallbacks(second.callback_handler.callbacks))
    clock.rates.clear()
    second.train(resume_from_checkpoint=str(tmp_path / "out" / "checkpoint-5"))
    assert (second.state.global_step, second.stopped_by) == (12, "max_minutes")
    assert second.time_limit.preparation == 1.0
    assert clock.rates[1] == pytest.approx((1 - 5 / 12) * second.args.learning_rate)


def test_validation_that_gets_no_better_ends_training(make_trainer, tmp_path):
    settings = {"early_stopping_patience": 2, "learning_rate": 1e-12, "num_train_epochs": 9}
    trainer = make_trainer(**settings)
    trainer.model.config.thresholds = 0.0  # predicts every label, always: F1 is > 0 and stays
    trainer.train()
    assert (trainer.state.epoch, trainer.stopped_by) == (3, "early_stopping_patience")
    resumed = make_trainer(**settings)
    resumed.model.config.thresholds = 0.0
    resumed.add_callback(RestoreCallbacks(resumed.callback_handler.callbacks))
    resumed.train(resume_from_checkpoint=str(tmp_path / "out" / "checkpoint-5"))  # the best one
    assert (resumed.state.epoch, resumed.stopped_by) == (3, "early_stopping_patience")
    assert resumed.state.best_global_step == STEPS_PER_EPOCH


def test_a_callback_of_the_user_ends_training(make_trainer):
    class Stop(TrainerCallback):
        def on_step_end(self, args, state, control, **kwargs):
            control.should_training_stop = state.global_step == 3

    for settings in ({}, {"early_stopping_patience": 9}, {"max_minutes": 60.0}):
        trainer = make_trainer([Stop()], **settings)
        trainer.train()
        assert (trainer.state.global_step, trainer.stopped_by) == (3, "callback")


def test_patience_begins_with_the_first_label(make_trainer):
    trainer = make_trainer(early_stopping_patience=1, learning_rate=1e-12)
    trainer.model.config.thresholds = 1.0  # predicts none
    trainer.train()
    assert (trainer.state.epoch, trainer.stopped_by) == (4, None)


def test_a_training_that_was_over_is_not_resumed(make_trainer):
    callback = EarlyStopping(2)
    callback.early_stopping_patience_counter = 2
    state = SimpleNamespace(stateful_callbacks={"EarlyStopping": callback.state()}, global_step=1, max_steps=2)
    control = SimpleNamespace(should_training_stop=False)
    restored = EarlyStopping(2)
    RestoreCallbacks([restored, TimeLimit(1)]).on_train_begin(None, state, control)
    assert restored.is_over and control.should_training_stop
    assert state.stateful_callbacks["TimeLimit"] == {}  # given anew; the library looks for it at every checkpoint


def test_documents_of_an_evaluation():
    one, other = (Dataset.from_dict({"text": ["a"] * number}) for number in (2, 3))
    assert [count_evaluated(given) for given in (None, one, {"a": one, "b": other})] == [0, 2, 5]
    with pytest.raises(UserInputError, match="--max_minutes leaves time for evaluation, and its documents cannot"):
        count_evaluated({"a": one, "b": other.to_iterable_dataset()})


def test_the_time_limit_counts_several_sets(make_trainer, planted_corpus):
    sets = {"a": planted_corpus(4), "b": planted_corpus(5)}
    assert make_trainer(max_minutes=1, eval_dataset=sets).time_limit.documents == 9


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"max_minutes": 0}, "--max_minutes 0: must be > 0 and finite"),
        ({"max_minutes": float("inf")}, "--max_minutes inf: must be"),
        ({"early_stopping_patience": -1}, "--early_stopping_patience -1: must be > 0"),
        (
            {
                "early_stopping_patience": 1,
                "eval_strategy": "no",
                "save_strategy": "no",
                "load_best_model_at_end": False,
            },
            "--early_stopping_patience needs --eval_strategy",
        ),
    ],
)
def test_refusals(tmp_path, settings, told):
    with pytest.raises(ValueError, match=told):
        MultiLabelTrainingArguments(str(tmp_path), **settings)
