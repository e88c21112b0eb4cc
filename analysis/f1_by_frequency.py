# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""F1 of rare and of frequent labels (LW-PT, Fig. 2)."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..modeling.thresholding import predict_labels
from ..trainer.metrics import score
from .drawing import new_figure, put_legend_beside

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def f1_of_labels(logits: np.ndarray, labels: np.ndarray, thresholds: float | list[float]) -> list[float]:
    """Return the F1 of each label; their mean is macro-F1.

    Args:
        logits (`np.ndarray` of shape `(documents, num_labels)`): Logits, before the sigmoid.
        labels (`np.ndarray` of shape `(documents, num_labels)`): 1 where a label is set, 0 where not, -100 where it is
            unknown.
        thresholds (`float` or `list[float]`): Probability above which a label is predicted.

    Returns:
        `list[float]`: Fractions, 0 for a label that is neither predicted nor true.
    """
    columns = zip(predict_labels(logits, thresholds).numpy().T, (labels == 1).T, (labels != -100).T, strict=True)
    return [score(*(column[:, None] for column in label), "macro_f1") for label in columns]


def f1_by_frequency(frequency: pd.Series, f1: pd.DataFrame, bins: int) -> pd.DataFrame:
    """Return the mean F1 of labels of similar frequency.

    The paper discretizes frequencies without saying how; the authors' script has bins two percentage points wide. Here
    bins have about the same number of labels, so that their means have a similar variance; labels of the same frequency
    are in the same bin.

    Args:
        frequency (`pd.Series` of length `num_labels`): Documents with each label in the training split.
        f1 (`pd.DataFrame` of shape `(num_labels, models)`): F1 of each label by each model.
        bins (`int`): Largest number of bins.

    Returns:
        `pd.DataFrame`: The mean F1 of each model, one row per bin, from rare to frequent labels. The levels of the
        index are `from` and `to` (numbers of documents) and `labels` (number of labels).
    """
    bin_of_label = np.floor((frequency.rank() - 0.5) / len(frequency) * bins)
    documents = frequency.groupby(bin_of_label).agg(["min", "max", "size"])
    spans = pd.MultiIndex.from_frame(documents, names=["from", "to", "labels"])
    return f1.groupby(bin_of_label).mean().set_axis(spans)


def draw_f1_by_frequency(table: pd.DataFrame, title: str) -> "Figure":
    """Draw one line per model over the bins.

    Args:
        table (`pd.DataFrame`): From `f1_by_frequency`.
        title (`str`): Title of the figure.
    """
    import seaborn

    ticks = [f"{low}\n({size})" if low == high else f"{low} to {high}\n({size})" for low, high, size in table.index]
    figure = new_figure(4 + 0.9 * len(ticks), 4.5)
    axes = figure.subplots()
    means = table.set_axis(ticks)
    seaborn.lineplot(means, markers=True, dashes=False, markersize=7, clip_on=False, palette="colorblind", ax=axes)
    axes.set(title=title, ylabel="mean F1", ylim=(0, 1))
    axes.set_xlabel("training documents with the label (number of labels)")
    axes.grid(alpha=0.3)
    put_legend_beside(axes)
    return figure
