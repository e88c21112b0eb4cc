# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Label sets and scores of texts: what `labelwise predict` and `MultiLabelClassifier.predict` answer."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import torch
from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase

from ..errors import UserInputError
from ..hub.answer_rules import AnswerRules, is_empty
from ..wording import counted_of
from .prediction import Document, iterate_logits
from .progress import logger
from .threshold_messages import NoLabels


class Answer(NamedTuple):
    """Names of the predicted labels in the order of the model's, and probabilities by name."""

    labels: list[str]
    scores: dict[str, float]


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
    if line := no_labels.explain("give a lower --threshold, or ask for --min_labels 1"):
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
    predicted_BL = rules.decide([is_empty(text) for text, _ in documents], logits_BL)
    for row, label, is_true in known:  # in an empty text too
        predicted_BL[row, label] = is_true
    ranked, scores_BK = rules.rank(names, logits_BL.sigmoid())
    for row_L, best, scores in zip(predicted_BL.numpy(), ranked, scores_BK.double().numpy().round(6), strict=True):
        yield Answer([names[label] for label in row_L.nonzero()[0]], dict(zip(best, scores.tolist(), strict=True)))
