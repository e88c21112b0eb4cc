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
"""The recurrent core: a bidirectional LSTM or GRU over padded sequences, in two implementations with equal results.

On a GPU, cuDNN reads packed sequences. On a CPU packed sequences miss torch's fused kernel, so each direction runs
densely over chunks of sequences of like length, the backward one over the reversed steps. Both equal
`pack_padded_sequence` through the same module, outputs and gradients; a sequence of no steps gives zeros.

Shapes: N sequences, T steps, E input width, H = 2 * hidden_size; R sequences of one chunk.
"""

from collections.abc import Callable

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from transformers import PreTrainedConfig

from .length_chunks import map_chunks
from .padding import length_mask


def make_bidirectional(config: PreTrainedConfig, input_size: int, rnn_class: type[nn.RNNBase] = nn.LSTM) -> nn.RNNBase:
    """Return a module for `run_bidirectional`.

    Args:
        config (`PreTrainedConfig`): `hidden_size` (per direction), `num_hidden_layers` and `dropout` (between layers)
            are read.
        input_size (`int`): E.
        rnn_class (`type`, *optional*, defaults to `torch.nn.LSTM`): Or `torch.nn.GRU`.
    """
    return rnn_class(
        input_size,
        config.hidden_size,
        num_layers=config.num_hidden_layers,
        dropout=config.dropout if config.num_hidden_layers > 1 else 0.0,  # torch warns of dropout behind the last layer
        bidirectional=True,
        batch_first=True,
    )


def run_bidirectional(
    rnn: nn.RNNBase,
    inputs_NTE: torch.Tensor,
    lengths_N: torch.Tensor,
    *per_sequence: torch.Tensor,
    prepare: Callable[[torch.Tensor], torch.Tensor] | None = None,
    summarize: Callable[..., torch.Tensor | tuple[torch.Tensor, ...]] | None = None,
) -> torch.Tensor | tuple[torch.Tensor, ...]:
    """Run a bidirectional, batch-first recurrent module over padded sequences.

    Args:
        rnn (`torch.nn.LSTM` or `torch.nn.GRU`): Its weights, layers and dropout are used.
        inputs_NTE (`torch.Tensor` of shape `(sequences, steps, input_size)`): Vectors; or ids `(sequences, steps)` that
            `prepare` embeds, which spares the vectors of the padding. Steps behind a length are not read.
        lengths_N (`torch.LongTensor` of shape `(sequences,)`): Steps of each sequence, from 0 to `steps`.
        per_sequence (`torch.Tensor` of shape `(sequences, ...)`): Further arguments of `summarize`.
        prepare (`Callable`, *optional*): Applied to the inputs before they are read, as in `map_chunks`.
        summarize (`Callable`, *optional*): Applied to the states of one chunk, so that it never sees a batch padded to
            its longest sequence. Takes states `(R, T', 2 * hidden_size)`, lengths `(R,)` and the chunk's part of each
            of `per_sequence`; its results are those of `function` in `map_chunks`.

    Returns:
        The states, `torch.Tensor` of shape `(sequences, steps, 2 * hidden_size)`, zero behind each length; with
        `summarize` its results for all sequences.
    """
    num_steps = inputs_NTE.shape[1]

    def run(inputs_RTE: torch.Tensor, lengths_R: torch.Tensor, *parts: torch.Tensor) -> torch.Tensor | tuple:
        states_RTH = _run_chunk(rnn, inputs_RTE, lengths_R)
        if summarize is not None:
            return summarize(states_RTH, lengths_R, *parts)
        return nn.functional.pad(states_RTH, (0, 0, 0, num_steps - states_RTH.shape[1]))

    return map_chunks(run, inputs_NTE, lengths_N, rnn.hidden_size, *per_sequence, prepare=prepare)


