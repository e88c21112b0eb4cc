# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tuned thresholds, against trying everything; their cross-validation, and tuning at the end of training."""

import itertools
import time

import numpy as np
import pytest
import torch
from transformers import Trainer

from labelwise import (
    LWLSTMForSequenceClassification,
    MultiLabelTrainer,
    MultiLabelTrainingArguments,
    TuneThresholds,
    cross_validate_thresholds,
    tune_thresholds,
)
from labelwise.trainer.thresholds import MODES, TUNABLE_METRICS

from .threshold_scores import EVERY, draw, quick_score, scores


def test_quick_score():
    logits, labels = draw(0)
    for metric in TUNABLE_METRICS:
        assert quick_score(logits, labels, 0.3, metric) == pytest.approx(scores(logits, labels, 0.3)[metric])


def candidates(logits) -> list[float]:
    """A threshold for every way to cut these logits in two."""
    probabilities = torch.as_tensor(logits).sigmoid().unique().tolist()
    return [0.0, *probabilities]


@pytest.mark.parametrize("metric", TUNABLE_METRICS)
@pytest.mark.parametrize("seed", range(5))
def test_no_other_global_threshold_is_better(metric, seed):
    logits, labels = draw(seed)
    best = max(quick_score(logits, labels, threshold, metric) for threshold in candidates(logits))
    tuned = tune_thresholds(logits, labels, "global", metric)
    assert quick_score(logits, labels, tuned, metric) == pytest.approx(best)


@pytest.mark.parametrize("metric", ["micro_f1", "macro_f1"])
@pytest.mark.parametrize("seed", range(5))
def test_no_other_thresholds_per_label_are_better(metric, seed):
    """Every combination; the third label is without positives, so it stays where the global one is."""
    logits, labels = draw(seed, documents=10, labels=3)
    thresholds = tune_thresholds(logits, labels, "per-label", metric, prior_documents=0)
    choices = [candidates(logits[:, 0]), candidates(logits[:, 1]), [thresholds[2]]]
    best = max(quick_score(logits, labels, list(tried), metric) for tried in itertools.product(*choices))
    assert quick_score(logits, labels, thresholds, metric) == pytest.approx(best)


@pytest.mark.parametrize("metric", TUNABLE_METRICS)
@pytest.mark.parametrize("seed", range(3))
def test_per_label_is_never_worse_than_global_here(metric, seed):
    logits, labels = draw(seed, 100, 8)
    tuned = [tune_thresholds(logits, labels, mode, metric, prior_documents=0) for mode in MODES]
    one, many = (quick_score(logits, labels, thresholds, metric) for thresholds in tuned)
    assert many >= one


def test_accuracy_per_label_cannot_be_improved_at_one_label():
    logits, labels = draw(3, 60, 4)
    thresholds = tune_thresholds(logits, labels, "per-label", "subset_accuracy")
    reached = quick_score(logits, labels, thresholds, "subset_accuracy")
    for k in range(4):
        for threshold in candidates(logits[:, k]):
            other = [*thresholds[:k], threshold, *thresholds[k + 1 :]]
            assert quick_score(logits, labels, other, "subset_accuracy") <= reached


@pytest.mark.parametrize("seed", range(40))
def test_accuracy_per_label_is_the_best_of_all_combinations(seed):
    rng = np.random.default_rng(seed)
    labels = (rng.random((8, 3)) < 0.4).astype(np.int64)
    labels[0, :2] = 1  # the third label may have no positive
    logits = (2 * rng.normal(size=labels.shape) + 2 * labels - 1).astype(np.float32)
    thresholds = tune_thresholds(logits, labels, "per-label", "subset_accuracy")
    choices = [candidates(column) for column in logits.T]
    best = max(quick_score(logits, labels, list(tried), "subset_accuracy") for tried in itertools.product(*choices))
    assert quick_score(logits, labels, thresholds, "subset_accuracy") == best


def test_accuracy_per_label_leaves_a_local_optimum():
    """From the global threshold, no single label gains: one document is right there, both are with these two."""
    logits, labels = np.array([[0.0, 2.0], [-3.0, 0.0]]), np.array([[1, 1], [1, 0]])
    assert (
        quick_score(logits, labels, tune_thresholds(logits, labels, "global", "subset_accuracy"), "subset_accuracy")
        == 0.5
    )
    thresholds = tune_thresholds(logits, labels, "per-label", "subset_accuracy")
    assert quick_score(logits, labels, thresholds, "subset_accuracy") == 1.0


