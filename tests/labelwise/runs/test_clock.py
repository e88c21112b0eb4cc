# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The wall time of a run."""

from labelwise.runs.clock import RunClock


def test_a_clock_that_is_set_back_changes_no_wall_time(monkeypatch):
    clock = RunClock()
    clock.earlier = 10.0
    monkeypatch.setattr("time.time", lambda: 0.0)
    assert 10 <= clock.elapsed() < 1000
