# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Settings of linear models."""

import math
from dataclasses import dataclass, field, fields
from typing import ClassVar

from ..errors import UserInputError
from .refused_arguments import REFUSED
from .training_arguments import MultiLabelTrainingArguments

_NO_DESCENT = "linear models are fitted by scikit-learn, not by gradient descent; leave it out"


@dataclass
class LinearTrainingArguments(MultiLabelTrainingArguments):
    """Settings of `LinearTrainer`, on which those of gradient descent (epochs, learning rate, ...) have no effect.

    Args:
        dataloader_num_workers (`int`, *optional*, defaults to 0): Processes that fit classifiers and load batches.
        C (`float`, *optional*, defaults to 3.0): Cost of an error relative to the norm of the weights, as in
            `LinearSVC`; must be > 0 and finite.

    Raises:
        ValueError: `C` is out of range, `loss` is not `"bce"`, or labels are to be smoothed.

    Example:

    ```python
    >>> args = LinearTrainingArguments("out", C=1.0, eval_strategy="no", load_best_model_at_end=False)
    ```"""

    # The arguments that have an effect.
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

    dataloader_num_workers: int = field(
        default=0,
        metadata={"help": "Worker processes that fit classifiers and load batches; 0 for the main process alone."},
    )
    C: float = field(default=3.0, metadata={"help": "Cost of an error relative to the norm of the weights."})

    @classmethod
    def refused(cls) -> dict[str, str]:
        names = {part.name for part in fields(cls) if part.init} - {*cls.options}
        return {**dict.fromkeys(names, _NO_DESCENT), **REFUSED}

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.loss != "bce":
            raise UserInputError(f"--loss {self.loss}: linear models are fitted to the squared hinge loss; use bce")
        if self.label_smoothing_factor:
            raise UserInputError(f"--label_smoothing_factor {self.label_smoothing_factor}: {_NO_DESCENT}")
        if not 0 < self.C < math.inf:
            raise UserInputError(f"--C {self.C}: must be > 0 and finite")
