# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Multi-label metrics of both papers as one `evaluate.Metric`, which needs no network."""

from typing import Any

import datasets
import evaluate
import numpy as np

from ..modeling.thresholding import predict_labels

# Printed names.
METRIC_NAMES = {
    "micro_f1": "micro-F1",
    "macro_f1": "macro-F1",
    "hamming_loss": "Hamming loss",
    "one_error": "one-error",
    "subset_accuracy": "subset accuracy",
    "micro_jaccard": "micro Jaccard",
}

_DESCRIPTION = "Micro- and macro-F1, Hamming loss, one-error, accuracy and micro Jaccard of multi-label predictions."

_INPUTS = """
Args:
    predictions (`np.ndarray` of shape `(documents, num_labels)`): Logits, before the sigmoid.
    references (`np.ndarray` of shape `(documents, num_labels)`): 1 where a label is set, 0 where not, -100 where it
        is unknown. Unknown pairs are not counted, nor are documents and labels with no others.
    thresholds (`float` or `list[float]`, *optional*, defaults to 0.5): Probability above which a label is predicted,
        for all labels or one per label.

Returns:
    `dict[str, float]`: Fractions, 0 if the denominator is 0:
    - micro_f1: F1 over all document-label pairs.
    - macro_f1: Mean of the labels' F1; 0 for a label that is known, and neither predicted nor true.
    - hamming_loss: Wrong pairs over all pairs (as the numbers of LW-PT Table 2 are; its text defines it otherwise).
    - one_error: Documents whose highest-scored known label is not true, including documents without labels.
    - subset_accuracy: Documents whose known labels are all predicted correctly.
    - micro_jaccard: Intersection over union of all predicted and all true pairs.

Raises:
    ValueError: A reference is none of 0, 1 and -100, or the number of thresholds differs from that of labels.
"""

_CITATION = """
@inproceedings{liu2020label, title={Label-Wise Document Pre-Training for Multi-Label Text Classification},
  author={Liu, Han and Yuan, Caixia and Wang, Xiaojie}, booktitle={NLPCC}, year={2020}}
"""


class MultiLabelMetrics(evaluate.Metric):
    """Micro- and macro-F1, Hamming loss, one-error, subset accuracy and micro Jaccard of multi-label predictions.

    `MultiLabelMetrics().inputs_description` describes inputs and results.

    Example:

    ```python
    >>> from labelwise import MultiLabelMetrics

    >>> MultiLabelMetrics().compute(predictions=[[2.0, -1.0]], references=[[1, 0]])["micro_f1"]
    1.0
    ```"""

    def __init__(self, **kwargs: Any) -> None:
        # In memory, because metrics with files make simultaneous evaluations wait for each other.
        super().__init__(**{"keep_in_memory": True, **kwargs})

    def _info(self) -> evaluate.MetricInfo:
        return evaluate.MetricInfo(
            description=_DESCRIPTION,
            citation=_CITATION,
            inputs_description=_INPUTS,
            features=datasets.Features(
                {
                    "predictions": datasets.List(datasets.Value("float32")),
                    "references": datasets.List(datasets.Value("int32")),
                }
            ),
        )

    def _compute(self, predictions: Any, references: Any, thresholds: float | list[float] = 0.5) -> dict[str, float]:
        logits = np.asarray(predictions, dtype=np.float32)
        references = np.asarray(references)
        if not np.isin(references, (0, 1, -100)).all():
            raise ValueError("references must be 0, 1, or -100 where unknown")
        true, known = references == 1, references != -100
        predicted = predict_labels(logits, thresholds).numpy()
        top_is_true = true[np.arange(len(true)), np.where(known, logits, -np.inf).argmax(axis=1)]
        counted = known.any(axis=1)
        wrong, hits = ((predicted != true) & known).sum(), (predicted & true).sum()
        return {
            "micro_f1": score(predicted, true, known, "micro_f1"),
            "macro_f1": score(predicted, true, known, "macro_f1"),
            "hamming_loss": float(wrong / max(known.sum(), 1)),
            "one_error": float(1 - top_is_true[counted].mean()) if counted.any() else 0.0,
            "subset_accuracy": score(predicted, true, known, "subset_accuracy"),
            "micro_jaccard": float(hits / max(hits + wrong, 1)),
        }


def score(predicted: np.ndarray, true: np.ndarray, known: np.ndarray, metric: str) -> float:
    """Return a metric of label sets.

    Args:
        predicted, true, known (boolean `np.ndarray` of shape `(documents, num_labels)`): Predicted labels, true labels,
            and labels that are known.
        metric (`str`): `"micro_f1"`, `"macro_f1"` or `"subset_accuracy"`.
    """
    if metric == "subset_accuracy":
        rows = known.any(axis=1)
        return float((~(known & (predicted != true)).any(axis=1))[rows].mean()) if rows.any() else 0.0
    axis = None if metric == "micro_f1" else 0
    hits = (predicted & true).sum(axis=axis)
    f1 = 2 * hits / np.maximum((predicted & known).sum(axis=axis) + true.sum(axis=axis), 1)
    return float(np.sum(f1) / max(np.sum(known.any(axis=axis)), 1))  # labels that are never known add 0 to the sum
