# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Masked language modelling on a corpus's text, from nothing."""

from dataclasses import dataclass, replace

import datasets
import numpy as np
import torch
from torch.nn.functional import cross_entropy
from transformers import (
    DataCollatorForLanguageModeling,
    EvalPrediction,
    PreTrainedModel,
    PreTrainedTokenizerFast,
    Trainer,
    TrainingArguments,
)


def cut(dataset: datasets.Dataset, tokenizer: PreTrainedTokenizerFast) -> datasets.Dataset:
    """One sequence for each document, several for one that is longer than the tokenizer keeps.

    Several documents in one sequence would need no padding; in short trials on GAIC, one seed each, a small encoder
    learned slower from them.

    Args:
        dataset (`datasets.Dataset`): With the column `text`.
        tokenizer (`PreTrainedTokenizerFast`): From `train_tokenizer`.

    Returns:
        `datasets.Dataset`: `input_ids`, without documents that have no words.
    """

    def encode(batch: dict[str, list]) -> dict[str, list]:
        # A text may spell out a special token.
        settings = {"truncation": True, "return_overflowing_tokens": True, "split_special_tokens": True}
        rows = tokenizer(batch["text"], **settings)["input_ids"]
        return {"input_ids": [row for row in rows if len(row) > 2]}

    features = datasets.Features({"input_ids": datasets.List(datasets.Value("int32"))})
    return dataset.map(encode, batched=True, remove_columns=dataset.column_names, features=features, desc="Tokenizing")


@dataclass
class MaskedLMCollator(DataCollatorForLanguageModeling):
    """Masks words, and begins each sequence at any position that leaves room for it: with a label template before it, a
    text begins further on."""

    def torch_call(self, examples: list[dict]) -> dict[str, torch.Tensor]:
        batch = super().torch_call(examples)
        number, length = batch["input_ids"].shape
        first = torch.randint(self.tokenizer.model_max_length - length + 1, (number, 1), generator=self.generator)
        return {**batch, "position_ids": first + torch.arange(length)}


class MaskedLMTrainer(Trainer):
    """`Trainer` for masked language modelling, with the perplexity of validation words under masks that stay the same.

    Args:
        model (`PreTrainedModel`): Whose `logits` are over the vocabulary.
        args (`TrainingArguments`): Settings.
        tokenizer (`PreTrainedTokenizerFast`): From `train_tokenizer`.
        mlm_probability (`float`): Share of the words that are predicted: 80 % masked, 10 % replaced, 10 % left.
        kwargs: Passed to `Trainer`.
    """

    def __init__(
        self,
        model: PreTrainedModel,
        args: TrainingArguments,
        tokenizer: PreTrainedTokenizerFast,
        mlm_probability: float,
        **kwargs,
    ):
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

    def get_eval_dataloader(self, eval_dataset=None):
        training_collator = self.data_collator
        self.data_collator = replace(training_collator, seed=self.args.seed)  # a new one starts at its seed
        try:
            return super().get_eval_dataloader(eval_dataset)
        finally:
            self.data_collator = training_collator


def _mean_over_words(outputs, labels_BT: torch.Tensor, num_items_in_batch=None) -> torch.Tensor:
    """The mean over all predicted words of a step, as BERT's own loss is not under gradient accumulation."""
    loss = cross_entropy(outputs.logits.flatten(0, 1).float(), labels_BT.flatten(), reduction="sum")
    number = (labels_BT != -100).sum() if num_items_in_batch is None else num_items_in_batch
    return loss / max(number, 1)  # a batch of few words may have none that is predicted


def _loss_of_each_token(logits_BTV: torch.Tensor, labels_BT: torch.Tensor) -> torch.Tensor:
    return cross_entropy(logits_BTV.transpose(1, 2).float(), labels_BT, reduction="none")


def _perplexity(prediction: EvalPrediction) -> dict[str, float]:
    losses = prediction.predictions[prediction.label_ids != -100]
    return {"perplexity": float(np.exp(losses.mean(dtype=np.float64)))}
