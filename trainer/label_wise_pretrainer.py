# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Label-wise pre-training as a `Trainer`."""

import torch
from torch.utils.data import SequentialSampler
from transformers import EvalPrediction, PreTrainedTokenizerBase, Trainer

from .label_wise_instances import LabelWiseInstances, PreTrainingCollator
from .training_arguments import LabelWisePreTrainingArguments


class LabelWisePreTrainer(Trainer):
    """Trains `LWLSTMForPreTraining` to tell the candidate that shares label k with the target (Eq. 3).

    It takes tokenized *documents*, draws the instances itself (`LabelWiseInstances`, from `args.data_seed` or
    `args.seed`) and reports the fraction of instances whose positive candidate scores highest as `accuracy`.

    Args:
        model (`LWLSTMForPreTraining`): With two encoders.
        args (`LabelWisePreTrainingArguments`): `max_steps` must be set.
        train_dataset (`datasets.Dataset`): Documents with `input_ids` and `labels` (ones, zeros, -100
            where not known).
        eval_dataset (`datasets.Dataset`, *optional*): Documents to measure on; one instance for each of them.
        processing_class (`PreTrainedTokenizerBase`): Pads the documents, and is saved beside the weights.
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
        model,
        args: LabelWisePreTrainingArguments,
        train_dataset,
        eval_dataset=None,
        *,
        processing_class: PreTrainedTokenizerBase,
        **kwargs,
    ):
        if args.max_steps <= 0:
            raise ValueError("pre-training is measured in iterations: set max_steps")
        seed = args.seed if args.data_seed is None else args.data_seed
        batch_size = args.train_batch_size * args.gradient_accumulation_steps * args.world_size
        names = model.config.label_names

        def instances(documents, number, split):
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

    def _get_train_sampler(self, train_dataset=None) -> SequentialSampler:
        return SequentialSampler(self.train_dataset)  # the instances are random already, each from its own seed


def _accuracy(prediction: EvalPrediction) -> dict[str, float]:
    logits, labels = torch.as_tensor(prediction.predictions), torch.as_tensor(prediction.label_ids)
    return {"accuracy": (logits.argmax(dim=-1) == labels).float().mean().item()}
