# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise figure loss-curves`: the two losses of LM-MTC during training (LM-MTC, Fig. 4)."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from transformers.trainer import TRAINER_STATE_NAME

from ..analysis.loss_curves import draw_loss_curves, loss_curves
from ..errors import UserInputError
from ..figures.inputs import name_folders

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass
class LossCurvesArguments:
    """Runs of the figure."""

    runs: list[str] = field(metadata={"help": "Folders of finished `labelwise train` runs with an MLM."})


DESCRIPTION = "the two losses during training (LM-MTC, Fig. 4)"
OPTIONS = [LossCurvesArguments]


def make(args: LossCurvesArguments) -> tuple["Figure", pd.DataFrame]:
    """Return the figure and its table: the losses at each logged step of each run.

    Raises:
        UserInputError: A folder is no finished run with an MLM.
    """
    names = name_folders("--runs", args.runs)
    curves = {}
    for name, folder in zip(names, args.runs, strict=True):
        curves[name] = loss_curves(read_history(Path(folder)))
        if curves[name].empty:
            raise UserInputError(
                f"{folder}: its loss has one part only; the figure shows runs of lm-mtc or bert-mlm with an MLM"
            )
    table = pd.concat(curves, names=["run", None]).reset_index("run")
    return draw_loss_curves(table, "Loss over labels and loss over masked words, while training"), table


def read_history(folder: Path) -> list[dict]:
    """Return the log entries of a run.

    Raises:
        UserInputError: The record is missing or corrupted.
    """
    path = folder / TRAINER_STATE_NAME
    if not path.is_file():
        raise UserInputError(
            f"{path} is missing: {folder} must be a finished run of this version of `labelwise train`; train again"
        )
    try:
        return json.loads(path.read_text("utf-8"))["log_history"]
    except (ValueError, TypeError, LookupError) as error:
        raise UserInputError(f"{path} is corrupted ({error}); restore it") from error
