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
"""One level of reading: a bidirectional recurrent module, then attention with learned context vectors.

Eqs. 4-6 of LW-PT on words, 7-9 on the words of sentences, 10-12 on sentences.

Shapes: N sequences, T steps, E input width, H = 2 * hidden_size, Q context vectors (one per label, or one for all). X
counts the cells (sequence, step) of all chunks, R the sequences of one chunk.
"""

from typing import NamedTuple

import torch
from torch import nn

from .dropout import Dropout
from .length_chunks import LengthChunks
from .masking import length_mask, masked_softmax
from .recurrent import make_bidirectional, run_bidirectional


class Reading(NamedTuple):
    """What one level makes of its sequences.

    Attributes:
        summary_RQH (`torch.Tensor`): The weighted sums, R being the sequences of all chunks here; zero for one of no
            steps.
        weights_NQT (`torch.Tensor`, *optional*): The weights; they sum to 1, or to 0 for no steps.
        hidden_NTH (`torch.Tensor`, *optional*): The recurrent states; zero behind each length.
    """

    summary_RQH: torch.Tensor
    weights_NQT: torch.Tensor | None
    hidden_NTH: torch.Tensor | None


class RecurrentAttention(nn.Module):
    """LayerNorm, dropout, `num_hidden_layers` bidirectional layers with dropout between them (the place of "layer
    normalization and dropout" of LW-PT, section 3.3, in the authors' code), and the context vectors U_k.

    Args:
        config (`LWLSTMConfig`): `rnn_type`, `hidden_size`, `num_hidden_layers`, `dropout` and `num_queries` are read.
        input_size (`int`): E, the width of the input.
    """

    def __init__(self, config, input_size: int):
        super().__init__()
        self.layer_norm = nn.LayerNorm(input_size)
        self.dropout = Dropout(config.dropout)
        self.rnn = make_bidirectional(config, input_size, {"lstm": nn.LSTM, "gru": nn.GRU}[config.rnn_type])
        self.context = nn.Parameter(torch.empty(config.num_queries, 2 * config.hidden_size))

    def contexts_of(self, class_ids: torch.Tensor) -> torch.Tensor:
        """U_k of the label that each sequence asks for, `(sequences, 1, H)`; the shared one when there is only one."""
        return self.context[class_ids if len(self.context) > 1 else class_ids * 0].unsqueeze(1)

    def forward(
        self,
        input_XE: torch.Tensor,
        chunks: LengthChunks,
        context_NQH: torch.Tensor | None = None,
        with_details: bool = False,
    ) -> Reading:
        """
        Args:
            input_XE (`torch.Tensor` of shape `(cells, input_size)`): The steps of all sequences, as `chunks` asks for
                them.
            chunks (`LengthChunks`): How the cells make up sequences.
            context_NQH (`torch.Tensor` of shape `(sequences, contexts, 2 * hidden_size)`, *optional*): Context vectors
                of each sequence; all of this level's for each when not given.
            with_details (`bool`, *optional*, defaults to `False`): Return weights and states too.
        """
        inputs = chunks.split_cells(self.dropout(self.layer_norm(input_XE)))
        contexts = [self.context] * len(inputs) if context_NQH is None else chunks.split(context_NQH[chunks.rows])
        summaries, all_weights, all_hidden = [], [], []
        for input_RTE, lengths_R, context in zip(inputs, chunks.lengths, contexts, strict=True):
            hidden_RTH = run_bidirectional(self.rnn, input_RTE, lengths_R)
            summary_RQH, weights_RQT = attend(hidden_RTH, context, lengths_R)
            summaries.append(summary_RQH)
            if with_details:
                missing = chunks.num_steps - input_RTE.shape[1]
                all_weights.append(nn.functional.pad(weights_RQT, (0, missing)))
                all_hidden.append(nn.functional.pad(hidden_RTH, (0, 0, 0, missing)))
        num_contexts = len(self.context) if context_NQH is None else context_NQH.shape[1]
        width = self.context.shape[1]
        return Reading(
            torch.cat(summaries) if summaries else input_XE.new_zeros(0, num_contexts, width),
            chunks.restore(all_weights, (num_contexts, chunks.num_steps)) if with_details else None,
            chunks.restore(all_hidden, (chunks.num_steps, width)) if with_details else None,
        )


def attend(
    hidden_RTH: torch.Tensor, context_QH: torch.Tensor, lengths_R: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """Weighs the steps of each sequence by their product with each context vector.

    The authors' code adds a bias b_k to the score; it is the same for every step, so the softmax removes it.

    Args:
        hidden_RTH (`torch.Tensor` of shape `(sequences, steps, width)`): Recurrent states.
        context_QH (`torch.Tensor` of shape `(contexts, width)` or `(sequences, contexts, width)`): U_k, shared by all
            sequences or one set per sequence.
        lengths_R (`torch.LongTensor` of shape `(sequences,)`): Steps that exist.

    Returns:
        `torch.Tensor` of shape `(sequences, contexts, width)`: The weighted sums; zero for a sequence of no steps.
        `torch.Tensor` of shape `(sequences, contexts, steps)`: The weights; they sum to 1, or to 0 for no steps.
    """
    scores_RQT = torch.matmul(context_QH, hidden_RTH.transpose(1, 2))  # H U_k
    mask_R1T = length_mask(lengths_R, hidden_RTH.shape[1])[:, None]
    weights_RQT = masked_softmax(scores_RQT, mask_R1T)  # alpha_k = softmax(H U_k)
    return torch.matmul(weights_RQT, hidden_RTH), weights_RQT  # Q_k = alpha_k^T H
