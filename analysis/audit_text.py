# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""An audit's report as plain text for a terminal."""

import pandas as pd

from .audit_sections import Section, shorten

_ROWS = 10
_CELL = 60  # characters
_LEFT_OUT = ["text", "labels"]


def to_text(title: str, sections: list[Section]) -> str:
    """Return the report, with the first rows of each table and without texts.

    Args:
        title (`str`): Its first line.
        sections (`list[Section]`): From `make_sections`.
    """
    lines = [title]
    for section in sections:
        lines += ["", f"{section.title}", "=" * len(section.title)]
        if len(section.checks):
            lines += ["", *align(section.checks.reset_index(names=""))]
        if section.sentences:
            lines += ["", *map(printable, section.sentences)]
        table = section.table
        if table is not None and len(table):
            shown = table.drop(columns=_LEFT_OUT, errors="ignore")[:_ROWS]
            lines += ["", f"{section.caption}:", *align(shown)]
            if len(table) > _ROWS:
                lines.append(f"… {len(table) - _ROWS:,} more in {section.file}")
    return "\n".join(lines)


def printable(text: str) -> str:
    """Return a text without characters that a terminal would act on."""
    return "".join(c if c.isprintable() else "\ufffd" for c in text)


def align(table: pd.DataFrame) -> list[str]:
    """Return the lines of a table of cells: the first column to the left, numbers to the right."""
    columns = []
    for number, (name, cells) in enumerate(table.items()):
        cells = [printable(shorten(cell, _CELL)) for cell in cells]
        width = max(map(len, [name, *cells]))
        to_right = number > 0 and all(cell[:1].isdigit() or cell in ("", "n/a") for cell in cells)
        columns.append([f"{cell:>{width}}" if to_right else f"{cell:<{width}}" for cell in [name, *cells]])
    return ["  ".join(row).rstrip() for row in zip(*columns, strict=True)]
