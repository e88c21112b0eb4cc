# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Evaluations batch by batch give the metrics of all documents at once."""

import numpy as np
import pytest
import torch
from transformers import EvalPrediction, TrainingArguments, set_seed

from labelwise import LWLSTMForSequenceClassification, MultiLabelTrainer, MultiLabelTrainingArguments
from labelwise.trainer.batch_metrics import BatchMetrics
from labelwise.trainer.metrics import MultiLabelMetrics
from labelwise.trainer.metrics_accumulator import MetricAccumulator

RANDOM = np.random.default_rng(0)
LOGITS = RANDOM.normal(size=(50, 7)).astype(np.float32)
LABELS = RANDOM.choice([0, 1, -100], size=(50, 7))
EXPECTED = MultiLabelMetrics().compute(predictions=LOGITS, references=LABELS, thresholds=0.4)
EXPECTED["micro_f1_plus_macro_f1"] = EXPECTED["micro_f1"] + EXPECTED["macro_f1"]


@pytest.mark.parametrize("as_batch", [np.asarray, torch.tensor])
@pytest.mark.parametrize("size", [1, 16, 50])
def test_batches_are_as_good_as_all_documents(as_batch, size):
    metrics = BatchMetrics(lambda: 0.4)
    for _ in range(2):
        for start in range(0, 50, size):
            rows = slice(start, start + size)
            batch = EvalPrediction(as_batch(LOGITS[rows]), as_batch(LABELS[rows]))
            found = metrics(batch, compute_result=start + size >= 50)
            assert start + size >= 50 or found == {}
        assert found == EXPECTED


def test_an_interrupted_evaluation_is_forgotten(tmp_path):
    metrics, args = BatchMetrics(lambda: 0.4), TrainingArguments(str(tmp_path))
    with pytest.raises(KeyboardInterrupt), metrics.applied(args):
        assert args.batch_eval_metrics
        metrics(EvalPrediction(1 - LOGITS, LABELS), compute_result=False)
        raise KeyboardInterrupt
    assert not args.batch_eval_metrics
    assert metrics(EvalPrediction(LOGITS, LABELS)) == EXPECTED  # as `predict` does
    with metrics.applied(args):
        assert metrics(EvalPrediction(LOGITS, LABELS)) == EXPECTED


@pytest.mark.parametrize("flag", ["output_attentions", "output_hidden_states"])
def test_outputs_that_are_no_scores_are_left_out(planted_corpus, planted_config, word_tokenizer, tmp_path, flag):
    args = MultiLabelTrainingArguments(str(tmp_path), eval_strategy="no", load_best_model_at_end=False)
    found = []
    for settings in ({}, {flag: True}):
        set_seed(0)
        model = LWLSTMForSequenceClassification(planted_config(**settings))
        trainer = MultiLabelTrainer(model, args, processing_class=word_tokenizer)
        found.append((trainer.predict(planted_corpus(21)).predictions, trainer.evaluate(planted_corpus(21))))
    (expected, _), (predictions, metrics) = found
    np.testing.assert_allclose(predictions, expected, atol=1e-5)
    assert "eval_micro_f1" in metrics


def test_a_trainer_evaluates_batches_and_predicts_all(
    planted_corpus, planted_config, word_tokenizer, tmp_path, monkeypatch
):
    settings = {"eval_strategy": "no", "save_strategy": "no", "load_best_model_at_end": False, "disable_tqdm": True}
    trainer = MultiLabelTrainer(
        LWLSTMForSequenceClassification(planted_config(thresholds=0.45)),
        MultiLabelTrainingArguments(str(tmp_path), per_device_eval_batch_size=8, **settings),
        eval_dataset=planted_corpus(21),
        processing_class=word_tokenizer,
    )
    whole = trainer.predict(trainer.eval_dataset, metric_key_prefix="eval")
    assert whole.predictions.shape == whole.label_ids.shape == (21, 4)
    sizes, update = [], MetricAccumulator.update
    monkeypatch.setattr(
        MetricAccumulator,
        "update",
        lambda self, logits, labels: sizes.append(len(logits)) or update(self, logits, labels),
    )
    found = trainer.evaluate()
    assert sizes == [8, 8, 5]
    names = [name for name in found if not name.endswith(("runtime", "per_second", "time", "epoch"))]
    assert {name: found[name] for name in names} == {name: whole.metrics[name] for name in names}
    assert "eval_micro_f1_plus_macro_f1" in names and not trainer.args.batch_eval_metrics
