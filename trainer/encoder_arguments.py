# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Settings of classifiers over a pretrained encoder."""

from dataclasses import dataclass, field
from typing import ClassVar

from .refused_arguments import REFUSED
from .training_arguments import MultiLabelTrainingArguments


@dataclass
class LMMTCTrainingArguments(MultiLabelTrainingArguments):
    """Settings of LM-MTC, section 5.4: AdamW at 5e-5, batches of 16, 40 epochs, a tenth of them warm-up.

    Example:

    ```python
    >>> args = LMMTCTrainingArguments("out", num_train_epochs=5)
    ```"""

    @classmethod
    def refused(cls) -> dict[str, str]:
        return REFUSED

    documents_per_batch: ClassVar[int] = 16

    learning_rate: float = field(default=5e-5, metadata={"help": "Learning rate of AdamW."})
    warmup_steps: float = field(default=0.1, metadata={"help": "Warm-up steps; a share of all steps if < 1."})
    max_grad_norm: float = field(default=1.0, metadata={"help": "Norm to clip gradients to."})
    num_train_epochs: float = field(default=40, metadata={"help": "Epochs of training."})


@dataclass
class LabelWiseEncoderTrainingArguments(MultiLabelTrainingArguments):
    """Settings of the label-wise encoder: AdamW at 1e-4, and 1e-3 for the context vectors and the classifier.

    Example:

    ```python
    >>> args = LabelWiseEncoderTrainingArguments("out", num_train_epochs=4)
    ```"""

    @classmethod
    def refused(cls) -> dict[str, str]:
        return REFUSED

    learning_rate: float = field(default=1e-4, metadata={"help": "Learning rate of AdamW for the encoder."})
    head_learning_rate: float | None = field(
        default=1e-3, metadata={"help": "Learning rate of AdamW for context vectors and classifier."}
    )
    max_grad_norm: float = field(default=1.0, metadata={"help": "Norm to clip gradients to."})
    num_train_epochs: float = field(default=5, metadata={"help": "Epochs of training."})
