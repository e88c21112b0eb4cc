# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`TrainingArguments` with the papers' settings as defaults."""

import math
from dataclasses import dataclass, field
from typing import ClassVar

import torch
from transformers import TrainingArguments
from transformers.utils import logging

from ..errors import UserInputError
from .argument_checks import NotGiven, check_arguments, check_batches, check_types
from .bfloat16 import bfloat16_instructions
from .refused_arguments import REFUSED, WITHOUT_TRANSFORMER

logger = logging.get_logger(__name__)

# Names of the losses of `losses.make_loss`; "bce" is the model's own.
LOSSES = ("bce", "weighted_bce", "focal", "asymmetric", "zlpr", "distribution_balanced")
# Those whose papers define them for labels between 0 and 1, which label smoothing makes.
SMOOTHED_LOSSES = ("bce", "weighted_bce", "zlpr")
# Losses are logged 20 times in a run of any length. Evaluations, which take time, stay as rare as the library's.
LOGGING_SHARE, EVAL_STEPS = 0.05, 500
OWN_LOSS = "a model that emits labels one by one has its own loss; leave it out"


@dataclass
class CommonTrainingArguments(TrainingArguments):
    """Settings that all trainings share, those of both stages of LW-PT.

    Adam at 1e-3 (section 3.3), with gradients clipped to norm 10 (the authors' code). On a machine without an
    accelerator, `use_cpu` is set, so that `bf16` works without it; on a processor without instructions for bfloat16,
    `bf16` is unset with a warning.
    """

    # Without a default: the library's is a folder `tmp_trainer` wherever one happens to be.
    output_dir: str = field(metadata={"help": "Folder of the trained model."})
    learning_rate: float = field(default=1e-3, metadata={"help": "Learning rate of Adam."})
    lr_scheduler_type: str = field(default="constant", metadata={"help": "Schedule of the learning rate."})
    max_grad_norm: float = field(default=10.0, metadata={"help": "Norm to clip gradients to."})
    logging_steps: float = field(
        default=LOGGING_SHARE, metadata={"help": "Steps between losses; a share of all steps if < 1."}
    )
    # A training stops at such a loss (`DivergenceCheck`); the filter would read the loss of each step from the GPU.
    logging_nan_inf_filter: bool = False
    push_to_hub: bool = field(
        default=False, metadata={"help": "Publish the finished model on the Hub, once, under --hub_model_id."}
    )
    hub_model_id: str | None = field(
        default=None, metadata={"help": "Hub id ns/name to publish the model under, with --push_to_hub."}
    )
    # For `Trainer`, the inputs that are labels. No option: users know names of labels by this word.
    label_names: list[str] | None = field(default=None, init=False)

    # The metrics of validation, and whether more of each is better.
    metrics: ClassVar[dict[str, bool]] = {"loss": False}

    @classmethod
    def refused(cls) -> dict[str, str]:
        """Return the arguments that are no options of the commands, with the reason of each."""
        return {**REFUSED, **WITHOUT_TRANSFORMER}

    def __post_init__(self) -> None:
        check_types(self)
        check_arguments(self)
        if not torch.accelerator.is_available():
            self.use_cpu = True
        if self.use_cpu:
            self.dataloader_pin_memory = False  # which is for accelerators
            if self.bf16 and not bfloat16_instructions():
                logger.warning_once(
                    "--bf16: this processor has no instructions for it (such as avx512_bf16 or amx_bf16); training "
                    "computes in float32, which is faster here"
                )
                self.bf16 = False
        if self.eval_strategy == "steps" and self.eval_steps is None and self.logging_steps == LOGGING_SHARE:
            self.eval_steps = EVAL_STEPS
        if self.load_best_model_at_end and self.eval_strategy == "no" and self.save_strategy != "no":
            raise UserInputError(
                "--eval_strategy no: without evaluations no epoch is the best; pass --load_best_model_at_end false"
            )
        if self.greater_is_better is None:  # the library's guess goes by the name
            self.greater_is_better = self.metrics.get((self.metric_for_best_model or "").removeprefix("eval_"))
        super().__post_init__()


@dataclass
class LabelWisePreTrainingArguments(CommonTrainingArguments):
    """Settings of label-wise pre-training (LW-PT, section 3.3).

    Args:
        head_learning_rate (`float`, *optional*): Learning rate of context vectors over a pretrained encoder; `None`
            for `learning_rate`.
        num_candidates (`int`, *optional*, defaults to 3): n of the paper, including the positive candidate.

    References:
        - H. Liu, C. Yuan, X. Wang. Label-Wise Document Pre-Training for Multi-Label Text Classification. NLPCC 2020.

    Example:

    ```python
    >>> args = LabelWisePreTrainingArguments("out", max_steps=3000)
    ```"""

    metrics: ClassVar[dict[str, bool]] = {"loss": False, "accuracy": True}

    head_learning_rate: float | None = field(
        default=None, metadata={"help": "Learning rate of context vectors over a pretrained encoder, if another."}
    )
    num_candidates: int = field(default=3, metadata={"help": "Candidates per instance, including the positive one."})
    max_steps: int = field(default=3000, metadata={"help": "Iterations of pre-training."})
    per_device_train_batch_size: int = field(default=128, metadata={"help": "Target documents per iteration."})
    per_device_eval_batch_size: int = field(default=128, metadata={"help": "Target documents per evaluation batch."})


