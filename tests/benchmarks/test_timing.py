# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Measurement, alternating batch by batch."""

import pytest
import torch

from benchmarks import timing
from benchmarks.timing import Contender, Differs, MatrixPeak, Workload, largest_difference, measure

CPU = torch.device("cpu")


def workload(calls, difference=0.0):
    def contender(name, **settings):
        return Contender(name, lambda batch: calls.append((name, batch)), [0, 1, 2, 3], **settings)

    ours = [contender("ours", check=lambda: difference, floor=3.0)]
    return Workload("some work", contender("theirs"), ours, [1, 10, 10, 10], [0, 100.0, 100.0, 100.0])


def test_contenders_take_turns_after_a_small_batch():
    calls = []
    measure(workload(calls), MatrixPeak(CPU, 4), CPU)
    assert calls == [(name, batch) for batch in range(4) for name in ("theirs", "ours")]


def test_medians_of_paired_ratios_and_fractions(monkeypatch):
    times = iter([8.0, 2.0, 9.0, 3.0, 50.0, 10.0])  # ratios 4, 3, 5
    monkeypatch.setattr(timing, "seconds", lambda run, device: next(times))
    monkeypatch.setattr(MatrixPeak, "measure", lambda self, precision: {"fp32": 100.0, "bf16": 400.0}[precision])
    (row,) = measure(workload([]), MatrixPeak(CPU, 4), CPU)
    assert row["ratio"] == 4
    assert row["ours_per_second"] == pytest.approx(10 / 3)
    assert row["peak_fraction"] == pytest.approx(1 / 3)


@pytest.mark.parametrize("difference", [2e-4, float("nan")])
def test_what_differs_is_not_measured(difference):
    calls = []
    with pytest.raises(Differs, match="some work: ours differs"):
        measure(workload(calls, difference), MatrixPeak(CPU, 4), CPU)
    assert calls == []


def test_differences_are_relative_to_the_largest_value():
    ones, thousands = torch.ones(3), torch.full((3,), 1000.0)
    assert largest_difference([ones + 0.5, thousands + 1.0], [ones, thousands]) == pytest.approx(0.5)
    assert largest_difference([thousands + 1.0], [thousands]) == pytest.approx(1e-3)
