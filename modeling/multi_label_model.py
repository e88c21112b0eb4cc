# Copyright 2026 The labelwise authors. All rights reserved.
#
# Licensed under the Apache License, Version 2.0 (the "License");
# you may not use this file except in compliance with the License.
# You may obtain a copy of the License at
#
#     http://www.apache.org/licenses/LICENSE-2.0
#
# Unless required by applicable law or agreed to in writing, software
# distributed under the License is distributed on an "AS IS" BASIS,
# WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
# See the License for the specific language governing permissions and
# limitations under the License.
"""The base class of all classifiers: safe loading, saving, the loss over labels and calibrated logits."""

from collections.abc import Iterator
from functools import partial
from os import PathLike
from typing import Any, Self

import torch
from torch import nn
from transformers import PreTrainedConfig, PreTrainedModel
from transformers.modeling_outputs import BaseModelOutput

from .calibration import calibrate_logits
from .frozen_part import FrozenPart, is_frozen
from .label_loss import binary_cross_entropy, sum_per_document
from .readable_weights import make_weights_readable


class MultiLabelPreTrainedModel(PreTrainedModel):  # trf-ignore: TRF057
    """Base of the classifiers. `loss_function`, which may be set, takes logits in 32 bits and labels, and returns
    the loss; `loss_reduction` is the family's reduction, which another loss has to use to be of the same scale."""

    main_input_name = "input_ids"
    loss_reduction = staticmethod(sum_per_document)
    # Whether the head reads nothing but the `last_hidden_state` of the base model, which `encoder_outputs` can replace.
    takes_encoder_outputs = True

    def __init__(self, config: PreTrainedConfig) -> None:
        super().__init__(config)
        self.loss_function = partial(binary_cross_entropy, reduce=self.loss_reduction)

    @classmethod
    def refuses_negatives(cls, config: PreTrainedConfig) -> str | None:
        """Return why `forward` cannot compute the logits of a `class_subset` alone; `None` if it can."""
        return "its model computes the logits of all labels at once"

    def encoder_parameters(self) -> Iterator[nn.Parameter]:
        """Return the parameters below what is new in a classifier over a pretrained encoder, which may have a learning
        rate of its own; all but the head's."""
        return self.base_model.parameters()

    def freeze_encoder(self) -> None:
        """Exclude all that was pretrained from training."""
        self.base_model.requires_grad_(False)

    def frozen_part(self) -> FrozenPart | None:
        """Return the largest part below the head that is not trained; `None` if there is none."""
        if not is_frozen(self.base_model):
            return None
        return FrozenPart([self.base_model], lambda **inputs: self.represent(None, **inputs).last_hidden_state)

    def represent(self, encoder_outputs: tuple[torch.Tensor, ...] | None, **inputs: Any) -> BaseModelOutput:
        """Return the output of the base model, or the one that it has returned before for the same documents.

        Args:
            encoder_outputs (`tuple` or `BaseModelOutput`, *optional*): That one; only its first part is read.
            inputs: Arguments of the base model.

        Raises:
            ValueError: There are neither `input_ids` nor `encoder_outputs`, nor `token_states` of the model's encoders.
        """
        if encoder_outputs is not None:
            return BaseModelOutput(last_hidden_state=encoder_outputs[0])
        if inputs.get("input_ids") is None and inputs.get("token_states") is None:
            raise ValueError("pass input_ids, or encoder_outputs of the base model")
        return self.base_model(**inputs, return_dict=True)

    def calibrate(
        self, logits_BL: torch.Tensor | None, class_subset: torch.Tensor | None = None
    ) -> torch.Tensor | None:
        """Return the logits as `config.calibration` changes them, so that their sigmoid is a calibrated probability.

        Each classifier calls it on its logits. In training they stay as they are: a calibration is fitted to a trained
        model.

        Args:
            logits_BL (`torch.Tensor` of shape `(batch, num_labels)`): Before the sigmoid; may be `None` in training.
            class_subset (`torch.LongTensor` of shape `(labels,)`, *optional*): Ids of the labels that the logits are
                of; all by default.
        """
        if self.training or self.config.calibration is None:
            return logits_BL
        return calibrate_logits(logits_BL, self.config.calibration, class_subset)

    @classmethod
    def from_pretrained(cls, *args: Any, use_safetensors: bool = True, **kwargs: Any) -> Self:
        # The library would load `pytorch_model.bin` if there is no `model.safetensors`; unpickling can run code.
        return super().from_pretrained(*args, use_safetensors=use_safetensors, **kwargs)

    def save_pretrained(
        self, save_directory: str | PathLike, is_main_process: bool = True, *args: Any, **kwargs: Any
    ) -> None:
        super().save_pretrained(save_directory, is_main_process, *args, **kwargs)
        if is_main_process:  # which alone writes the configuration
            make_weights_readable(save_directory)


__all__ = ["MultiLabelPreTrainedModel"]
