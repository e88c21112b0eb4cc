# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Temporal averaging of weights: train some, keep their average."""

import torch
from transformers import TrainerCallback


class AverageWeights(TrainerCallback):
    """Evaluates and saves an exponential moving average of the weights, while training goes on with the weights.

    Outside a training step the model holds the averages, so that whatever evaluates, chooses the best epoch, saves or
    follows the training sees these alone. The other half of each pair is kept in the optimizer's state, which `Trainer`
    saves with a checkpoint and restores: a resumed training goes on with both. Frozen weights are their own average.

    With the correction of Adam for the start from zero, the average after step t is

        A_t = A_{t-1} + (1 - beta) / (1 - beta^t) * (theta_t - A_{t-1}),    A_1 = theta_1.

    Args:
        beta (`float`, *optional*, defaults to 0.99): What is left of an average's weight after a step; 0 for none.

    References:
        - D. P. Kingma, J. Ba. Adam: a method for stochastic optimization. ICLR 2015, section 7.2.
        - A. Adhikari, A. Ram, R. Tang, J. Lin. Rethinking complex neural network architectures for document
          classification. NAACL 2019: beta 0.99.

    Example:

    ```python
    >>> trainer = MultiLabelTrainer(model, args, train_dataset=documents, callbacks=[AverageWeights(0.99)])
    ```"""

    def __init__(self, beta: float = 0.99):
        self.beta = beta

    def on_step_begin(self, args, state, control, optimizer=None, **kwargs):
        for parameter, kept in _trained(optimizer):
            if "plain" in kept:
                kept["average"], parameter.data = parameter.data, kept.pop("plain")

    def on_step_end(self, args, state, control, optimizer=None, **kwargs):
        share = (1 - self.beta) / (1 - self.beta**state.global_step)
        for parameter, kept in _trained(optimizer):
            if optimizer.step_was_skipped and not kept:
                continue  # by the scaler of fp16, before any step: Adam starts its state only where there is none
            average = kept.pop("average") if "average" in kept else parameter.data.clone()
            kept["plain"], parameter.data = parameter.data, average.lerp_(parameter.data, share)

    def on_train_end(self, args, state, control, optimizer=None, **kwargs):
        for _, kept in _trained(optimizer):
            kept.pop("plain", None)


def _trained(optimizer) -> list[tuple[torch.nn.Parameter, dict]]:
    """What the optimizer trains, with its state of each."""
    parameters = [parameter for group in optimizer.param_groups for parameter in group["params"]]
    return [(parameter, optimizer.state[parameter]) for parameter in parameters]
