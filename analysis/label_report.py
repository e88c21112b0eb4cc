# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What a model gets right and wrong of each label: a table, its text for a terminal, and a picture."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..trainer.metrics_accumulator import MetricAccumulator
from .audit_text import align
from .drawing import find_label_fonts, hide_frame, new_figure, shorten_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

NOT_DEFINED = "n/a"
_ROWS = 30  # of the text and the picture; the CSV has all
_MARKERS = {"precision": ("<", "#3b6ea5"), "recall": (">", "#d9772b"), "f1": ("o", "0.15")}


def make_label_report(
    names: Sequence[str], thresholds: float | Sequence[float], accumulator: MetricAccumulator
) -> pd.DataFrame:
    """Return the table, the label with most documents first.

    Args:
        names (`Sequence[str]` of length `num_labels`): Names of the labels.
        thresholds (`float` or `Sequence[float]`): Their thresholds.
        accumulator (`MetricAccumulator`): With all documents, made with `by_label=True`.

    Returns:
        `pd.DataFrame`: `label`, `documents` (to which it applies), `precision`, `recall`, `f1`, `threshold`,
        `average_precision` (NaN where all documents are of one kind), `confused_with` and `times_confused`: the label
        that is most often predicted wrongly where this one is missed, or missed where this one is predicted wrongly,
        and in how many documents. Precision, recall and F1 of a label that is known of no document are NaN.
    """
    counts, partners = accumulator.label_sets.counts, accumulator.confusions.compute()
    is_known = counts.known > 0
    of_label = {"precision": counts.precision(), "recall": counts.recall(), "f1": counts.f1()}
    table = pd.DataFrame(
        {
            "label": list(names),
            "documents": counts.true,
            **{name: np.where(is_known, values, np.nan) for name, values in of_label.items()},
            "threshold": thresholds,
            "average_precision": accumulator.label_scores.average_precision,
            "confused_with": ["" if partner < 0 else names[partner] for partner in partners.label],
            "times_confused": partners.documents,
        }
    )
    return table.sort_values("documents", ascending=False, kind="stable", ignore_index=True)


def format_label_report(table: pd.DataFrame, file: str) -> str:
    """Return the first rows as text.

    Args:
        table (`pd.DataFrame`): From `make_label_report`.
        file (`str`): The file that has all rows.
    """
    cells = pd.DataFrame(
        {
            name.replace("_", " "): [_format(value) for value in values.tolist()]
            for name, values in table[:_ROWS].items()
        }
    )
    lines = align(cells.rename(columns={"f1": "F1"}))
    if len(table) > _ROWS:
        lines.append(f"… {len(table) - _ROWS:,} more in {file}")
    return "\n".join(lines)


def _format(value: str | float) -> str:
    if isinstance(value, float):
        return NOT_DEFINED if np.isnan(value) else f"{value:.3f}"
    return f"{value:,}" if isinstance(value, int) else value


def draw_label_report(table: pd.DataFrame, title: str) -> "Figure":
    """Draw precision, recall and F1 of the labels with most documents, and F1 against documents of all labels.

    Args:
        table (`pd.DataFrame`): From `make_label_report`.
        title (`str`): Title of the figure.

    Raises:
        UserInputError: No font of this machine has the characters of a name.
    """
    shown = table[:_ROWS]
    figure = new_figure(11, 1.6 + 0.22 * max(len(shown), 10))
    left, right = figure.subplots(1, 2, width_ratios=(3, 2))
    figure.suptitle(title, fontfamily=find_label_fonts(title))
    _draw_labels(left, shown, len(table))
    _draw_frequencies(right, table)
    figure.legend(*left.get_legend_handles_labels(), loc="outside lower left", ncols=3, frameon=False)
    for axes in (left, right):
        hide_frame(axes)
        axes.grid(alpha=0.3)
    return figure


def _draw_labels(axes: "Axes", shown: pd.DataFrame, num_labels: int) -> None:
    rows = np.arange(len(shown))
    axes.hlines(
        rows, shown[["precision", "recall"]].min(axis=1), shown[["precision", "recall"]].max(axis=1), color="0.8"
    )
    for name, (marker, colour) in _MARKERS.items():
        label = "F1" if name == "f1" else name
        axes.plot(shown[name], rows, marker, color=colour, label=label, markersize=6, clip_on=False)
    names = [shorten_name(name) for name in shown["label"]]
    ticks = [f"{name} ({number:,})" for name, number in zip(names, shown["documents"], strict=True)]
    axes.set_yticks(rows, ticks, fontsize=8, fontfamily=find_label_fonts(names))
    axes.set_ylim(len(shown) - 0.4, -0.6)
    axes.set_xlim(0, 1)
    axes.set_title(
        "labels (documents)" if len(shown) == num_labels else f"{len(shown)} most frequent labels (documents)"
    )


def _draw_frequencies(axes: "Axes", table: pd.DataFrame) -> None:
    points = {"color": _MARKERS["f1"][1], "alpha": 0.5, "markersize": 4, "clip_on": False}
    axes.plot(table["documents"], table["f1"], "o", rasterized=True, **points)  # there may be thousands
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    axes.set_ylim(0, 1)
    axes.set(xlabel="documents of a label", ylabel="F1")
    axes.set_title(f"all labels ({len(table):,})")
