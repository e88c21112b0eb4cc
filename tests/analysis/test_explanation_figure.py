# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Long texts stay within the picture; what cannot be drawn is refused."""

import numpy as np
import pytest

from labelwise.analysis import explanation_figure
from labelwise.analysis.explanation import Explanation
from labelwise.analysis.explanation_figure import WIDTH, draw


def make(words: list[str], num_read: int, sentences: bool = False) -> Explanation:
    text, spans = " ".join(words), []
    for word in words:
        start = spans[-1][1] + 1 if spans else 0
        spans.append((start, start + len(word)))
    sentence_of_word = np.where(np.arange(len(words)) < num_read, 0, -1)
    weights_KW = np.where(np.arange(len(words)) < num_read, 1 / num_read, 0.0)[None]
    shares = np.ones((1, 1)) if sentences else None
    return Explanation(text, "attention", ["$a$ label"], [0.5], [True], spans, sentence_of_word, weights_KW, shares)


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
    explanation = make(["a", "b", "c"], 3)
    explanation.weights_KW = np.array([[0.5, 0.25, 0.0]])
    (axes,) = draw(explanation).axes
    assert [patch.get_facecolor()[3] for patch in axes.patches] == [1.0, 0.5]


def test_characters_that_no_font_has(monkeypatch):
    monkeypatch.setattr(explanation_figure, "find_fonts", lambda text: (["DejaVu Sans"], "动力"))
    with pytest.raises(ValueError, match="no font of this machine has 2 of its characters"):
        draw(make(["动力"], 1))


def test_too_tall(monkeypatch):
    monkeypatch.setattr(explanation_figure, "HIGHEST", 300)
    with pytest.raises(ValueError, match="too tall; name fewer labels"):
        draw(make(["word" * 10] * 50, 50))
