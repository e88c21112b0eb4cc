# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Names of the metrics, those beyond the six by what computes them."""

from collections.abc import Sequence

from ..errors import UserInputError

# The six metrics that are always computed, and their printed names.
METRIC_NAMES = {
    "micro_f1": "micro-F1",
    "macro_f1": "macro-F1",
    "hamming_loss": "Hamming loss",
    "one_error": "one-error",
    "subset_accuracy": "subset accuracy",
    "micro_jaccard": "micro Jaccard",
}
KS = (1, 3, 5)
LABEL_SETS = ("micro_precision", "micro_recall", "macro_precision", "macro_recall", "sample_f1", "weighted_f1")
LABEL_SCORES = ("micro_average_precision", "macro_average_precision", "micro_roc_auc", "macro_roc_auc")
RANKINGS = ("ranking_loss", "coverage_error", "lrap")
PROPENSITY_SCORED = tuple(f"psp_at_{k}" for k in KS)
TOP_K = (*(f"{name}_at_{k}" for name in ("precision", "recall", "ndcg") for k in KS), *PROPENSITY_SCORED)
FURTHER_METRICS = (*LABEL_SETS, *LABEL_SCORES, *RANKINGS, *TOP_K)
ALL = "all"


def choose_metrics(metrics: str | Sequence[str] | None, has_propensities: bool) -> tuple[str, ...]:
    """Return the metrics beyond the six that are asked for, in their usual order.

    Args:
        metrics (`str` or `Sequence[str]`, *optional*): `"all"`, or some of `FURTHER_METRICS`; by default none.
        has_propensities (`bool`): Whether the propensities of the labels are known; otherwise, `"all"` does not include
            `PROPENSITY_SCORED`.

    Raises:
        UserInputError: A name is unknown, or needs propensities.
    """
    asked = [metrics] if isinstance(metrics, str) else list(metrics or ())
    for name in asked:
        if name not in (ALL, *FURTHER_METRICS, *METRIC_NAMES):  # the six are computed anyway
            raise UserInputError(f"{name} is no further metric; give {ALL}, or some of {', '.join(FURTHER_METRICS)}")
        if name in PROPENSITY_SCORED and not has_propensities:
            raise UserInputError(f"{name} needs propensities, from the number of training documents of each label")
    names = FURTHER_METRICS if ALL in asked else [name for name in FURTHER_METRICS if name in asked]
    return tuple(name for name in names if has_propensities or name not in PROPENSITY_SCORED)
