# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The six metrics against numbers worked out by hand."""

import socket
from fractions import Fraction

import numpy as np
import pytest

from labelwise import MultiLabelMetrics

KEYS = {"micro_f1", "macro_f1", "hamming_loss", "one_error", "accuracy", "micro_jaccard"}


def logits_of(probabilities):
    p = np.array(probabilities)
    return np.log(p / (1 - p))


# Four documents and four labels; the third label is never predicted, the fourth neither predicted nor true.
PROBABILITIES = [[0.9, 0.8, 0.1, 0.2], [0.6, 0.4, 0.2, 0.1], [0.3, 0.7, 0.4, 0.2], [0.2, 0.3, 0.1, 0.1]]
TRUE = [[1, 1, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]]
# Predicted at 0.5: [1 1 0 0], [1 0 0 0], [0 1 0 0], [0 0 0 0]. Right pairs 3, wrongly predicted 1, missed 2.
BY_HAND = {
    "micro_f1": Fraction(2 * 3, 2 * 3 + 1 + 2),
    "macro_f1": (Fraction(2, 3) + Fraction(4, 5) + 0 + 0) / 4,
    "hamming_loss": Fraction(3, 16),
    "one_error": Fraction(2, 4),  # the second, and the fourth, which has no label
    "accuracy": Fraction(2, 4),  # the first, and the fourth
    "micro_jaccard": Fraction(3, 3 + 1 + 2),
}


def compute(probabilities, true, **options):
    return MultiLabelMetrics().compute(predictions=logits_of(probabilities), references=true, **options)


def test_by_hand():
    scores = compute(PROBABILITIES, TRUE)
    assert set(scores) == KEYS
    assert all(type(value) is float for value in scores.values())
    assert scores == pytest.approx({name: float(value) for name, value in BY_HAND.items()})


def test_perfect_and_hopeless():
    assert compute([[0.9, 0.1]], [[1, 0]]) == {
        "micro_f1": 1.0,
        "macro_f1": 0.5,  # the second label is neither predicted nor true
        "hamming_loss": 0.0,
        "one_error": 0.0,
        "accuracy": 1.0,
        "micro_jaccard": 1.0,
    }
    assert compute([[0.9, 0.1]], [[0, 1]]) == {
        "micro_f1": 0.0,
        "macro_f1": 0.0,
        "hamming_loss": 1.0,
        "one_error": 1.0,
        "accuracy": 0.0,
        "micro_jaccard": 0.0,
    }


def test_nothing_predicted_and_nothing_true():
    scores = compute([[0.1, 0.2], [0.3, 0.1]], [[0, 0], [0, 0]])
    assert scores == {**dict.fromkeys(KEYS, 0.0), "one_error": 1.0, "accuracy": 1.0}


def test_a_single_label():
    scores = compute([[0.9], [0.9], [0.1], [0.1]], [[1], [0], [1], [0]])
    assert scores == pytest.approx(
        {
            "micro_f1": 2 / 4,
            "macro_f1": 2 / 4,
            "hamming_loss": 2 / 4,
            "one_error": 2 / 4,
            "accuracy": 2 / 4,
            "micro_jaccard": 1 / 3,
        }
    )
    assert compute([[0.1], [0.1]], [[1], [0]])["micro_f1"] == 0


def test_one_threshold_for_all_labels():
    scores = compute(PROBABILITIES, TRUE, thresholds=0.35)
    # Predicted: [1 1 0 0], [1 1 0 0], [0 1 1 0], [0 0 0 0]. Right 5, wrongly predicted 1, missed none.
    assert scores["micro_f1"] == pytest.approx(10 / 11)
    assert scores["accuracy"] == 3 / 4
    assert scores["one_error"] == float(BY_HAND["one_error"])  # knows no threshold


def test_one_threshold_per_label():
    scores = compute(PROBABILITIES, TRUE, thresholds=[0.7, 0.35, 0.35, 0.5])
    assert (scores["micro_f1"], scores["macro_f1"], scores["accuracy"]) == (1, 3 / 4, 1)


def test_thresholds_of_another_number():
    metrics = MultiLabelMetrics()
    with pytest.raises(ValueError, match="3 thresholds for 4 labels"):
        metrics.compute(predictions=logits_of(PROBABILITIES), references=TRUE, thresholds=[0.5] * 3)
    found = metrics.compute(predictions=logits_of(PROBABILITIES), references=TRUE)
    assert found == compute(PROBABILITIES, TRUE)  # and nothing is left of the failed call


def test_against_a_plain_count():
    rng = np.random.default_rng(0)
    logits, true = rng.normal(size=(50, 7)), rng.integers(0, 2, size=(50, 7))
    pairs = [[(int(l > 0), int(t)) for l, t in zip(*rows, strict=True)] for rows in zip(logits, true, strict=True)]  # noqa: E741

    def f1(some):
        hits = sum(p and t for p, t in some)
        return 2 * hits / (sum(p for p, _ in some) + sum(t for _, t in some))

    flat = [pair for row in pairs for pair in row]
    expected = {
        "micro_f1": f1(flat),
        "macro_f1": sum(f1([row[k] for row in pairs]) for k in range(7)) / 7,
        "hamming_loss": sum(p != t for p, t in flat) / len(flat),
        "one_error": sum(row[int(np.argmax(scores))][1] == 0 for row, scores in zip(pairs, logits, strict=True)) / 50,
        "accuracy": sum(all(p == t for p, t in row) for row in pairs) / 50,
        "micro_jaccard": sum(p and t for p, t in flat) / sum(p or t for p, t in flat),
    }
    assert MultiLabelMetrics().compute(predictions=logits, references=true) == pytest.approx(expected)


def test_batches_add_up():
    metrics = MultiLabelMetrics()
    for rows in (slice(0, 1), slice(1, 4)):
        metrics.add_batch(predictions=logits_of(PROBABILITIES)[rows], references=TRUE[rows])
    assert metrics.compute() == compute(PROBABILITIES, TRUE)


def test_no_network_and_no_files(monkeypatch, tmp_path):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.chdir(tmp_path)
    assert set(compute(PROBABILITIES, TRUE)) == KEYS
    assert list(tmp_path.iterdir()) == []