def logits_of(thresholds) -> np.ndarray:
    return np.log(np.array(thresholds) / (1 - np.array(thresholds)))


@pytest.mark.parametrize("metric", ["micro_f1", "macro_f1"])
def test_rare_labels_are_drawn_towards_the_global_threshold(metric):
    """The mean of both on the scale of logits, weighted by positive documents against 20."""
    logits, labels = draw(0, 300, 4)
    labels[12:, 0] = 0  # a rare label
    everywhere = tune_thresholds(logits, labels, "global", metric)
    own = tune_thresholds(logits, labels, "per-label", metric, prior_documents=1e-9)
    weights = labels.sum(axis=0) / (labels.sum(axis=0) + 20)
    expected = weights * logits_of(own) + (1 - weights) * logits_of(everywhere)
    assert logits_of(tune_thresholds(logits, labels, "per-label", metric)) == pytest.approx(expected, abs=1e-5)
    assert weights[0] < 0.2 < 0.8 < weights[1]


def test_the_own_threshold_is_a_mean():
    """Over all thresholds on the scale of logits, weighted by their share of it and by exp(n F1)."""
    logits = np.array([[2.0], [1.0], [0.0], [-1.0], [-2.0]])
    labels = np.array([[1], [0], [1], [1], [0]])
    (own,) = tune_thresholds(logits, labels, "per-label", "macro_f1", prior_documents=1e-9)
    probabilities = np.append(1, 1 / (1 + np.exp(-logits[:, 0])))
    probabilities = np.append(probabilities, 0)
    thresholds = (probabilities[1:] + probabilities[:-1]) / 2  # one between neighbours
    thresholds[(probabilities[1:] <= 0.5) & (probabilities[:-1] > 0.5)] = 0.5
    f1 = [quick_score(logits, labels, threshold, "macro_f1") for threshold in thresholds]
    places = logits_of(thresholds)
    widths = np.array([places[0] - places[1], *(places[:-2] - places[2:]) / 2, places[-2] - places[-1]])
    weights = widths * np.exp(3 * np.array(f1))
    assert logits_of(own) == pytest.approx(weights @ places / weights.sum(), abs=1e-5)


def test_macro_f1_of_new_documents_gains_from_it():
    """Of a hundred labels with about three positive documents each, thresholds of their own are mostly chance."""
    rng = np.random.default_rng(0)
    true = rng.random((4000, 100)) < 0.02
    logits = (rng.normal(size=true.shape) + 2 * true - 2).astype(np.float32)
    tuned_on, new = (logits[:150], true[:150].astype(int)), (logits[150:], true[150:].astype(int))
    own, drawn = (tune_thresholds(*tuned_on, "per-label", prior_documents=prior) for prior in (0, 20))
    everywhere = tune_thresholds(*tuned_on, "global", "macro_f1")
    f1 = [quick_score(*new, thresholds, "macro_f1") for thresholds in (own, drawn, everywhere)]
    assert f1[1] > f1[0] + 0.05
    assert f1[1] == pytest.approx(f1[2], abs=0.02)


def test_default_metrics():
    logits, labels = draw(0, 100)
    assert tune_thresholds(logits, labels) == tune_thresholds(logits, labels, "global", "micro_f1")
    thresholds = tune_thresholds(logits, labels, "per-label")
    assert thresholds == tune_thresholds(logits, labels, "per-label", "macro_f1")
    assert cross_validate_thresholds(logits, labels, thresholds, "per-label")["metric"] == "macro_f1"


def logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


@EVERY
def test_of_equally_good_thresholds_the_closest_to_one_half(mode, metric):
    separable = [[logit(0.9)], [logit(0.8)], [logit(0.2)]]
    assert np.ravel(
        tune_thresholds(np.array(separable), np.array([[1], [1], [0]]), mode, metric, prior_documents=0)
    ).tolist() == [0.5]
    low = [[logit(0.3)], [logit(0.1)]]
    (found,) = np.ravel(tune_thresholds(np.array(low), np.array([[1], [0]]), mode, metric, prior_documents=0))
    assert found == pytest.approx(0.2)  # the middle: rounding elsewhere moves neither document across it
    # Right above 0.6 and right above 0.3, each for another document; 0.6 is closer to 0.5 than 0.25 is.
    twice = [[logit(0.7)], [logit(0.5001)], [logit(0.3)], [logit(0.2)]]
    (found,) = np.ravel(
        tune_thresholds(np.array(twice), np.array([[1], [0], [0], [0]]), mode, metric, prior_documents=0)
    )
    assert found == pytest.approx(0.60005)


