# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Temporal averaging of weights: train the weights, evaluate and save their average."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from accelerate.optimizer import AcceleratedOptimizer
from safetensors.torch import load_file, save_file
from transformers import PreTrainedModel, TrainerCallback, TrainerControl, TrainerState, TrainingArguments

# File of a checkpoint with the weights that training continues with, beside the averages in `model.safetensors`.
TRAINED_WEIGHTS_NAME = "trained_weights.safetensors"


class AverageWeights(TrainerCallback):
    """An exponential moving average of the weights, which [`MultiLabelTrainer`] evaluates and saves in their place.

    Each step updates the averages; the model keeps its trained weights. The trainer evaluates, predicts and saves
    inside [`~AverageWeights.applied`], so that metrics, the choice of the best epoch and saved models are those of the
    averages. A checkpoint contains both, so that a resumed training equals an uninterrupted one. When training ends,
    the model has the averages: those of the best epoch with `load_best_model_at_end`, else those of the last step.
    Frozen weights are not averaged.

    With the correction of Adam for the start from zero, the average after step t is

        A_t = A_{t-1} + (1 - beta) / (1 - beta^t) * (theta_t - A_{t-1}),    A_1 = theta_1.

    Args:
        beta (`float`, *optional*, defaults to 0.99): Decay of the average per step, >= 0 and < 1; 0 for no averaging.

    References:
        - D. P. Kingma, J. Ba. Adam: a method for stochastic optimization. ICLR 2015, section 7.2.
        - A. Adhikari, A. Ram, R. Tang, J. Lin. Rethinking complex neural network architectures for document
          classification. NAACL 2019: beta 0.99.

    Example:

    ```python
    >>> trainer = MultiLabelTrainer(model, args, train_dataset=documents, callbacks=[AverageWeights(0.99)])
    ```"""

    def __init__(self, beta: float = 0.99) -> None:
        self.beta = beta
        self.averages: dict[str, torch.Tensor] = {}  # by name of the parameter; empty outside training
        self.is_applied = False
        self.is_attached = False  # set by the trainer that applies the averages

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        if not self.is_attached:
            raise ValueError(
                "AverageWeights needs a trainer that evaluates and saves the averages: use MultiLabelTrainer"
            )
        if state.global_step == 0:  # a training that an error ended leaves some
            self.averages.clear()

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        model: PreTrainedModel | None = None,
        optimizer: AcceleratedOptimizer | None = None,
        **kwargs: Any,
    ) -> None:
        if not self.averages and optimizer.step_was_skipped:
            return  # fp16 skips the first steps until its loss scale fits: there is nothing to average yet
        share = (1 - self.beta) / (1 - self.beta**state.global_step)
        for name, weight in _trained_weights(model).items():
            if name not in self.averages:
                self.averages[name] = weight.clone()
            self.averages[name].lerp_(weight, share)

    def on_train_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        model: PreTrainedModel | None = None,
        **kwargs: Any,
    ) -> None:
        for name, average in self.averages.items():
            model.get_parameter(name).data.copy_(average)
        self.averages.clear()

    @contextmanager
    def applied(self, model: PreTrainedModel) -> Iterator[None]:
        """Give the model the averages inside a `with` block, and its trained weights back after it.

        Args:
            model (`PreTrainedModel`): The model that is trained; unchanged before the first step and after the last.
        """
        if self.is_applied:  # `evaluate` calls itself for each of several datasets
            yield
            return
        self._exchange(model)
        self.is_applied = True
        try:
            yield
        finally:
            self.is_applied = False
            self._exchange(model)

    def save(self, model: PreTrainedModel, checkpoint: str | Path) -> None:
        """Write the trained weights to a checkpoint, whose model file contains the averages.

        Args:
            model (`PreTrainedModel`): The model, with its trained weights.
            checkpoint (`str` or `Path`): Folder of the checkpoint.
        """
        weights = {name: weight.contiguous() for name, weight in _trained_weights(model).items()}
        save_file(weights, Path(checkpoint) / TRAINED_WEIGHTS_NAME)

    def load(self, model: PreTrainedModel, checkpoint: str | Path) -> None:
        """Restore averages and trained weights from a checkpoint.

        Args:
            model (`PreTrainedModel`): The model, with the averages that the checkpoint's model file contains.
            checkpoint (`str` or `Path`): Folder of the checkpoint.

        Raises:
            FileNotFoundError: The checkpoint was written without `AverageWeights`, or with `save_only_model`.
        """
        path = Path(checkpoint) / TRAINED_WEIGHTS_NAME
        if not path.is_file():
            raise FileNotFoundError(f"{path} is missing: resume from a checkpoint with averaged weights")
        trained = load_file(path)
        self.averages = {name: weight.clone() for name, weight in _trained_weights(model).items()}
        for name, weight in _trained_weights(model).items():
            weight.copy_(trained[name])

    def clear(self) -> None:
        """Forget the averages: the model keeps the weights that it has."""
        self.averages.clear()

    def _exchange(self, model: PreTrainedModel) -> None:
        # In place, because the weights of an RNN are parts of one block of memory.
        for name, average in self.averages.items():
            weight = model.get_parameter(name).data
            trained = weight.clone()
            weight.copy_(average)
            average.copy_(trained)


def _trained_weights(model: PreTrainedModel) -> dict[str, torch.Tensor]:
    return {name: parameter.data for name, parameter in model.named_parameters() if parameter.requires_grad}
