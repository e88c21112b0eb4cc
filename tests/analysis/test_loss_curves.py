# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The two losses of a training's history."""

import numpy as np
import pandas as pd

from labelwise.analysis.loss_curves import draw_loss_curves, loss_curves

HISTORY = [
    {"step": 10, "epoch": 0.5, "loss": 1.0, "label_loss": 0.8, "mlm_loss": 4.0, "learning_rate": 1e-5},
    {"step": 20, "epoch": 1.0, "eval_loss": 0.7, "eval_micro_f1": 0.1},
    {"step": 20, "epoch": 1.0, "loss": 0.8, "label_loss": 0.65, "mlm_loss": 3.0},
    {"step": 30, "epoch": 1.5, "loss": 0.5},  # the MLM has ended
    {"step": 30, "epoch": 1.5, "train_loss": 0.9},
]


def test_losses_by_step():
    found = loss_curves(HISTORY)
    assert found["step"].tolist() == [10, 20, 30]
    assert found["label_loss"].tolist() == [0.8, 0.65, 0.5]
    np.testing.assert_equal(found["mlm_loss"].tolist(), [4.0, 3.0, np.nan])
    assert list(found) == ["step", "epoch", "label_loss", "mlm_loss"]


def test_a_loss_of_one_part_gives_no_curves():
    assert loss_curves(HISTORY[3:]).empty
    assert loss_curves([]).empty


def test_a_panel_a_loss_and_a_line_a_run():
    curves = pd.concat([loss_curves(HISTORY).assign(run=run) for run in ("one", "two")], ignore_index=True)
    figure = draw_loss_curves(curves, "losses")
    first, second = figure.axes
    assert [line.get_ydata().tolist() for line in first.lines[:2]] == [[0.8, 0.65, 0.5]] * 2
    assert [line.get_ydata().tolist() for line in second.lines[:2]] == [[4.0, 3.0]] * 2
    assert first.get_xlabel() == "training step" and "MLM" in second.get_ylabel()
    assert [text.get_text() for text in second.get_legend().get_texts()] == ["one", "two"]
    assert draw_loss_curves(curves[curves["run"] == "one"], "").axes[0].get_legend() is None
