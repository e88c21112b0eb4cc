# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A `Trainer` for label-wise pre-training."""

from typing import Any

import datasets
import torch
from torch.utils.data import Dataset, SequentialSampler
from transformers import EvalPrediction, PreTrainedModel, PreTrainedTokenizerBase

from .divergence import DivergenceCheck
from .head_rate_trainer import HeadLearningRate
from .label_wise_instances import LabelWiseInstances, PreTrainingCollator
from .training_arguments import LabelWisePreTrainingArguments


class LabelWisePreTrainer(HeadLearningRate, DivergenceCheck):
    """A `Trainer` of `LWLSTMForPreTraining` or `LabelWiseEncoderForPreTraining`.

    The model learns to find the candidate with the target's label k (Eq. 3).

    It takes tokenized *documents* and draws the instances itself (`LabelWiseInstances`, with `args.data_seed` or
    `args.seed`). Its metric `accuracy` is the fraction of instances whose positive candidate has the highest score.

    Args:
        model (`PreTrainedModel`): The model, with two encoders.
        args (`LabelWisePreTrainingArguments`): Settings; `max_steps` must be set.
        train_dataset (`datasets.Dataset`): Documents with `input_ids` and `labels` (ones, zeros, -100 where unknown).
        eval_dataset (`datasets.Dataset`, *optional*): Documents to evaluate on, each with one instance.
        processing_class (`PreTrainedTokenizerBase`): Tokenizer that pads the documents, saved beside the weights.
        kwargs: Passed to `Trainer`.

    Raises:
        ValueError: `args.max_steps` is not set.
        UserInputError: No instance can be drawn from the documents, as in `LabelWiseInstances`.

    Example:

    ```python
    >>> trainer = LabelWisePreTrainer(
    ...     model,
    ...     LabelWisePreTrainingArguments("out", max_steps=100),
    ...     train_dataset=documents,
    ...     processing_class=tokenizer,
    ... )
    >>> trainer.train()
    ```"""

    def __init__(
        self,
        model: PreTrainedModel,
        args: LabelWisePreTrainingArguments,
        train_dataset: datasets.Dataset,
        eval_dataset: datasets.Dataset | None = None,
        *,
        processing_class: PreTrainedTokenizerBase,
        **kwargs: Any,
    ) -> None:
        if args.max_steps <= 0:
            raise ValueError("pre-training counts iterations, not epochs: set max_steps")
        seed = args.seed if args.data_seed is None else args.data_seed
        batch_size = args.train_batch_size * args.gradient_accumulation_steps * args.world_size
        names = model.config.label_names

        def instances(documents: datasets.Dataset, number: int, split: str) -> LabelWiseInstances:
            return LabelWiseInstances(documents, number, args.num_candidates, seed, names, split)

        super().__init__(
            model,
            args,
            train_dataset=instances(train_dataset, args.max_steps * batch_size, "training"),
            eval_dataset=None if eval_dataset is None else instances(eval_dataset, len(eval_dataset), "validation"),
            processing_class=processing_class,
            data_collator=PreTrainingCollator(processing_class),
            compute_metrics=_accuracy,
            **kwargs,
        )

    def _get_train_sampler(self, train_dataset: Dataset | None = None) -> SequentialSampler:
        return SequentialSampler(self.train_dataset)  # each instance is random by its own seed


def _accuracy(prediction: EvalPrediction) -> dict[str, float]:
    logits, labels = torch.as_tensor(prediction.predictions), torch.as_tensor(prediction.label_ids)
    return {"accuracy": (logits.argmax(dim=-1) == labels).float().mean().item()}
