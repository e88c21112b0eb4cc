# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The multi-label metrics of both papers as one `evaluate.Metric` that needs no network."""

import datasets
import evaluate
import numpy as np
from sklearn.metrics import accuracy_score, f1_score, hamming_loss, jaccard_score

from ..modeling.decoding import decode

_DESCRIPTION = "Micro- and macro-F1, Hamming loss, one-error, accuracy and micro Jaccard of multi-label predictions."

_INPUTS = """
Args:
    predictions (`np.ndarray` of shape `(documents, num_labels)`): Logits, before the sigmoid.
    references (`np.ndarray` of shape `(documents, num_labels)`): 1 where the label holds, else 0.
    thresholds (`float` or `list[float]`, *optional*, defaults to 0.5): Probability above which a label holds.

Returns:
    `dict[str, float]`, all fractions:
    - micro_f1: F1 over all document-label pairs.
    - macro_f1: Mean of the labels' F1; 0 for a label that is neither predicted nor true.
    - hamming_loss: Wrong pairs over all pairs (what the numbers in LW-PT Table 2 are; its text says otherwise).
    - one_error: Documents whose highest-scored label is not true, documents without labels included.
    - accuracy: Documents whose label set is exactly right.
    - micro_jaccard: Intersection over union of all predicted and all true pairs.
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
        true = np.asarray(references, dtype=np.int32)
        predicted = decode(logits, thresholds).numpy().astype(np.int32)
        top = logits.argmax(axis=1)
        # To scikit-learn a single column is a yes-or-no question, and "no" a class to average over.
        labels = [1] if true.shape[1] == 1 else None
        scores = {
            "micro_f1": f1_score(true, predicted, labels=labels, average="micro", zero_division=0),
            "macro_f1": f1_score(true, predicted, labels=labels, average="macro", zero_division=0),
            "hamming_loss": hamming_loss(true, predicted),
            "one_error": 1 - true[np.arange(len(true)), top].mean(),
            "accuracy": accuracy_score(true, predicted),
            "micro_jaccard": jaccard_score(true, predicted, labels=labels, average="micro", zero_division=0),
        }
        return {name: float(value) for name, value in scores.items()}
