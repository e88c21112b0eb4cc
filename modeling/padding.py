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
"""Operations on padded sequences that leave out their padding.

Shapes: B documents, R sequences, T steps or tokens, H width.
"""

import torch


def length_mask(lengths_R: torch.Tensor, num_steps: int) -> torch.Tensor:
    """Return a mask of the steps that exist.

    Args:
        lengths_R (`torch.LongTensor` of shape `(sequences,)`): Steps that exist, from 0 to `num_steps`.
        num_steps (`int`): T, the width that the sequences are padded to.

    Returns:
        `torch.BoolTensor` of shape `(sequences, num_steps)`: `True` at the steps that exist.
    """
    return torch.arange(num_steps, device=lengths_R.device) < lengths_R[:, None]


def masked_softmax(scores_RXT: torch.Tensor, mask_RXT: torch.Tensor) -> torch.Tensor:
    """Return the softmax over the steps that exist.

    Args:
        scores_RXT (`torch.Tensor` of shape `(sequences, ..., steps)`): Scores; those at other steps are not read.
        mask_RXT (`torch.BoolTensor` of that shape, or one that broadcasts to it): `True` at the steps that exist.

    Returns:
        `torch.Tensor` of shape `(sequences, ..., steps)`: Weights; they sum to 1, or to 0 for no steps.
    """
    # A finite minimum, not -inf: a sequence of no steps must give zeros and zero gradients, not NaN.
    lowest = torch.finfo(scores_RXT.dtype).min
    return scores_RXT.masked_fill(~mask_RXT, lowest).softmax(dim=-1) * mask_RXT


def max_over_time(states_RTH: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
    """Return the maximum of each unit over the steps that exist.

    Args:
        states_RTH (`torch.Tensor` of shape `(sequences, steps, width)`): States; those behind a length are not read.
        lengths_R (`torch.LongTensor` of shape `(sequences,)`): Steps that exist, from 0 to `steps`.

    Returns:
        `torch.Tensor` of shape `(sequences, width)`: Zero for a sequence of no steps.
    """
    behind_RT = ~length_mask(lengths_R, states_RTH.shape[1])
    # A finite minimum, not -inf, which would become NaN in the gradients of a sequence of no steps.
    highest_RH = states_RTH.masked_fill(behind_RT[..., None], torch.finfo(states_RTH.dtype).min).amax(dim=1)
    return highest_RH.masked_fill((lengths_R == 0)[:, None], 0.0)


def pad_right(attention_mask: torch.Tensor | None, *tensors: torch.Tensor | None) -> list[torch.Tensor | None]:
    """Move padding from the left to the right.

    Most encoders count positions from the first column, so padding on the left would shift the positions of the text
    and of the labels' tokens.

    Args:
        attention_mask (`torch.Tensor` of shape `(batch, tokens)`, *optional*): 1 at tokens, 0 at padding.
        tensors (`torch.Tensor` of shape `(batch, tokens)`, *optional*): Values per token.

    Returns:
        `list[torch.Tensor]`: `tensors`, then the mask; `None` for what is `None`.
    """
    if attention_mask is None:
        return [*tensors, None]
    first_B1 = attention_mask.long().argmax(dim=1, keepdim=True)
    num_tokens = attention_mask.shape[1]
    order_BT = torch.arange(num_tokens, device=attention_mask.device) + first_B1
    order_BT = torch.where(order_BT < num_tokens, order_BT, order_BT - num_tokens)
    return [tensor if tensor is None else tensor.gather(1, order_BT) for tensor in (*tensors, attention_mask)]


__all__ = ["length_mask", "masked_softmax", "max_over_time", "pad_right"]
