# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training of multi-label classifiers: what the plain `Trainer` does, plus metrics and the choice of the best epoch."""

import math
from collections import defaultdict

import torch
from torch.optim.lr_scheduler import LambdaLR
from transformers import EvalPrediction, Trainer

from ..modeling.label_sequences import LabelSequencePreTrainedModel
from .losses import make_loss
from .metrics import MultiLabelMetrics
from .training_arguments import MultiLabelTrainingArguments


class MultiLabelTrainer(Trainer):
    """`Trainer` for any classifier of this package.

    Metrics are `MultiLabelMetrics` at `model.config.thresholds`, plus `micro_f1_plus_macro_f1`, which chooses the epoch
    as in the authors' code. Where a model's loss is a sum whose parts it returns too (outputs called `..._loss`), their
    means are logged beside `loss`. A plain `Trainer` trains and evaluates the same models.

    Args:
        model (`PreTrainedModel`): A classifier whose config has `thresholds`.
        args (`MultiLabelTrainingArguments`): Settings.
        train_data_collator (`Callable`, *optional*): Makes training batches where these differ from evaluation's, as
            `LabelMaskingCollator` does.
        kwargs: Passed to `Trainer`.

    Raises:
        ValueError: `args.loss` is unknown, or the model has another kind of loss; or it counts labels and there is no
            `train_dataset`, a `datasets.Dataset`.
        UserInputError: `args.loss` counts labels, and one holds in none of the training documents, or in all.
    """

    def __init__(self, model, args: MultiLabelTrainingArguments, train_data_collator=None, **kwargs):
        metrics = MultiLabelMetrics()

        def compute_metrics(prediction: EvalPrediction) -> dict[str, float]:
            scores = metrics.compute(
                predictions=prediction.predictions, references=prediction.label_ids, thresholds=model.config.thresholds
            )
            return {**scores, "micro_f1_plus_macro_f1": scores["micro_f1"] + scores["macro_f1"]}

        super().__init__(model, args, **{"compute_metrics": compute_metrics, **kwargs})
        if args.loss != "bce":
            if isinstance(model, LabelSequencePreTrainedModel):
                raise ValueError(f"loss {args.loss!r}: a model that emits labels one by one has a loss of its own")
            names = model.config.label_names
            model.loss_function = make_loss(args.loss, self.train_dataset, names, model.loss_reduction)
        self.train_data_collator = train_data_collator or self.data_collator
        self._loss_parts = defaultdict(list)  # since the last log

    def compute_loss(self, model, inputs, return_outputs=False, **kwargs):
        loss, outputs = super().compute_loss(model, inputs, return_outputs=True, **kwargs)
        if model.training:
            for name in outputs:
                if name.endswith("_loss"):
                    self._loss_parts[name].append(outputs[name].detach())  # LM-MTC Fig. 4
        return (loss, outputs) if return_outputs else loss

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        if "loss" in logs:
            for name, losses in self._loss_parts.items():
                logs[name] = self.accelerator.gather(torch.stack(losses).mean()).mean().item()
            self._loss_parts.clear()
        super().log(logs, start_time)

    def get_train_dataloader(self):
        evaluation_collator, self.data_collator = self.data_collator, self.train_data_collator
        try:
            return super().get_train_dataloader()
        finally:
            self.data_collator = evaluation_collator

    def create_scheduler(self, num_training_steps: int, optimizer=None):
        decay = self.args.learning_rate_decay
        if decay == 1.0:
            return super().create_scheduler(num_training_steps, optimizer)
        args = self.args
        if args.max_steps > 0:  # then `num_train_epochs` says nothing
            documents_per_step = args.train_batch_size * args.gradient_accumulation_steps * args.world_size
            steps_per_epoch = math.ceil(len(self.train_dataset) / documents_per_step)
        else:
            steps_per_epoch = num_training_steps / args.num_train_epochs
        self.lr_scheduler = LambdaLR(
            self.optimizer if optimizer is None else optimizer,
            lambda step: decay ** max(0, int(step / steps_per_epoch) - 1),
        )
        return self.lr_scheduler
