# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What the weight of the masked language model does to the metrics (LM-MTC, Fig. 5)."""

from typing import TYPE_CHECKING

import pandas as pd

from ..trainer.metrics import METRIC_NAMES
from .drawing import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Those of the paper's Table 2.
METRICS = ("subset_accuracy", "micro_f1", "micro_jaccard", "hamming_loss")


def draw_mlm_weight(runs: pd.DataFrame, title: str) -> "Figure":
    """A panel for each metric: a point a run, a line through the means of the runs with the same weight.

    Args:
        runs (`pd.DataFrame`): A run a row: `mlm_weight` and the metrics.
        title (`str`): What it is of.
    """
    import seaborn

    figure = new_figure(10, 6.5)
    figure.suptitle(title)
    runs = runs.sort_values("mlm_weight")
    weights = runs["mlm_weight"].map("{:g}".format)  # evenly spaced: they span decades, and 0
    for axes, metric in zip(figure.subplots(2, 2).flat, METRICS, strict=True):
        seaborn.lineplot(x=weights, y=runs[metric], errorbar=None, color="C0", ax=axes)
        seaborn.scatterplot(x=weights, y=runs[metric], color="C0", ax=axes)
        axes.set(xlabel="weight of the MLM loss, λ", ylabel=METRIC_NAMES[metric])
        axes.grid(alpha=0.3)
    return figure
