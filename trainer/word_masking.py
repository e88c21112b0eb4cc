# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Masked words of joint masked language modelling (LM-MTC, section 4.2): BERT's 80/10/10."""

import torch
from transformers import DataCollatorWithPadding, PreTrainedTokenizerBase

from .seeded_collator import SeededCollator


def special_token_ids(tokenizer: PreTrainedTokenizerBase) -> torch.Tensor:
    """Return the ids that are never predicted: special tokens, and those added to the vocabulary."""
    return torch.tensor(tokenizer.all_special_ids + sorted(tokenizer.added_tokens_decoder))


def mask_words(
    input_ids_BT: torch.Tensor,
    attention_mask_BT: torch.Tensor,
    tokenizer: PreTrainedTokenizerBase,
    special_ids: torch.Tensor,
    probability: float,
    generator: torch.Generator | None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Choose words to predict: 80 % of them are masked, 10 % replaced by any word, 10 % unchanged.

    Args:
        input_ids_BT, attention_mask_BT (`torch.Tensor` of shape `(batch, tokens)`): Padded documents.
        tokenizer (`PreTrainedTokenizerBase`): Has the mask token; its own vocabulary replaces words, without added
            tokens.
        special_ids (`torch.LongTensor`): As of `special_token_ids`.
        probability (`float`): Share of the words to predict.
        generator (`torch.Generator`, *optional*): What random numbers are drawn from; `None` for torch's own.

    Returns:
        `torch.LongTensor` of shape `(batch, tokens)`: The documents with masked words.
        `torch.BoolTensor` of shape `(batch, tokens)`: `True` at the words to predict.
    """
    is_word_BT = ~torch.isin(input_ids_BT, special_ids) & attention_mask_BT.bool()
    predicted_BT = (torch.rand(input_ids_BT.shape, generator=generator) < probability) & is_word_BT
    choice_BT = torch.rand(input_ids_BT.shape, generator=generator)
    random_BT = torch.randint(tokenizer.vocab_size, input_ids_BT.shape, generator=generator)
    masked_BT = torch.where(predicted_BT & (choice_BT < 0.8), tokenizer.mask_token_id, input_ids_BT)
    return torch.where(predicted_BT & (choice_BT >= 0.9), random_BT, masked_BT), predicted_BT


class WordMaskingCollator(SeededCollator):
    """A collator that pads documents and masks words for joint masked language modelling.

    Evaluation needs only a `DataCollatorWithPadding`. Random numbers come from torch's generator; `MultiLabelTrainer`
    makes them depend on seed, epoch and batch alone ([`SeededCollator`]).

    Args:
        tokenizer (`PreTrainedTokenizerBase`): Tokenizer of the model, with a mask token.
        mlm_probability (`float`, *optional*, defaults to 0.15): Share of the words to predict.

    Raises:
        ValueError: The tokenizer has no mask token.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, mlm_probability: float = 0.15) -> None:
        if tokenizer.mask_token_id is None:
            raise ValueError("the tokenizer has no mask token, which masked language modelling needs")
        self.tokenizer = tokenizer
        self.mlm_probability = mlm_probability
        self.pad = DataCollatorWithPadding(tokenizer)
        self.special_ids = special_token_ids(tokenizer)

    def __call__(self, documents: list[dict]) -> dict[str, torch.Tensor]:
        """Return the padded documents with masked words, and `mlm_targets`: the true ids there, -100 elsewhere."""
        batch = dict(self.pad(documents))
        true_ids_BT = batch["input_ids"]
        batch["input_ids"], predicted_BT = mask_words(
            true_ids_BT,
            batch["attention_mask"],
            self.tokenizer,
            self.special_ids,
            self.mlm_probability,
            self.generator_of(true_ids_BT),
        )
        return {**batch, "mlm_targets": true_ids_BT.masked_fill(~predicted_BT, -100)}
