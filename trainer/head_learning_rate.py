# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A learning rate for what is new over a pretrained encoder: classifier, context vectors and label tokens."""

from typing import Any

import torch
from torch import nn
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from ..tokenization.label_templates import answer_tokens, template_tokens
from ..tokenization.tokenization_label import LabelTokenizer


def give_head_its_rate(
    optimizer: torch.optim.Optimizer,
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase | None,
    learning_rate: float,
) -> None:
    """Give what is new over a pretrained encoder a learning rate of its own: the classifier, label tokens and contexts.

    The parameters that are not `model.encoder_parameters()` move to groups of their own behind the others, one for each
    group that they were in, so that weight decay stays as it was and schedulers change both rates.

    Label tokens are rows of the embedding of all words, which is one parameter. The update of every optimizer of
    `OPTIMIZERS` is proportional to the learning rate, so theirs is multiplied by the ratio of the two rates after each
    step.

    Args:
        optimizer (`torch.optim.Optimizer`): A new optimizer of the trained parameters of `model`.
        model (`PreTrainedModel`): The classifier.
        tokenizer (`PreTrainedTokenizerBase`, *optional*): A `LabelTokenizer` says which rows are label tokens.
        learning_rate (`float`): The rate of the new parameters.
    """
    encoder = {id(parameter) for parameter in model.encoder_parameters()}
    for group in [*optimizer.param_groups]:
        head = [parameter for parameter in group["params"] if id(parameter) not in encoder]
        group["params"] = [parameter for parameter in group["params"] if id(parameter) in encoder]
        optimizer.add_param_group({**group, "params": head, "lr": learning_rate})
    embeddings = model.get_input_embeddings().weight
    rows = label_token_ids(tokenizer) if isinstance(tokenizer, LabelTokenizer) else []
    if rows and embeddings.requires_grad:
        _ScaledRows(embeddings, rows).attach(optimizer)


def label_token_ids(tokenizer: LabelTokenizer) -> list[int]:
    """Return the ids of the tokens that the template adds to the encoder's, in their order."""
    num_labels = len(tokenizer.labels)
    tokens = [*template_tokens(tokenizer.template, num_labels, tokenizer.mask_token)]
    tokens += answer_tokens(tokenizer.template, num_labels).values()
    ids = {tokenizer.convert_tokens_to_ids(token) for part in tokens for token in part}
    return sorted(ids - {tokenizer.mask_token_id})


class _ScaledRows:
    """Rows of a parameter whose steps are multiplied by the ratio of the rates of the last group and the first."""

    def __init__(self, weight: nn.Parameter, rows: list[int]) -> None:
        self.weight = weight
        self.rows = torch.tensor(rows)

    def attach(self, optimizer: torch.optim.Optimizer) -> None:
        optimizer.register_step_pre_hook(self._keep)
        optimizer.register_step_post_hook(self._scale)

    @torch.no_grad()
    def _keep(self, *arguments: Any) -> None:
        self.rows = self.rows.to(self.weight.device)
        self.before = self.weight[self.rows]

    @torch.no_grad()
    def _scale(self, optimizer: torch.optim.Optimizer, *arguments: Any) -> None:
        encoder_rate, head_rate = (optimizer.param_groups[place]["lr"] for place in (0, -1))
        if encoder_rate > 0:  # both are 0 at the start of a warm-up
            after = self.weight[self.rows]
            self.weight[self.rows] = torch.lerp(self.before, after, head_rate / encoder_rate)
