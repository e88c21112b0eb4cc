# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""How labels go together in a corpus (LM-MTC, Figs. 1 and 3(a))."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .drawing import draw_heatmap, new_heatmaps

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def label_correlation(holds: np.ndarray, names: list[str]) -> pd.DataFrame:
    """Correlation between every two labels, over documents.

    Pearson's, which is Spearman's too: a label holds or not, and the ranks of two values are a straight line of them.

    Args:
        holds (`np.ndarray` of shape `(documents, num_labels)`): 1 where the label holds, 0 where not.
        names (`list[str]`): Names of the labels.

    Returns:
        `pd.DataFrame` of shape `(num_labels, num_labels)`: From -1 to 1; not a number where one of the two labels holds
        in no document, or in every one.
    """
    return pd.DataFrame(holds, columns=names, dtype=np.float64).corr()  # Figs. 1, 3(a)


def most_correlated(correlation: pd.DataFrame, number: int) -> list[str]:
    """The labels whose strongest correlation with another one is the highest, in the order of the matrix.

    The paper shows 11 labels "with high relevance", and not how they were chosen.

    Args:
        correlation (`pd.DataFrame`): From `label_correlation`.
        number (`int`): How many.
    """
    strongest = correlation.mask(np.eye(len(correlation), dtype=bool)).max().fillna(-1)
    chosen = set(strongest.sort_values(ascending=False, kind="stable").index[:number])
    return [name for name in correlation if name in chosen]


def draw_label_correlation(correlation: pd.DataFrame, title: str) -> "Figure":
    """A heatmap; labels without a correlation are named below it.

    Args:
        correlation (`pd.DataFrame`): From `label_correlation`.
        title (`str`): What it is of.
    """
    figure, (axes,) = new_heatmaps(1, 1, list(correlation))
    draw_heatmap(axes, correlation, "correlation (Pearson = Spearman)", around_zero=True)
    axes.set_title(title)
    axes.set_ylabel("label")
    constant = [name for name in correlation if np.isnan(correlation.loc[name, name])]
    axes.set_xlabel("label" + (f"\n(in no document, or in all: {', '.join(constant)})" if constant else ""))
    return figure
