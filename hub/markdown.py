# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Markdown: any text as code or prose, tables, and generated sections of a page."""

import re
from collections.abc import Iterable, Sequence


def code_span(text: str) -> str:
    """Return text as inline code on one line. Not for cells of tables, which a pipe would end."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    fence = "`" * (1 + _longest_run(text))
    space = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{space}{text}{space}{fence}"


def code_block(text: str, language: str = "") -> str:
    """Return text as a block of code."""
    fence = "`" * max(3, 1 + _longest_run(text))
    return f"{fence}{language}\n{text}\n{fence}"


def escape(text: str) -> str:
    """Return text as prose on one line, with all markup escaped."""
    return re.sub(r"([\\`*_\[\]<>&#|])", r"\\\1", " ".join(text.split()))


def make_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown already."""
    first, *others = (f"| {' | '.join(cells)} |" for cells in (head, *rows))
    return "\n".join([first, "|---" * len(head) + "|", *others])


def fill_section(page: str, name: str, content: str) -> str:
    """Return a page with new content between `<!-- begin NAME -->` and `<!-- end NAME -->`.

    Raises:
        ValueError: The page does not have exactly one such section.
    """
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    before, rest = page.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{content}\n{end}{after}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
