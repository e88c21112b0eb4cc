# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Chunks of like length: each sequence once, within the budget, and back in order."""

import pytest
import torch
from torch import nn

from labelwise.modeling import length_chunks
from labelwise.modeling.length_chunks import _LengthChunks, map_chunks

WIDTH = 4


@pytest.mark.parametrize("budget", [1, 30, 100, 1000])
def test_chunks_hold_each_sequence_once_and_stay_in_their_budget(monkeypatch, budget):
    monkeypatch.setattr(length_chunks, "CHUNK_STEPS_TIMES_WIDTH", budget * WIDTH)
    lengths = torch.randint(0, 30, (200,), generator=torch.Generator().manual_seed(0))
    chunks = _LengthChunks(lengths, 30, WIDTH)
    assert sorted(chunks.rows.tolist()) == lengths.nonzero().flatten().tolist()
    assert [len(rows) for rows in chunks.split(chunks.rows)] == [rows for rows, _ in chunks.shapes]
    if budget < 1000:
        assert len(chunks.shapes) > 10
    parts = [lengths[rows] for rows in chunks.split(chunks.rows)]
    for part, (number, steps) in zip(parts, chunks.shapes, strict=True):
        assert number * steps <= budget or number == 1
        assert part.max() == steps
        assert (steps - part).sum() <= length_chunks.PADDING_ROWS * steps
    cells = chunks.split_cells(chunks.cells_X[:, None])
    for rows, part, part_cells in zip(chunks.split(chunks.rows), parts, cells, strict=True):
        for row, length, row_cells in zip(rows.tolist(), part.tolist(), part_cells.squeeze(-1).tolist(), strict=True):
            assert row_cells[:length] == list(range(row * 30, row * 30 + length))
            assert all(cell // 30 == row for cell in row_cells)  # what follows is not read, but must exist


@pytest.mark.parametrize("budget", [1, 10, 1000])
@pytest.mark.parametrize("lengths", [[2, 0, 9, 4], [0, 0], [9, 9]], ids=["mixed", "empty", "equal"])
def test_results_come_in_the_order_of_the_sequences(monkeypatch, budget, lengths):
    monkeypatch.setattr(length_chunks, "CHUNK_STEPS_TIMES_WIDTH", budget * WIDTH)
    lengths = torch.tensor(lengths)
    inputs = torch.randn(len(lengths), 9, requires_grad=True)
    inside = torch.arange(9) < lengths[:, None]

    def total(part, part_lengths, factors):
        mask = torch.arange(part.shape[1]) < part_lengths[:, None]
        return (part * mask).sum(dim=1) * factors, part_lengths

    factors = torch.arange(1.0, 1.0 + len(lengths))
    sums, found = map_chunks(total, inputs, lengths, WIDTH, factors, prepare=lambda cells: cells + 1)
    torch.testing.assert_close(sums, ((inputs + 1) * inside).sum(dim=1) * factors)
    assert found.equal(lengths)
    assert map_chunks(lambda part, part_lengths: part_lengths, inputs, lengths, WIDTH).equal(lengths)


def test_sequences_of_no_steps_draw_no_random_numbers_and_have_no_gradients():
    inputs, state = torch.randn(2, 3, 4, requires_grad=True), torch.get_rng_state()
    found = map_chunks(lambda part, lengths: part[:, 0] * 0, inputs, torch.zeros(2).long(), 4, prepare=nn.Dropout(0.5))
    assert found.equal(torch.zeros(2, 4)) and not found.requires_grad
    assert torch.get_rng_state().equal(state)


def test_all_rows_of_one_length_are_cut_by_the_budget_and_never_padded():
    assert length_chunks._cut([6] * 10 + [5] * 2, budget=24) == [(4, 6), (4, 6), (4, 6)]
    assert length_chunks._cut([6] * 9 + [1] * 5, budget=24) == [(4, 6), (4, 6), (1, 6), (5, 1)]
