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
"""Padded sequences computed in chunks of like length, so that nothing is computed for most of the padding.

Shapes: N sequences, T steps, E width. X counts the cells (sequence, step) of all chunks, R the sequences of one chunk.
"""

from collections.abc import Callable
from itertools import groupby

import torch

# Steps (padding included) times width of one dense chunk. Above it gates and states leave the cache and malloc
# asks the system for fresh pages each time; far below it the matrix products get too small.
CHUNK_STEPS_TIMES_WIDTH = 2**19
# Padding that a chunk may contain, in rows of its length: about what one more chunk costs.
PADDING_ROWS = 4


def map_chunks(
    function: Callable[..., torch.Tensor | tuple[torch.Tensor, ...]],
    inputs_NTE: torch.Tensor,
    lengths_N: torch.Tensor,
    width: int,
    *per_sequence: torch.Tensor,
    prepare: Callable[[torch.Tensor], torch.Tensor] | None = None,
) -> torch.Tensor | tuple[torch.Tensor, ...]:
    """Apply a function to padded sequences in chunks of like length; return its results in the order of the sequences.

    On a GPU, or while a graph is traced, all sequences are one chunk.

    Args:
        function (`Callable`): Takes the inputs of one chunk `(R, T', ...)`, where T' <= T, its lengths `(R,)` and the
            chunk's part of each of `per_sequence`; returns one tensor or several, each with one row per sequence and
            of a shape that does not depend on T'. Its result for a sequence of no steps must be zero.
        inputs_NTE (`torch.Tensor` of shape `(sequences, steps, ...)`): Padded on the right: vectors, or ids that
            `prepare` turns into vectors.
        lengths_N (`torch.LongTensor` of shape `(sequences,)`): Steps of each sequence, from 0 to T.
        width (`int`): Numbers that `function` computes per step, such as the hidden size of a recurrent module. It sets
            the size of the chunks.
        per_sequence (`torch.Tensor` of shape `(sequences, ...)`): Further inputs of `function`.
        prepare (`Callable`, *optional*): Applied to the steps of all chunks at once, in the order of the chunks,
            `(X, ...)`: embedding, layer normalization, dropout.

    Returns:
        What `function` returns, for all sequences: a tensor or a tuple of tensors; zero for a sequence of no steps.
    """
    prepare = prepare or (lambda inputs: inputs)
    if not lengths_N.is_cpu or torch.compiler.is_compiling() or torch.jit.is_tracing():
        return function(prepare(inputs_NTE), lengths_N, *per_sequence)
    if not lengths_N.any():  # the zeros of a function that reads nothing: no gradients, no random numbers drawn
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            return function(prepare(inputs_NTE[:, :1]), lengths_N, *per_sequence)
    chunks = _LengthChunks(lengths_N, inputs_NTE.shape[1], width)
    cells = prepare(inputs_NTE.flatten(0, 1).index_select(0, chunks.cells_X))
    parts = [chunks.split(values.index_select(0, chunks.rows)) for values in (lengths_N, *per_sequence)]
    results = [function(*part) for part in zip(chunks.split_cells(cells), *parts, strict=True)]
    if isinstance(results[0], tuple):
        return tuple(chunks.restore(values) for values in zip(*results, strict=True))
    return chunks.restore(results)


class _LengthChunks:
    """The layout of padded sequences in chunks of like length.

    Args:
        lengths_N (`torch.LongTensor` of shape `(sequences,)`): Steps of each sequence, from 0 to `num_steps`, with at
            least one above 0.
        num_steps (`int`): T, the width that the sequences are padded to.
        width (`int`): As for `map_chunks`.

    Attributes:
        num_sequences (`int`): N.
        rows (`torch.LongTensor`): Sequence number of each row of all chunks. A sequence of no steps is in no chunk.
        shapes (`list[tuple[int, int]]`): Rows and steps of each chunk.
        cells_X (`torch.LongTensor`): Sequence number times `num_steps` plus step, of every cell of all chunks.
    """

    def __init__(self, lengths_N: torch.Tensor, num_steps: int, width: int) -> None:
        self.num_sequences = lengths_N.shape[0]
        order = lengths_N.argsort(descending=True, stable=True)
        lengths = [length for length in lengths_N[order].tolist() if length]
        self.rows = order[: len(lengths)]
        self.shapes = _cut(lengths, CHUNK_STEPS_TIMES_WIDTH // width)
        self.cells_X = torch.cat(
            [
                (rows[:, None] * num_steps + torch.arange(steps)).flatten()
                for rows, (_, steps) in zip(self.split(self.rows), self.shapes, strict=True)
            ]
        )

    def split(self, values: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Split values per row of all chunks by chunk."""
        return values.split([rows for rows, _ in self.shapes])

    def split_cells(self, cells_XE: torch.Tensor) -> list[torch.Tensor]:
        """Split values per cell of all chunks by chunk: `(rows, steps, ...)` each."""
        parts = cells_XE.split([rows * steps for rows, steps in self.shapes])
        return [part.unflatten(0, shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def restore(self, chunks: list[torch.Tensor]) -> torch.Tensor:
        """Return values per row, given by chunk, in the order of the sequences; zero for a sequence in no chunk."""
        restored = chunks[0].new_zeros(self.num_sequences, *chunks[0].shape[1:])
        return restored.index_copy_(0, self.rows, torch.cat(chunks))


def _cut(lengths: list[int], budget: int) -> list[tuple[int, int]]:
    """Return rows and steps of chunks over falling lengths, each of at most `budget` cells unless one row is longer.

    A chunk takes in all sequences of the next shorter length unless its cells or its padding become too many.
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


__all__ = ["map_chunks"]
