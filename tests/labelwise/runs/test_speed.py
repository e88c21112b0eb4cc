# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The speed of prediction is that of the last round, which takes a second."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest

from labelwise.runs import speed
from labelwise.runs.speed import measure_texts_per_second


def test_rounds(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The texts are repeated; 100 of them take a second here."""
    clock, rounds = SimpleNamespace(seconds=0.0), []

    def iterate(model: object, tokenizer: object, documents: list, batch_size: int) -> Iterator:
        rounds.append(documents)
        clock.seconds += len(documents) / 100
        yield from ()

    monkeypatch.setattr(speed, "iterate_logits", iterate)
    monkeypatch.setattr(speed, "time", SimpleNamespace(perf_counter=lambda: clock.seconds))
    assert measure_texts_per_second(str(model), ["a", "b", "c"], batch_size=4) == pytest.approx(100)
    assert [len(documents) for documents in rounds] == [4, 8, 16, 32, 64, 128]
    assert [text for text, _ in rounds[0]] == ["a", "b", "c", "a"]
