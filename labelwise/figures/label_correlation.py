# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise figure label-correlation`: correlation of the labels of a corpus (LM-MTC, Figs. 1 and 3(a))."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ..analysis.label_correlation import draw_label_correlation, label_correlation, most_correlated
from ..figures.inputs import read_labels
from ..runs.data import DataArguments
from ..runs.options import check_numbers
from ..wording import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(kw_only=True)
class LabelCorrelationArguments:
    """Labels and documents of the figure."""

    split: str = field(default="train", metadata={"help": "Split to count in: train, validation or test."})
    top: int | None = field(
        default=None, metadata={"help": "Draw only this many labels, the most strongly correlated ones."}
    )

    def __post_init__(self) -> None:
        check_numbers(self, ["top"], lambda number: number > 1, "> 1")


DESCRIPTION = "correlation of the labels of a corpus (LM-MTC, Figs. 1 and 3(a))"
OPTIONS = [LabelCorrelationArguments, DataArguments]


def make(args: LabelCorrelationArguments, data_args: DataArguments) -> tuple["Figure", pd.DataFrame]:
    """Return the figure and its table, the correlation between the labels.

    Raises:
        UserInputError: The data cannot be read, or has no such split.
    """
    names, labels = read_labels(data_args, args.split)
    correlation = label_correlation(labels, names)
    if args.top:
        shown = most_correlated(correlation, args.top)
        correlation = correlation.loc[shown, shown]
    title = f"Correlation between labels: {data_args.name}, {args.split}, {counted(len(labels), 'document')}"
    return draw_label_correlation(correlation, title), correlation
