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

Shapes: R sequences, T steps, E input width, H = 2 * hidden_size.
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from .dropout import dropout
from .masking import length_mask


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
