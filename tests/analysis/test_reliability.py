# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The reliability diagram."""

import numpy as np

from labelwise.analysis.reliability import draw_reliability
from labelwise.trainer.calibration import measure_reliability


def test_a_line_and_bars_of_each_table():
    rng = np.random.default_rng(0)
    labels = rng.integers(2, size=(200, 3))
    tables = {
        name: measure_reliability(rng.normal(size=labels.shape) * spread + labels, labels)
        for name, spread in {"before": 3, "after": 1}.items()
    }
    upper, lower = draw_reliability(tables, "Reliability of a model").axes
    diagonal, *lines = upper.lines
    assert list(diagonal.get_ydata()) == list(diagonal.get_xdata()) == [0, 1]
    assert [line.get_label() for line in lines] == ["before", "after"]
    for line, bars, table in zip(lines, lower.containers, tables.values(), strict=True):
        assert line.get_xdata().tolist() == table["probability"].tolist()
        assert line.get_ydata().tolist() == table["frequency"].tolist()
        assert [bar.get_height() for bar in bars] == table["pairs"].tolist()
    first, second = (container[0] for container in lower.containers)
    assert first.get_x() + first.get_width() == second.get_x()  # side by side
