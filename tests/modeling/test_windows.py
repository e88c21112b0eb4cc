# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Windows against a cut by hand, and an encoder over them against one window at a time."""

from types import SimpleNamespace

import pytest
import torch
from torch import nn

from labelwise.modeling import windows as windows_module
from labelwise.modeling.windows import cut_windows, one_part, read_windows

# Lengths of documents, special tokens included, padded to `TOKENS`.
LENGTHS, TOKENS = [0, 1, 2, 3, 9, 10, 11, 17, 18, 30, 40], 40


def by_hand(length: int, size: int, overlap: int, specials: tuple[int, int], max_windows: int) -> list[list[int]]:
    """The positions of the tokens of each window."""
    before, behind = specials
    if length <= before + behind:
        return [list(range(length))] if length else []
    text = list(range(before, length - behind))
    first, last = list(range(before)), list(range(length - behind, length))
    found, start, capacity = [], 0, size - before - behind
    while len(found) < max_windows:
        found.append(first + text[start : start + capacity] + last)
        if start + capacity >= len(text):
            break
        start += capacity - overlap
    return found


SETTINGS = [
    pytest.param(size, overlap, specials, most, id=f"{size}-{overlap}-{specials}-{most}")
    for size, overlap, specials, most in [
        (10, 2, (1, 1), 8),
        (10, 3, (1, 1), 8),
        (10, 0, (1, 1), 8),
        (10, 7, (1, 1), 99),
        (10, 2, (1, 1), 2),
        (10, 2, (1, 1), 1),
        (10, 3, (0, 1), 8),
        (10, 3, (2, 2), 8),
        (10, 3, (0, 0), 8),
    ]
]


@pytest.mark.parametrize(("size", "overlap", "specials", "most"), SETTINGS)
def test_windows_and_the_places_of_tokens(size, overlap, specials, most):
    cut = cut_windows(torch.tensor(LENGTHS), TOKENS, size, overlap, specials, most)
    for document, length in enumerate(LENGTHS):
        right = by_hand(length, size, overlap, specials, most)
        widths = cut.widths_BM[document]
        assert widths[widths > 0].tolist() == [len(window) for window in right]
        for number, window in enumerate(right):
            assert cut.positions_BMS[document, number, : len(window)].tolist() == window
        read = {position for window in right for position in window}
        for token in range(TOKENS):
            window, place = int(cut.window_BT[document, token]), int(cut.place_BT[document, token])
            if token not in read:
                assert window == -1
                continue
            assert right[window][place] == token
            # No window that has the token has more of the text around it, on its shorter side.
            if specials[0] <= token < length - specials[1]:
                shorter = [min(w.index(token), len(w) - 1 - w.index(token)) for w in right if token in w]
                own = min(place, len(right[window]) - 1 - place)
                assert own >= max(shorter) - 1 or len(right) == 1 or token < size or token >= length - size


@pytest.mark.parametrize(("size", "overlap", "specials", "most"), SETTINGS)
def test_parts_have_each_token_once_and_in_order(size, overlap, specials, most):
    cut = cut_windows(torch.tensor(LENGTHS), TOKENS, size, overlap, specials, most)
    grid = cut.parts()
    for document in range(len(LENGTHS)):
        parts = [p[m].tolist() for p, m in zip(grid.positions_BMS[document], grid.mask_BMS[document], strict=True)]
        read = (cut.window_BT[document] >= 0).nonzero()[:, 0].tolist()
        assert [token for part in parts for token in part] == read
        for number, part in enumerate(parts):
            assert cut.window_BT[document, part].tolist() == [number] * len(part)


class Encoder(nn.Module):
    """A token's state is of all tokens of its window, and of its place in it."""

    dtype = torch.float32

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(60, 3)
        self.calls = []

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> SimpleNamespace:
        self.calls.append(tuple(input_ids.shape))
        states = self.embedding(input_ids) * attention_mask[..., None]
        mean = states.sum(dim=1, keepdim=True) / attention_mask.sum(dim=1)[:, None, None]
        place = torch.arange(input_ids.shape[1])[None, :, None] / 10
        return SimpleNamespace(last_hidden_state=states * place + mean.sin())


@pytest.mark.parametrize("at_once", [1, 3, 99])
def test_states_are_those_of_each_window_alone(monkeypatch, at_once):
    monkeypatch.setattr(windows_module, "WINDOWS_AT_ONCE", at_once)
    torch.manual_seed(0)
    encoder = Encoder().double()
    ids = torch.randint(1, 60, (len(LENGTHS), TOKENS))
    cut = cut_windows(torch.tensor(LENGTHS), TOKENS, 10, 3, (1, 1), 8)
    states = read_windows(encoder, ids, cut, 3)
    states.square().sum().backward()
    found, encoder.embedding.weight.grad = encoder.embedding.weight.grad, None
    assert max(rows for rows, _ in encoder.calls) <= max(at_once, 2 * len(LENGTHS))

    total = 0
    for document, length in enumerate(LENGTHS):
        for number, window in enumerate(by_hand(length, 10, 3, (1, 1), 8)):
            alone = encoder(ids[document, window][None], torch.ones(1, len(window))).last_hidden_state[0]
            for token in (cut.window_BT[document] == number).nonzero()[:, 0].tolist():
                torch.testing.assert_close(states[document, token], alone[window.index(token)])
                total = total + alone[window.index(token)].square().sum()
    assert states[cut.window_BT < 0].eq(0).all()
    total.backward()
    torch.testing.assert_close(encoder.embedding.weight.grad, found)


def test_documents_without_tokens():
    cut = cut_windows(torch.tensor([0, 0]), 5, 4, 1, (1, 1), 8)
    encoder = Encoder()
    states = read_windows(encoder, torch.ones(2, 5, dtype=torch.long), cut, 3)
    assert states.shape == (2, 5, 3) and states.eq(0).all() and encoder.calls == []


def test_one_part():
    is_read = torch.tensor([[True, True, False], [False, False, False]])
    grid = one_part(is_read)
    assert grid.positions_BMS.tolist() == [[[0, 1, 2]], [[0, 1, 2]]]
    assert grid.mask_BMS[:, 0].equal(is_read)
