# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`TrainingArguments` with the papers' settings as defaults."""

import math
from dataclasses import dataclass, field, fields
from typing import ClassVar

import torch
from transformers import TrainingArguments

# What `losses.make_loss` makes; "bce" is the model's own.
LOSSES = ("bce", "weighted_bce", "focal", "asymmetric", "zlpr", "distribution_balanced")


@dataclass
class CommonTrainingArguments(TrainingArguments):
    """What all trainings start from, and both stages of LW-PT share: Adam at 1e-3 (section 3.3), gradients clipped at
    norm 10 (the authors' code).

    `bf16` needs no `use_cpu` beside it on a machine without an accelerator.
    """

    learning_rate: float = field(default=1e-3, metadata={"help": "Of Adam."})
    lr_scheduler_type: str = field(default="constant", metadata={"help": "Schedule of the learning rate."})
    max_grad_norm: float = field(default=10.0, metadata={"help": "Norm that gradients are clipped to."})

    # The options that have an effect; `None` for all.
    options: ClassVar[tuple[str, ...] | None] = None

    @classmethod
    def unused(cls) -> frozenset[str]:
        """Return the names of the fields that have no effect, and are no options of the command line."""
        return frozenset() if cls.options is None else frozenset(part.name for part in fields(cls)) - {*cls.options}

    def __post_init__(self):
        if not torch.accelerator.is_available():
            self.use_cpu = True
        if self.use_cpu:
            self.dataloader_pin_memory = False  # pins memory for an accelerator
        super().__post_init__()


@dataclass
class LabelWisePreTrainingArguments(CommonTrainingArguments):
    """Settings of label-wise pre-training (LW-PT, section 3.3).

    Args:
        num_candidates (`int`, *optional*, defaults to 3): n, the positive candidate included.
    """

    num_candidates: int = field(default=3, metadata={"help": "Candidates of an instance, the positive one included."})
    max_steps: int = field(default=3000, metadata={"help": "Iterations of pre-training."})
    per_device_train_batch_size: int = field(default=128, metadata={"help": "Target documents of an iteration."})
    per_device_eval_batch_size: int = field(default=128, metadata={"help": "Target documents of an evaluation batch."})


@dataclass
class MultiLabelTrainingArguments(CommonTrainingArguments):
    """Settings of the classifier; the epoch with the highest micro-F1 + macro-F1 on validation is kept.

    Args:
        learning_rate_decay (`float`, *optional*, defaults to 1.0): Factor on the learning rate after each epoch from
            the second on. The paper names none; the authors' code takes 0.9. Not 1.0, it replaces `lr_scheduler_type`,
            which is linear down to 0 (why: `docs/results.md`).
        loss (`str`, *optional*, defaults to `"bce"`): Loss over the labels, by its name in `LOSSES`; `"bce"` is the
            model's own binary cross-entropy. Losses that weigh positives and negatives differently move the threshold
            that is best away from 0.5: `TuneThresholds` finds it.
    """

    lr_scheduler_type: str = field(default="linear", metadata={"help": "Schedule of the learning rate."})
    learning_rate_decay: float = field(
        default=1.0, metadata={"help": "Factor on the learning rate after each epoch from the second on."}
    )
    loss: str = field(default="bce", metadata={"help": "Loss over the labels.", "choices": list(LOSSES)})
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


@dataclass
class LabelSequenceTrainingArguments(MultiLabelTrainingArguments):
    """Settings of models that emit labels one by one, which have a loss of their own."""

    def __post_init__(self):
        super().__post_init__()
        if self.loss != "bce":
            raise ValueError(f"--loss {self.loss}: a model that emits labels one by one has a loss of its own")


@dataclass
class LMMTCTrainingArguments(MultiLabelTrainingArguments):
    """Settings of LM-MTC, section 5.4: AdamW at 5e-5, batches of 16, 40 epochs, a tenth of them warm-up."""

    learning_rate: float = field(default=5e-5, metadata={"help": "Of AdamW."})
    warmup_steps: float = field(default=0.1, metadata={"help": "Warm-up: steps, or below 1 a share of them."})
    max_grad_norm: float = field(default=1.0, metadata={"help": "Norm that gradients are clipped to."})
    num_train_epochs: float = field(default=40, metadata={"help": "Epochs of training."})
    per_device_train_batch_size: int = field(default=16, metadata={"help": "Documents of a training batch."})


@dataclass
class LinearTrainingArguments(MultiLabelTrainingArguments):
    """Settings of `LinearTrainer`. Settings of gradient descent, such as epochs and learning rate, have no effect.

    Args:
        C (`float`, *optional*, defaults to 3.0): What an error costs beside the norm of the weights, as in `LinearSVC`.

    Raises:
        ValueError: `C` is not above 0, or not finite, or another loss is asked for.
    """

    options: ClassVar[tuple[str, ...]] = (
        "C",
        "output_dir",
        "seed",
        "per_device_eval_batch_size",
        "use_cpu",
        "dataloader_num_workers",
        "disable_tqdm",
        "report_to",
        "run_name",
        "push_to_hub",
        "hub_model_id",
        "hub_revision",
        "hub_private_repo",
    )

    C: float = field(default=3.0, metadata={"help": "Cost of an error beside the norm of the weights."})

    def __post_init__(self):
        super().__post_init__()
        if self.loss != "bce":
            raise ValueError(f"--loss {self.loss}: a linear model is fitted to the squared hinge loss")
        if not 0 < self.C < math.inf:
            raise ValueError(f"--C {self.C}: must be > 0 and finite")


@dataclass
class RegLSTMTrainingArguments(MultiLabelTrainingArguments):
    """Settings of LSTM-reg: Adam at 1e-2, the authors' command for Reuters; averaged weights bear it."""

    learning_rate: float = field(default=1e-2, metadata={"help": "Of Adam."})


@dataclass
class MaskedLMTrainingArguments(CommonTrainingArguments):
    """Settings of a small BERT's masked language modelling from nothing; the epoch with the lowest perplexity on
    validation is kept. The paper (section 5.1) names none."""

    learning_rate: float = field(default=1e-3, metadata={"help": "Of AdamW."})
    lr_scheduler_type: str = field(default="linear", metadata={"help": "Schedule of the learning rate."})
    warmup_steps: float = field(default=0.1, metadata={"help": "Warm-up: steps, or below 1 a share of them."})
    weight_decay: float = field(default=0.01, metadata={"help": "Of AdamW."})
    max_grad_norm: float = field(default=1.0, metadata={"help": "Norm that gradients are clipped to."})
    num_train_epochs: float = field(default=20, metadata={"help": "Epochs of training."})
    per_device_train_batch_size: int = field(default=16, metadata={"help": "Sequences of a training batch."})
    per_device_eval_batch_size: int = field(default=64, metadata={"help": "Sequences of an evaluation batch."})
    train_sampling_strategy: str = field(
        default="group_by_length", metadata={"help": "Sequences of like length make a batch; or `random`."}
    )
    eval_strategy: str = field(default="epoch", metadata={"help": "When to evaluate."})
    save_strategy: str = field(default="epoch", metadata={"help": "When to save a checkpoint."})
    save_total_limit: int | None = field(default=1, metadata={"help": "Checkpoints kept beside the best one."})
    load_best_model_at_end: bool = field(default=True, metadata={"help": "End with the best epoch's weights."})
    metric_for_best_model: str | None = field(
        default="perplexity", metadata={"help": "Validation metric that chooses the epoch."}
    )
    greater_is_better: bool | None = field(default=False, metadata={"help": "Whether a higher metric is better."})
