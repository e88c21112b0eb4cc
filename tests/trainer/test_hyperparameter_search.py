# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Searches for hyperparameters by optuna: words, an encoder, what a trial is worth, and what trials share."""

import datasets
import pytest

from labelwise import (
    AverageWeights,
    LabelMaskingCollator,
    LabelTokenizer,
    LMMTCForSequenceClassification,
    LMMTCTrainingArguments,
    LWLSTMForSequenceClassification,
    MultiLabelTrainer,
    MultiLabelTrainingArguments,
    UserInputError,
)
from labelwise.trainer.hyperparameter_search import check_hyperparameters, make_search_space
from labelwise.trainer.linear_trainer import LinearTrainer
from labelwise.trainer.losses import FocalLoss
from labelwise.trainer.masking_collator import StopMLM
from labelwise.trainer.stopping import EarlyStopping

optuna = pytest.importorskip("optuna")

NAMES = ["cat", "dog"]


@pytest.fixture(autouse=True)
def quiet():
    optuna.logging.set_verbosity(optuna.logging.ERROR)


@pytest.fixture
def make_trainer(planted_corpus, planted_config, word_tokenizer, tmp_path):
    def make(callbacks=None, documents=64, **settings):
        settings = {"num_train_epochs": 2, "disable_tqdm": True, "report_to": "none", **settings}
        return MultiLabelTrainer(
            args=MultiLabelTrainingArguments(str(tmp_path / "out"), **settings),
            model_init=lambda: LWLSTMForSequenceClassification(planted_config()),
            train_dataset=planted_corpus(documents),
            eval_dataset=planted_corpus(30, seed=1),
            processing_class=word_tokenizer,
            callbacks=callbacks,
        )

    return make


@pytest.fixture
def trials(monkeypatch):
    """The trials of a search: the metrics of their evaluations, and their losses in training."""
    seen, train = [], MultiLabelTrainer.train

    def keep(self, *args, **kwargs):
        output = train(self, *args, **kwargs)
        seen.append((self.state, self.model.loss_function))
        return output

    monkeypatch.setattr(MultiLabelTrainer, "train", keep)
    return seen


def scores(state, name="eval_micro_f1_plus_macro_f1"):
    return [entry[name] for entry in state.log_history if name in entry]


def test_words(make_trainer, trials):
    found = []

    def rates(trial):
        found.append(trial)
        return {"learning_rate": trial.suggest_categorical("learning_rate", [1e-6, 3e-2])}

    sampler = optuna.samplers.GridSampler({"learning_rate": [1e-6, 3e-2]}, seed=0)
    trainer = make_trainer(documents=150, num_train_epochs=10, per_device_train_batch_size=8)
    best = trainer.hyperparameter_search(rates, n_trials=2, backend="optuna", sampler=sampler)
    assert best.hyperparameters == {"learning_rate": 3e-2}
    study = found[0].study
    assert study.direction == optuna.study.StudyDirection.MAXIMIZE
    # A trial is worth its best epoch.
    assert [trial.value for trial in study.trials] == pytest.approx([max(scores(state)) for state, _ in trials])
    assert best.objective == max(trial.value for trial in study.trials) > 1.6


def test_an_encoder(bert, tmp_path):
    tokenizer = LabelTokenizer.from_encoder(bert, NAMES)
    texts = ["the cat sat on the mat", "a dog chased the cat away"] * 8
    rows = [{**tokenizer(text), "labels": [int(name in text) for name in NAMES]} for text in texts]
    documents = datasets.Dataset.from_list(rows)
    collator = LabelMaskingCollator(tokenizer)
    settings = {"num_train_epochs": 2, "disable_tqdm": True, "report_to": "none", "logging_steps": 1}
    logs = []

    def objective(metrics):
        logs.append(trainer.state.log_history)
        return metrics["eval_micro_f1"]

    trainer = MultiLabelTrainer(
        args=LMMTCTrainingArguments(str(tmp_path), **settings),
        model_init=lambda: LMMTCForSequenceClassification.from_encoder(bert, NAMES),
        train_dataset=documents,
        eval_dataset=documents,
        train_data_collator=collator,
        processing_class=tokenizer,
        callbacks=[StopMLM(collator, 1)],
    )
    best = trainer.hyperparameter_search(compute_objective=objective, n_trials=2, backend="optuna")
    assert 5e-6 <= best.hyperparameters["learning_rate"] <= 5e-4
    assert best.hyperparameters["per_device_train_batch_size"] in (8, 16, 32, 64)
    for log in (logs[0], logs[-1]):  # each trial has the MLM in its first epoch, and not in its second
        assert {entry["epoch"] <= 1 for entry in log if "mlm_loss" in entry} == {True}


