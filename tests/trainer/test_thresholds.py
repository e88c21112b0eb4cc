# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tuned thresholds, against trying everything."""

import itertools
import time

import numpy as np
import pytest
import torch

from labelwise import tune_thresholds
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
    thresholds = tune_thresholds(logits, labels, "per-label", metric)
    choices = [candidates(logits[:, 0]), candidates(logits[:, 1]), [thresholds[2]]]
    best = max(quick_score(logits, labels, list(tried), metric) for tried in itertools.product(*choices))
    assert quick_score(logits, labels, thresholds, metric) == pytest.approx(best)


@pytest.mark.parametrize("metric", TUNABLE_METRICS)
@pytest.mark.parametrize("seed", range(3))
def test_per_label_is_never_worse_than_global_here(metric, seed):
    logits, labels = draw(seed, 100, 8)
    tuned = [tune_thresholds(logits, labels, mode, metric) for mode in MODES]
    one, many = (quick_score(logits, labels, thresholds, metric) for thresholds in tuned)
    assert many >= one


def test_accuracy_per_label_cannot_be_improved_at_one_label():
    logits, labels = draw(3, 60, 4)
    thresholds = tune_thresholds(logits, labels, "per-label", "subset_accuracy")
    reached = quick_score(logits, labels, thresholds, "subset_accuracy")
    for k in range(3):  # the fourth has no positive
        for threshold in candidates(logits[:, k]):
            other = [*thresholds[:k], threshold, *thresholds[k + 1 :]]
            assert quick_score(logits, labels, other, "subset_accuracy") <= reached


def logit(probability: float) -> float:
    return float(np.log(probability / (1 - probability)))


@EVERY
def test_of_equally_good_thresholds_the_closest_to_one_half(mode, metric):
    separable = [[logit(0.9)], [logit(0.8)], [logit(0.2)]]
    assert np.ravel(tune_thresholds(np.array(separable), np.array([[1], [1], [0]]), mode, metric)).tolist() == [0.5]
    low = [[logit(0.3)], [logit(0.1)]]
    (found,) = np.ravel(tune_thresholds(np.array(low), np.array([[1], [0]]), mode, metric))
    assert found == pytest.approx(0.2)  # the middle: rounding elsewhere moves neither document across it
    # Right above 0.6 and right above 0.3, each for another document; 0.6 is closer to 0.5 than 0.25 is.
    twice = [[logit(0.7)], [logit(0.5001)], [logit(0.3)], [logit(0.2)]]
    (found,) = np.ravel(tune_thresholds(np.array(twice), np.array([[1], [0], [0], [0]]), mode, metric))
    assert found == pytest.approx(0.60005)


@EVERY
def test_a_label_without_positives_keeps_the_global_threshold(mode, metric):
    logits, labels = draw(1, 200, 4)
    everywhere = tune_thresholds(logits, labels, "global", metric)
    assert everywhere != 0.5
    if mode == "per-label":
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
            thresholds = tune_thresholds(some, labels, mode, metric)
            assert all(0 <= threshold <= 1 for threshold in np.ravel(thresholds))
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
