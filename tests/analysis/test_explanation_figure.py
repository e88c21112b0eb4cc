# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Long texts stay within the picture; what cannot be drawn is refused."""

import numpy as np
import pytest

from labelwise.analysis import explanation_figure
from labelwise.analysis.explanation_figure import WIDTH, draw

from .explanations import MadeUp, lay_out


def make(words: list[str], num_read: int, sentences: bool = False) -> MadeUp:
    weights_KW = np.where(np.arange(len(words)) < num_read, 1 / num_read, 0.0)[None]
    return MadeUp.of(
        lay_out(words, np.where(np.arange(len(words)) < num_read, 0, -1)),
        ["$a$ label"],
        weights_KW,
        np.ones((1, 1)) if sentences else None,
    )


@pytest.mark.parametrize("sentences", [False, True])
def test_everything_is_inside(sentences):
    figure = draw(make(["wheat", "$1_000$", "x" * 300, "and"] * 20, 40, sentences))
    figure.canvas.draw()
    (axes,) = figure.axes
    page = figure.bbox
    boxes = [text.get_window_extent() for text in axes.texts]
    assert min(box.x0 for box in boxes) >= 0
    assert max(box.x1 for box in boxes) <= page.x1
    assert min(box.y0 for box in boxes) >= 0
    assert max(box.y1 for box in boxes) <= page.y1
    assert all(patch.get_x() + patch.get_width() <= WIDTH for patch in axes.patches)
    shown = "".join(text.get_text() for text in axes.texts)
    assert shown.count("$1_000$") == 10 + 5  # those that were read, and 20 words of what was cut off
    assert "[grey: cut off, and 20 words more]".replace(" ", "") in shown.replace(" ", "")


def test_backgrounds_follow_the_weights():
    explanation = make(["a", "b", "c", "d"], 4)
    explanation.weights_KW = np.array([[0.5, 0.25, 0.0, -0.125]])
    (axes,) = draw(explanation).axes
    assert [patch.get_facecolor()[3] for patch in axes.patches] == [1.0, 0.5, 0.25]
    reds = [patch.get_facecolor()[0] for patch in axes.patches]
    assert reds[0] == reds[1] == 1.0
    assert reds[2] < 0.5  # blue


def test_how_far_to_trust_it_is_drawn():
    (axes,) = draw(make(["a", "b"], 2)).axes
    shown = "".join(text.get_text() for text in axes.texts)
    assert "trust$a$label:0.5" in shown
    assert "predicted,probability0.500;fullcolour0.500" in shown


def test_characters_that_no_font_has(monkeypatch):
    monkeypatch.setattr(explanation_figure, "find_fonts", lambda text: (["DejaVu Sans"], "动力"))
    with pytest.raises(ValueError, match="no font of this machine has 2 of its characters"):
        draw(make(["动力"], 1))


def test_too_tall(monkeypatch):
    monkeypatch.setattr(explanation_figure, "HIGHEST", 300)
    with pytest.raises(ValueError, match="too tall; name fewer labels"):
        draw(make(["word" * 10] * 50, 50))
