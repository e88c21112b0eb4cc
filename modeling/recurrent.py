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
direction runs densely over chunks of like length, the backward one over the reversed steps. Both equal
`pack_padded_sequence` through the same module, outputs and gradients; a sequence of no steps gives zeros.

Shapes: N sequences, T steps, E input width, H = 2 * hidden_size. X counts the cells (sequence, step) of all chunks, R
the sequences of one chunk.
"""

from itertools import groupby

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from .dropout import dropout
from .masking import length_mask

# Steps (padding included) times hidden width of one dense chunk. Above it gates and states leave the cache and malloc
# asks the system for fresh pages each time; far below it the matrix products get too small.
CHUNK_STEPS_TIMES_WIDTH = 2**19
# Padding that a chunk may hold, in rows of its length: about what one more chunk costs.
PADDING_ROWS = 4


def make_bidirectional(config, input_size: int, rnn_class: type[nn.RNNBase] = nn.LSTM) -> nn.RNNBase:
    """A module for `run_bidirectional`: `hidden_size` per direction, `num_hidden_layers`, `dropout` between layers."""
    return rnn_class(
        input_size,
        config.hidden_size,
        num_layers=config.num_hidden_layers,
        dropout=config.dropout if config.num_hidden_layers > 1 else 0.0,  # torch warns of one that stands nowhere
        bidirectional=True,
        batch_first=True,
    )


class LengthChunks:
    """Which cells of padded sequences to read, chunk by chunk, so that each chunk holds sequences of like length.

    On a GPU, or while a graph is traced, all sequences are one chunk.

    Args:
        lengths_N (`torch.LongTensor` of shape `(sequences,)`): Steps to read, from 0 to `num_steps`.
        num_steps (`int`): T, the width that the sequences are padded to.
        hidden_size (`int`): Of the recurrent module that will read them.

    Attributes:
        rows (`torch.LongTensor`): Sequence number of each row of all chunks; where there are several, empty
            sequences are in none.
        row_of_N (`torch.LongTensor`): Row of each sequence, 0 for one that is in no chunk.
        shapes (`list[tuple[int, int]]`): Rows and steps of each chunk.
        lengths (`tuple[torch.LongTensor]`): Steps to read in each row of each chunk.
        cells_X (`torch.LongTensor`): Sequence number times `num_steps` plus step, of every cell of all chunks.
    """

    def __init__(self, lengths_N: torch.Tensor, num_steps: int, hidden_size: int):
        self.num_sequences, self.num_steps = lengths_N.shape[0], num_steps
        if lengths_N.is_cuda or torch.compiler.is_compiling() or torch.jit.is_tracing():
            self.rows = self.row_of_N = torch.arange(self.num_sequences, device=lengths_N.device)
            self.shapes = [(self.num_sequences, num_steps)]
        else:
            order = lengths_N.argsort(descending=True, stable=True)
            lengths = [length for length in lengths_N[order].tolist() if length]
            self.rows = order[: len(lengths)]
            self.row_of_N = torch.zeros_like(order).index_copy_(0, self.rows, torch.arange(len(lengths)))
            self.shapes = _cut(lengths, CHUNK_STEPS_TIMES_WIDTH // hidden_size)
        self.lengths = self.split(lengths_N[self.rows])
        cells = [
            rows[:, None] * num_steps + torch.arange(steps, device=rows.device)
            for rows, (_, steps) in zip(self.split(self.rows), self.shapes, strict=True)
        ]
        self.cells_X = torch.cat([chunk.flatten() for chunk in cells]) if cells else self.rows

    def split(self, rows: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Values per row of all chunks, by chunk."""
        return rows.split([number for number, _ in self.shapes])

    def split_cells(self, cells_XE: torch.Tensor) -> list[torch.Tensor]:
        """Values per cell of all chunks, by chunk: `(rows, steps, width)` each."""
        parts = cells_XE.split([rows * steps for rows, steps in self.shapes])
        return [part.unflatten(0, shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def restore(self, chunks: list[torch.Tensor], width: tuple[int, ...]) -> torch.Tensor:
        """Values per row, given by chunk, in the order of the sequences, `(sequences, *width)`; zero for empty ones."""
        restored = (chunks[0] if chunks else self.rows.float()).new_zeros(self.num_sequences, *width)
        return restored.index_copy_(0, self.rows, torch.cat(chunks)) if chunks else restored


def _cut(lengths: list[int], budget: int) -> list[tuple[int, int]]:
    """Rows and steps of chunks over falling lengths, each of at most `budget` cells unless a row alone is longer.

    A chunk takes in all sequences of the next shorter length as long as neither its cells nor its padding are too many.
    """
    shapes, padding = [], 0
    for length, group in groupby(lengths):
        count = len(list(group))
        if shapes:
            rows, steps = shapes[-1]
            padding += count * (steps - length)
            if padding <= PADDING_ROWS * steps and (rows + count) * steps <= budget:
                shapes[-1] = (rows + count, steps)
                continue
        most = max(1, budget // length)
        shapes += [(most, length)] * ((count - 1) // most) + [((count - 1) % most + 1, length)]
        padding = 0
    return shapes


def run_bidirectional(rnn: nn.RNNBase, input_RTE: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
    """Outputs of a bidirectional, batch-first recurrent module.

    Args:
        rnn (`torch.nn.LSTM` or `torch.nn.GRU`): Its weights, layers and dropout are used.
        input_RTE (`torch.Tensor` of shape `(sequences, steps, input_size)`): What stands behind a length is not read.
        lengths_R (`torch.LongTensor` of shape `(sequences,)`): Steps to read, from 0 to `steps`.

    Returns:
        `torch.Tensor` of shape `(sequences, steps, 2 * hidden_size)`: Zero behind each length.
    """
    behind_RT = ~length_mask(lengths_R, input_RTE.shape[1])
    input_RTE = input_RTE.masked_fill(behind_RT[..., None], 0.0)  # else infinities there would spoil the gradients
    run = _run_packed if input_RTE.is_cuda else _run_dense
    return run(rnn, input_RTE, lengths_R)


def final_states(states_RTH: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
    """The last states of both directions, `(sequences, 2 * hidden_size)`: the last step's of the one onward, the first
    step's of the one backward."""
    onward_RTX, backward_RTX = states_RTH.chunk(2, dim=-1)
    # Not `len`, which would be a constant of an exported graph.
    rows_R = torch.arange(lengths_R.shape[0], device=lengths_R.device)
    return torch.cat([onward_RTX[rows_R, (lengths_R - 1).clamp(min=0)], backward_RTX[:, 0]], dim=-1)


def _run_packed(rnn: nn.RNNBase, input_RTE: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
    # A packed sequence must hold a step: the empty ones run over one that is then wiped.
    packed = pack_padded_sequence(input_RTE, lengths_R.clamp(min=1).cpu(), batch_first=True, enforce_sorted=False)
    output, _ = pad_packed_sequence(rnn(packed)[0], batch_first=True, total_length=input_RTE.shape[1])
    return output.masked_fill((lengths_R == 0)[:, None, None], 0.0)


def _run_dense(rnn: nn.RNNBase, input_RTE: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
    num_rows, num_steps, _ = input_RTE.shape
    mask_RT = length_mask(lengths_R, num_steps)
    steps_T = torch.arange(num_steps, device=input_RTE.device)
    # Reverses the steps of each sequence and leaves its padding where it is; its own inverse.
    reverse_RT = torch.where(mask_RT, lengths_R[:, None] - 1 - steps_T, steps_T)
    reverse = (torch.arange(num_rows, device=input_RTE.device)[:, None] * num_steps + reverse_RT).flatten()

    def flip(states_RTX):
        return states_RTX.flatten(0, 1).index_select(0, reverse).view(num_rows, num_steps, -1)

    hidden = input_RTE
    for layer in range(rnn.num_layers):
        if layer:
            hidden = dropout(hidden, rnn.dropout, rnn.training)
        onward = _run_direction(rnn, hidden, f"l{layer}")
        backward = flip(_run_direction(rnn, flip(hidden), f"l{layer}_reverse"))
        hidden = torch.cat([onward, backward], dim=-1)
    return hidden * mask_RT[..., None].to(hidden.dtype)


def _run_direction(rnn: nn.RNNBase, input_RTE: torch.Tensor, suffix: str) -> torch.Tensor:
    weights = [getattr(rnn, f"{name}_{suffix}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    start = input_RTE.new_zeros(1, input_RTE.shape[0], rnn.hidden_size)
    # The fused kernel keeps what the backward pass needs only when told that it trains; dropout is ours.
    settings = (True, 1, 0.0, torch.is_grad_enabled(), False, True)
    if isinstance(rnn, nn.LSTM):
        return torch.lstm(input_RTE, (start, start), weights, *settings)[0]
    return torch.gru(input_RTE, start, weights, *settings)[0]