def final_states(states_RTH: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
    """Return the final states of both directions, `(sequences, 2 * hidden_size)`: the forward one's at the last step,
    the backward one's at the first step.

    Args:
        states_RTH (`torch.Tensor` of shape `(sequences, steps, 2 * hidden_size)`): As `run_bidirectional` returns them.
        lengths_R (`torch.LongTensor` of shape `(sequences,)`): Steps of each sequence, from 0 to `steps`.
    """
    forward_RTX, backward_RTX = states_RTH.chunk(2, dim=-1)
    # Not `len`, which would be a constant of an exported graph.
    rows_R = torch.arange(lengths_R.shape[0], device=lengths_R.device)
    return torch.cat([forward_RTX[rows_R, (lengths_R - 1).clamp(min=0)], backward_RTX[:, 0]], dim=-1)


class Dropout(nn.Dropout):
    """`torch.nn.Dropout`, by `dropout`."""

    def forward(self, input: torch.Tensor) -> torch.Tensor:
        return dropout(input, self.p, self.training)


def dropout(input: torch.Tensor, p: float, training: bool) -> torch.Tensor:
    """Apply dropout as `torch.nn.functional.dropout` does, from torch's own generator too.

    On a CPU it draws its mask four numbers at a time, as torch draws number by number on one core; `p` is rounded to a
    multiple of 2**-16 there.
    """
    dropped = round(p * 2**16)
    if not input.is_cpu or not training or not 0 < dropped < 2**16:
        return nn.functional.dropout(input, p, training)
    bits = torch.empty(-(-input.numel() // 4), dtype=torch.int64).random_(-(2**63), None)
    keep = bits.view(torch.int16)[: input.numel()].view(input.shape) >= dropped - 2**15
    return input * (keep * (2**16 / (2**16 - dropped))).to(input.dtype)


def _run_chunk(rnn: nn.RNNBase, inputs_RTE: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
    behind_RT = ~length_mask(lengths_R, inputs_RTE.shape[1])
    # Padding is read and its states are thrown away. It must be finite, or gradients become NaN, and no zeros: without
    # biases, states decay over zeros to denormal numbers, which processors compute with many times more slowly.
    inputs_RTE = inputs_RTE.masked_fill(behind_RT[..., None], 1.0)
    run = _run_dense if inputs_RTE.is_cpu else _run_packed
    return run(rnn, inputs_RTE, lengths_R)


def _run_packed(rnn: nn.RNNBase, input_RTE: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
    # A packed sequence must have a step: empty ones read one step, whose states are then set to zero.
    packed = pack_padded_sequence(input_RTE, lengths_R.clamp(min=1).cpu(), batch_first=True, enforce_sorted=False)
    output, _ = pad_packed_sequence(rnn(packed)[0], batch_first=True, total_length=input_RTE.shape[1])
    return output.masked_fill((lengths_R == 0)[:, None, None], 0.0)


def _run_dense(rnn: nn.RNNBase, input_RTE: torch.Tensor, lengths_R: torch.Tensor) -> torch.Tensor:
    num_rows, num_steps, _ = input_RTE.shape
    mask_RT = length_mask(lengths_R, num_steps)
    steps_T = torch.arange(num_steps, device=input_RTE.device)
    # Reverse the steps of each sequence and leave its padding in place; this is its own inverse.
    reverse_RT = torch.where(mask_RT, lengths_R[:, None] - 1 - steps_T, steps_T)
    reverse = (torch.arange(num_rows, device=input_RTE.device)[:, None] * num_steps + reverse_RT).flatten()

    def flip(states_RTX: torch.Tensor) -> torch.Tensor:
        return states_RTX.flatten(0, 1).index_select(0, reverse).view(num_rows, num_steps, -1)

    hidden = input_RTE
    for layer in range(rnn.num_layers):
        if layer:
            hidden = dropout(hidden, rnn.dropout, rnn.training)
        forward = _run_direction(rnn, hidden, f"l{layer}")
        backward = flip(_run_direction(rnn, flip(hidden), f"l{layer}_reverse"))
        hidden = torch.cat([forward, backward], dim=-1)
    return hidden * mask_RT[..., None].to(hidden.dtype)


def _run_direction(rnn: nn.RNNBase, input_RTE: torch.Tensor, suffix: str) -> torch.Tensor:
    weights = [getattr(rnn, f"{name}_{suffix}") for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")]
    start = input_RTE.new_zeros(1, input_RTE.shape[0], rnn.hidden_size)
    # The fused kernel keeps what the backward pass needs only when told that it trains; dropout is applied above.
    settings = (True, 1, 0.0, torch.is_grad_enabled(), False, True)
    if isinstance(rnn, nn.LSTM):
        return torch.lstm(input_RTE, (start, start), weights, *settings)[0]
    return torch.gru(input_RTE, start, weights, *settings)[0]
