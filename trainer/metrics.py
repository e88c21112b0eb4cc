# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The multi-label metrics of both papers as one `evaluate.Metric` that needs no network."""

import datasets
import evaluate
import numpy as np

from ..modeling.thresholding import predict_labels

# As they are printed.
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
    references (`np.ndarray` of shape `(documents, num_labels)`): 1 where the label holds, 0 where not, -100
        where nobody knows; such a pair counts nowhere, nor does a document or a label of only such.
    thresholds (`float` or `list[float]`, *optional*, defaults to 0.5): Probability above which a label holds.

Returns:
    `dict[str, float]`, all fractions, and 0 where there is nothing to divide by:
    - micro_f1: F1 over all document-label pairs.
    - macro_f1: Mean of the labels' F1; 0 for a label that is known, and neither predicted nor true.
    - hamming_loss: Wrong pairs over all pairs (what the numbers in LW-PT Table 2 are; its text says otherwise).
    - one_error: Documents whose highest-scored known label is not true, documents without labels included.
    - subset_accuracy: Documents whose label set is exactly right, as far as it is known.
    - micro_jaccard: Intersection over union of all predicted and all true pairs.

Raises:
    ValueError: A reference is none of 0, 1, -100, or the thresholds are not as many as the labels.
"""

_CITATION = """
@inproceedings{liu2020label, title={Label-Wise Document Pre-Training for Multi-Label Text Classification},
  author={Liu, Han and Yuan, Caixia and Wang, Xiaojie}, booktitle={NLPCC}, year={2020}}
"""


class MultiLabelMetrics(evaluate.Metric):
    """See `MultiLabelMetrics().inputs_description`.

    Example:

    ```python
    >>> from labelwise import MultiLabelMetrics

    >>> MultiLabelMetrics().compute(predictions=[[2.0, -1.0]], references=[[1, 0]])["micro_f1"]
    1.0
    ```"""

    def __init__(self, **kwargs):
        # In memory: a metric that writes files would make two evaluations at once wait for each other.
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

    def _compute(self, predictions, references, thresholds=0.5) -> dict[str, float]:
        logits = np.asarray(predictions, dtype=np.float32)
        references = np.asarray(references)
        if not np.isin(references, (0, 1, -100)).all():
            raise ValueError("references are 0, 1, or -100 where nobody knows")
        true, known = references == 1, references != -100
        held = predict_labels(logits, thresholds).numpy()
        top_is_true = true[np.arange(len(true)), np.where(known, logits, -np.inf).argmax(axis=1)]
        counted = known.any(axis=1)
        wrong, hits = ((held != true) & known).sum(), (held & true).sum()
        return {
            "micro_f1": score(held, true, known, "micro_f1"),
            "macro_f1": score(held, true, known, "macro_f1"),
            "hamming_loss": float(wrong / max(known.sum(), 1)),
            "one_error": float(1 - top_is_true[counted].mean()) if counted.any() else 0.0,
            "subset_accuracy": score(held, true, known, "subset_accuracy"),
            "micro_jaccard": float(hits / max(hits + wrong, 1)),
        }


def score(held: np.ndarray, true: np.ndarray, known: np.ndarray, metric: str) -> float:
    """A metric of label sets; all arguments are boolean arrays of shape (documents, num_labels)."""
    if metric == "subset_accuracy":
        rows = known.any(axis=1)
        return float((~(known & (held != true)).any(axis=1))[rows].mean()) if rows.any() else 0.0
    axis = None if metric == "micro_f1" else 0
    hits = (held & true).sum(axis=axis)
    f1 = 2 * hits / np.maximum((held & known).sum(axis=axis) + true.sum(axis=axis), 1)
    return float(np.sum(f1) / max(np.sum(known.any(axis=axis)), 1))  # a label that is never known has added 0
