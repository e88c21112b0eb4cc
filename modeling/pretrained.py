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
"""What all classifiers share: how they load, and the loss over labels.

Shapes: B documents, L labels.
"""

import torch
from torch import nn
from transformers import PreTrainedModel


def binary_cross_entropy(logits_BL: torch.Tensor, labels_BL: torch.Tensor) -> torch.Tensor:
    """Eq. 17 of LW-PT: a sum over labels, a mean over documents.

    Args:
        logits_BL (`torch.Tensor` of shape `(batch, num_labels)`): Before the sigmoid.
        labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): 1 where the label holds, 0 where not, -100 where that
            is not known; integers or floats.
    """
    labels_BL = labels_BL.float()
    loss_BL = nn.functional.binary_cross_entropy_with_logits(logits_BL, labels_BL.clamp(min=0), reduction="none")
    return (loss_BL * (labels_BL != -100)).sum(dim=-1).mean()


def mean_binary_cross_entropy(logits_BL: torch.Tensor, labels_BL: torch.Tensor) -> torch.Tensor:
    """Eq. 4 of LM-MTC: a mean over the labels that are known, and over documents; -100 where a label is not."""
    labels_BL = labels_BL.float()
    loss_BL = nn.functional.binary_cross_entropy_with_logits(logits_BL, labels_BL.clamp(min=0), reduction="none")
    return mean_of_means(loss_BL, labels_BL != -100)


def mean_of_means(loss_BX: torch.Tensor, counted_BX: torch.Tensor) -> torch.Tensor:
    """Mean over documents of the mean over what counts in each: a batch's gradient is then the mean of its parts'."""
    counts_B = counted_BX.sum(dim=1)
    return ((loss_BX * counted_BX).sum(dim=1) / counts_B.clamp(min=1)).mean()


class MultiLabelPreTrainedModel(PreTrainedModel):  # trf-ignore: TRF057
    """Base of the classifiers. `loss_function`, which may be set, takes logits in 32 bits and labels, and gives the
    loss."""

    main_input_name = "input_ids"

    def __init__(self, config):
        super().__init__(config)
        self.loss_function = binary_cross_entropy

    @classmethod
    def from_pretrained(cls, *args, use_safetensors: bool = True, **kwargs):
        # The library goes on to `pytorch_model.bin` where there is no `model.safetensors`: nothing is unpickled here.
        return super().from_pretrained(*args, use_safetensors=use_safetensors, **kwargs)


__all__ = ["MultiLabelPreTrainedModel", "binary_cross_entropy", "mean_binary_cross_entropy", "mean_of_means"]
