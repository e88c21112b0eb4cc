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

from collections.abc import Callable
from functools import partial

import torch
from torch import nn
from transformers import PreTrainedModel

from .pairs import known_pairs, mean_of_sums


def binary_cross_entropy(
    logits_BL: torch.Tensor, labels_BL: torch.Tensor, reduce: Callable = mean_of_sums
) -> torch.Tensor:
    """Eq. 17 of LW-PT, or with `mean_of_means` Eq. 4 of LM-MTC.

    Args:
        logits_BL (`torch.Tensor` of shape `(batch, num_labels)`): Before the sigmoid.
        labels_BL (`torch.Tensor` of shape `(batch, num_labels)`): 1 where the label holds, 0 where not, -100 where that
            is not known; of any type.
        reduce (`Callable`, *optional*): How pairs add up, `mean_of_sums` or `mean_of_means`.
    """
    logits_BL, labels_BL, known_BL = known_pairs(logits_BL, labels_BL)
    loss_BL = nn.functional.binary_cross_entropy_with_logits(logits_BL, labels_BL, reduction="none")
    return reduce(loss_BL, known_BL)


class MultiLabelPreTrainedModel(PreTrainedModel):  # trf-ignore: TRF057
    """Base of the classifiers. `loss_function`, which may be set, takes logits in 32 bits and labels, and gives the
    loss; `reduce_pairs` is how the family adds it up, which another loss has to follow to be of the same scale."""

    main_input_name = "input_ids"
    reduce_pairs = staticmethod(mean_of_sums)

    def __init__(self, config):
        super().__init__(config)
        self.loss_function = partial(binary_cross_entropy, reduce=self.reduce_pairs)

    @classmethod
    def from_pretrained(cls, *args, use_safetensors: bool = True, **kwargs):
        # The library goes on to `pytorch_model.bin` where there is no `model.safetensors`: nothing is unpickled here.
        return super().from_pretrained(*args, use_safetensors=use_safetensors, **kwargs)


__all__ = ["MultiLabelPreTrainedModel", "binary_cross_entropy"]
