# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Multi-label metrics, those of both papers and further ones, as one `evaluate.Metric`, which needs no network."""

from collections.abc import Sequence
from typing import Any

import datasets
import evaluate
import numpy as np

from .metrics_accumulator import MetricAccumulator
from .metrics_label_sets import count_pairs

_DESCRIPTION = "Metrics of multi-label predictions: micro- and macro-F1, Hamming loss, one-error and many others."

_INPUTS = """
Args:
    predictions (`np.ndarray` of shape `(documents, num_labels)`): Logits, before the sigmoid.
    references (`np.ndarray` of shape `(documents, num_labels)`): 1 where a label is set, 0 where not, -100 where it
        is unknown. Unknown pairs are not counted, nor are documents and labels with no others.
    thresholds (`float` or `list[float]`, *optional*, defaults to 0.5): Probability above which a label is predicted,
        for all labels or one per label.
    metrics (`str` or `list[str]`, *optional*): Metrics beyond the six, `"all"` or some of: micro_precision,
        micro_recall, macro_precision, macro_recall, sample_f1, weighted_f1, micro_average_precision,
        macro_average_precision, micro_roc_auc, macro_roc_auc, ranking_loss, coverage_error, lrap, and for k = 1, 3, 5
        precision_at_k, recall_at_k, ndcg_at_k, psp_at_k. `docs/reference/metrics.md` defines them.
    propensities (`list[float]`, *optional*): Propensity of each label, from `label_propensities`; without them,
        `"all"` does not include psp_at_k.

Returns:
    `dict[str, float]`: Fractions, 0 if the denominator is 0:
    - micro_f1: F1 over all document-label pairs.
    - macro_f1: Mean of the labels' F1; 0 for a label that is known, and neither predicted nor true.
    - hamming_loss: Wrong pairs over all pairs (as the numbers of LW-PT Table 2 are; its text defines it otherwise).
    - one_error: Documents whose highest-scored known label is not true, including documents without labels.
    - subset_accuracy: Documents whose known labels are all predicted correctly.
    - micro_jaccard: Intersection over union of all predicted and all true pairs.
    - The metrics that `metrics` asks for: fractions, but coverage_error, which is a number of labels. Average precision
      and ROC-AUC are `None` where no label has documents of both kinds.

Raises:
    ValueError: Predictions and references are not of one such shape, a reference is none of 0, 1 and -100, the number
        of thresholds or propensities differs from that of labels, a metric is unknown or needs propensities, or a logit
        is NaN or infinity where further metrics need it.
"""

_CITATION = """
@inproceedings{liu2020label, title={Label-Wise Document Pre-Training for Multi-Label Text Classification},
  author={Liu, Han and Yuan, Caixia and Wang, Xiaojie}, booktitle={NLPCC}, year={2020}}
"""


class MultiLabelMetrics(evaluate.Metric):
    """Micro- and macro-F1, Hamming loss, one-error, subset accuracy and micro Jaccard; with `metrics`, many others.

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

    def _compute(
        self,
        predictions: Any,
        references: Any,
        thresholds: float | list[float] = 0.5,
        metrics: str | Sequence[str] | None = None,
        propensities: Sequence[float] | None = None,
    ) -> dict[str, float | None]:
        accumulator = MetricAccumulator(thresholds, metrics, propensities)
        accumulator.update(np.asarray(predictions, dtype=np.float32), np.asarray(references))
        return accumulator.compute()


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
    counts = count_pairs(predicted, true, known, axis=0)
    return float(counts.total().f1()) if metric == "micro_f1" else counts.mean(counts.f1())
