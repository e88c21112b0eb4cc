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
"""Label-wise attention: each label weighs the states of a document by its own context vector.

Equation numbers are those of LW-PT: 5-6 on the tokens of a document, or 8-9 on those of its parts and 11-12 on the
parts. The states are those of a BiLSTM or of a pretrained encoder.

Shapes: R sequences, T steps, H width of states, Q context vectors (one per label, or one for all); B documents, M
parts, S steps of a part, N = B * M, X = B * Q.
"""

from collections.abc import Callable, Sequence

import torch
from torch import nn

from .label_blocks import cat_blocks
from .padding import masked_softmax
from .recorded_attention import AttentionRecorder
from .sentences import SentenceGrid


def _as_it_is(weights: torch.Tensor) -> torch.Tensor:
    return weights


def attend(
    hidden_RTH: torch.Tensor,
    context_QH: torch.Tensor,
    mask_RT: torch.Tensor,
    record: Callable[[torch.Tensor], torch.Tensor] = _as_it_is,
    blocks: Sequence[slice] = (),
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weigh the steps of each sequence by their product with each context vector.

    The authors' code adds a bias b_k to the score; it is the same for every step, so the softmax removes it.

    Args:
        hidden_RTH (`torch.Tensor` of shape `(sequences, steps, width)`): States.
        context_QH (`torch.Tensor` of shape `(contexts, width)` or `(sequences, contexts, width)`): U_k, shared by all
            sequences or one set per sequence.
        mask_RT (`torch.BoolTensor` of shape `(sequences, steps)`): `True` at the steps that exist.
        record (`Callable`, *optional*): `Recorded.weights`.
        blocks (`Sequence[slice]`, *optional*): `config.label_slices`: the contexts, all in order, whose products are
            computed together; all by default.

    Returns:
        `torch.Tensor` of shape `(sequences, contexts, width)`: The weighted sums; zero for a sequence of no steps.
        `torch.Tensor` of shape `(sequences, contexts, steps)`: The weights; they sum to 1, or to 0 for no steps.
    """
    # CODEPATH: the labels that joined a trained model have products of their own.
    blocks = blocks or [slice(None)]
    scores_RQT = cat_blocks(  # Eqs. 5, 8, 11, scores: H U_k
        [torch.matmul(context_QH[..., block, :], hidden_RTH.transpose(1, 2)) for block in blocks]
    )
    weights_RQT = record(masked_softmax(scores_RQT, mask_RT[:, None]))  # Eqs. 5, 8, 11, softmax: alpha_k
    sums_RQH = cat_blocks(  # Eqs. 6, 9, 12: Q_k = alpha_k^T H
        [torch.matmul(weights_RQT[:, block].contiguous(), hidden_RTH) for block in blocks]
    )
    return sums_RQH, weights_RQT


class LabelContexts(nn.Module):
    """The context vectors U_k of all labels, over the states of documents.

    Args:
        num_labels (`int`): One vector per label.
        width (`int`): H, the width of the states.
        hierarchical (`bool`): Attend to the steps of each part, then to parts (Eqs. 8-9, 11-12), with vectors of their
            own; else to all steps (Eqs. 5-6).
        blocks (`Sequence[slice]`, *optional*): As in `attend`.
    """

    def __init__(self, num_labels: int, width: int, hierarchical: bool, blocks: Sequence[slice] = ()) -> None:
        super().__init__()
        self.blocks = blocks
        self.steps = nn.Parameter(torch.empty(num_labels, width))
        self.parts = nn.Parameter(torch.empty(num_labels, width)) if hierarchical else None

    def forward(
        self,
        states_BTH: torch.Tensor,
        grid: SentenceGrid,
        labels: slice | torch.Tensor = slice(None),
        recorder: AttentionRecorder | None = None,
    ) -> torch.Tensor:
        """
        Args:
            states_BTH (`torch.Tensor` of shape `(batch, steps, width)`): States of documents.
            grid (`SentenceGrid`): Positions of the steps of each part; one part of all steps when not hierarchical.
            labels (`slice` or `torch.LongTensor`, *optional*): The labels that documents are represented for, all by
                default; of shape `(labels,)` the same for all documents, of shape `(batch, labels)` its own for each.
            recorder (`AttentionRecorder`, *optional*): Records the weights.

        Returns:
            `torch.Tensor` of shape `(batch, labels, width)`: Q_k; zero for a document of no steps.
        """
        num_documents, num_parts = grid.mask_BMS.shape[:2]
        record, record_parts = (recorder.words.weights, recorder.sentences.weights) if recorder else (_as_it_is,) * 2
        context_QH = self.steps[labels]
        are_own = context_QH.dim() == 3
        # Labels that are asked for alone are within a block, or sampled in training.
        blocks = self.blocks if isinstance(labels, slice) and labels == slice(None) else ()
        if self.parts is None:
            return attend(states_BTH, context_QH, grid.mask_BMS[:, 0], record, blocks)[0]

        positions_BXH = grid.positions_BMS.flatten(1)[..., None].expand(-1, -1, states_BTH.shape[2])
        states_NSH = states_BTH.gather(1, positions_BXH).view(num_documents * num_parts, -1, states_BTH.shape[2])
        if are_own:
            context_QH = context_QH.repeat_interleave(num_parts, dim=0)
        parts_NQH = attend(states_NSH, context_QH, grid.mask_BMS.flatten(0, 1), record, blocks)[0]
        # Each label attends to its own vectors of parts, a sequence of its own.
        num_queries = parts_NQH.shape[1]
        parts_XMH = parts_NQH.unflatten(0, (num_documents, num_parts)).transpose(1, 2).flatten(0, 1)
        context_XH = self.parts[labels].flatten(0, 1) if are_own else self.parts[labels].repeat(num_documents, 1)
        mask_XM = grid.mask_BMS.any(dim=-1).repeat_interleave(num_queries, dim=0)
        return attend(parts_XMH, context_XH[:, None], mask_XM, record_parts)[0].view(num_documents, num_queries, -1)


__all__ = ["LabelContexts", "attend"]
