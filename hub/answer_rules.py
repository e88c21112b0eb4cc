# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""How probabilities become an answer: what `predict`, `serve`, the pipeline and `MultiLabelClassifier` share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import repeat
from numbers import Integral, Real
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedConfig

from ..errors import UserInputError
from ..label_ids import find_label_ids
from ..modeling.thresholding import predict_labels


@dataclass
class AnswerRules:
    """How probabilities become an answer.

    Args:
        thresholds (`float` or `list[float]`): One threshold, or one per label.
        min_labels (`int`, *optional*, defaults to 0): Number of labels that a text has at least, unless it is empty.
        num_scores (`int`, *optional*): Number of scores of an answer, the best first; by default, all in the order of
            the labels.
    """

    thresholds: float | list[float]
    min_labels: int = 0
    num_scores: int | None = None

    @classmethod
    def for_model(
        cls,
        config: PreTrainedConfig,
        threshold: float | None = None,
        thresholds_by_label: Mapping[str, float] | None = None,
        min_labels: int = 0,
        num_scores: int | None = None,
    ) -> "AnswerRules":
        """Return the rules for a model.

        Args:
            config (`PreTrainedConfig`): Its configuration, with its own thresholds.
            threshold (`float`, *optional*): Threshold of all labels instead.
            thresholds_by_label (`Mapping[str, float]`, *optional*): Thresholds of some labels, before all others.
            min_labels, num_scores: As in the constructor.

        Raises:
            UserInputError: A label is unknown, or a number is out of range.
        """
        by_label = thresholds_by_label or {}
        check_thresholds([*([] if threshold is None else [threshold]), *by_label.values()])
        if not 0 <= min_labels <= config.num_labels:
            raise UserInputError(
                f"min_labels {min_labels}: must be >= 0 and <= {config.num_labels}, the number of labels of the model"
            )
        thresholds = config.thresholds if threshold is None else threshold
        ids = find_label_ids("threshold", list(by_label), config)
        if ids:
            thresholds_L = np.broadcast_to(thresholds, config.num_labels).astype(float)
            thresholds_L[ids] = list(by_label.values())
            thresholds = thresholds_L.tolist()
        return cls(thresholds, min_labels, num_scores)

    def decide(self, is_empty_B: Sequence[bool] | torch.Tensor, logits_BL: torch.Tensor) -> torch.Tensor:
        """Return the labels of texts.

        Args:
            is_empty_B (`Sequence[bool]` or `torch.BoolTensor` of shape `(texts,)`): Whether each text `is_empty`; such
                a text has no label.
            logits_BL (`torch.FloatTensor` of shape `(texts, num_labels)`): The logits of the texts.

        Returns:
            `torch.BoolTensor` of shape `(texts, num_labels)`.
        """
        predicted_BL = predict_labels(logits_BL, self.thresholds)
        if self.min_labels:
            # Those that are predicted come first, so that others are added only where there are too few.
            ranks_BL = logits_BL.masked_fill(predicted_BL, torch.inf)
            predicted_BL = predicted_BL.scatter(1, ranks_BL.topk(self.min_labels).indices, True)
        return predicted_BL & ~torch.as_tensor(is_empty_B, dtype=torch.bool).unsqueeze(1)

    def rank(self, names: Sequence[str], scores_BL: torch.Tensor) -> tuple[Iterable[Sequence[str]], torch.Tensor]:
        """Return the scores of answers, and whose they are.

        Args:
            names (`Sequence[str]`): Names of the labels.
            scores_BL (`torch.FloatTensor` of shape `(texts, num_labels)`): Probabilities.

        Returns:
            `Iterable[Sequence[str]]`: For each text the names of its scores.
            `torch.FloatTensor` of shape `(texts, scores)`: The scores; all by default, otherwise the best first.
        """
        if self.num_scores is None:
            return repeat(names, len(scores_BL)), scores_BL
        best_BK, ids_BK = scores_BL.topk(min(self.num_scores, len(names)))
        return ([names[label] for label in ids] for ids in ids_BK.tolist()), best_BK


def read_rules(
    config: PreTrainedConfig, threshold: Any = None, min_labels: Any = None, top_k: Any = None
) -> AnswerRules:
    """Return the rules that a program or a request asks for.

    Args:
        config (`PreTrainedConfig`): Configuration of the model.
        threshold (`float` or `Mapping[str, float]`, *optional*): Threshold of all labels, or of some by name, instead
            of those of the model.
        min_labels (`int`, *optional*): Number of labels that a text has at least, the best first; 0 by default.
        top_k (`int`, *optional*): Number of scores of an answer, the best first; by default, all.

    Raises:
        UserInputError: A value is of another type, a label is unknown, or a number is out of range.
    """
    by_label = threshold if isinstance(threshold, Mapping) else None
    for number in [] if threshold is None else [threshold] if by_label is None else by_label.values():
        if isinstance(number, bool) or not isinstance(number, Real):
            raise UserInputError("threshold: must be a number, or numbers by the names of labels")
    for name, count in (("min_labels", min_labels), ("top_k", top_k)):
        if count is not None and (isinstance(count, bool) or not isinstance(count, Integral) or count < 0):
            raise UserInputError(f"{name}: must be a whole number >= 0")
    return AnswerRules.for_model(config, threshold if by_label is None else None, by_label, min_labels or 0, top_k)


def is_empty(text: str) -> bool:
    """Return whether a text is only whitespace."""
    return not text.strip()


def check_thresholds(thresholds: Iterable[float]) -> None:
    """Check that thresholds are numbers between 0 and 1.

    Raises:
        UserInputError: One is not.
    """
    for threshold in thresholds:
        if not 0 < threshold < 1:
            raise UserInputError(f"threshold {threshold}: must be > 0 and < 1")
