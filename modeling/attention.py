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
"""Attention with a learned context vector: Eqs. 5-6, 8-9 and 11-12 of LW-PT.

Shapes: N sequences, T steps, H state width, Q context vectors (one per label, or one for all).
"""

import torch


def attend(
    hidden_NTH: torch.Tensor, context_QH: torch.Tensor, mask_NT: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weighs the steps of each sequence by their product with each context vector.

    The authors' code adds a bias b_k to the score; it is the same for every step, so the softmax removes it.

    Args:
        hidden_NTH (`torch.Tensor` of shape `(sequences, steps, width)`): Recurrent states.
        context_QH (`torch.Tensor` of shape `(contexts, width)` or `(sequences, contexts, width)`): U_k, shared by all
            sequences or one set per sequence.
        mask_NT (`torch.BoolTensor` of shape `(sequences, steps)`): `True` at the steps that exist.

    Returns:
        `torch.Tensor` of shape `(sequences, contexts, width)`: The weighted sums; zero for a sequence of no steps.
        `torch.Tensor` of shape `(sequences, contexts, steps)`: The weights; they sum to 1, or to 0 for no steps.
    """
    scores_NQT = torch.matmul(context_QH, hidden_NTH.transpose(1, 2))  # H U_k
    mask_N1T = mask_NT[:, None, :]
    # A finite minimum, not -inf: a sequence of no steps must give zeros and zero gradients, not NaN.
    scores_NQT = scores_NQT.masked_fill(~mask_N1T, torch.finfo(scores_NQT.dtype).min)
    weights_NQT = scores_NQT.softmax(dim=-1) * mask_N1T  # alpha_k = softmax(H U_k)
    return torch.matmul(weights_NQT, hidden_NTH), weights_NQT  # Q_k = alpha_k^T H
