# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Masked language modeling on the text of a corpus."""

from dataclasses import dataclass, replace
from typing import Any

import datasets
import numpy as np
import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import DataLoader, Dataset
from transformers import (
    DataCollatorForLanguageModeling,
    EvalPrediction,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    TrainingArguments,
)
from transformers.utils import ModelOutput

from .divergence import DivergenceCheck
from .seeded_collator import SeedCollator, SeededCollator


def cut(dataset: datasets.Dataset, tokenizer: PreTrainedTokenizerFast) -> datasets.Dataset:
    """Tokenize documents into sequences: one for each document, several for those longer than the tokenizer's limit.

    Several documents in one sequence would need no padding, but a small encoder learned slower from such sequences in
    short trials on GAIC with one seed each.

    Args:
        dataset (`datasets.Dataset`): Documents with the column `text`.
        tokenizer (`PreTrainedTokenizerFast`): From `train_tokenizer`.

    Returns:
        `datasets.Dataset`: Sequences with the column `input_ids`; documents without words are left out.
    """

    def encode(batch: dict[str, list]) -> dict[str, list]:
        # Special tokens that a text spells out are words.
        settings = {"truncation": True, "return_overflowing_tokens": True, "split_special_tokens": True}
        rows = tokenizer(batch["text"], **settings)["input_ids"]
        return {"input_ids": [row for row in rows if len(row) > 2]}

    features = datasets.Features({"input_ids": datasets.List(datasets.Value("int32"))})
    return dataset.map(encode, batched=True, remove_columns=dataset.column_names, features=features, desc="Tokenizing")


@dataclass
class MaskedLMCollator(SeededCollator, DataCollatorForLanguageModeling):
    """A collator that masks words and starts each sequence at a random position at which it fits.

    A text with a label template before it starts at a later position, which so is trained too.
    """

    def torch_call(self, examples: list[dict]) -> dict[str, torch.Tensor]:
        batch = super().torch_call(examples)
        number, length = batch["input_ids"].shape
        first = torch.randint(self.tokenizer.model_max_length - length + 1, (number, 1), generator=self.generator)
        return {**batch, "position_ids": first + torch.arange(length)}

    def torch_mask_tokens(self, inputs: torch.Tensor, **kwargs: Any) -> tuple[torch.Tensor, torch.Tensor]:
        if (generator := self.generator_of(inputs)) is not None:
            self.generator = generator
        return super().torch_mask_tokens(inputs, **kwargs)


class MaskedLMTrainer(DivergenceCheck):
    """A `Trainer` for masked language modeling, with the perplexity of validation words as its metric.

    Every evaluation masks the same words.

    Args:
        model (`PreTrainedModel`): A model with `logits` over the vocabulary.
        args (`TrainingArguments`): Settings.
        tokenizer (`PreTrainedTokenizerFast`): From `train_tokenizer`.
        mlm_probability (`float`): Share of the words to predict: 80 % masked, 10 % replaced, 10 % unchanged.
        kwargs: Passed to `Trainer`.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        args: TrainingArguments,
        tokenizer: PreTrainedTokenizerFast,
        mlm_probability: float,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            model,
            args,
            data_collator=MaskedLMCollator(tokenizer, mlm_probability=mlm_probability),
            processing_class=tokenizer,
            compute_loss_func=_mean_over_words,
            preprocess_logits_for_metrics=_loss_of_each_token,
            compute_metrics=_perplexity,
            **kwargs,
        )
        self.add_callback(SeedCollator(self.data_collator))

    def get_eval_dataloader(self, eval_dataset: str | Dataset | None = None) -> DataLoader:
        training_collator = self.data_collator
        self.data_collator = replace(training_collator, seed=self.args.seed)  # a new collator starts from its seed
        try:
            return super().get_eval_dataloader(eval_dataset)
        finally:
            self.data_collator = training_collator


def _mean_over_words(
    outputs: ModelOutput, labels_BT: torch.Tensor, num_items_in_batch: torch.Tensor | int | None = None
) -> torch.Tensor:
    """Return the mean loss of a step's predicted words, which BERT's loss is not with gradient accumulation."""
    loss = cross_entropy(outputs.logits.flatten(0, 1).float(), labels_BT.flatten(), reduction="sum")
    number = (labels_BT != -100).sum() if num_items_in_batch is None else num_items_in_batch
    return loss / torch.as_tensor(number).clamp(min=1)  # a batch of few words may have no predicted word


def _loss_of_each_token(logits_BTV: torch.Tensor, labels_BT: torch.Tensor) -> torch.Tensor:
    return cross_entropy(logits_BTV.transpose(1, 2).float(), labels_BT, reduction="none")


def _perplexity(prediction: EvalPrediction) -> dict[str, float]:
    losses = prediction.predictions[prediction.label_ids != -100]
    return {"perplexity": float(np.exp(losses.mean(dtype=np.float64)))}
