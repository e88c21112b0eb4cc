# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The two losses of LM-MTC while it trains (LM-MTC, Fig. 4)."""

from typing import TYPE_CHECKING

import pandas as pd

from .drawing import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOSSES = {"label_loss": "classification loss, Eq. 4", "mlm_loss": "MLM loss, before its weight"}


def loss_curves(history: list[dict]) -> pd.DataFrame:
    """The losses of a training, from the first step to the last.

    Args:
        history (`list[dict]`): `log_history` of the `TrainerState`.

    Returns:
        `pd.DataFrame`: `step`, `epoch`, `label_loss` and `mlm_loss`, each the mean since the row before. `mlm_loss` is
        not a number once the MLM has ended; no rows where the loss had one part all the time.
    """
    logs = [entry for entry in history if "loss" in entry]
    if not any("mlm_loss" in entry for entry in logs):
        logs = []
    rows = [{"label_loss": entry["loss"], **entry} for entry in logs]  # with no MLM, it is the whole loss
    return pd.DataFrame(rows, columns=["step", "epoch", *LOSSES])


def draw_loss_curves(curves: pd.DataFrame, title: str) -> "Figure":
    """A panel for each loss.

    Args:
        curves (`pd.DataFrame`): What `loss_curves` returned for each run, with its name in the column `run`.
        title (`str`): What it is of.
    """
    import seaborn

    figure = new_figure(10, 4)
    figure.suptitle(title)
    for axes, (loss, name) in zip(figure.subplots(1, 2), LOSSES.items(), strict=True):
        seaborn.lineplot(curves, x="step", y=loss, hue="run", palette="colorblind", linewidth=1, ax=axes)
        axes.set(xlabel="training step", ylabel=name)
        axes.grid(alpha=0.3)
        if curves["run"].nunique() == 1:
            axes.get_legend().remove()
    return figure
