# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The six metrics against numbers worked out by hand."""

import socket
from fractions import Fraction

import numpy as np
import pytest
from sklearn import metrics

from labelwise import MultiLabelMetrics

KEYS = {"micro_f1", "macro_f1", "hamming_loss", "one_error", "subset_accuracy", "micro_jaccard"}


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
    "subset_accuracy": Fraction(2, 4),  # the first, and the fourth
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
        "subset_accuracy": 1.0,
        "micro_jaccard": 1.0,
    }
    assert compute([[0.9, 0.1]], [[0, 1]]) == {
        "micro_f1": 0.0,
        "macro_f1": 0.0,
        "hamming_loss": 1.0,
        "one_error": 1.0,
        "subset_accuracy": 0.0,
        "micro_jaccard": 0.0,
    }


def test_nothing_predicted_and_nothing_true():
    scores = compute([[0.1, 0.2], [0.3, 0.1]], [[0, 0], [0, 0]])
    assert scores == {**dict.fromkeys(KEYS, 0.0), "one_error": 1.0, "subset_accuracy": 1.0}


def test_a_single_label():
    scores = compute([[0.9], [0.9], [0.1], [0.1]], [[1], [0], [1], [0]])
    assert scores == pytest.approx(
        {
            "micro_f1": 2 / 4,
            "macro_f1": 2 / 4,
            "hamming_loss": 2 / 4,
            "one_error": 2 / 4,
            "subset_accuracy": 2 / 4,
            "micro_jaccard": 1 / 3,
        }
    )
    assert compute([[0.1], [0.1]], [[1], [0]])["micro_f1"] == 0


def test_one_threshold_for_all_labels():
    scores = compute(PROBABILITIES, TRUE, thresholds=0.35)
    # Predicted: [1 1 0 0], [1 1 0 0], [0 1 1 0], [0 0 0 0]. Right 5, wrongly predicted 1, missed none.
    assert scores["micro_f1"] == pytest.approx(10 / 11)
    assert scores["subset_accuracy"] == 3 / 4
    assert scores["one_error"] == float(BY_HAND["one_error"])  # knows no threshold


def test_one_threshold_per_label():
    scores = compute(PROBABILITIES, TRUE, thresholds=[0.7, 0.35, 0.35, 0.5])
    assert (scores["micro_f1"], scores["macro_f1"], scores["subset_accuracy"]) == (1, 3 / 4, 1)


def test_thresholds_of_another_number():
    metric = MultiLabelMetrics()
    with pytest.raises(ValueError, match="3 thresholds for 4 labels"):
        metric.compute(predictions=logits_of(PROBABILITIES), references=TRUE, thresholds=[0.5] * 3)
    found = metric.compute(predictions=logits_of(PROBABILITIES), references=TRUE)
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
        "subset_accuracy": sum(all(p == t for p, t in row) for row in pairs) / 50,
        "micro_jaccard": sum(p and t for p, t in flat) / sum(p or t for p, t in flat),
    }
    assert MultiLabelMetrics().compute(predictions=logits, references=true) == pytest.approx(expected)


# Missing labels

MISSING = [[1, 1, 0, -100], [-100, 1, 0, 0], [-100, 1, -100, 0], [-100] * 4]
# Predicted at 0.5: [1 1 0 .], [. 0 0 0], [. 1 . 0], nothing known. Right pairs 3, wrongly predicted none, missed 1.
MISSING_BY_HAND = {
    "micro_f1": Fraction(2 * 3, 2 * 3 + 1),
    "macro_f1": (1 + Fraction(4, 5) + 0 + 0) / 4,
    "hamming_loss": Fraction(1, 8),
    "one_error": Fraction(0, 3),  # the best known label of the second is its second, which is true
    "subset_accuracy": Fraction(2, 3),
    "micro_jaccard": Fraction(3, 4),
}


def test_missing_labels_by_hand():
    assert compute(PROBABILITIES, MISSING) == pytest.approx({k: float(v) for k, v in MISSING_BY_HAND.items()})


def test_missing_labels_may_be_scored_anyhow():
    rng = np.random.default_rng(1)
    missing = np.array(MISSING) == -100
    for _ in range(5):
        other = np.where(missing, rng.random(missing.shape), PROBABILITIES)
        assert compute(other, MISSING) == compute(PROBABILITIES, MISSING)


