# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page contains everything as text, whatever the texts and names are."""

from html.parser import HTMLParser

import pandas as pd

from labelwise.analysis.audit_page import to_html
from labelwise.analysis.audit_sections import Section

HOSTILE = "<script>alert('x')</script>"


class Page(HTMLParser):
    """Tags, their attributes, and the text of a page."""

    def __init__(self, page: str):
        super().__init__()
        self.tags, self.texts, self.sources, self.open = [], [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag == "img":
            self.sources.append(dict(attributes)["src"])
        if tag not in ("meta", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] != "style":
            self.texts.append(data)


def make_section(rows: int = 1) -> Section:
    return Section(
        HOSTILE,
        pd.DataFrame({HOSTILE: ["1,000"]}, index=[HOSTILE]),
        [f"A sentence about {HOSTILE} & more."],
        HOSTILE,
        "table.csv",
        pd.DataFrame({HOSTILE: [HOSTILE] * rows, "number": ["3"] * rows}),
        ["lengths"],
    )


def test_texts_and_names_are_no_markup():
    page = Page(to_html(HOSTILE, [make_section()], {}))
    assert "script" not in page.tags
    assert "img" not in page.tags
    assert page.texts.count(HOSTILE) == 8  # title, headings, caption, heads of columns and rows, cell
    assert any("& more" in text for text in page.texts)


def test_page_needs_no_other_file():
    html = to_html("Audit", [make_section()], {"lengths": b"\x89PNG"})
    assert Page(html).sources == ["data:image/png;base64,iVBORw=="]
    assert "http" not in html and "url(" not in html


def test_long_tables_are_cut():
    html = to_html("Audit", [make_section(60)], {})
    assert "50 of 60 rows; all are in table.csv" in html
    assert html.count("<tr>") == 1 + 1 + 1 + 50
