# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page says what the text says, whatever it contains, and the numbers are in it."""

from html import escape
from html.parser import HTMLParser

import numpy as np
import pytest

from labelwise.analysis.explanation_page import CUT_OFF, to_html
from labelwise.analysis.words_read import WordsRead

from .explanations import MadeUp

TEXT = "  <script>alert('x')</script>\n & \"pork\" no more"
WORDS = ["<script>", "alert", "('x')", "</script>", "&", '"pork"', "no", "more"]
LABEL = "<img src=x onerror='y'>"


def make(sentences: bool) -> MadeUp:
    spans = [(TEXT.index(word), TEXT.index(word) + len(word)) for word in WORDS]
    sentence_of_word = np.array([0, 0, 0, -1, 1, 1, 1, -1] if sentences else [0, 0, 0, -1, 0, 0, 0, -1])
    weights_KW = np.array([[0.1, 0.1, 0, 0, 0.05, 0.7, -0.35, 0], [0, 0, 0, 0, 0, 0, 0, 0]])
    return MadeUp.of(
        WordsRead(TEXT, spans, sentence_of_word, None, None, None),
        [LABEL, "meat"],
        weights_KW,
        np.array([[0.2, 0.8], [0, 0]]) if sentences else None,
    )


class Page(HTMLParser):
    """The text in each `<div class="text">`, all tags, and the titles of words."""

    def __init__(self, page: str):
        super().__init__()
        self.tags, self.titles, self.texts, self.headings, self.open = set(), [], [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.tags.add(tag)
        if tag == "meta":
            return
        self.open.append((tag, attributes.get("class")))
        if attributes.get("class") == "text":
            self.texts.append("")
        if tag in ("mark", "s"):
            self.titles.append((attributes["title"], attributes.get("style")))

    def handle_endtag(self, tag):
        assert self.open.pop()[0] == tag

    def handle_data(self, data):
        if ("div", "text") in self.open and self.open[-1] != ("span", "share"):
            self.texts[-1] += data
        if self.open and self.open[-1][0] == "h2":
            self.headings.append(data)


@pytest.mark.parametrize("sentences", [False, True])
def test_text_and_labels_are_no_markup(sentences):
    page = Page(to_html(make(sentences)))
    assert page.headings == [LABEL, "meat"]
    assert len(page.texts) == 2
    for text in page.texts:
        assert "".join(text.split()) == "".join(TEXT.split()) if sentences else text == TEXT
    assert not page.tags & {"script", "img", "link"}


def test_numbers_and_colours():
    page = Page(to_html(make(False)))
    assert page.titles[5] == ("+0.700", "background: rgb(255 140 0 / 1.00)")
    assert page.titles[0] == ("+0.100", "background: rgb(255 140 0 / 0.14)")
    assert page.titles[6] == ("-0.350", "background: rgb(70 130 255 / 0.50)")
    assert [i for i, (title, _) in enumerate(page.titles) if title == CUT_OFF] == [3, 7, 11, 15]


def test_sentence_shares():
    assert ">+0.800<" in to_html(make(True))


def test_how_far_to_trust_it_and_the_largest_numbers():
    page = to_html(make(False))
    assert f"trust {escape(LABEL)}: 0.7" in page
    assert "trust meat: 0" in page
    assert '<th scope="col">Word</th><th scope="col">Number</th>' in page
    assert page.count("<td>") == 5
    assert f'<td dir="auto">{escape(WORDS[5])}</td><td>+0.700</td>' in page
