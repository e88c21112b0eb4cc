# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Random predictions with unknown labels, absent ones and equal scores, and what scikit-learn says about them."""

import warnings
from typing import NamedTuple

import numpy as np
from sklearn import config_context
from sklearn import metrics as sk

KS = (1, 3, 5)


class Case(NamedTuple):
    logits: np.ndarray
    labels: np.ndarray  # 1, 0, -100
    thresholds: float | list[float]

    @property
    def predicted(self) -> np.ndarray:
        return 1 / (1 + np.exp(-self.logits.astype(np.float64))) > np.float32(self.thresholds)


def draw_case(seed: int) -> Case:
    """One of 1 to 12 documents and 1 to 9 labels, some of which may be absent or apply to all documents."""
    rng = np.random.default_rng(seed)
    documents, labels = rng.integers(1, 13), rng.integers(1, 10)
    true = (rng.random((documents, labels)) < rng.choice([0.1, 0.3, 0.6])).astype(np.int64)
    logits = rng.normal(size=true.shape).astype(np.float32)
    if seed % 3 == 0:
        logits = np.round(logits)  # equal scores
    if seed % 4 == 0:
        true[:, 0] = rng.integers(2)  # absent, or in all documents
    if seed % 5 == 0:
        true[0] = 0  # a document without labels
    if seed % 2:
        true[rng.random(true.shape) < rng.choice([0.1, 0.5])] = -100
        if seed % 7 == 0:
            true[rng.integers(documents)] = -100
        if seed % 11 == 0:
            true[:, rng.integers(labels)] = -100
    thresholds = rng.choice([0.3, 0.4, 0.6], size=labels).tolist() if seed % 3 == 1 else 0.45
    return Case(logits, true, thresholds)


def known_rows(case: Case) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Truth, predictions and scores of each document, of its known labels only; those without any are left out."""
    rows = zip(case.labels, case.predicted, case.logits, strict=True)
    return [(t[t >= 0], p[t >= 0].astype(int), s[t >= 0]) for t, p, s in rows if (t >= 0).any()]


def known_columns(case: Case) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The same for each label."""
    return known_rows(Case(case.logits.T, case.labels.T, np.array(case.thresholds)[..., None].tolist()))


def mean(numbers) -> float:
    numbers = list(numbers)
    return sum(numbers) / len(numbers) if numbers else 0.0


def by_scikit_learn(case: Case) -> dict[str, float | None]:
    """The metrics that scikit-learn has, over known labels."""
    with warnings.catch_warnings(), config_context(assume_finite=True, skip_parameter_validation=True):
        warnings.simplefilter("ignore")
        return {**_of_sets(case), **_of_scores(case), **_of_rankings(case)}


def _of_sets(case: Case) -> dict[str, float]:
    rows = known_rows(case)
    truth, predicted = (np.concatenate([row[i] for row in rows] or [[0]]) for i in (0, 1))

    def score(t, p) -> list[float]:
        """Precision, recall, F1 and number of true pairs."""
        numbers = sk.precision_recall_fscore_support(t, p, labels=[1], zero_division=0)
        return [float(number[0]) for number in numbers]

    micro, of_labels = score(truth, predicted), [score(t, p) for t, p, _ in known_columns(case)]
    names = ("precision", "recall", "f1")
    return {
        **{f"micro_{name}": value for name, value in zip(names, micro, strict=False)},
        **{f"macro_{name}": mean(label[i] for label in of_labels) for i, name in enumerate(names)},
        "hamming_loss": float(sk.zero_one_loss(truth, predicted)) if rows else 0,
        "subset_accuracy": mean((t == p).all() for t, p, _ in rows),
        "micro_jaccard": sk.jaccard_score(truth, predicted, zero_division=0),
        "one_error": mean(t[s.argmax()] != 1 for t, _, s in rows),
        "sample_f1": mean(score(t, p)[2] for t, p, _ in rows),
        "weighted_f1": sum(f1 * n for _, _, f1, n in of_labels) / max(sum(n for *_, n in of_labels), 1),
    }


def _of_scores(case: Case) -> dict[str, float | None]:
    rows, columns = known_rows(case), [column for column in known_columns(case) if 0 < column[0].mean() < 1]
    truth, scores = (np.concatenate([row[i] for row in rows] or [[]]) for i in (0, 2))
    areas = {"average_precision": sk.average_precision_score, "roc_auc": sk.roc_auc_score}
    found = {}
    for name, area in areas.items():
        found[f"micro_{name}"] = area(truth, scores) if 0 < truth.sum() < len(truth) else None
        found[f"macro_{name}"] = mean(area(t, s) for t, _, s in columns) if columns else None
    return found


def _of_rankings(case: Case) -> dict[str, float]:
    """Documents with the same known labels in one call, weighed by their number."""
    metrics = {
        "ranking_loss": sk.label_ranking_loss,
        "coverage_error": sk.coverage_error,
        "lrap": sk.label_ranking_average_precision_score,
        **{f"ndcg_at_{k}": lambda t, s, k=k: sk.ndcg_score(t, s, k=k) for k in KS},
    }
    sums, documents = dict.fromkeys(metrics, 0.0), 0
    for known in {tuple(row) for row in case.labels >= 0 if row.any()}:
        rows = ((case.labels >= 0) == known).all(axis=1)
        truth, scores = (array[rows][:, known] for array in (case.labels, case.logits))
        if sum(known) == 1:
            # scikit-learn wants two labels: one more that is not true and ranked last changes no metric but the ranking
            # loss, and a single label cannot be ranked wrongly.
            truth, scores = np.pad(truth, ((0, 0), (0, 1))), np.pad(scores, ((0, 0), (0, 1)), constant_values=-99)
        for name, metric in metrics.items():
            is_zero = name == "ranking_loss" and sum(known) == 1
            sums[name] += 0.0 if is_zero else metric(truth, scores) * len(truth)
        documents += len(truth)
    return {name: total / max(documents, 1) for name, total in sums.items()}
