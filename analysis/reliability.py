# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The reliability diagram: how often labels apply, by their probability."""

from typing import TYPE_CHECKING

import pandas as pd

from .drawing import new_figure, put_legend_beside

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw_reliability(tables: dict[str, pd.DataFrame], title: str) -> "Figure":
    """Draw one line per table over the bins of probability, and below it the number of pairs in each bin.

    Args:
        tables (`dict[str, pd.DataFrame]`): Tables of `measure_reliability`, by the names of their lines.
        title (`str`): Title of the figure.

    References:
        A. Niculescu-Mizil, R. Caruana. Predicting good probabilities with supervised learning. ICML 2005.
    """
    import seaborn

    figure = new_figure(6.8, 6.5)
    figure.suptitle(title)
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    upper.plot([0, 1], [0, 1], color="0.6", linestyle="--", linewidth=1, label="perfect")
    for number, (name, table) in enumerate(tables.items()):
        colour = seaborn.color_palette("colorblind")[number]
        upper.plot(table["probability"], table["frequency"], marker="o", label=name, color=colour, clip_on=False)
        left, right = (table.index.get_level_values(end) for end in ("from", "to"))
        width = (right - left) / len(tables)  # bars of a bin are side by side
        lower.bar(left + number * width, table["pairs"], width, align="edge", color=colour)
    upper.set(xlim=(0, 1), ylim=(0, 1), ylabel="share of pairs whose label applies")
    upper.grid(alpha=0.3)
    put_legend_beside(upper)
    lower.set(xlabel="probability", ylabel="pairs", yscale="log")
    lower.yaxis.set_major_formatter("{x:,.0f}")
    lower.grid(alpha=0.3)
    return figure
