# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`head_learning_rate` for trainers. Families import that module, and not `Trainer`, which imports `datasets`."""

import torch
from torch import nn
from transformers import Trainer

from .head_learning_rate import give_head_its_rate


class HeadLearningRate(Trainer):
    """A `Trainer` with `args.head_learning_rate`, as of `give_head_its_rate`."""

    def create_optimizer(self, model: nn.Module | None = None) -> torch.optim.Optimizer:
        is_new = self.optimizer is None
        optimizer = super().create_optimizer(model)
        if is_new and self.args.head_learning_rate is not None:
            give_head_its_rate(optimizer, self.model, self.processing_class, self.args.head_learning_rate)
        return optimizer
