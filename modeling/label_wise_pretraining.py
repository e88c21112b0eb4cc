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
"""Label-wise pre-training (LW-PT, section 2): find the candidate that shares label k with the target (Eqs. 1-3).

Shapes: B targets, C candidates of each, N = B * C, H width of a representation.
"""

from dataclasses import dataclass

import torch
from torch import nn
from transformers.utils import ModelOutput, can_return_tuple

from .precision import at_least_float32


@dataclass
class LabelWisePreTrainingOutput(ModelOutput):  # trf-ignore: TRF057
    """
    Args:
        loss (`torch.FloatTensor` of shape `(1,)`, *optional*): L_pt, Eq. 3.
        logits (`torch.FloatTensor` of shape `(batch, candidates)`): (Q_k^t)^T Q_k^c of each candidate.
    """

    loss: torch.FloatTensor | None = None
    logits: torch.FloatTensor | None = None


class LabelWisePreTraining:
    """`forward` of the models for label-wise pre-training.

    Their base model has `encode_for`, which encodes documents for one label each, as targets or as candidates.
    """

    @can_return_tuple
    def forward(  # trf-ignore: TRF057
        self,
        input_ids: torch.LongTensor,
        candidate_input_ids: torch.LongTensor,
        class_ids: torch.LongTensor,
        attention_mask: torch.Tensor | None = None,
        candidate_attention_mask: torch.Tensor | None = None,
        labels: torch.LongTensor | None = None,
    ) -> LabelWisePreTrainingOutput:
        r"""
        Args:
            input_ids (`torch.LongTensor` of shape `(batch, tokens)`):
                The target documents T.
            candidate_input_ids (`torch.LongTensor` of shape `(batch, candidates, candidate_tokens)`):
                The candidates {C_i} of each target, one of which has label k.
            class_ids (`torch.LongTensor` of shape `(batch,)`):
                The label k of each instance.
            attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*):
                1 at tokens, 0 at padding.
            candidate_attention_mask (`torch.Tensor` of shape `(batch, candidates, candidate_tokens)`, *optional*):
                1 at tokens, 0 at padding.
            labels (`torch.LongTensor` of shape `(batch,)`, *optional*):
                Index of the positive candidate, C^+.

        Returns:
            `LabelWisePreTrainingOutput`: `logits` of shape `(batch, candidates)`, before the softmax of Eq. 3, and
            with `labels` the loss.
        """
        num_candidates = candidate_input_ids.shape[1]
        if candidate_attention_mask is not None:
            candidate_attention_mask = candidate_attention_mask.flatten(0, 1)
        candidate_classes = class_ids.repeat_interleave(num_candidates)
        candidate_input_ids = candidate_input_ids.flatten(0, 1)
        encode = self.base_model.encode_for
        target_B1H = encode(class_ids, input_ids, attention_mask, candidates=False)  # Eq. 1
        candidate_N1H = encode(  # Eq. 2
            candidate_classes, candidate_input_ids, candidate_attention_mask, candidates=True
        )
        candidate_BCH = candidate_N1H.view(len(input_ids), num_candidates, -1)
        logits_BC = (target_B1H * candidate_BCH).sum(dim=-1)  # (Q_k^t)^T Q_k^c
        loss = None if labels is None else nn.functional.cross_entropy(at_least_float32(logits_BC), labels)  # Eq. 3
        return LabelWisePreTrainingOutput(loss=loss, logits=logits_BC)


__all__ = ["LabelWisePreTraining", "LabelWisePreTrainingOutput"]
