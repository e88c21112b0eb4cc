# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The end of a training that diverges, before it evaluates or saves what it has become."""

import math
from typing import Any

import torch
from torch import nn
from transformers.trainer_utils import EvalLoopOutput, get_last_checkpoint

from ..errors import UserInputError
from ..modeling.finite_weights import find_not_finite
from .safe_checkpoints import SafeCheckpoints

# Of losses and weights that are finite while the model is lost: a rate of 1e30 makes them 1e30.
LARGEST = 1e12


class DivergenceCheck(SafeCheckpoints):
    """A `Trainer` that stops when its loss is not a number or above `LARGEST`, or its weights are.

    The loss of each step is checked: on a CPU at once; on a GPU, where reading it makes the processor wait, at the next
    log, evaluation or checkpoint. The weights are checked before each evaluation and each checkpoint, so that no
    checkpoint has such weights. In a search for hyperparameters nothing is checked: a trial may diverge.

    Raises:
        UserInputError: The training has diverged; the message names the step and the last checkpoint.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._unchecked: list[tuple[int, torch.Tensor]] = []  # steps and their losses

    def training_step(
        self, model: nn.Module, inputs: dict[str, Any], num_items_in_batch: torch.Tensor | int | None = None
    ) -> torch.Tensor:
        loss = super().training_step(model, inputs, num_items_in_batch)
        if self.hp_search_backend is None:
            self._unchecked.append((self.state.global_step + 1, loss.detach()))
            if loss.is_cpu:
                self._check_losses()
        return loss

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        self._check_losses()
        super().log(logs, start_time)

    def evaluation_loop(self, *args: Any, **kwargs: Any) -> EvalLoopOutput:
        self._check_weights()
        output = super().evaluation_loop(*args, **kwargs)
        if self.is_in_train and self.hp_search_backend is None:
            for name, loss in output.metrics.items():  # `eval_loss`, and of several sets `eval_NAME_loss`
                if name.endswith("_loss") and not name.endswith("hamming_loss") and not abs(loss) <= LARGEST:
                    raise self._diverged(f"the loss on validation documents is {loss:g}", self.state.global_step)
        return output

    def _save_checkpoint(self, model: nn.Module, trial: Any) -> None:
        self._check_weights()
        super()._save_checkpoint(model, trial)

    def _check_losses(self) -> None:
        unchecked, self._unchecked = self._unchecked, []
        losses = torch.stack([loss for _, loss in unchecked]).tolist() if unchecked else []
        for (step, _), loss in zip(unchecked, losses, strict=True):
            if not abs(loss) <= LARGEST:
                raise self._diverged(f"the loss is {loss:g}", step)

    def _check_weights(self) -> None:
        self._check_losses()
        if self.hp_search_backend is not None:
            return
        # One number is read for all weights, and their names only after it: reading makes a GPU wait.
        weights = [weight for weight in self.model.state_dict().values() if weight.is_floating_point()]
        largest = nn.utils.get_total_norm([weight for weight in weights if weight.numel()], math.inf)
        if largest <= LARGEST:
            return
        if (name := find_not_finite(self.model)) is not None:
            raise self._diverged(f"weights are not finite, first of all {name}", self.state.global_step)
        for name, weight in self.model.named_parameters():
            if weight.numel() and (largest := torch.linalg.vector_norm(weight.detach(), math.inf)) > LARGEST:
                raise self._diverged(f"weights are {largest:g}, first of all {name}", self.state.global_step)

    def _diverged(self, what: str, step: int) -> UserInputError:
        checkpoint = get_last_checkpoint(self.args.output_dir)
        kept = f"the last good checkpoint is {checkpoint}" if checkpoint else "no checkpoint was saved before"
        return UserInputError(
            f"training has diverged in step {step:,}: {what}; {kept}; lower the learning rate, "
            f"{self.args.learning_rate:g}, and train with --overwrite or in another --output_dir"
        )
