# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What is said of thresholds: what tuning gained, and why no label was predicted for any document."""

from typing import Any

import numpy as np
import torch

from ..modeling.thresholding import predict_labels
from ..trainer.metrics_names import METRIC_NAMES


def describe_tuning(thresholds: float | list[float], record: dict[str, Any]) -> str:
    """Return one line on tuned thresholds.

    Args:
        thresholds (`float` or `list[float]`): The thresholds.
        record (`dict`): The result of `cross_validate_thresholds` for them.
    """
    found = f"{min(thresholds):.4g} to {max(thresholds):.4g}" if isinstance(thresholds, list) else f"{thresholds:.4g}"
    scores = [
        f"{METRIC_NAMES[metric]} {record[metric]['at_0.5']:.4f} at 0.5, {record[metric]['tuned']:.4f} tuned, "
        f"{record[metric]['cross_validated']:.4f} cross-validated"
        for metric in ("micro_f1", "macro_f1")
    ]
    kind = f"{record['mode']}, {METRIC_NAMES[record['metric']]}"
    return f"thresholds ({kind}) on {record['documents']:,} validation documents: {found}; {'; '.join(scores)}"


class NoLabels:
    """Whether any label was predicted, block by block, and the highest probability.

    Args:
        thresholds (`float` or `list[float]`): The thresholds that labels are predicted at.

    Example:

    ```python
    >>> no_labels = NoLabels(0.5)
    >>> no_labels.update(torch.tensor([[-2.0, -3.0]]))
    >>> no_labels.explain("tune thresholds")
    'no probability is above 0.5; the highest is 0.1192: tune thresholds'
    ```"""

    def __init__(self, thresholds: float | list[float]) -> None:
        self.thresholds = thresholds
        self.highest = -np.inf  # logit
        self.is_predicted = False

    def update(self, logits_BL: torch.Tensor | np.ndarray) -> None:
        """Count the documents of a block.

        Args:
            logits_BL (`torch.Tensor` or `np.ndarray` of shape `(documents, num_labels)`): Their logits.
        """
        logits_BL = torch.as_tensor(logits_BL)
        if not self.is_predicted and logits_BL.numel():
            self.highest = max(self.highest, float(logits_BL.max()))
            self.is_predicted = bool(predict_labels(logits_BL, self.thresholds).any())

    def explain(self, advice: str) -> str | None:
        """Return one line that says how far the probabilities are from their thresholds, and what to do.

        Args:
            advice (`str`): What to do.

        Returns:
            `str`: The line; `None` if a label was predicted, or there was no document.
        """
        if self.is_predicted or self.highest == -np.inf:
            return None
        highest = torch.tensor(self.highest).sigmoid().item()
        above = describe_thresholds(self.thresholds)
        return f"no probability is above {above}; the highest is {highest:.4g}: {advice}"


def describe_thresholds(thresholds: float | list[float]) -> str:
    """Return what a probability is compared with, in words."""
    return "its label's threshold" if isinstance(thresholds, list) else f"{thresholds:.4g}"


def explain_no_labels(logits_BL: torch.Tensor | np.ndarray, thresholds: float | list[float], advice: str) -> str | None:
    """Return the line of `NoLabels` for all documents at once."""
    no_labels = NoLabels(thresholds)
    no_labels.update(logits_BL)
    return no_labels.explain(advice)
