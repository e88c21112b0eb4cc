# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training of the head over a frozen encoder, which reads each document once."""

import logging
import shutil

import pytest
import torch
from transformers import TrainerCallback, set_seed

from labelwise import (
    LWLSTMForSequenceClassification,
    MultiLabelTrainer,
    MultiLabelTrainingArguments,
)
from labelwise.runs.checkpoints import find_last_checkpoint
from labelwise.trainer import frozen_features
from labelwise.trainer.frozen_features import FEATURES_FOLDER

from ..other_families import make_other_family
from ..resuming import interrupt

DOCUMENTS, EVALUATED, BATCH = 40, 30, 8


class Calls(TrainerCallback):
    """Counts the documents that the base model reads, and keeps the modes it does so in."""

    def __init__(self, model):
        self.documents, self.modes = 0, set()
        model.base_model.register_forward_hook(self.count)

    def count(self, module, inputs, output):
        self.documents += len(output.last_hidden_state)
        self.modes |= {part.training for part in module.modules()}


@pytest.fixture
def make_trainer(planted_corpus, planted_config, word_tokenizer, tmp_path):
    """`make_trainer(model=None, folder="out", **settings)`: of a model whose base model is frozen."""

    def make(model=None, folder="out", **settings):
        set_seed(0)
        if model is None:
            model = LWLSTMForSequenceClassification(planted_config(num_encoders=2, dropout=0.5))
        model.base_model.requires_grad_(False)
        settings = {"num_train_epochs": 3, "learning_rate": 0.05, "per_device_train_batch_size": BATCH, **settings}
        return MultiLabelTrainer(
            model,
            MultiLabelTrainingArguments(str(tmp_path / folder), disable_tqdm=True, report_to="none", **settings),
            train_dataset=planted_corpus(DOCUMENTS),
            eval_dataset=planted_corpus(EVALUATED, seed=1),
            processing_class=word_tokenizer,
        )

    return make


def head(trainer):
    return torch.cat([weight.detach().flatten() for weight in trainer.model.head.parameters()])


def train_until_interrupted(trainer, monkeypatch):
    with monkeypatch.context() as patch:
        interrupt(patch, MultiLabelTrainer, "training_step", 8)
        with pytest.raises(KeyboardInterrupt):
            trainer.train()


def test_each_document_is_read_once_without_dropout(make_trainer, tmp_path):
    trainer = make_trainer()
    given = (trainer.train_dataset, trainer.eval_dataset, trainer.data_collator, trainer.train_data_collator)
    calls, files = Calls(trainer.model), []

    class Look(TrainerCallback):
        def on_epoch_end(self, *arguments, **kwargs):
            files.append(sorted((tmp_path / "out" / FEATURES_FOLDER).iterdir()))

    trainer.add_callback(Look)
    before = head(trainer)
    trainer.train()
    assert (calls.documents, calls.modes) == (DOCUMENTS + EVALUATED, {False})
    assert not torch.equal(head(trainer), before)
    assert [len(kept) for kept in files] == [2, 2, 2]
    assert not (tmp_path / "out" / FEATURES_FOLDER).exists()  # training has ended
    assert given == (trainer.train_dataset, trainer.eval_dataset, trainer.data_collator, trainer.train_data_collator)
    evaluated = [log for log in trainer.state.log_history if "eval_loss" in log][-1]
    assert trainer.evaluate()["eval_loss"] == pytest.approx(evaluated["eval_loss"], rel=1e-3)  # of the documents


def test_frozen_dropout_is_the_authors_way(make_trainer):
    trainer = make_trainer(frozen_dropout=True)
    calls = Calls(trainer.model)
    trainer.train()
    assert calls.documents == 3 * (DOCUMENTS + EVALUATED)
    assert calls.modes == {True, False}  # in training, and in evaluation


def test_an_encoder_that_is_trained_runs_as_ever(make_trainer):
    trainer = make_trainer()
    trainer.model.base_model.target_encoder.requires_grad_(True)
    calls = Calls(trainer.model)
    trainer.train()
    assert (calls.documents, calls.modes) == (3 * (DOCUMENTS + EVALUATED), {True, False})


def test_the_disk_limit(make_trainer, monkeypatch, caplog):
    """Beyond it, the encoder runs in each epoch, as far from the kept representations as 16 bits are."""
    kept = make_trainer(folder="kept")
    kept.train()
    monkeypatch.setattr(frozen_features, "MAX_SHARE_OF_DISK", 0)
    trainer = make_trainer(folder="computed")
    calls = Calls(trainer.model)
    with caplog.at_level(logging.INFO):
        trainer.train()
    (line,) = [record.message for record in caplog.records if "frozen" in record.message]
    assert line.startswith(
        "the frozen encoder reads each document in each epoch, without dropout: the representations of 40 documents "
        "take 0.0 GiB, more than 0% of the "
    )
    # One batch was tried.
    assert (calls.documents, calls.modes) == (DOCUMENTS + 3 * (DOCUMENTS + EVALUATED), {False})
    torch.testing.assert_close(head(trainer), head(kept), atol=2e-2, rtol=0)


