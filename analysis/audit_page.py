# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""An audit's report as one HTML file."""

from base64 import b64encode
from collections.abc import Mapping
from html import escape

import pandas as pd

from .audit_sections import Section

_ROWS = 50
_ALTERNATIVES = {
    "lengths": "Histogram of the lengths of documents, with what a model reads",
    "label_frequencies": "Bars of the number of documents of each label",
    "label_pairs": "Heatmap of the share of a label's documents that have another label",
    "label_errors": "Bars of the number of likely errors of each label",
}
_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #000; background: #fff; max-width: 75rem; margin: 2rem auto;
  padding: 0 1rem; }
table { border-collapse: collapse; line-height: 1.35; margin: 1rem 0; }
caption { text-align: left; font-weight: bold; padding-bottom: .3rem; }
th, td { padding: .15rem 1.2rem .15rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
th { border-bottom: 1px solid #999; }
tbody th { border: 0; font-weight: normal; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.scroll { overflow-x: auto; }
img { max-width: 100%; height: auto; display: block; margin: 1rem 0; }
"""


def to_html(title: str, sections: list[Section], pictures: Mapping[str, bytes]) -> str:
    """Return a page that needs no other file.

    Args:
        title (`str`): Its heading.
        sections (`list[Section]`): From `make_sections`.
        pictures (`Mapping[str, bytes]`): PNG files by name; those of a section that are missing are left out.
    """
    body = "\n".join(_section(section, pictures) for section in sections)
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1 dir="auto">{escape(title)}</h1>
{body}
</body>
</html>
"""


def _section(section: Section, pictures: Mapping[str, bytes]) -> str:
    parts = [f"<section>\n<h2>{escape(section.title)}</h2>"]
    if len(section.checks):
        parts.append(_table(section.checks.reset_index(names=""), "", heads=True))
    parts += [f"<p>{escape(sentence)}</p>" for sentence in section.sentences]
    for name in section.pictures:
        if name in pictures:
            data = b64encode(pictures[name]).decode()
            parts.append(f'<img alt="{_ALTERNATIVES[name]}" src="data:image/png;base64,{data}">')
    if section.table is not None and len(section.table):
        caption = section.caption
        if len(section.table) > _ROWS:
            caption += f" ({_ROWS} of {len(section.table):,} rows; all are in {section.file})"
        parts.append(_table(section.table[:_ROWS], caption))
    return "\n".join([*parts, "</section>"])


def _table(table: pd.DataFrame, caption: str, heads: bool = False) -> str:
    """Return a table, with numbers to the right; with `heads`, the first cell of a row is its heading."""
    kinds = [
        ' class="number"' if number > 0 and all(cell[:1].isdigit() for cell in cells) else ' dir="auto"'
        for number, (_, cells) in enumerate(table.items())
    ]
    head = "".join(
        f"<th scope='col'{kind}>{escape(str(name))}</th>" for name, kind in zip(table.columns, kinds, strict=True)
    )
    rows = []
    for row in table.itertuples(index=False, name=None):
        cells = [f"<td{kind}>{escape(cell)}</td>" for cell, kind in zip(row, kinds, strict=True)]
        if heads:
            cells[0] = f'<th scope="row">{escape(row[0])}</th>'
        rows.append(f"<tr>{''.join(cells)}</tr>")
    title = f"<caption>{escape(caption)}</caption>\n" if caption else ""
    lines = "\n".join(rows)
    return (
        f'<div class="scroll"><table>\n{title}<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody></table></div>'
    )