@dataclass
class MultiLabelTrainingArguments(CommonTrainingArguments):
    """Settings of a classifier; the epoch with the highest micro-F1 + macro-F1 on validation is kept.

    Args:
        learning_rate_decay (`float`, *optional*, defaults to 1.0): Factor on the learning rate after each epoch from
            the second on. The paper does not give one; the authors' code uses 0.9. Values other than 1.0 replace
            `lr_scheduler_type`, which is linear down to 0 (see `docs/lab/findings.md` for the reason).
        loss (`str`, *optional*, defaults to `"bce"`): Loss over the labels, by its name in `LOSSES`; `"bce"` is the
            model's own binary cross-entropy. With losses that weigh positives and negatives differently, the best
            threshold is not 0.5: tune it with `TuneThresholds`.
        head_learning_rate (`float`, *optional*): Learning rate of what is new over a pretrained encoder, the classifier
            and the tokens of labels (`head_learning_rate.give_head_its_rate`); `None` for `learning_rate`.
        frozen_dropout (`bool`, *optional*, defaults to `False`): Whether a frozen base model keeps its dropout, as in
            the code of LW-PT's authors, and runs in each epoch; otherwise see `frozen_features.features_kept`.
        negatives (`int`, *optional*): Labels that a training step samples of those that apply to none of its documents
            (`SampledNegatives`), for models of very many labels; `None` for all.
        tokens_per_batch (`int`, *optional*): Most tokens of a training batch, padding not counted, in place of
            `per_device_train_batch_size` documents (`TokenBatchSampler`). Each document counts the same, in whichever
            batch it is.
        label_smoothing_factor (`float`, *optional*, defaults to 0.0): ε of `smooth_labels`, which makes the targets
            of training ε / 2 and 1 - ε / 2; for the losses in `SMOOTHED_LOSSES`.
        early_stopping_patience (`int`, *optional*): Number of evaluations without a better `metric_for_best_model`
            after which training stops (`EarlyStopping`); `None` for never.
        max_minutes (`float`, *optional*): Minutes for training and evaluation, after which training stops
            (`TimeLimit`); `None` for no limit.

    References:
        - H. Liu, C. Yuan, X. Wang. Label-Wise Document Pre-Training for Multi-Label Text Classification. NLPCC 2020:
          section 3.3.

    Raises:
        ValueError: `head_learning_rate`, the negatives, the tokens, the patience or the minutes are not > 0, there is
            patience and nothing that is evaluated, or labels are to be smoothed for another loss.
        UserInputError: Batches are given both in tokens and in documents, or in another order.

    Example:

    ```python
    >>> args = MultiLabelTrainingArguments("out", loss="focal", num_train_epochs=10)
    ```"""

    metrics: ClassVar[dict[str, bool]] = {
        "loss": False,
        "micro_f1": True,
        "macro_f1": True,
        "micro_f1_plus_macro_f1": True,
        "hamming_loss": False,
        "one_error": False,
        "subset_accuracy": True,
        "micro_jaccard": True,
    }

    documents_per_batch: ClassVar[int] = 32  # the default of `per_device_train_batch_size`

    lr_scheduler_type: str = field(default="linear", metadata={"help": "Schedule of the learning rate."})
    learning_rate_decay: float = field(
        default=1.0, metadata={"help": "Factor on the learning rate after each epoch from the second on."}
    )
    frozen_dropout: bool = field(
        default=False,
        metadata={
            "help": "With --freeze_encoder, keep the dropout of the encoder and run it in each epoch, as the code of "
            "LW-PT's authors does; by default, it runs once, without dropout."
        },
    )
    head_learning_rate: float | None = field(
        default=None,
        metadata={
            "help": "Learning rate of the classifier and label tokens over a "
            "pretrained encoder, if not --learning_rate."
        },
    )
    loss: str = field(default="bce", metadata={"help": "Loss over the labels.", "choices": list(LOSSES)})
    label_smoothing_factor: float = field(
        default=0.0, metadata={"help": "Share of label smoothing (bce, weighted_bce, zlpr); 0 for none."}
    )
    negatives: int | None = field(
        default=None,
        metadata={
            "help": "Number of labels that a training step samples from those that apply to none of its documents, in "
            "place of all of them (lw-encoder, and lw-lstm and hlw-lstm with --classifier label_wise)."
        },
    )
    num_train_epochs: float = field(default=20, metadata={"help": "Epochs of training."})
    # `None`, so that one that is given beside `tokens_per_batch` is told from the default.
    per_device_train_batch_size: int | None = field(
        default=None,
        metadata={"help": "Documents per training batch; by default 32, for lm-mtc, bert and bert-mlm 16."},
    )
    tokens_per_batch: int | None = field(
        default=None,
        metadata={
            "help": "Maximum tokens per training batch, in place of documents; a batch has documents of similar length."
        },
    )
    per_device_eval_batch_size: int = field(default=64, metadata={"help": "Documents per evaluation batch."})
    eval_strategy: str = field(default="epoch", metadata={"help": "When to evaluate."})
    save_strategy: str = field(default="epoch", metadata={"help": "When to save a checkpoint."})
    save_total_limit: int | None = field(
        default=1, metadata={"help": "Checkpoints to keep during training, in addition to the best one."}
    )
    load_best_model_at_end: bool = field(
        default=True, metadata={"help": "Load the weights of the best epoch at the end."}
    )
    metric_for_best_model: str | None = field(
        default="micro_f1_plus_macro_f1", metadata={"help": "Validation metric of the best epoch."}
    )
    early_stopping_patience: int | None = field(
        default=None, metadata={"help": "Stop after so many evaluations without a better validation metric."}
    )
    max_minutes: float | None = field(
        default=None, metadata={"help": "Finish the run within this many minutes, and keep the best epoch."}
    )
    label_names: list[str] | None = field(default_factory=lambda: ["labels"], init=False)

    def __post_init__(self) -> None:
        check_types(self)
        for name in ("head_learning_rate", "negatives", "tokens_per_batch", "early_stopping_patience", "max_minutes"):
            number = getattr(self, name)
            if number is not None and not 0 < number < math.inf:
                raise UserInputError(f"--{name} {number}: must be > 0 and finite")
        check_batches(self)
        if self.per_device_train_batch_size is None:
            self.per_device_train_batch_size = NotGiven(self.documents_per_batch)
        super().__post_init__()
        if self.early_stopping_patience and (self.eval_strategy == "no" or not self.load_best_model_at_end):
            raise UserInputError("--early_stopping_patience needs --eval_strategy and --load_best_model_at_end")
        if self.label_smoothing_factor and self.loss not in SMOOTHED_LOSSES:
            raise UserInputError(
                f"--label_smoothing_factor {self.label_smoothing_factor}: --loss {self.loss} has no labels between 0 "
                f"and 1; use {', '.join(SMOOTHED_LOSSES)}, or leave it out"
            )


