# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Settings of masked language modeling."""

from dataclasses import dataclass, field
from typing import ClassVar

from .refused_arguments import REFUSED
from .training_arguments import CommonTrainingArguments


@dataclass
class MaskedLMTrainingArguments(CommonTrainingArguments):
    """Settings of training a small BERT from scratch by masked language modeling.

    The epoch with the lowest perplexity on validation is kept. LM-MTC (section 5.1) does not give its settings.
    """

    metrics: ClassVar[dict[str, bool]] = {"loss": False, "perplexity": False}

    @classmethod
    def refused(cls) -> dict[str, str]:
        return {**REFUSED, "label_smoothing_factor": "words are predicted as they are; leave it out"}

    learning_rate: float = field(default=1e-3, metadata={"help": "Learning rate of AdamW."})
    lr_scheduler_type: str = field(default="linear", metadata={"help": "Schedule of the learning rate."})
    warmup_steps: float = field(default=0.1, metadata={"help": "Warm-up steps; a share of all steps if < 1."})
    weight_decay: float = field(default=0.01, metadata={"help": "Weight decay of AdamW."})
    max_grad_norm: float = field(default=1.0, metadata={"help": "Norm to clip gradients to."})
    num_train_epochs: float = field(default=20, metadata={"help": "Epochs of training."})
    per_device_train_batch_size: int = field(default=16, metadata={"help": "Sequences per training batch."})
    per_device_eval_batch_size: int = field(default=64, metadata={"help": "Sequences per evaluation batch."})
    train_sampling_strategy: str = field(
        default="group_by_length", metadata={"help": "`group_by_length` for batches of similar length, or `random`."}
    )
    eval_strategy: str = field(default="epoch", metadata={"help": "When to evaluate."})
    save_strategy: str = field(default="epoch", metadata={"help": "When to save a checkpoint."})
    save_total_limit: int | None = field(
        default=1, metadata={"help": "Checkpoints to keep during training, in addition to the best one."}
    )
    load_best_model_at_end: bool = field(
        default=True, metadata={"help": "Load the weights of the best epoch at the end."}
    )
    metric_for_best_model: str | None = field(
        default="perplexity", metadata={"help": "Validation metric of the best epoch."}
    )
