# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Correlation between the labels of a corpus (LM-MTC, Figs. 1 and 3(a))."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .drawing import draw_heatmap, new_heatmaps

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def label_correlation(labels: np.ndarray, names: list[str]) -> pd.DataFrame:
    """Return the correlation between every two labels, over documents.

    It is Pearson's and Spearman's: of only two values, the ranks are a linear function.

    Args:
        labels (`np.ndarray` of shape `(documents, num_labels)`): 1 where a label is set, 0 where not, -100 where that
            is unknown.
        names (`list[str]`): Names of the labels.

    Returns:
        `pd.DataFrame` of shape `(num_labels, num_labels)`: From -1 to 1; NaN if, of the documents in which both labels
        are known, one is set in none or in every one.
    """
    known = np.where(labels == -100, np.nan, labels)  # `corr` leaves NaN out, for each two columns
    return pd.DataFrame(known, columns=names, dtype=np.float64).corr()  # Figs. 1, 3(a)


def most_correlated(correlation: pd.DataFrame, number: int) -> list[str]:
    """Return the labels with the highest maximum correlation with another label, in the order of the matrix.

    The paper shows 11 labels "with high relevance", without saying how they were chosen.

    Args:
        correlation (`pd.DataFrame`): From `label_correlation`.
        number (`int`): Number of labels to return.
    """
    strongest = correlation.mask(np.eye(len(correlation), dtype=bool)).max().fillna(-1)
    chosen = set(strongest.sort_values(ascending=False, kind="stable").index[:number])
    return [name for name in correlation if name in chosen]


def order_by_clusters(correlation: pd.DataFrame) -> list[str]:
    """Return the labels in an order in which those that go together are side by side.

    The order is that of the leaves of a hierarchical clustering with average linkage and the distance 1 - correlation.

    Args:
        correlation (`pd.DataFrame`): From `label_correlation`; NaN counts as 0.
    """
    from scipy.cluster.hierarchy import leaves_list, linkage
    from scipy.spatial.distance import squareform

    if len(correlation) < 3:
        return list(correlation)
    distance = 1 - correlation.fillna(0).to_numpy()
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
    return list(correlation.columns[leaves_list(tree)])


def draw_label_correlation(correlation: pd.DataFrame, title: str) -> "Figure":
    """Draw a heatmap of clustered labels, with the names of labels without a correlation below it.

    Args:
        correlation (`pd.DataFrame`): From `label_correlation`.
        title (`str`): Title of the figure.
    """
    figure, (axes,) = new_heatmaps(1, 1, list(correlation))
    order = order_by_clusters(correlation)
    draw_heatmap(axes, correlation.loc[order, order], "correlation (Pearson = Spearman)", around_zero=True)
    axes.set_title(title)
    axes.set_ylabel("label")
    constant = [name for name in correlation if np.isnan(correlation.loc[name, name])]
    axes.set_xlabel("label" + (f"\n(in no document, or in all: {', '.join(constant)})" if constant else ""))
    return figure
