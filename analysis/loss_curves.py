# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The two losses of LM-MTC during training (LM-MTC, Fig. 4)."""

from typing import TYPE_CHECKING

import pandas as pd

from .drawing import new_figure, put_legend_beside

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOSSES = {"label_loss": "classification loss, Eq. 4", "mlm_loss": "MLM loss, before its weight"}


def loss_curves(history: list[dict]) -> pd.DataFrame:
    """Return the losses of a training, from the first step to the last.

    Args:
        history (`list[dict]`): `log_history` of the `TrainerState`.

    Returns:
        `pd.DataFrame`: `step`, `epoch`, `label_loss` and `mlm_loss`, each loss a mean since the row before. `mlm_loss`
        is NaN after the end of the MLM; there are no rows if the training had no MLM.
    """
    logs = [entry for entry in history if "loss" in entry]
    if not any("mlm_loss" in entry for entry in logs):
        logs = []
    rows = [{"label_loss": entry["loss"], **entry} for entry in logs]  # without an MLM, the whole loss
    return pd.DataFrame(rows, columns=["step", "epoch", *LOSSES])


def draw_loss_curves(curves: pd.DataFrame, title: str) -> "Figure":
    """Draw one panel per loss.

    Args:
        curves (`pd.DataFrame`): The results of `loss_curves` for all runs, with their names in the column `run`.
        title (`str`): Title of the figure.
    """
    import seaborn

    figure = new_figure(10, 4)
    figure.suptitle(title)
    for axes, (loss, name) in zip(figure.subplots(1, 2), LOSSES.items(), strict=True):
        seaborn.lineplot(curves, x="step", y=loss, hue="run", palette="colorblind", linewidth=1, ax=axes)
        axes.set(xlabel="training step", ylabel=name)
        axes.grid(alpha=0.3)
        if axes is not figure.axes[-1] or curves["run"].nunique() == 1:
            axes.get_legend().remove()
        else:
            put_legend_beside(axes)
    return figure
