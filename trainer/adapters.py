# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Low-rank adapters (LoRA, Hu et al. 2022) in a pretrained encoder, by PEFT: trained beside its weights, then added to
them."""

from typing import Any

import torch
from peft import LoraConfig, inject_adapter_in_model
from peft.tuners.lora import LoraLayer
from transformers import PreTrainedModel, TrainerCallback, TrainerControl, TrainerState, TrainingArguments


def add_adapters(encoder: PreTrainedModel, rank: int) -> None:
    """Exclude an encoder from training and add an adapter to each of its linear layers, which changes nothing yet.

    Args:
        encoder (`PreTrainedModel`): The encoder, without a head; changed in place.
        rank (`int`): r of the paper; alpha is twice the rank.

    Raises:
        ValueError: The rank is above that of a layer's weights, which then had fewer numbers than its adapter.
    """
    layers = (layer for layer in encoder.modules() if isinstance(layer, torch.nn.Linear))
    highest = min(min(layer.weight.shape) for layer in layers)
    if rank > highest:
        raise ValueError(f"the weights of the encoder have rank {highest}")
    config = LoraConfig(r=rank, lora_alpha=2 * rank, target_modules="all-linear")
    inject_adapter_in_model(config, encoder)


class MergeAdapters(TrainerCallback):
    """Add the adapters to the weights when training has ended, so that the saved model has none.

    Checkpoints have weights and adapters apart, as a training that is resumed needs them.
    """

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        model = kwargs["model"]
        for name, layer in [*model.named_modules()]:
            if isinstance(layer, LoraLayer):
                layer.merge()
                model.set_submodule(name, layer.get_base_layer())