@EVERY
def test_a_label_without_positives_keeps_the_global_threshold(mode, metric):
    logits, labels = draw(1, 200, 4)
    everywhere = tune_thresholds(logits, labels, "global", metric)
    assert everywhere != 0.5
    if mode == "per-label" and metric != "subset_accuracy":  # which gains by never predicting it
        assert tune_thresholds(logits, labels, mode, metric)[-1] == everywhere
    assert np.ravel(tune_thresholds(logits, np.zeros_like(labels), mode, "micro_f1")).tolist() == [0.5] * (
        1 if mode == "global" else 4
    )


@EVERY
def test_missing_labels_count_nowhere(mode, metric):
    logits, labels = draw(2, 80, 4)
    rng = np.random.default_rng(0)
    missing = rng.random(labels.shape) < 0.3
    missing[:20] = True  # whole documents
    masked = np.where(missing, -100, labels)
    thresholds = tune_thresholds(logits, masked, mode, metric)
    elsewhere = np.where(missing, -logits * 7, logits)
    assert tune_thresholds(elsewhere, masked, mode, metric) == thresholds
    # Nothing of them is left when they are taken out.
    if metric != "subset_accuracy":
        return
    assert tune_thresholds(logits[20:], masked[20:], mode, metric) == thresholds


@EVERY
def test_a_label_of_which_nothing_is_known_is_as_if_it_were_not_there(mode, metric):
    logits, labels = draw(4, 60, 4)
    labels[:, 3] = -100
    thresholds = tune_thresholds(logits, labels, mode, metric)
    fewer = tune_thresholds(logits[:, :3], labels[:, :3], mode, metric)
    assert (thresholds if mode == "global" else thresholds[:3]) == fewer


@pytest.mark.parametrize("mode", MODES)
def test_nothing_known_at_all(mode):
    logits, labels = draw(2)
    for metric in TUNABLE_METRICS:
        thresholds = tune_thresholds(logits, np.full_like(labels, -100), mode, metric)
        assert set(np.ravel(thresholds).tolist()) == {0.5}


@EVERY
def test_extreme_logits(mode, metric):
    """Probabilities of exactly 0 and 1, neighbours in float32, and all the same: never a threshold outside [0, 1]."""
    logits = np.array([[-np.inf, 200.0], [-200.0, np.inf], [0.0, 0.0], [1e-7, -1e-7], [0.0, 30.0]], dtype=np.float32)
    for bits in range(2**5):
        column = np.array([[bits >> i & 1] for i in range(5)])
        labels = np.hstack([column, 1 - column])
        for some in (logits, np.zeros_like(logits), np.full_like(logits, -np.inf)):
            drawn = tune_thresholds(some, labels, mode, metric)
            thresholds = tune_thresholds(some, labels, mode, metric, prior_documents=0)
            assert all(0 <= threshold <= 1 for threshold in [*np.ravel(thresholds), *np.ravel(drawn)])
            tuned, at_half = (quick_score(some, labels, one, metric) for one in (thresholds, 0.5))
            assert tuned >= at_half


@EVERY
def test_any_kind_of_array(mode, metric):
    logits, labels = draw(5)
    expected = tune_thresholds(logits, labels, mode, metric)
    for one, other in [
        (torch.tensor(logits, requires_grad=True), torch.tensor(labels).float()),
        (torch.tensor(logits).double(), labels.astype(np.int8)),
        (logits.tolist(), labels.tolist()),
    ]:
        assert tune_thresholds(one, other, mode, metric) == expected


@EVERY
def test_5000_documents_with_90_labels_take_no_time(mode, metric):
    logits, labels = draw(0, 5000, 90)
    started = time.process_time()
    tune_thresholds(logits, labels, mode, metric)
    assert time.process_time() - started < 4