def test_documents_of_which_nothing_is_known_count_nowhere():
    rng = np.random.default_rng(2)
    probabilities, true = rng.random((9, 4)), rng.integers(0, 2, size=(9, 4))
    more = np.vstack([true, np.full((3, 4), -100)])
    assert compute(np.vstack([probabilities, rng.random((3, 4))]), more) == compute(probabilities, true)


def test_a_label_of_which_nothing_is_known_counts_nowhere():
    """Predicted or not."""
    probabilities, true = np.array(PROBABILITIES), np.array(TRUE)
    true[:, 3] = -100
    for probability in (0.1, 0.9):
        probabilities[:, 3] = probability
        assert compute(probabilities, true) == pytest.approx(compute(probabilities[:, :3], true[:, :3]))
    found = MultiLabelMetrics().compute(
        predictions=[[2.0, -1, -1], [2, 1, -1]], references=[[1, 0, -100], [1, 1, -100]]
    )
    assert found["macro_f1"] == 1


def test_nothing_known():
    assert compute([[0.9, 0.1]], [[-100, -100]]) == dict.fromkeys(KEYS, 0.0)


def test_missing_labels_against_a_plain_count():
    rng = np.random.default_rng(0)
    logits, true = rng.normal(size=(60, 5)), rng.choice([0, 1, -100], size=(60, 5))
    true[:3] = -100
    pairs = [(l > 0, t == 1) for l, t in zip(logits.ravel(), true.ravel(), strict=True) if t != -100]  # noqa: E741
    rows = [[k for k in range(5) if row[k] != -100] for row in true]
    tops = [max(known, key=lambda k, i=i: logits[i, k]) for i, known in enumerate(rows) if known]
    some = [i for i, known in enumerate(rows) if known]
    found = MultiLabelMetrics().compute(predictions=logits, references=true)
    assert len(some) == 57
    assert found["hamming_loss"] == pytest.approx(sum(p != t for p, t in pairs) / len(pairs))
    assert found["micro_jaccard"] == pytest.approx(sum(p and t for p, t in pairs) / sum(p or t for p, t in pairs))
    assert found["one_error"] == pytest.approx(
        sum(true[i, top] != 1 for i, top in zip(some, tops, strict=True)) / len(some)
    )
    assert found["subset_accuracy"] == pytest.approx(
        sum(all((logits[i, k] > 0) == (true[i, k] == 1) for k in rows[i]) for i in some) / len(some)
    )


@pytest.mark.parametrize("wrong", [2, -1, -99])
def test_references_that_are_no_labels(wrong):
    with pytest.raises(ValueError, match="references must be 0, 1, or -100"):
        compute(PROBABILITIES, [[wrong, 1, 0, 0], *TRUE[1:]])


def test_as_scikit_learn_to_the_last_bit():
    rng = np.random.default_rng(3)
    for _ in range(20):
        shape = rng.integers(1, 30), rng.integers(2, 8)
        logits, true = rng.normal(size=shape).astype(np.float32), rng.integers(0, 2, size=shape)
        found = MultiLabelMetrics().compute(predictions=logits, references=true)
        held = (logits > 0).astype(int)
        assert found["micro_f1"] == metrics.f1_score(true, held, average="micro", zero_division=0)
        assert found["macro_f1"] == metrics.f1_score(true, held, average="macro", zero_division=0)
        assert found["hamming_loss"] == metrics.hamming_loss(true, held)
        assert found["subset_accuracy"] == metrics.accuracy_score(true, held)
        assert found["micro_jaccard"] == metrics.jaccard_score(true, held, average="micro", zero_division=0)


def test_batches_add_up():
    metric = MultiLabelMetrics()
    for rows in (slice(0, 1), slice(1, 4)):
        metric.add_batch(predictions=logits_of(PROBABILITIES)[rows], references=TRUE[rows])
    assert metric.compute() == compute(PROBABILITIES, TRUE)


def test_no_network_and_no_files(monkeypatch, tmp_path):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was asked")

    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.chdir(tmp_path)
    assert set(compute(PROBABILITIES, TRUE)) == KEYS
    assert list(tmp_path.iterdir()) == []
