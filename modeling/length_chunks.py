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
"""Sequences of unequal length as chunks of like length, so that nothing reads a batch padded to its longest one.

Shapes: N sequences, T steps, E width. X counts the cells (sequence, step) of all chunks, R the sequences of one chunk.
"""

from itertools import groupby

import torch

# Steps (padding included) times width of one dense chunk. Above it gates and states leave the cache and malloc
# asks the system for fresh pages each time; far below it the matrix products get too small.
CHUNK_STEPS_TIMES_WIDTH = 2**19
# Padding that a chunk may hold, in rows of its length: about what one more chunk costs.
PADDING_ROWS = 4


class LengthChunks:
    """Which cells of padded sequences to read, chunk by chunk, so that each chunk holds sequences of like length.

    On a GPU, or while a graph is traced, all sequences are one chunk.

    Args:
        lengths_N (`torch.LongTensor` of shape `(sequences,)`): Steps to read, from 0 to `num_steps`.
        num_steps (`int`): T, the width that the sequences are padded to.
        width (`int`): Numbers in a cell, as what will read them counts: a recurrent module's hidden size.

    Attributes:
        lengths_N (`torch.LongTensor`), num_steps (`int`): As given.
        num_sequences (`int`): N.
        rows (`torch.LongTensor`): Sequence number of each row of all chunks; where there are several, empty
            sequences are in none.
        row_of_N (`torch.LongTensor`): Row of each sequence, 0 for one that is in no chunk.
        shapes (`list[tuple[int, int]]`): Rows and steps of each chunk.
        lengths (`tuple[torch.LongTensor]`): Steps to read in each row of each chunk.
        cells_X (`torch.LongTensor`): Sequence number times `num_steps` plus step, of every cell of all chunks.
    """

    def __init__(self, lengths_N: torch.Tensor, num_steps: int, width: int):
        self.lengths_N, self.num_steps = lengths_N, num_steps
        self.num_sequences = lengths_N.shape[0]
        if lengths_N.is_cuda or torch.compiler.is_compiling() or torch.jit.is_tracing():
            self.rows = self.row_of_N = torch.arange(self.num_sequences, device=lengths_N.device)
            self.shapes = [(self.num_sequences, num_steps)]
        else:
            order = lengths_N.argsort(descending=True, stable=True)
            lengths = [length for length in lengths_N[order].tolist() if length]
            self.rows = order[: len(lengths)]
            self.row_of_N = torch.zeros_like(order).index_copy_(0, self.rows, torch.arange(len(lengths)))
            self.shapes = _cut(lengths, CHUNK_STEPS_TIMES_WIDTH // width)
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


__all__ = ["LengthChunks"]
