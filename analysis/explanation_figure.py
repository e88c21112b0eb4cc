# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""An explanation as a picture: the text once per label, each word on a background of its number."""

from functools import cache
from textwrap import wrap
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle

from ..wording import counted
from .explanation import BLUE, ORANGE, Explanation
from .fonts import DEFAULT, find_fonts

WIDTH, MARGIN, INDENT, LINE, SIZE = 720, 18, 48, 19, 11  # in points, as all lengths here
GREY = "#595959"
DPI = 144
PIECE = 40  # characters, of which any 40 fit on a line
HIGHEST = 10000  # few programs open taller pictures
CUT_OFF_SHOWN = 20


def draw(explanation: Explanation) -> Figure:
    """Draw an explanation.

    Args:
        explanation (`Explanation`): From `explain`.

    Raises:
        ValueError: No font of this machine has some of the characters, or the picture would be too tall.
    """
    words, answers = explanation.words, explanation.answers
    written = [part for row, answer in enumerate(answers) for part in (answer.label, explanation.trust(row))]
    fonts, missing = find_fonts("".join([words.text, *written]))
    if missing:
        raise ValueError(
            f"no font of this machine has {len(missing)} of its characters ({missing[:10]}); install one, such as "
            "Noto Sans CJK for Chinese and Japanese"
        )
    figure = Figure(figsize=(WIDTH / 72, 1), dpi=DPI)
    page = _Page(FigureCanvasAgg(figure).get_renderer(), fonts)
    weight = "bold" if fonts == [DEFAULT] else "normal"  # fonts of other scripts rarely have both
    page.paragraph(explanation.title, weight=weight)
    page.paragraph(f"Background: {explanation.description}.", color=GREY)
    for row, answer in enumerate(answers):
        page.y += LINE / 2
        full = explanation.show(explanation.largest(row)).lstrip("+")
        page.paragraph(f"{answer.label}: {answer}; full colour {full}", weight=weight)
        page.paragraph(explanation.trust(row), color=GREY)
        _text(page, explanation, row)
    height = page.y + MARGIN
    if height > HIGHEST:
        raise ValueError("the picture would be too tall; name fewer labels")
    figure.set_size_inches(WIDTH / 72, height / 72)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
    axes.set_axis_off()
    for patch in page.patches:
        axes.add_patch(patch)
    for x, y, text, style in page.texts:
        axes.text(x, y, text, va="baseline", parse_math=False, fontfamily=fonts, fontsize=SIZE, **style)
    return figure


def _text(page: "_Page", explanation: Explanation, row: int) -> None:
    shares_W, text, spans = explanation.shares(row), explanation.words.text, explanation.words.spans
    sentence_weights_KM = explanation.sentence_weights_KM
    page.left = MARGIN + INDENT * (sentence_weights_KM is not None)
    for number, words in explanation.words.sentences():
        page.new_line()
        if sentence_weights_KM is not None:
            share = explanation.show(sentence_weights_KM[row, number])
            page.texts.append((page.left - 8, page.y, share, {"ha": "right", "color": GREY}))
        is_read = explanation.words.is_read[words].tolist()
        shown = max((i + 1 for i, read in enumerate(is_read) if read), default=0) + CUT_OFF_SHOWN
        for word, read in zip(words[:shown], is_read[:shown], strict=True):
            start, end = spans[word]
            spaced = word > 0 and spans[word - 1][1] < start
            style = {} if read else {"color": GREY, "style": "italic"}
            page.word(text[start:end], spaced, float(shares_W[word]), **style)
        if not all(is_read):
            more = f", and {counted(len(words) - shown, 'word')} more" if len(words) > shown else ""
            page.word(f"[grey: cut off{more}]", True, color=GREY)
    page.left = MARGIN


class _Page:
    """A layout of words on lines; a word that does not fit starts the next line. y grows downwards.

    Attributes:
        y (`float`): Baseline of the last line.
        texts (`list[tuple]`): Texts to write, each with x, y, the text and its style.
        patches (`list[Rectangle]`): Backgrounds of the words.
    """

    def __init__(self, renderer: RendererAgg, fonts: list[str]) -> None:
        self.renderer, self.fonts = renderer, fonts
        self.left = self.x = MARGIN
        self.y = MARGIN / 2
        self.texts, self.patches = [], []
        self.width = cache(self._measure)  # each label has the same words
        self.space = self.width("a b") - self.width("ab")

    def _measure(self, text: str, **style: Any) -> float:
        font = FontProperties(family=self.fonts, size=SIZE, **style)
        return self.renderer.get_text_width_height_descent(text, font, False)[0] * 72 / DPI

    def new_line(self) -> None:
        self.x = self.left
        self.y += LINE

    def paragraph(self, text: str, **style: Any) -> None:
        """Write words on new lines."""
        self.new_line()
        for word in text.split():
            self.word(word, True, **style)

    def word(self, text: str, spaced: bool, share: float = 0.0, **style: Any) -> None:
        """Write a word on its background, orange or below 0 blue, after the last one."""
        weight = {"weight": style["weight"]} if "weight" in style else {}
        for i, piece in enumerate(wrap(text, PIECE)):  # of a word longer than a line
            width = self.width(piece, **weight)
            self.x += self.space * (spaced and i == 0 and self.x > self.left)
            if self.x + width > WIDTH - MARGIN and self.x > self.left:
                self.new_line()
            if share != 0:
                color = (*(int(part) / 255 for part in (ORANGE if share > 0 else BLUE).split()), abs(share))
                self.patches.append(Rectangle((self.x, self.y - 0.7 * LINE), width, 0.95 * LINE, lw=0, color=color))
            self.texts.append((self.x, self.y, piece, style))
            self.x += width
