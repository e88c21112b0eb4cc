# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What tuned thresholds promise, and tuning when training has ended."""

import numpy as np
import pytest
from transformers import Trainer

from labelwise import (
    LWLSTMForSequenceClassification,
    MultiLabelTrainer,
    MultiLabelTrainingArguments,
    TuneThresholds,
    cross_validate_thresholds,
    tune_thresholds,
)

from .threshold_scores import EVERY, draw, quick_score, scores


@EVERY
def test_thresholds_give_the_score_that_is_reported(mode, metric):
    logits, labels = draw(0, 300, 12)
    thresholds = tune_thresholds(logits, labels, mode, metric)
    report = cross_validate_thresholds(logits, labels, thresholds, mode, metric)
    assert report["tuned_score"] == pytest.approx(scores(logits, labels, thresholds)[metric], abs=1e-15)
    assert report["score_at_0.5"] == pytest.approx(scores(logits, labels, 0.5)[metric], abs=1e-15)
    assert report["tuned_score"] > report["score_at_0.5"]
    assert type(thresholds) is float if mode == "global" else [type(one) for one in thresholds] == [float] * 12


@EVERY
def test_missing_labels_count_nowhere(mode, metric):
    logits, labels = draw(2, 80, 4)
    missing = np.random.default_rng(0).random(labels.shape) < 0.3
    missing[:20] = True  # whole documents
    masked = np.where(missing, -100, labels)
    thresholds = tune_thresholds(logits, masked, mode, metric)
    elsewhere = np.where(missing, -logits * 7, logits)
    assert cross_validate_thresholds(elsewhere, masked, thresholds, mode, metric) == cross_validate_thresholds(
        logits, masked, thresholds, mode, metric
    )


@EVERY
def test_a_label_of_which_nothing_is_known_is_as_if_it_were_not_there(mode, metric):
    logits, labels = draw(4, 60, 4)
    labels[:, 3] = -100
    one, fewer = (
        cross_validate_thresholds(*pair, tune_thresholds(*pair, mode, metric), mode, metric)
        for pair in ((logits, labels), (logits[:, :3], labels[:, :3]))
    )
    assert one == pytest.approx(fewer)


def test_optimism_is_what_noise_gains():
    """Where logits know nothing, tuning gains on its own documents only."""
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(200, 20)), (rng.random((200, 20)) < 0.1).astype(int)
    thresholds = tune_thresholds(logits, labels, "per-label", "macro_f1")
    report = cross_validate_thresholds(logits, labels, thresholds, "per-label", "macro_f1")
    fresh = quick_score(rng.normal(size=(4000, 20)), (rng.random((4000, 20)) < 0.1).astype(int), thresholds, "macro_f1")
    assert report["tuned_score"] - fresh > 0.03
    assert report["cross_validated_score"] == pytest.approx(fresh, abs=0.02)
    assert report["optimism"] == report["tuned_score"] - report["cross_validated_score"]
    assert report["expected_gain"] == report["cross_validated_score"] - report["score_at_0.5"]


def test_folds_are_always_the_same():
    logits, labels = draw(7)
    thresholds = tune_thresholds(logits, labels)
    one, again = (cross_validate_thresholds(logits, labels, thresholds) for _ in range(2))
    assert one == again
    assert (one["folds"], one["seed"]) == (5, 0)
    assert cross_validate_thresholds(logits[:3], labels[:3], thresholds)["folds"] == 3
    with pytest.raises(ValueError, match="cannot be cross-validated on one document"):
        cross_validate_thresholds(logits[:1], labels[:1], thresholds)


@pytest.mark.parametrize("options", [{}, {"mode": "per-label"}, {"metric": "subset_accuracy"}])
def test_callback_tunes_the_best_model_at_the_end(planted_corpus, planted_config, word_tokenizer, tmp_path, options):
    documents = planted_corpus(30, seed=1)
    trainer = MultiLabelTrainer(
        LWLSTMForSequenceClassification(planted_config()),
        MultiLabelTrainingArguments(str(tmp_path), num_train_epochs=3, disable_tqdm=True, report_to="none"),
        train_dataset=planted_corpus(40),
        eval_dataset=documents,
        processing_class=word_tokenizer,
    )
    tuning = TuneThresholds(trainer, **options)
    trainer.add_callback(tuning)
    trainer.train()
    thresholds = trainer.model.config.thresholds
    assert isinstance(thresholds, list) == ("mode" in options)
    found = trainer.predict(documents)
    assert thresholds == tune_thresholds(found.predictions, found.label_ids, **options)
    metric = options.get("metric", "micro_f1")
    assert tuning.record["metric"] == metric
    assert tuning.record["tuned_score"] == pytest.approx(found.metrics[f"test_{metric}"])
    # Epochs were compared at 0.5, which is what their checkpoints hold.
    logged = [entry["eval_micro_f1_plus_macro_f1"] for entry in trainer.state.log_history if "eval_loss" in entry]
    assert trainer.state.best_metric == max(logged)
    at_half = scores(found.predictions, found.label_ids, 0.5)
    assert at_half["micro_f1"] + at_half["macro_f1"] == pytest.approx(trainer.state.best_metric)


def test_callback_needs_documents(planted_config, word_tokenizer, tmp_path):
    model = LWLSTMForSequenceClassification(planted_config())
    with pytest.raises(ValueError, match="pass eval_dataset"):
        TuneThresholds(Trainer(model, processing_class=word_tokenizer))
