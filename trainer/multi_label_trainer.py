# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training of multi-label classifiers: what the plain `Trainer` does, plus metrics and the choice of the best epoch."""

from dataclasses import dataclass, field

from torch.optim.lr_scheduler import LambdaLR
from transformers import EvalPrediction, Trainer, TrainingArguments

from .metrics import MultiLabelMetrics


@dataclass
class MultiLabelTrainingArguments(TrainingArguments):
    """`TrainingArguments` with the settings of LW-PT, section 3.3, as defaults, and the epoch with the highest
    micro-F1 + macro-F1 on validation kept.

    Args:
        learning_rate_decay (`float`, *optional*, defaults to 1.0): Factor on the learning rate after each epoch from
            the second on. The paper names none; the authors' code takes 0.9. Not 1.0, it replaces `lr_scheduler_type`.
    """

    learning_rate_decay: float = field(
        default=1.0, metadata={"help": "Factor on the learning rate after each epoch from the second on."}
    )
    learning_rate: float = field(default=1e-3, metadata={"help": "Of Adam."})
    lr_scheduler_type: str = field(default="constant", metadata={"help": "Schedule of the learning rate."})
    max_grad_norm: float = field(default=10.0, metadata={"help": "Norm that gradients are clipped to."})
    num_train_epochs: float = field(default=20, metadata={"help": "Epochs of training."})
    per_device_train_batch_size: int = field(default=32, metadata={"help": "Documents of a training batch."})
    per_device_eval_batch_size: int = field(default=64, metadata={"help": "Documents of an evaluation batch."})
    eval_strategy: str = field(default="epoch", metadata={"help": "When to evaluate."})
    save_strategy: str = field(default="epoch", metadata={"help": "When to save a checkpoint."})
    save_total_limit: int | None = field(default=1, metadata={"help": "Checkpoints kept beside the best one."})
    load_best_model_at_end: bool = field(default=True, metadata={"help": "End with the best epoch's weights."})
    metric_for_best_model: str | None = field(
        default="micro_f1_plus_macro_f1", metadata={"help": "Validation metric that chooses the epoch."}
    )
    label_names: list[str] | None = field(default_factory=lambda: ["labels"], metadata={"help": "Label columns."})


class MultiLabelTrainer(Trainer):
    """`Trainer` for any classifier of this package.

    Metrics are `MultiLabelMetrics` at `model.config.thresholds`, plus `micro_f1_plus_macro_f1`, which chooses the epoch
    as in the authors' code. A plain `Trainer` trains and evaluates the same models.

    Args:
        model (`PreTrainedModel`): A classifier whose config has `thresholds`.
        args (`MultiLabelTrainingArguments`): Settings.
        kwargs: Passed to `Trainer`.
    """

    def __init__(self, model, args: MultiLabelTrainingArguments, **kwargs):
        metrics = MultiLabelMetrics()

        def compute_metrics(prediction: EvalPrediction) -> dict[str, float]:
            scores = metrics.compute(
                predictions=prediction.predictions, references=prediction.label_ids, thresholds=model.config.thresholds
            )
            return {**scores, "micro_f1_plus_macro_f1": scores["micro_f1"] + scores["macro_f1"]}

        super().__init__(model, args, **{"compute_metrics": compute_metrics, **kwargs})

    def create_scheduler(self, num_training_steps: int, optimizer=None):
        decay = self.args.learning_rate_decay
        if decay == 1.0:
            return super().create_scheduler(num_training_steps, optimizer)
        steps_per_epoch = num_training_steps / self.args.num_train_epochs
        self.lr_scheduler = LambdaLR(
            self.optimizer if optimizer is None else optimizer,
            lambda step: decay ** max(0, int(step / steps_per_epoch) - 1),
        )
        return self.lr_scheduler
