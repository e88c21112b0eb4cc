# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Metrics at k against their formulas, computed plainly."""

import math
from itertools import permutations

import numpy as np
import pytest
from sklearn.metrics import ndcg_score

from labelwise import MultiLabelMetrics
from labelwise.trainer.metrics_top_k import TopKMetrics, label_propensities

from .random_cases import draw_case

KS = (1, 3, 5)


def measure(logits, labels, propensities):
    labels = np.asarray(labels)
    known = (labels != -100).any(axis=1)
    metrics = TopKMetrics(np.asarray(propensities))
    if known.any():
        metrics.update(np.asarray(logits)[known], labels[known] == 1, labels[known] != -100)
    return metrics.compute()


def plainly(logits, labels, inverse_propensities) -> dict[str, float]:
    """Each metric of documents with distinct scores, label by label."""
    found = {}
    for k in KS:
        precision, recall, gains, best_gains = [], [], 0.0, 0.0
        for scores, truth in zip(logits, labels, strict=True):
            known = [label for label in range(len(truth)) if truth[label] != -100]
            if not known:
                continue
            true = [label for label in known if truth[label] == 1]
            top = sorted(known, key=lambda label, scores=scores: -scores[label])[:k]
            hits = [label for label in top if label in true]
            precision.append(len(hits) / k)
            recall.append(len(hits) / len(true) if true else 0)
            gains += sum(inverse_propensities[label] for label in hits) / k
            best_gains += sum(sorted((inverse_propensities[label] for label in true), reverse=True)[:k]) / k
        found[f"precision_at_{k}"] = sum(precision) / max(len(precision), 1)
        found[f"recall_at_{k}"] = sum(recall) / max(len(recall), 1)
        found[f"psp_at_{k}"] = gains / best_gains if best_gains else 0
    return found


def test_propensities_by_hand():
    # N = 100 documents: C = (ln 100 - 1) 2.5^0.55 = 3.605170 * 1.655263 = 5.967505
    # N_l = 0: 1.5^-0.55 = 0.800110; N_l = 10: 11.5^-0.55 = 0.260985; N_l = 100: 101.5^-0.55 = 0.078785
    expected = [1 / (1 + 5.967505 * power) for power in (0.800110, 0.260985, 0.078785)]
    assert label_propensities([0, 10, 100], 100) == pytest.approx(expected, rel=1e-5)


def test_propensities_are_equation_2():
    counts, number = [0, 1, 7, 500, 1000], 1000
    c = (math.log(number) - 1) * (1.5 + 1) ** 0.55
    expected = [1 / (1 + c * math.exp(-0.55 * math.log(count + 1.5))) for count in counts]
    found = label_propensities(counts, number)
    assert found == pytest.approx(expected)
    assert (np.diff(found) > 0).all() and found[-1] < 1  # a rare label is given less often


def test_psp_by_hand():
    # The first document's best label is wrong and its second right; the second document's best is right.
    logits = [[3.0, 2, 1, 0, -1, -2], [0, 9, 1, 2, 3, -1]]
    labels = [[0, 1, 0, 0, 0, 1], [0, 1, 1, 0, 0, 0]]
    inverse = [10, 2, 4, 1, 1, 8]
    found = measure(logits, labels, [1 / weight for weight in inverse])
    assert found["psp_at_1"] == pytest.approx((0 + 2) / (8 + 4))
    # the first three of the first document have label 1, of the second (1, 4, 3) label 1
    assert found["psp_at_3"] == pytest.approx((2 + 2) / (8 + 2 + 4 + 2))
    assert found["psp_at_5"] == pytest.approx((2 + (2 + 4)) / (10 + 6))


def test_300_random_cases_plainly():
    rng = np.random.default_rng(0)
    for seed in range(300):
        case = draw_case(seed)
        logits = rng.permuted(np.tile(np.arange(case.labels.shape[1]), (len(case.labels), 1)), axis=1)
        inverse = 1 + 9 * rng.random(case.labels.shape[1])
        expected = plainly(logits, case.labels, inverse)
        found = measure(logits, case.labels, 1 / inverse)
        assert {name: found[name] for name in expected} == pytest.approx(expected, abs=1e-9), seed


def test_equal_scores_are_the_mean_over_their_orders():
    logits, labels = [[1.0, 1, 0, 1, 0, 2, 0]], [[1, 0, 0, 1, 1, 0, 0]]
    inverse = [3, 1, 1, 2, 5, 1, 1]
    orders = []
    for order in permutations(range(7)):
        shifted = [logits[0][label] + 0.01 * place for place, label in enumerate(order)]
        by_label = [[shifted[order.index(label)] for label in range(7)]]
        orders.append(plainly(by_label, labels, inverse))
    expected = {name: sum(found[name] for found in orders) / len(orders) for name in orders[0]}
    found = measure(logits, labels, [1 / weight for weight in inverse])
    assert {name: found[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_ndcg_of_many_labels_as_scikit_learn(decimals):
    rng = np.random.default_rng(1)
    logits = np.round(rng.normal(size=(40, 60)), decimals)
    labels = (rng.random((40, 60)) < rng.choice([0.01, 0.1, 0.4], size=(40, 1))).astype(int)
    found = measure(logits, labels, np.ones(60))
    for k in KS:
        assert found[f"ndcg_at_{k}"] == pytest.approx(ndcg_score(labels, logits, k=k))


def test_a_label_that_is_never_predicted_is_never_retrieved():
    """Its logit is -inf, and there are fewer labels than ranks."""
    found = measure([[1.0, -np.inf, 0]], [[1, 1, 0]], [0.5, 0.1, 0.5])
    assert found["recall_at_5"] == found["recall_at_1"] == 1 / 2
    assert found["precision_at_5"] == 1 / 5
    assert found["psp_at_5"] == pytest.approx(2 / 12)
    assert found["ndcg_at_5"] == pytest.approx(1 / (1 + 1 / math.log2(3)))
    nothing = measure([[-np.inf, -np.inf]], [[1, 0]], [0.5, 0.5])
    assert {nothing[f"{name}_at_{k}"] for name in ("precision", "recall", "ndcg", "psp") for k in KS} == {0}


def test_without_propensities_there_is_no_psp():
    found = MultiLabelMetrics().compute(predictions=[[1.0, 0]], references=[[1, 0]], metrics="all")
    assert found["ndcg_at_5"] == 1
    assert not [name for name in found if name.startswith("psp")]
