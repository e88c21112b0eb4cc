# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""All metrics against scikit-learn's, whole and block by block."""

import numpy as np
import pytest
from sklearn import metrics as sk

from labelwise import MultiLabelMetrics
from labelwise.trainer import metrics_accumulator
from labelwise.trainer.metrics_accumulator import MetricAccumulator
from labelwise.trainer.metrics_names import FURTHER_METRICS, PROPENSITY_SCORED

from .random_cases import by_scikit_learn, draw_case

SIX = ["micro_f1", "macro_f1", "hamming_loss", "one_error", "subset_accuracy", "micro_jaccard"]
# scikit-learn has no ranking cut off at k for several labels; `test_metrics_top_k.py` has those.
NOT_IN_SCIKIT_LEARN = [f"{name}_at_{k}" for name in ("precision", "recall") for k in (1, 3, 5)]


def measure(case, **options):
    options = {"thresholds": case.thresholds, "metrics": "all", **options}
    return MultiLabelMetrics().compute(predictions=case.logits, references=case.labels, **options)


@pytest.mark.parametrize("tens", range(30))
def test_as_scikit_learn(tens):
    for seed in range(10 * tens, 10 * tens + 10):
        case = draw_case(seed)
        found, expected = measure(case), by_scikit_learn(case)
        assert list(found) == [*SIX, *(name for name in FURTHER_METRICS if name not in PROPENSITY_SCORED)]
        assert set(found) == {*expected, *NOT_IN_SCIKIT_LEARN}
        none = {name for name, value in expected.items() if value is None}
        assert {name for name, value in found.items() if value is None} == none
        numbers = {name: value for name, value in expected.items() if value is not None}
        assert {name: found[name] for name in numbers} == pytest.approx(numbers, abs=1e-9), seed


def test_as_scikit_learn_on_whole_matrices():
    """Its own averages, where all labels are known and each has documents of both kinds."""
    rng = np.random.default_rng(0)
    true, logits = rng.random((200, 12)) < 0.2, rng.normal(size=(200, 12)).astype(np.float32)
    true[:5] = False
    predicted = logits > 0
    found = MultiLabelMetrics().compute(predictions=logits, references=true.astype(int), metrics="all")
    expected = {
        **{
            f"{average}_{name}": score(true, predicted, average=average, zero_division=0)
            for name, score in (("precision", sk.precision_score), ("recall", sk.recall_score))
            for average in ("micro", "macro")
        },
        "sample_f1": sk.f1_score(true, predicted, average="samples", zero_division=0),
        "weighted_f1": sk.f1_score(true, predicted, average="weighted"),
        **{
            f"{average}_{name}": score(true, logits, average=average)
            for name, score in (("average_precision", sk.average_precision_score), ("roc_auc", sk.roc_auc_score))
            for average in ("micro", "macro")
        },
        "ranking_loss": sk.label_ranking_loss(true, logits),
        "coverage_error": sk.coverage_error(true, logits),
        "lrap": sk.label_ranking_average_precision_score(true, logits),
        **{f"ndcg_at_{k}": sk.ndcg_score(true, logits, k=k) for k in (1, 3, 5)},
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("pairs", [1, 40])
def test_blocks_of_any_size_give_the_same(monkeypatch, pairs):
    monkeypatch.setattr(metrics_accumulator, "_PAIRS", pairs)
    for seed in range(12):
        case = draw_case(seed)
        accumulator = MetricAccumulator(case.thresholds, "all", np.full(case.labels.shape[1], 0.5))
        half = len(case.labels) // 2
        accumulator.update(case.logits[:half], case.labels[:half])
        accumulator.update(case.logits[half:], case.labels[half:])
        whole = measure(case, propensities=[0.5] * case.labels.shape[1])
        found = accumulator.compute()
        assert list(found) == list(whole)
        assert [found[name] is None for name in whole] == [value is None for value in whole.values()]
        assert [value for value in found.values() if value is not None] == pytest.approx(
            [value for value in whole.values() if value is not None]
        )


def test_what_unknown_labels_score_is_left_out():
    rng = np.random.default_rng(1)
    for seed in range(1, 12, 2):
        case = draw_case(seed)
        for junk in (rng.normal(size=case.labels.shape) * 9, np.inf, -np.inf, np.nan):
            other = case._replace(logits=np.where(case.labels == -100, junk, case.logits).astype(np.float32))
            assert measure(other) == measure(case)


def test_documents_of_which_nothing_is_known_are_left_out():
    case = draw_case(1)
    more = np.full((3, case.labels.shape[1]), -100)
    assert measure(case._replace(logits=np.vstack([case.logits, more]), labels=np.vstack([case.labels, more]))) == (
        measure(case)
    )


def test_the_six_alone_by_default_and_others_by_name():
    case = draw_case(2)
    assert list(measure(case, metrics=None)) == SIX
    some = measure(case, metrics=["lrap", "macro_recall", "ndcg_at_3", "micro_roc_auc"])
    assert list(some) == [*SIX, "macro_recall", "micro_roc_auc", "lrap", "ndcg_at_3"]
    assert some.items() <= measure(case).items()


def test_a_single_class():
    case = draw_case(2)
    none = measure(case._replace(labels=np.zeros_like(case.labels)))
    names = [name for name, value in none.items() if value is None]
    assert names == ["micro_average_precision", "macro_average_precision", "micro_roc_auc", "macro_roc_auc"]
    # scikit-learn's values for documents without labels
    assert (none["ranking_loss"], none["coverage_error"], none["lrap"], none["ndcg_at_3"]) == (0, 0, 1, 0)
    everything = measure(case._replace(labels=np.ones_like(case.labels)))
    assert [everything[name] for name in names] == [None] * 4
    assert everything["precision_at_1"] == 1


def test_wrong_arguments():
    case = draw_case(2)
    labels = case.labels.shape[1]
    assert measure(case, metrics=["macro_f1"]) == measure(case, metrics=None)  # it is always computed
    with pytest.raises(ValueError, match="f2 is no further metric; give all, or some of micro_precision, "):
        measure(case, metrics="f2")
    with pytest.raises(ValueError, match="psp_at_3 needs propensities"):
        measure(case, metrics=["psp_at_3"])
    with pytest.raises(ValueError, match=f"{labels + 1} propensities for {labels} labels"):
        measure(case, propensities=[0.5] * (labels + 1))
    for wrong in (np.nan, np.inf):
        logits = case.logits.copy()
        logits[0, 0] = wrong
        with pytest.raises(ValueError, match="must be numbers, and not infinity"):
            measure(case._replace(logits=logits))


@pytest.mark.parametrize(
    ("predictions", "references", "told"),
    [
        ([], [], r"predictions have shape \(0,\), and references \(0,\): both must be of shape \(documents, labels\)"),
        ([[]], [[]], r"predictions have shape \(1, 0\)"),
        ([[0.5, 0.1]], [[1, 0, 1]], r"predictions have shape \(1, 2\), and references \(1, 3\)"),
    ],
)
def test_shapes(predictions, references, told):
    with pytest.raises(ValueError, match=told):
        MultiLabelMetrics().compute(predictions=predictions, references=references)
