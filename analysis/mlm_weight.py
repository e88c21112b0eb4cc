# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Metrics by the weight of the MLM loss (LM-MTC, Fig. 5)."""

from typing import TYPE_CHECKING

import pandas as pd

from ..trainer.metrics_names import METRIC_NAMES
from .drawing import BLUE, new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The metrics of the paper's Table 2.
METRICS = ("subset_accuracy", "micro_f1", "micro_jaccard", "hamming_loss")


def draw_mlm_weight(runs: pd.DataFrame, title: str) -> "Figure":
    """Draw one panel per metric: one point per run, and a line through the means of runs with the same weight.

    Args:
        runs (`pd.DataFrame`): One row per run, with `mlm_weight` and the metrics.
        title (`str`): Title of the figure.
    """
    import seaborn

    figure = new_figure(10, 6.5)
    figure.suptitle(title)
    runs = runs.sort_values("mlm_weight")
    weights = runs["mlm_weight"].map("{:g}".format)  # categories, because weights span decades and 0
    for axes, metric in zip(figure.subplots(2, 2).flat, METRICS, strict=True):
        seaborn.lineplot(x=weights, y=runs[metric], errorbar=None, color=BLUE, ax=axes)
        seaborn.scatterplot(x=weights, y=runs[metric], color=BLUE, ax=axes)
        axes.set(xlabel="weight of the MLM loss, λ", ylabel=METRIC_NAMES[metric])
        axes.grid(alpha=0.3)
    return figure
