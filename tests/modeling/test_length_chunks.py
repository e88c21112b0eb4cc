# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Chunks of like length: each sequence once, within the budget, and back in order."""

import pytest
import torch

from labelwise.modeling import length_chunks
from labelwise.modeling.length_chunks import LengthChunks

WIDTH = 4


@pytest.mark.parametrize("budget", [1, 30, 100, 1000])
def test_chunks_hold_each_sequence_once_and_stay_in_their_budget(monkeypatch, budget):
    monkeypatch.setattr(length_chunks, "CHUNK_STEPS_TIMES_WIDTH", budget * WIDTH)
    lengths = torch.randint(0, 30, (200,), generator=torch.Generator().manual_seed(0))
    chunks = LengthChunks(lengths, 30, WIDTH)
    assert sorted(chunks.rows.tolist()) == lengths.nonzero().flatten().tolist()
    assert [len(rows) for rows in chunks.split(chunks.rows)] == [rows for rows, _ in chunks.shapes]
    if budget < 1000:
        assert len(chunks.shapes) > 10
    parts = [lengths[rows] for rows in chunks.split(chunks.rows)]
    for part, (number, steps), known in zip(parts, chunks.shapes, chunks.lengths, strict=True):
        assert number * steps <= budget or number == 1
        assert part.max() == steps
        assert (steps - part).sum() <= length_chunks.PADDING_ROWS * steps
        assert known.equal(part)
    cells = chunks.split_cells(chunks.cells_X[:, None])
    for rows, part, part_cells in zip(chunks.split(chunks.rows), parts, cells, strict=True):
        for row, length, row_cells in zip(rows.tolist(), part.tolist(), part_cells.squeeze(-1).tolist(), strict=True):
            assert row_cells[:length] == list(range(row * 30, row * 30 + length))
            assert all(cell // 30 == row for cell in row_cells)  # what follows is not read, but must exist


def test_restore_undoes_the_order():
    lengths = torch.tensor([2, 0, 9, 4])
    chunks = LengthChunks(lengths, 9, WIDTH)
    parts = [lengths[rows][:, None].float() for rows in chunks.split(chunks.rows)]
    assert chunks.restore(parts, (1,)).flatten().tolist() == [2, 0, 9, 4]


def test_all_rows_of_one_length_are_cut_by_the_budget_and_never_padded():
    assert length_chunks._cut([6] * 10 + [5] * 2, budget=24) == [(4, 6), (4, 6), (4, 6)]
    assert length_chunks._cut([6] * 9 + [1] * 5, budget=24) == [(4, 6), (4, 6), (1, 6), (5, 1)]
