# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise figure f1-by-frequency`: F1 of rare and of frequent labels (LW-PT, Fig. 2)."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ..analysis.f1_by_frequency import draw_f1_by_frequency, f1_by_frequency, f1_of_labels
from ..errors import UserInputError
from ..figures.inputs import name_folders, read_labels
from ..runs.data import DataArguments
from ..runs.options import check_numbers
from ..runs.prediction import predict_split
from ..wording import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass
class F1ByFrequencyArguments:
    """Models, split and groups of labels of the figure."""

    models: list[str] = field(metadata={"help": "Folders or Hub ids of trained models."})
    names: list[str] | None = field(
        default=None, metadata={"help": "Names of the models in the figure; default to those of their folders."}
    )
    split: str = field(default="test", metadata={"help": "Split of the metrics: train, validation or test."})
    bins: int = field(
        default=6, metadata={"help": "Groups of about equally many labels, by their frequency in training."}
    )
    batch_size: int = field(default=64, metadata={"help": "Documents per batch."})

    def __post_init__(self) -> None:
        check_numbers(self, ["bins", "batch_size"], lambda number: number > 0, "> 0")
        if self.names is not None and len(self.names) != len(self.models):
            raise UserInputError(
                f"--names gives {counted(len(self.names), 'name')} for {counted(len(self.models), 'model')}; give one "
                "for each"
            )
        if self.names is not None and len(set(self.names)) < len(self.names):
            raise UserInputError(f"--names {' '.join(self.names)}: two models have the same name; give each its own")


DESCRIPTION = "F1 of rare and of frequent labels (LW-PT, Fig. 2)"
OPTIONS = [F1ByFrequencyArguments, DataArguments]


def make(args: F1ByFrequencyArguments, data_args: DataArguments) -> tuple["Figure", pd.DataFrame]:
    """Return the figure and its table: one row per group of labels, with the mean F1 of each model.

    Raises:
        UserInputError: A model or the data does not exist or does not fit.
    """
    names, labels = read_labels(data_args, "train")
    columns = {}
    for name, folder in zip(args.names or name_folders("--models", args.models), args.models, strict=True):
        found = predict_split(folder, data_args, args.split, args.batch_size)
        f1 = f1_of_labels(found.predictions, found.label_ids, found.config.thresholds)
        columns[name] = pd.Series(f1, index=found.config.label_names)[names]
    table = f1_by_frequency(pd.Series((labels == 1).sum(axis=0), index=names), pd.DataFrame(columns), args.bins)
    return draw_f1_by_frequency(table, f"F1 of rare and frequent labels: {data_args.name}, {args.split}"), table