@dataclass
class LWLSTMTrainingArguments(MultiLabelTrainingArguments):
    """Settings of CNN, LSTM, HAN, LW-LSTM and HLW-LSTM: Adam at 3e-3, a tenth of the steps warm-up.

    LW-PT, section 3.3, has 1e-3, as the tables of `labelwise reproduce` have.

    Example:

    ```python
    >>> args = LWLSTMTrainingArguments("out", num_train_epochs=10)
    ```"""

    learning_rate: float = field(default=3e-3, metadata={"help": "Learning rate of Adam."})
    warmup_steps: float = field(default=0.1, metadata={"help": "Warm-up steps; a share of all steps if < 1."})


@dataclass
class LabelSequenceTrainingArguments(MultiLabelTrainingArguments):
    """Settings of models that emit labels one by one (SGM, CNN-RNN, set-RNN): their own loss, without label smoothing.

    References:
        - P. Yang, X. Sun, W. Li, S. Ma, W. Wu, H. Wang. SGM: Sequence Generation Model for Multi-label Classification.
          COLING 2018.

    Example:

    ```python
    >>> args = LabelSequenceTrainingArguments("out", num_train_epochs=10)
    ```"""

    @classmethod
    def refused(cls) -> dict[str, str]:
        return {**super().refused(), "loss": OWN_LOSS, "label_smoothing_factor": OWN_LOSS}


@dataclass
class RegLSTMTrainingArguments(MultiLabelTrainingArguments):
    """Settings of LSTM-reg: Adam at 1e-2, as in the authors' command for Reuters.

    Use so high a rate with averaged weights only (`AverageWeights`).

    Args:
        learning_rate (`float`, *optional*, defaults to 1e-2): Learning rate of Adam.

    References:
        - A. Adhikari, A. Ram, R. Tang, J. Lin. Rethinking complex neural network architectures for document
          classification. NAACL 2019.

    Example:

    ```python
    >>> args = RegLSTMTrainingArguments("out")
    >>> trainer = MultiLabelTrainer(model, args, train_dataset=documents, callbacks=[AverageWeights()])
    ```"""

    learning_rate: float = field(default=1e-2, metadata={"help": "Learning rate of Adam."})
