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
"""Which steps of padded sequences exist, and a softmax over those alone.

Shapes: R sequences, T steps.
"""

import torch


def length_mask(lengths_R: torch.Tensor, num_steps: int) -> torch.Tensor:
    """
    Args:
        lengths_R (`torch.LongTensor` of shape `(sequences,)`): Steps that exist, from 0 to `num_steps`.
        num_steps (`int`): T, the width that the sequences are padded to.

    Returns:
        `torch.BoolTensor` of shape `(sequences, num_steps)`: `True` at the steps that exist.
    """
    return torch.arange(num_steps, device=lengths_R.device) < lengths_R[:, None]


def masked_softmax(scores_RXT: torch.Tensor, mask_RXT: torch.Tensor) -> torch.Tensor:
    """Softmax over the steps that exist.

    Args:
        scores_RXT (`torch.Tensor` of shape `(sequences, ..., steps)`): What stands elsewhere does not count.
        mask_RXT (`torch.BoolTensor` of that shape, or one that broadcasts to it): `True` at the steps that exist.

    Returns:
        `torch.Tensor` of shape `(sequences, ..., steps)`: Weights; they sum to 1, or to 0 for no steps.
    """
    # A finite minimum, not -inf: a sequence of no steps must give zeros and zero gradients, not NaN.
    lowest = torch.finfo(scores_RXT.dtype).min
    return scores_RXT.masked_fill(~mask_RXT, lowest).softmax(dim=-1) * mask_RXT


__all__ = ["length_mask", "masked_softmax"]