@pytest.mark.parametrize(
    ("logits", "labels", "options", "told"),
    [
        (np.zeros((2, 3)), np.zeros((3, 2)), {}, r"logits \(2, 3\) and labels \(3, 2\)"),
        (np.zeros(3), np.zeros(3), {}, r"both be \(documents, num_labels\)"),
        (np.zeros((0, 3)), np.zeros((0, 3)), {}, "without documents"),
        (np.full((2, 3), np.nan), np.zeros((2, 3)), {}, "NaN"),
        (np.zeros((2, 3)), np.full((2, 3), 2), {}, "labels must be 0, 1, or -100"),
        (np.zeros((2, 3)), np.full((2, 3), 0.5), {}, "labels must be 0, 1, or -100"),
        (np.zeros((2, 3)), np.zeros((2, 3)), {"mode": "each"}, "mode must be one of global, per-label, not 'each'"),
        (
            np.zeros((2, 3)),
            np.zeros((2, 3)),
            {"metric": "f1"},
            "metric must be one of micro_f1, macro_f1, subset_accuracy",
        ),
    ],
)
def test_wrong_input(logits, labels, options, told):
    with pytest.raises(ValueError, match=told):
        tune_thresholds(logits, labels, **options)


# Cross-validation, and tuning at the end of training


@EVERY
def test_thresholds_give_the_score_that_is_reported(mode, metric):
    logits, labels = draw(0, 300, 12)
    thresholds = tune_thresholds(logits, labels, mode, metric)
    report = cross_validate_thresholds(logits, labels, thresholds, mode, metric)
    assert report["tuned_score"] == pytest.approx(scores(logits, labels, thresholds)[metric], abs=1e-15)
    assert report["score_at_0.5"] == pytest.approx(scores(logits, labels, 0.5)[metric], abs=1e-15)
    assert report["tuned_score"] > report["score_at_0.5"]
    for name in ("micro_f1", "macro_f1"):  # whichever was maximized
        assert report[name]["at_0.5"] == pytest.approx(scores(logits, labels, 0.5)[name], abs=1e-15)
        assert report[name]["tuned"] == pytest.approx(scores(logits, labels, thresholds)[name], abs=1e-15)
    if metric in report:
        assert report[metric]["cross_validated"] == report["cross_validated_score"]
    assert type(thresholds) is float if mode == "global" else [type(one) for one in thresholds] == [float] * 12


@EVERY
def test_cross_validation_does_not_count_unknown_labels(mode, metric):
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
def test_cross_validation_ignores_a_label_that_is_never_known(mode, metric):
    logits, labels = draw(4, 60, 4)
    labels[:, 3] = -100
    one, fewer = (
        cross_validate_thresholds(*pair, tune_thresholds(*pair, mode, metric), mode, metric)
        for pair in ((logits, labels), (logits[:, :3], labels[:, :3]))
    )
    assert one.keys() == fewer.keys()
    for name, value in one.items():
        assert value == (fewer[name] if isinstance(value, str) else pytest.approx(fewer[name]))


def test_optimism_is_what_noise_gains():
    """Where logits know nothing, tuning gains on its own documents only."""
    rng = np.random.default_rng(0)
    logits, labels = rng.normal(size=(200, 20)), (rng.random((200, 20)) < 0.1).astype(int)
    thresholds = tune_thresholds(logits, labels, "per-label", "macro_f1")
    report = cross_validate_thresholds(logits, labels, thresholds, "per-label", "macro_f1")
    fresh = quick_score(rng.normal(size=(4000, 20)), (rng.random((4000, 20)) < 0.1).astype(int), thresholds, "macro_f1")
    assert report["tuned_score"] - fresh > 0.005
    assert report["cross_validated_score"] == pytest.approx(fresh, abs=0.01)
    assert report["optimism"] == report["tuned_score"] - report["cross_validated_score"]
    assert report["expected_gain"] == report["cross_validated_score"] - report["score_at_0.5"]


def test_folds_are_always_the_same():
    logits, labels = draw(7)
    thresholds = tune_thresholds(logits, labels)
    one, again = (cross_validate_thresholds(logits, labels, thresholds) for _ in range(2))
    assert one == again
    assert (one["folds"], one["seed"]) == (5, 0)
    assert cross_validate_thresholds(logits[:3], labels[:3], thresholds)["folds"] == 3
    with pytest.raises(ValueError, match="one document cannot be cross-validated"):
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
    metric = options.get("metric", "macro_f1" if "mode" in options else "micro_f1")
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
