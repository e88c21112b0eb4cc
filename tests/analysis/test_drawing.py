# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Files of a figure: whole or absent, the same each time; ticks that do not touch each other."""

import re
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest

from labelwise.analysis import drawing
from labelwise.analysis.drawing import check_packages, draw_heatmap, new_figure, new_heatmaps, save_figure
from labelwise.errors import UserInputError


def heatmap(names, around_zero=False):
    values = np.random.default_rng(0).uniform(-0.1, 0.1, (len(names), len(names)))
    matrix = pd.DataFrame(values, index=names, columns=names)
    figure, (axes,) = new_heatmaps(1, 1, names)
    draw_heatmap(axes, matrix, "what", around_zero)
    return figure, axes, matrix


def test_three_files_the_same_each_time(tmp_path):
    for name in ("one", "two"):
        figure, _, matrix = heatmap(["a", "b", "c"])
        (tmp_path / "new" / name).mkdir(parents=True)
        paths = save_figure(figure, matrix, tmp_path / "new" / name, "f.1")
        assert [path.name for path in paths] == ["f.1.csv", "f.1.png", "f.1.svg"]
        assert sorted(paths) == sorted((tmp_path / "new" / name).iterdir())
    for path in paths:
        assert path.read_bytes() == (tmp_path / "new/one" / path.name).read_bytes()
    pd.testing.assert_frame_equal(pd.read_csv(paths[0], index_col=0), matrix, rtol=1e-5)


@pytest.mark.parametrize("number", [17, 90])
def test_names_do_not_overlap(number, tmp_path):
    names = [f"label-{i}" + "-of-a-long-name" * (i % 7 == 0) for i in range(number)]
    figure, axes, matrix = heatmap(names, around_zero=True)
    paths = save_figure(figure, matrix, tmp_path, "f")
    assert all(path.stat().st_size < 400_000 for path in paths)
    width, height = figure.get_size_inches() * figure.dpi
    for ticks, side in ((axes.get_xticklabels(), "x"), (axes.get_yticklabels(), "y")):
        assert [tick.get_text() for tick in ticks] == names
        boxes = sorted((tick.get_window_extent() for tick in ticks), key=lambda box: getattr(box, f"{side}0"))
        for one, other in pairwise(boxes):
            assert getattr(one, f"{side}1") <= getattr(other, f"{side}0") + 0.5
        assert all(box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height for box in boxes)
        assert min(tick.get_fontsize() for tick in ticks) > 6


def test_names_are_no_formulas_and_long_ones_are_cut(tmp_path):
    figure, axes, matrix = heatmap(["$a_1$", "x" * 40])
    figure.suptitle("runs/$5_$")
    _, _, svg = save_figure(figure, matrix, tmp_path, "f")
    assert re.search(r">\$a_1\$<", svg.read_text()) and re.search(r">runs/\$5_\$<", svg.read_text())
    assert axes.get_yticklabels()[1].get_text() == "x" * 31 + "…"


def test_a_name_that_no_font_can_write():
    with pytest.raises(UserInputError, match="no font of this machine"):
        heatmap(["\U000f0000", "b"])


def test_the_diagonal_is_left_out_of_the_colours():
    _, axes, _ = heatmap(["a", "b", "c"])
    drawn = axes.collections[0].get_array().reshape(3, 3)
    assert drawn.mask.tolist() == np.eye(3, dtype=bool).tolist()


def test_packages_are_needed_only_to_draw(monkeypatch):
    check_packages()
    monkeypatch.setattr(drawing, "find_spec", lambda name: None if name == "seaborn" else object())
    with pytest.raises(UserInputError, match=r"pip install 'labelwise\[figures\]' \(seaborn\)"):
        check_packages()


def test_figures_are_not_kept():
    from matplotlib import pyplot

    figure = new_figure(2, 2)
    assert pyplot.get_fignums() == []
    assert figure._get_renderer() is figure._get_renderer()  # a page for each text of a large figure fills the memory


def test_names_in_chinese_are_drawn_once_they_have_their_font(tmp_path, recwarn):
    try:
        figure, _, matrix = heatmap(["空间", "操控"])
    except UserInputError:
        pytest.skip("no font of this machine has Chinese characters")
    save_figure(figure, matrix, tmp_path, "f")
    assert not [warning for warning in recwarn if "missing from font" in str(warning.message)]
