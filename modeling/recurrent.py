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
"""The recurrent core: one bidirectional LSTM or GRU over sequences of unequal length, with one result and two roads.

On a GPU, cuDNN's packed road is the fast one. On a CPU packed sequences fall off torch's fused kernel, so each
direction runs densely over chunks of like length, the backward one over the reversed words. Both equal
`pack_padded_sequence` through the same module, outputs and gradients; a sequence of no words gives zeros.

Shapes: N sequences, T steps, E input width, H hidden width of a direction.
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

# Steps (padding included) times hidden width of one dense chunk. Above it gates and states leave the cache and the
# fused kernel drops to a fifth of its speed; far below it the matrix products get too small.
CHUNK_STEPS_TIMES_WIDTH = 2**19


class BidirectionalRNN(nn.Module):
    """LayerNorm, dropout, then `num_hidden_layers` bidirectional layers with dropout between them, as the authors'
    code does for "we add layer normalization and dropout" (LW-PT, section 3.3).

    Args:
        config (`LWLSTMConfig`): `rnn_type`, `hidden_size`, `num_hidden_layers` and `dropout` are read.
        input_size (`int`): E, the width of the input.
    """

    def __init__(self, config, input_size: int):
        super().__init__()
        self.layer_norm = nn.LayerNorm(input_size, eps=config.layer_norm_eps)
        self.dropout = nn.Dropout(config.dropout)
        rnn_class = {"lstm": nn.LSTM, "gru": nn.GRU}[config.rnn_type]
        self.rnn = rnn_class(
            input_size,
            config.hidden_size,
            num_layers=config.num_hidden_layers,
            dropout=config.dropout if config.num_hidden_layers > 1 else 0.0,
            bidirectional=True,
            batch_first=True,
        )

    def forward(self, input_NTE: torch.Tensor, lengths_N: torch.Tensor) -> torch.Tensor:
        """
        Args:
            input_NTE (`torch.Tensor` of shape `(sequences, steps, input_size)`): What stands behind a length is not
                read.
            lengths_N (`torch.LongTensor` of shape `(sequences,)`): Steps to read, from 0 to `steps`.

        Returns:
            `torch.Tensor` of shape `(sequences, steps, 2 * hidden_size)`: Zero behind each length.
        """
        return run_bidirectional(self.rnn, self.dropout(self.layer_norm(input_NTE)), lengths_N)


def run_bidirectional(rnn: nn.RNNBase, input_NTE: torch.Tensor, lengths_N: torch.Tensor) -> torch.Tensor:
    """Outputs of a bidirectional, batch-first `rnn` over the first `lengths_N` steps of each sequence, zero behind."""
    if input_NTE.is_cuda:
        return _run_packed(rnn, input_NTE, lengths_N)
    if torch.compiler.is_compiling() or torch.jit.is_tracing():  # chunks would be frozen into the graph
        return _run_dense(rnn, input_NTE, lengths_N)
    return _run_chunked(rnn, input_NTE, lengths_N)


def _run_packed(rnn: nn.RNNBase, input_NTE: torch.Tensor, lengths_N: torch.Tensor) -> torch.Tensor:
    # A packed sequence must hold a step: the empty ones run over one that is then wiped.
    packed = pack_padded_sequence(input_NTE, lengths_N.clamp(min=1).cpu(), batch_first=True, enforce_sorted=False)
    output, _ = pad_packed_sequence(rnn(packed)[0], batch_first=True, total_length=input_NTE.shape[1])
    return output.masked_fill((lengths_N == 0)[:, None, None], 0.0)


def _run_chunked(rnn: nn.RNNBase, input_NTE: torch.Tensor, lengths_N: torch.Tensor) -> torch.Tensor:
    num_sequences, num_steps, _ = input_NTE.shape
    order = lengths_N.argsort(descending=True, stable=True)
    sorted_lengths = lengths_N[order]
    lengths = sorted_lengths.tolist()
    num_nonempty = sum(length > 0 for length in lengths)
    if num_nonempty == 0:
        return input_NTE.new_zeros(num_sequences, num_steps, 2 * rnn.hidden_size)

    budget = CHUNK_STEPS_TIMES_WIDTH // rnn.hidden_size
    outputs = []
    start = 0
    while start < num_nonempty:
        longest = lengths[start]
        stop = min(num_nonempty, start + max(1, budget // longest))
        # Rows far shorter than the first would run mostly over padding; rows too few make small matrix products.
        while stop - start > 8 and lengths[stop - 1] * 2 < longest:
            stop -= 1
        rows = order[start:stop]
        chunk = input_NTE.index_select(0, rows)[:, :longest]
        output = _run_dense(rnn, chunk, sorted_lengths[start:stop])
        outputs.append(nn.functional.pad(output, (0, 0, 0, num_steps - longest)))
        start = stop
    if num_nonempty < num_sequences:
        outputs.append(outputs[0].new_zeros(num_sequences - num_nonempty, num_steps, 2 * rnn.hidden_size))
    return torch.cat(outputs).index_select(0, order.argsort())


def _run_dense(rnn: nn.RNNBase, input_NTE: torch.Tensor, lengths_N: torch.Tensor) -> torch.Tensor:
    num_sequences, num_steps, _ = input_NTE.shape
    steps_T = torch.arange(num_steps, device=input_NTE.device)
    mask_NT = steps_T < lengths_N[:, None]
    # Reverses the words of each sequence and leaves its padding where it is; its own inverse.
    reverse_NT = torch.where(mask_NT, lengths_N[:, None] - 1 - steps_T, steps_T)
    rows_N = torch.arange(num_sequences, device=input_NTE.device)[:, None] * num_steps
    reverse = (rows_N + reverse_NT).flatten()

    def flip(states_NTX):
        return states_NTX.flatten(0, 1).index_select(0, reverse).view(num_sequences, num_steps, -1)

    hidden = input_NTE
    for layer in range(rnn.num_layers):
        if layer:
            hidden = nn.functional.dropout(hidden, rnn.dropout, rnn.training)
        forward_NTH = _run_direction(rnn, hidden, f"l{layer}")
        backward_NTH = flip(_run_direction(rnn, flip(hidden), f"l{layer}_reverse"))
        hidden = torch.cat([forward_NTH, backward_NTH], dim=-1)
    return hidden * mask_NT[..., None].to(hidden.dtype)


def _run_direction(rnn: nn.RNNBase, input_NTE: torch.Tensor, suffix: str) -> torch.Tensor:
    weights = [getattr(rnn, f"{name}_{suffix}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    start = input_NTE.new_zeros(1, input_NTE.shape[0], rnn.hidden_size)
    # The fused kernel keeps what the backward pass needs only when told that it trains; dropout is ours.
    settings = (True, 1, 0.0, torch.is_grad_enabled(), False, True)
    if isinstance(rnn, nn.LSTM):
        return torch.lstm(input_NTE, (start, start), weights, *settings)[0]
    return torch.gru(input_NTE, start, weights, *settings)[0]
