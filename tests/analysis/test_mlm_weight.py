# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Metrics by the weight of the MLM."""

import numpy as np
import pandas as pd

from labelwise.analysis.mlm_weight import METRICS, draw_mlm_weight
from labelwise.trainer.metrics_names import METRIC_NAMES


def test_points_of_runs_and_a_line_through_their_means():
    weights = [0.5, 0.0, 0.05, 0.05]
    runs = pd.DataFrame({"mlm_weight": weights, **{name: [0.1, 0.2, 0.3, 0.5] for name in METRICS}})
    figure = draw_mlm_weight(runs, "corpus, test")
    assert [axes.get_ylabel() for axes in figure.axes] == [METRIC_NAMES[metric] for metric in METRICS]
    for axes in figure.axes:
        figure.canvas.draw()
        assert [tick.get_text() for tick in axes.get_xticklabels()] == ["0", "0.05", "0.5"]
        np.testing.assert_allclose(axes.lines[0].get_ydata(), [0.2, 0.4, 0.1])
        assert sorted(axes.collections[0].get_offsets()[:, 1]) == [0.1, 0.2, 0.3, 0.5]
