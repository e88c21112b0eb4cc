# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The format of a file: what its suffix, its first bytes or its first characters tell."""

import re
from collections.abc import Collection
from pathlib import Path

from ..lines import DELIMITERS
from .delimited import EXCEL_MARK, header_cells

# Formats that are no text, and are read from a file, not from a stream.
BINARY = ("parquet", "xlsx")
COMPRESSED = {".gz", ".bz2", ".xz"}
NAMES = {
    "csv": "CSV",
    "jsonl": "JSON lines",
    "json": "JSON",
    "parquet": "Parquet",
    "xlsx": "Excel",
    "text": "one text per line",
}
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
}
_OBJECT = re.compile(r'\{\s*("(?:[^"\\]|\\.)*"\s*:|\}|$)')
# An Excel file is a zip archive with a folder `xl`; 26 bytes stand before the name of each of its files.
_EXCEL = re.compile(rb"PK\x03\x04.{26}xl/", re.DOTALL)


def format_of(path: Path) -> str | None:
    """Return the format that the suffix of a file tells; that of a compressed file stands before."""
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] in COMPRESSED:
        suffixes.pop()
    return _SUFFIXES.get(suffixes[-1]) if suffixes else None


def binary_format(start: bytes) -> str | None:
    """Return the format of `BINARY` that the first bytes tell, as they are in the file, not decompressed."""
    if start.startswith(b"PAR1"):
        return "parquet"
    return "xlsx" if start.startswith(b"PK") and _EXCEL.search(start) else None


def sniff(start: str, columns: Collection[str]) -> str:
    """Return the format that the first characters tell: JSON, CSV, or text.

    They are CSV if some of the columns are in the first line, or if all lines have the same number of tabs.
    """
    start = start.lstrip("\ufeff \t\r\n")
    line, end, rest = start.partition("\n")
    if start.startswith("[") and start[1:].lstrip().startswith("{"):
        return "json"
    if _OBJECT.match(start):
        return "json" if end and line.rstrip().endswith(("{", "[", ",", ":")) else "jsonl"
    tabs = {row.count("\t") for row in (line, *rest.split("\n")[:-1])}
    if EXCEL_MARK.match(start) or (rest and len(tabs) == 1 and tabs != {0}):
        return "csv"
    found = (set(columns) & {*header_cells(line, delimiter)} for delimiter in DELIMITERS)
    cells = max(len(header_cells(line, delimiter)) for delimiter in DELIMITERS)
    return "csv" if any(found) and cells > 1 else "text"
