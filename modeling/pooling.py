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
"""The maximum of each unit over time.

Shapes: R sequences, T steps, H width.
"""

import torch

from .masking import length_mask


def max_over_time(states_RTH: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
    """
    Args:
        states_RTH (`torch.Tensor` of shape `(sequences, steps, width)`): What stands behind a length does not count.
        lengths_R (`torch.LongTensor` of shape `(sequences,)`): Steps that count, from 0 to `steps`.

    Returns:
        `torch.Tensor` of shape `(sequences, width)`: Zero for a sequence of no steps.
    """
    behind_RT = ~length_mask(lengths_R, states_RTH.shape[1])
    # A finite minimum, not -inf, which would be kept as NaN in the gradients of a sequence of no steps.
    highest_RH = states_RTH.masked_fill(behind_RT[..., None], torch.finfo(states_RTH.dtype).min).amax(dim=1)
    return highest_RH.masked_fill((lengths_R == 0)[:, None], 0.0)


__all__ = ["max_over_time"]
