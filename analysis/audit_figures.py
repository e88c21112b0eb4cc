# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The pictures of an audit; numbers are in its tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.ticker import FuncFormatter

from .audit import Audit
from .drawing import (
    BLUE,
    ORANGE,
    draw_heatmap,
    find_label_fonts,
    hide_frame,
    new_figure,
    new_heatmaps,
    put_legend_beside,
    shorten_name,
    to_png,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DPI = 80
_LENGTH_BARS = 40  # up to the length that 99 % of the documents have at most; one more for the longest
_MOST_NAMES = 100  # bars that still have room for a name
_MOST_PAIRED, _MOST_ERRORS = 30, 30  # labels in the heatmap, and in the picture of label errors


def draw_pictures(audit: Audit) -> dict[str, bytes]:
    """Return the pictures as PNG files by name; those without anything to show are left out.

    Raises:
        UserInputError: No font of this machine has the characters of a label's name.
    """
    draws: dict[str, Callable[[Audit], Figure | None]] = {
        "lengths": draw_lengths,
        "label_frequencies": draw_label_frequencies,
        "label_pairs": draw_label_pairs,
        "label_errors": draw_label_errors,
    }
    drawn = {name: draw(audit) for name, draw in draws.items()}
    return {name: to_png(figure, _DPI) for name, figure in drawn.items() if figure is not None}


def draw_lengths(audit: Audit) -> "Figure | None":
    """Draw a histogram of the lengths of documents, in colours of whether a model reads all of them."""
    words_D, is_cut_D = audit.lengths.words_D, audit.lengths.is_cut_D
    is_shown = words_D > 0
    if not is_shown.any():
        return None
    figure = new_figure(8, 3.4)
    axes = figure.subplots()
    width = int(np.ceil(np.percentile(words_D[is_shown], 99) / _LENGTH_BARS))
    edges = width * np.arange(_LENGTH_BARS + 2) + 0.5
    longest = edges[-1] - 0.5
    both = [np.minimum(words_D[is_shown & is_part], longest) for is_part in (~is_cut_D, is_cut_D)]
    names = [f"{len(part):,} {what}" for part, what in zip(both, ("read whole", "cut"), strict=True)]
    axes.hist(both, edges, stacked=True, color=[BLUE, ORANGE], label=names)
    axes.set_xlim(0.5, edges[-1])
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel(f"{audit.lengths.unit} of a document (last bar: more than {edges[-2]:,.0f})")
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_ylabel("documents")
    axes.set_title(f"Lengths; a model reads {audit.lengths.limit}")
    put_legend_beside(axes)
    hide_frame(axes)
    return figure


def draw_label_frequencies(audit: Audit) -> "Figure | None":
    """Draw the number of documents of each label, on a logarithmic axis, with the limit below which a label is rare."""
    labels = audit.labels
    counts = labels["train"] if "train" in labels else labels["all"]
    order = np.argsort(-counts.to_numpy(), kind="stable")
    counts, names = counts.to_numpy()[order], labels["label"].to_numpy()[order]
    if not len(counts) or not counts.any():
        return None
    has_names = len(counts) <= _MOST_NAMES
    figure = new_figure(min(max(6, 0.17 * len(counts) + 1), 18) if has_names else 10, 4.2)
    axes = figure.subplots()
    is_rare = counts < audit.settings.min_documents
    axes.bar(np.arange(len(counts)), counts, color=np.where(is_rare, ORANGE, BLUE), width=0.8 if has_names else 1)
    axes.axhline(audit.settings.min_documents, color="0.3", linewidth=0.8, linestyle="--")
    axes.set_yscale("log")
    axes.set_ylim(bottom=0.7)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlim(-0.8, len(counts) - 0.2)
    if has_names:
        ticks = [shorten_name(name) for name in names]
        axes.set_xticks(np.arange(len(counts)), ticks, rotation=90, fontsize=8, fontfamily=find_label_fonts(ticks))
    else:
        axes.set_xlabel("label, by frequency")
    axes.set_ylabel("training documents" if "train" in labels else "documents")
    axes.set_title(f"Documents of each label; orange: fewer than {audit.settings.min_documents}")
    hide_frame(axes)
    return figure


def draw_label_pairs(audit: Audit) -> "Figure | None":
    """Draw a heatmap of the share of a label's documents that have another label, for the labels that share most."""
    together_LL = audit.together_LL.astype(np.float64)
    counts_L = np.diag(together_LL)
    off_LL = together_LL * ~np.eye(len(together_LL), dtype=bool)
    if len(together_LL) < 2 or not off_LL.any():
        return None
    shared_L = np.where(counts_L >= audit.settings.min_documents, off_LL.max(axis=1), 0)
    chosen = np.sort(np.argsort(-shared_L, kind="stable")[:_MOST_PAIRED])  # in the order of the table of labels
    share_LL = (together_LL / np.maximum(audit.known_LL, 1))[np.ix_(chosen, chosen)]
    names = audit.labels["label"].to_numpy()[chosen].tolist()
    figure, (axes,) = new_heatmaps(1, 1, names)
    draw_heatmap(axes, pd.DataFrame(share_LL, index=names, columns=names), "share of the row's documents")
    which = "" if len(chosen) == len(together_LL) else f" ({len(chosen)} labels that most often apply with another)"
    axes.set_title(f"Labels that apply together{which}")
    return figure


def draw_label_errors(audit: Audit) -> "Figure | None":
    """Draw the number of likely errors of each label: labels that should apply to a document, or should not."""
    errors = audit.label_errors
    if errors is None or errors.empty:
        return None
    by_label = errors.groupby(["label", "given"]).size().unstack(fill_value=0)
    by_label = by_label.reindex(columns=[False, True], fill_value=0)
    by_label = by_label.loc[by_label.sum(axis=1).sort_values(ascending=False, kind="stable").index[:_MOST_ERRORS]][::-1]
    figure = new_figure(8, 0.21 * len(by_label) + 1.3)
    axes = figure.subplots()
    places = np.arange(len(by_label))
    axes.barh(places, by_label[False], color=BLUE, label="should apply")
    axes.barh(places, by_label[True], left=by_label[False], color=ORANGE, label="should not apply")
    ticks = [shorten_name(name) for name in by_label.index]
    axes.set_yticks(places, ticks, fontsize=8, fontfamily=find_label_fonts(ticks))
    axes.set_ylim(-0.7, len(by_label) - 0.3)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set_xlabel("likely label errors")
    put_legend_beside(axes)
    axes.set_title("Likely label errors" + (f", {len(by_label)} labels with most" if len(by_label) == 30 else ""))
    hide_frame(axes)
    return figure
