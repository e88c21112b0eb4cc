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
"""Where padding stands. Shapes: B documents, T tokens."""

import torch


def padded_right(attention_mask: torch.Tensor | None, *tensors: torch.Tensor | None) -> list[torch.Tensor | None]:
    """`tensors` and the mask with padding on the left moved to the right: most encoders count positions from the first
    column, so that padding would shift them, and the labels' tokens."""
    if attention_mask is None:
        return [*tensors, None]
    first_B1 = attention_mask.long().argmax(dim=1, keepdim=True)
    num_tokens = attention_mask.shape[1]
    order_BT = torch.arange(num_tokens, device=attention_mask.device) + first_B1
    order_BT = torch.where(order_BT < num_tokens, order_BT, order_BT - num_tokens)
    return [tensor if tensor is None else tensor.gather(1, order_BT) for tensor in (*tensors, attention_mask)]
