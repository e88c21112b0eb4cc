# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What all figures share: heatmaps and lines with labels that can be read, and their files.

matplotlib and seaborn are imported where something is drawn: numbers can be computed without them.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..datasets_scripts.errors import UserInputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DPI = 120
_NAME_LENGTH = 32  # of a tick's label; the table has the whole name


def check_packages() -> None:
    """Refuses to begin what could not be drawn.

    Raises:
        UserInputError: A package is missing.
    """
    missing = [name for name in ("matplotlib", "seaborn") if find_spec(name) is None]
    if missing:
        raise UserInputError(f"figures need packages that are missing: pip install 'labelwise[figures]' ({missing[0]})")


def new_figure(width: float, height: float) -> "Figure":
    """An empty figure.

    Args:
        width (`float`), height (`float`): In inches.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")  # pyplot would keep it, and look for a display
    FigureCanvasAgg(figure)  # without it, every text that is measured draws the page anew, into gigabytes
    return figure


def new_heatmaps(rows: int, columns: int, names: list[str]) -> "tuple[Figure, list[Axes]]":
    """A grid of panels, each with room for a square of cells whose names can be read.

    Args:
        rows (`int`), columns (`int`): Of the grid.
        names (`list[str]`): Of the rows and columns of a heatmap.
    """
    cells, ticks = len(names) * _cell(len(names)), max(len(_tick(name)) for name in names) * 0.07
    figure = new_figure(columns * max(cells + ticks + 1.6, 4.5), rows * (cells + ticks + 1.3))
    return figure, list(figure.subplots(rows, columns, squeeze=False).flat)


def draw_heatmap(axes: "Axes", matrix: pd.DataFrame, bar: str, around_zero: bool = False) -> None:
    """Draws a square matrix; the diagonal and what is not a number stay grey.

    Args:
        axes (`Axes`): From `new_heatmaps`.
        matrix (`pd.DataFrame`): With the same names as rows and as columns.
        bar (`str`): What the colours measure.
        around_zero (`bool`, *optional*, defaults to `False`): Whether the numbers are from -1 to 1 and most of them
            close to 0; colours then go by the square root, so that these differ visibly.

    Raises:
        UserInputError: No font of this machine has the characters of a name.
    """
    import seaborn
    from matplotlib.colors import FuncNorm

    from .fonts import find_fonts

    fonts, missing = find_fonts("".join(matrix.columns))
    if missing:
        raise UserInputError(f"no font of this machine has {missing[:10]}, which names of labels hold; install one")
    off_diagonal = matrix.mask(np.eye(len(matrix), dtype=bool))
    colours = {"cmap": "viridis"}
    if around_zero:
        norm = FuncNorm((lambda x: np.sign(x) * np.sqrt(np.abs(x)), lambda x: np.sign(x) * x**2), -1, 1)
        colours = {"cmap": "vlag", "norm": norm, "vmin": -1, "vmax": 1}
    axes.set_facecolor("0.85")
    cell = _cell(len(matrix))
    seaborn.heatmap(
        off_diagonal,
        ax=axes,
        square=True,
        rasterized=True,
        xticklabels=False,  # it would draw them before they have their fonts
        yticklabels=False,
        cbar_kws={"label": bar, "shrink": 0.6, "aspect": 25, "pad": 0.02},
        **colours,
    )
    centres = np.arange(len(matrix)) + 0.5
    axes.set_xticks(centres, [_tick(name) for name in matrix.columns], rotation=90, fontfamily=fonts)
    axes.set_yticks(centres, [_tick(name) for name in matrix.index], fontfamily=fonts)
    axes.tick_params(length=2, labelsize=min(9, cell * 72 * 0.72))


def _cell(number: int) -> float:
    """Width of a cell in inches, of a heatmap with this many."""
    return max(3.4 / number, min(0.32, 8 / number), 0.15)


def _tick(name: str) -> str:
    return name if len(name) <= _NAME_LENGTH else name[: _NAME_LENGTH - 1] + "…"


def save_figure(figure: "Figure", table: pd.DataFrame, folder: Path, name: str) -> list[Path]:
    """Writes a figure as PNG and SVG and its numbers as CSV; the same figure gives the same files.

    Args:
        figure (`Figure`): What was drawn.
        table (`pd.DataFrame`): The numbers in it.
        folder (`Path`): Where the files go.
        name (`str`): Of the files, without what tells their formats apart.

    Returns:
        `list[Path]`: The files, by name.
    """
    from matplotlib import rc_context
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        text.set_parse_math(False)  # names of labels, models and files may hold dollar signs
    paths = [folder / f"{name}.{kind}" for kind in ("csv", "png", "svg")]
    csv, png, svg = paths
    figure.savefig(png, dpi=_DPI, metadata={"Software": None})
    with rc_context({"svg.hashsalt": "labelwise", "svg.fonttype": "none"}):  # letters, which can be searched
        figure.savefig(svg, dpi=_DPI, metadata={"Date": None})
    table.to_csv(csv, float_format="%.6g")
    return paths
