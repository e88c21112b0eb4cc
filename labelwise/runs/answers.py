# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Label sets and scores of texts: what `labelwise predict` and `MultiLabelClassifier.predict` answer."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from ..errors import UserInputError
from ..modeling.thresholding import predict_labels
from ..wording import counted_of
from .loading import find_label_ids
from .prediction import Document, iterate_logits
from .progress import logger
from .threshold_messages import NoLabels


class Answer(NamedTuple):
    """Names of the predicted labels in the order of the model's, and probabilities by name."""

    labels: list[str]
    scores: dict[str, float]


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
            thresholds_L = np.broadcast_to(thresholds, config.num_labels).copy()
            thresholds_L[ids] = list(by_label.values())
            thresholds = thresholds_L.tolist()
        return cls(thresholds, min_labels, num_scores)

    def decide(self, texts: Sequence[str], logits_BL: torch.Tensor) -> torch.Tensor:
        """Return the labels of texts.

        Args:
            texts (`Sequence[str]`): The texts; an empty one has no label.
            logits_BL (`torch.FloatTensor` of shape `(texts, num_labels)`): Their logits.

        Returns:
            `torch.BoolTensor` of shape `(texts, num_labels)`.
        """
        predicted_BL = predict_labels(logits_BL, self.thresholds)
        if self.min_labels:
            # Those that are predicted come first, so that others are added only where there are too few.
            ranks_BL = logits_BL.masked_fill(predicted_BL, torch.inf)
            predicted_BL = predicted_BL.scatter(1, ranks_BL.topk(self.min_labels).indices, True)
        empty_B1 = torch.tensor([is_empty(text) for text in texts], dtype=torch.bool).unsqueeze(1)
        return predicted_BL & ~empty_B1


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


def predict(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    documents: Iterable[Document],
    batch_size: int,
    rules: AnswerRules | None = None,
) -> Iterator[Answer]:
    """Yield the labels and probabilities of each text, in order; report empty texts, and if no label was predicted.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        documents (`Iterable[tuple[str, dict[str, bool]]]`): Texts, each with the labels that are known, whether they
            apply, by name (for models with label tokens, which complete the rest).
        batch_size (`int`): Number of texts of a batch.
        rules (`AnswerRules`, *optional*): How probabilities become answers; by default, at the thresholds of the model.

    Yields:
        `Answer`: A known label is as it was given, with the probability 1 or 0. Probabilities are rounded to 6 digits.

    Raises:
        UserInputError: The model is corrupted: its logits are not numbers.
    """
    config = model.config
    rules = AnswerRules(config.thresholds) if rules is None else rules
    no_labels, num_texts, num_empty = NoLabels(rules.thresholds), 0, 0
    for block, logits_BL in iterate_logits(model, tokenizer, documents, batch_size):
        no_labels.update(logits_BL)
        yield from make_answers(block, logits_BL, rules, config)
        num_texts += len(block)
        num_empty += sum(is_empty(text) for text, _ in block)
    if num_empty:
        logger.warning(f"{counted_of(num_empty, num_texts, 'text', 'is', 'are')} empty: no label")
    if line := no_labels.explain():
        logger.warning(line)


def make_answers(
    documents: Sequence[Document], logits_BL: torch.Tensor, rules: AnswerRules, config: PreTrainedConfig
) -> Iterator[Answer]:
    """Yield the labels and probabilities of texts from their logits.

    Args:
        documents (`Sequence[tuple[str, dict[str, bool]]]`): The texts, each with the labels that are known.
        logits_BL (`torch.FloatTensor` of shape `(documents, num_labels)`): Their logits.
        rules (`AnswerRules`): How probabilities become answers.
        config (`PreTrainedConfig`): Configuration of the model.

    Yields:
        `Answer`: As `predict` does.

    Raises:
        UserInputError: The model is corrupted: its logits are not numbers.
    """
    if logits_BL.isnan().any():
        raise UserInputError("the logits of the model are not numbers: its training has diverged; train it again")
    names = config.label_names
    known = [
        (row, config.label2id[name], is_true)
        for row, (_, given) in enumerate(documents)
        for name, is_true in given.items()
    ]
    if known:
        logits_BL = logits_BL.clone()
    for row, label, is_true in known:
        logits_BL[row, label] = torch.inf if is_true else -torch.inf
    predicted_BL = rules.decide([text for text, _ in documents], logits_BL)
    for row, label, is_true in known:  # in an empty text too
        predicted_BL[row, label] = is_true
    best = _best(names, logits_BL.sigmoid(), rules.num_scores)
    for row_L, scores in zip(predicted_BL.numpy(), best, strict=True):
        yield Answer([names[label] for label in row_L.nonzero()[0]], scores)


def _best(names: Sequence[str], scores_BL: torch.Tensor, number: int | None) -> Iterator[dict[str, float]]:
    """Yield the best scores of each row by name; all in the order of the labels if there is no number."""
    if number is None:
        for scores_L in scores_BL.double().numpy().round(6):
            yield dict(zip(names, scores_L.tolist(), strict=True))
        return
    best, ids = scores_BL.topk(min(number, len(names)))
    for scores, labels in zip(best.double().numpy().round(6), ids.tolist(), strict=True):
        yield {names[label]: score for label, score in zip(labels, scores.tolist(), strict=True)}