def test_representations_that_16_bits_cannot_hold(make_trainer, word_tokenizer, caplog):
    model = make_other_family("cnn", word_tokenizer, ["a", "b", "c", "d"])
    with torch.no_grad():
        model.get_input_embeddings().weight.mul_(1e7)
    make_trainer(model, num_train_epochs=1).train()
    assert "without dropout: its representations are too large for 16 bits, or not finite" in caplog.text


def test_a_head_that_reads_all_words(make_trainer, word_tokenizer, caplog):
    model = make_other_family("sgm", word_tokenizer, ["a", "b", "c", "d"])
    trainer = make_trainer(model, max_steps=2, eval_strategy="no", save_strategy="no", load_best_model_at_end=False)
    modes = []
    model.head.cell.register_forward_hook(lambda *_: modes.append((model.base_model.training, model.head.training)))
    trainer.train()
    assert set(modes) == {(False, True)}
    reason = "the head of SGMForSequenceClassification reads more of a document than one representation"
    assert f"the frozen encoder reads each document in each epoch, without dropout: {reason}" in caplog.text


def test_a_stream_is_read_in_each_epoch(make_trainer, caplog):
    trainer = make_trainer(max_steps=2, eval_strategy="no", save_strategy="no", load_best_model_at_end=False)
    trainer.train_dataset = trainer.train_dataset.to_iterable_dataset()
    calls = Calls(trainer.model)
    trainer.train()
    assert calls.documents == 2 * BATCH and calls.modes == {False}
    assert "without dropout: the training documents are a stream" in caplog.text


@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize(
    "settings",
    [
        {"tokens_per_batch": 80, "per_device_train_batch_size": None},
        {"gradient_accumulation_steps": 2, "bf16": True},
    ],
)
def test_a_resumed_training_ends_as_if_never_stopped(make_trainer, monkeypatch, tmp_path, lost, settings):
    whole = make_trainer(folder="whole", **settings)
    whole.train()
    train_until_interrupted(make_trainer(**settings), monkeypatch)
    folder = tmp_path / "out" / FEATURES_FOLDER
    assert len(list(folder.glob("*.npy"))) == len(list(folder.iterdir())) == 2
    if lost:
        shutil.rmtree(folder)
    resumed = make_trainer(**settings)
    calls = Calls(resumed.model)
    resumed.train(resume_from_checkpoint=str(find_last_checkpoint(tmp_path / "out")))
    assert calls.documents == (DOCUMENTS + EVALUATED if lost else 0)
    assert torch.equal(head(resumed), head(whole))
    assert not folder.exists()


def test_representations_of_other_weights_are_not_read(make_trainer, monkeypatch, planted_config):
    """Those that an interrupted training left are of its encoder."""
    train_until_interrupted(make_trainer(), monkeypatch)
    set_seed(1)
    trainer = make_trainer(LWLSTMForSequenceClassification(planted_config(num_encoders=2)))
    with torch.no_grad():
        trainer.model.get_input_embeddings().weight[5] += 1
    calls = Calls(trainer.model)
    trainer.train()
    assert calls.documents == DOCUMENTS + EVALUATED


def test_representations_of_another_configuration_are_not_read(make_trainer, monkeypatch, planted_config):
    """Weights and token ids stay the same."""
    train_until_interrupted(make_trainer(), monkeypatch)
    set_seed(0)
    trainer = make_trainer(LWLSTMForSequenceClassification(planted_config(num_encoders=2, dropout=0.5)))
    trainer.model.config.max_words -= 1
    calls = Calls(trainer.model)
    trainer.train()
    assert calls.documents == DOCUMENTS + EVALUATED


def test_several_evaluation_sets_and_unknown_labels(make_trainer, planted_corpus):
    def forget(row):
        return {"labels": [-100, *row["labels"][1:]]}

    trainer = make_trainer(metric_for_best_model="one_micro_f1", load_best_model_at_end=False, save_strategy="no")
    trainer.train_dataset = trainer.train_dataset.map(forget)
    trainer.eval_dataset = {"one": planted_corpus(10, seed=2), "two": planted_corpus(12, seed=3)}
    calls, before = Calls(trainer.model), trainer.model.head.classifier[1].weight.clone()
    trainer.train()
    assert calls.documents == DOCUMENTS + 10 + 12
    changed = (trainer.model.head.classifier[1].weight != before).any(dim=1)
    assert changed.tolist() == [False, True, True, True]
    logged = {name for log in trainer.state.log_history for name in log}
    assert {"eval_one_micro_f1", "eval_two_micro_f1"} < logged
