# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Markdown: foreign text, whatever characters it holds; tables; sections of a page that are written anew."""

import re
from collections.abc import Iterable, Sequence


def code_span(text: str) -> str:
    """Text as inline code, on one line. Not for the cell of a table, which a pipe would end."""
    text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
    fence = "`" * (1 + _longest_run(text))
    space = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{space}{text}{space}{fence}"


def code_block(text: str, language: str = "") -> str:
    """Text as a block of code."""
    fence = "`" * max(3, 1 + _longest_run(text))
    return f"{fence}{language}\n{text}\n{fence}"


def escape(text: str) -> str:
    """Text as running text on one line, none of which is markup."""
    return re.sub(r"([\\`*_\[\]<>&#|])", r"\\\1", " ".join(text.split()))


def make_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, of cells that are Markdown already."""
    first, *others = (f"| {' | '.join(cells)} |" for cells in (head, *rows))
    return "\n".join([first, "|---" * len(head) + "|", *others])


def fill_section(page: str, name: str, content: str) -> str:
    """The page with what stands between `<!-- begin NAME -->` and `<!-- end NAME -->` replaced.

    Raises:
        ValueError: The page has not one such section.
    """
    begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
    before, rest = page.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{content}\n{end}{after}"


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