def test_the_metric_of_the_best_epoch_is_the_objective(make_trainer, trials):
    trainer = make_trainer(metric_for_best_model="hamming_loss")
    best = trainer.hyperparameter_search(n_trials=1, backend="optuna")
    (state, _) = trials[0]
    assert best.objective == pytest.approx(min(scores(state, "eval_hamming_loss")))
    trials.clear()
    settings = {"save_strategy": "no", "load_best_model_at_end": False, "metric_for_best_model": None}
    best = make_trainer(**settings).hyperparameter_search(n_trials=1, backend="optuna")
    assert best.objective == pytest.approx(scores(trials[0][0])[-1])  # the last epoch's, whose model is kept


def test_direction_follows_the_metric(make_trainer):
    directions = []

    def space(trial):
        directions.append(trial.study.direction.name)
        return {"seed": 1}

    for metric in ("hamming_loss", "loss", "macro_f1"):
        make_trainer(metric_for_best_model=metric).hyperparameter_search(space, n_trials=1, backend="optuna")
    assert directions == ["MINIMIZE", "MINIMIZE", "MAXIMIZE"]


def test_the_loss_is_a_hyperparameter(make_trainer, trials):
    def space(trial):
        return {"loss": trial.suggest_categorical("loss", ["focal", "bce"])}

    sampler = optuna.samplers.GridSampler({"loss": ["focal", "bce"]}, seed=0)
    make_trainer().hyperparameter_search(space, n_trials=2, backend="optuna", sampler=sampler)
    assert sorted(isinstance(loss, FocalLoss) for _, loss in trials) == [False, True]


def test_trials_share_no_patience_time_or_averages(make_trainer, trials):
    """The same settings twice give the same training twice."""
    patience, averages = EarlyStopping(2), AverageWeights()
    trainer = make_trainer([patience, averages], max_minutes=5, num_train_epochs=3, learning_rate=1e-2)
    limit, parameters = trainer.time_limit, trainer.model.named_parameters()
    # As trainings leave them that the patience, the time and an error have ended.
    patience.early_stopping_patience_counter = 2
    limit.is_reached = limit.follows_time = True
    averages.averages = {name: weight.data + 1 for name, weight in parameters if weight.requires_grad}
    patience.check_metric_value = lambda *_: None  # as before the first label
    trainer.hyperparameter_search(lambda trial: {}, n_trials=2, backend="optuna")
    first, second = (scores(state) for state, _ in trials)
    assert len(first) >= 3 and first == second
    assert (limit.is_reached, limit.follows_time, averages.averages) == (False, None, {})


def test_a_frozen_encoder_leaves_no_representations_behind(make_trainer, planted_config, tmp_path):
    def frozen():
        model = LWLSTMForSequenceClassification(planted_config())
        model.base_model.requires_grad_(False)
        return model

    trainer = make_trainer()
    trainer.model_init = frozen

    class PruneSecond(optuna.pruners.BasePruner):
        def prune(self, study, trial):
            return trial.number == 1

    study_trials = []
    best = trainer.hyperparameter_search(
        lambda trial: study_trials.append(trial) or {}, n_trials=2, backend="optuna", pruner=PruneSecond()
    )
    assert best.run_id == "0"
    assert [trial.state.name for trial in study_trials[0].study.trials] == ["COMPLETE", "PRUNED"]
    assert not (tmp_path / "out" / "frozen_features").exists()


def test_default_space_is_around_the_given_rate_and_leaves_token_batches(tmp_path):
    trial = optuna.trial.FixedTrial({"learning_rate": 2e-3})
    args = MultiLabelTrainingArguments(str(tmp_path), tokens_per_batch=500)
    assert make_search_space(args)(trial) == {"learning_rate": 2e-3}
    assert trial.distributions["learning_rate"].low == pytest.approx(1e-4)
    assert trial.distributions["learning_rate"].high == pytest.approx(1e-2)


@pytest.mark.parametrize(
    ("chosen", "told"),
    [
        ({"hidden_size": 8}, r"hp_space: hidden_size is no setting of .*; choose .* in model_init\(trial\)"),
        (None, "hp_space: must return a dictionary of settings by name, not None"),
        ({"max_minutes": 1.0}, "hp_space: max_minutes is the same in all trials; set it in"),
    ],
)
def test_what_a_trial_cannot_change_is_refused(make_trainer, chosen, told):
    with pytest.raises(UserInputError, match=told):
        make_trainer().hyperparameter_search(lambda trial: chosen, n_trials=1, backend="optuna")


def test_token_batches_have_no_batch_size_to_search(tmp_path):
    args = MultiLabelTrainingArguments(str(tmp_path), tokens_per_batch=500)
    with pytest.raises(
        UserInputError, match="hp_space: per_device_train_batch_size has no effect, as tokens_per_batch"
    ):
        check_hyperparameters({"per_device_train_batch_size": 8}, args)


def test_linear_models_are_refused():
    with pytest.raises(UserInputError, match="linear models have no learning rate"):
        LinearTrainer.hyperparameter_search(None)


def test_arguments_are_needed(planted_config):
    with pytest.raises(ValueError, match="needs args"):
        MultiLabelTrainer(model_init=lambda: LWLSTMForSequenceClassification(planted_config()))
