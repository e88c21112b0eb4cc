# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What all figures share: colours and sizes, heatmaps with readable labels, and files.

matplotlib and seaborn are imported inside functions, so that numbers can be computed without them.
"""

from collections.abc import Iterable
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..csv_rows import write_table
from ..errors import UserInputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# The first two of seaborn's "colorblind", which all figures take their colours from.
BLUE, ORANGE = "#0173b2", "#de8f05"
_DPI = 120
_NAME_LENGTH = 32  # characters of a tick's label; the CSV has the whole name


def check_packages() -> None:
    """Check that the packages for drawing are installed.

    Raises:
        UserInputError: A package is missing.
    """
    missing = [name for name in ("matplotlib", "seaborn") if find_spec(name) is None]
    if missing:
        raise UserInputError(f"figures need packages that are missing: pip install 'labelwise[figures]' ({missing[0]})")


def new_figure(width: float, height: float) -> "Figure":
    """Return an empty figure.

    Args:
        width (`float`): Width in inches.
        height (`float`): Height in inches.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")  # pyplot would keep the figure, and need a display
    FigureCanvasAgg(figure)  # otherwise each text that is measured draws the page again, with gigabytes of memory
    return figure


def new_heatmaps(rows: int, columns: int, names: list[str]) -> "tuple[Figure, list[Axes]]":
    """Return a figure and its grid of panels, each large enough for a square heatmap with readable names.

    Args:
        rows (`int`): Rows of the grid.
        columns (`int`): Columns of the grid.
        names (`list[str]`): Names of the rows and columns of a heatmap.
    """
    cells, ticks = len(names) * _cell(len(names)), max(len(shorten_name(name)) for name in names) * 0.07
    figure = new_figure(columns * max(cells + ticks + 1.6, 4.5), rows * (cells + ticks + 1.3))
    return figure, list(figure.subplots(rows, columns, squeeze=False).flat)


def put_legend_beside(axes: "Axes") -> None:
    """Put the legend to the right of a panel, where it covers no data."""
    axes.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)


def hide_frame(axes: "Axes") -> None:
    """Hide the two sides of a panel that have no axis."""
    axes.spines[["top", "right"]].set_visible(False)


def find_label_fonts(names: Iterable[str]) -> list[str]:
    """Return the fonts that names of labels need, in the order in which matplotlib should try them.

    Raises:
        UserInputError: No font of this machine has the characters of a name.
    """
    from .fonts import find_fonts

    fonts, missing = find_fonts("".join(names))
    if missing:
        raise UserInputError(f"no font of this machine has {missing[:10]}, which names of labels contain; install one")
    return fonts


def draw_heatmap(axes: "Axes", matrix: pd.DataFrame, bar: str, around_zero: bool = False) -> None:
    """Draw a square matrix, with the diagonal and NaN in grey.

    Args:
        axes (`Axes`): From `new_heatmaps`.
        matrix (`pd.DataFrame`): A matrix with the same names of rows and columns.
        bar (`str`): Label of the colour bar.
        around_zero (`bool`, *optional*, defaults to `False`): Set it for numbers from -1 to 1, most of them close to 0:
            colours are those of the square root, which makes small differences visible.

    Raises:
        UserInputError: No font of this machine has the characters of a name.
    """
    import seaborn
    from matplotlib.colors import FuncNorm

    fonts = find_label_fonts(matrix.columns)
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
        xticklabels=False,  # set below, with their fonts
        yticklabels=False,
        cbar_kws={"label": bar, "shrink": 0.6, "aspect": 25, "pad": 0.02},
        **colours,
    )
    centres = np.arange(len(matrix)) + 0.5
    axes.set_xticks(centres, [shorten_name(name) for name in matrix.columns], rotation=90, fontfamily=fonts)
    axes.set_yticks(centres, [shorten_name(name) for name in matrix.index], fontfamily=fonts)
    axes.tick_params(length=2, labelsize=min(9, cell * 72 * 0.72))


def _cell(number: int) -> float:
    """Return the width in inches of a cell in a heatmap of this many rows."""
    return max(3.4 / number, min(0.32, 8 / number), 0.15)


def shorten_name(name: str) -> str:
    """Return the beginning of a long name, on one line, for a tick."""
    name = " ".join(name.split())
    return name if len(name) <= _NAME_LENGTH else name[: _NAME_LENGTH - 1] + "…"


def save_figure(figure: "Figure", table: pd.DataFrame, folder: Path, name: str) -> list[Path]:
    """Write a figure as PNG and SVG and its numbers as CSV; the same figure gives the same files.

    Args:
        figure (`Figure`): The figure.
        table (`pd.DataFrame`): Its numbers.
        folder (`Path`): Folder of the files.
        name (`str`): Name of the files, without suffix.

    Returns:
        `list[Path]`: The files, by name.
    """
    csv = folder / f"{name}.csv"
    write_table(table, csv)
    return [csv, *save_picture(figure, folder, name)]


def save_picture(figure: "Figure", folder: Path, name: str) -> list[Path]:
    """Write the PNG and the SVG of `save_figure`."""
    from matplotlib import rc_context

    for axes in figure.axes:
        hide_frame(axes)
        axes.title.set_fontsize(11)
    png, svg = (folder / f"{name}.{kind}" for kind in ("png", "svg"))
    png.write_bytes(to_png(figure, _DPI))
    with rc_context({"svg.hashsalt": "labelwise", "svg.fonttype": "none"}):  # text that can be searched
        figure.savefig(svg, dpi=_DPI, metadata={"Date": None})
    return [png, svg]


def to_png(figure: "Figure", dpi: int) -> bytes:
    """Return a figure as a PNG file; the same figure gives the same bytes. All its text is no formula from then on."""
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        text.set_parse_math(False)  # names of labels, models and files may contain dollar signs
    file = BytesIO()
    figure.savefig(file, format="png", dpi=dpi, metadata={"Software": None})
    return file.getvalue()
