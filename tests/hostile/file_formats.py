# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The same sound documents in every format that is read, and what a command has read, to compare with them."""

import bz2
import csv
import gzip
import io
import json
import lzma
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow
import pyarrow.parquet

_LABELS = (["bank"], ["sport"], ["bank", "sport"], ["food", "sport"])
ROWS = [
    {"id": f"d{number:02}", "text": f"Text {number} costs 5 € – naïve, “it” said", "labels": _LABELS[number % 4]}
    for number in range(16)
]
COLUMNS = tuple(ROWS[0])


def make_csv(delimiter: str = ",", rows: list[dict] = ROWS) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, lineterminator="\n")
    writer.writerows([COLUMNS, *([row["id"], row["text"], json.dumps(row["labels"])] for row in rows)])
    return file.getvalue().encode()


def make_jsonl(rows: list[dict] = ROWS) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def make_json(rows: list[dict] = ROWS) -> bytes:
    return json.dumps(rows, ensure_ascii=False, indent=1).encode()


def make_parquet(table: pyarrow.Table | None = None, **settings: Any) -> bytes:
    sink = pyarrow.BufferOutputStream()
    table = pyarrow.Table.from_pylist(ROWS) if table is None else table
    pyarrow.parquet.write_table(table, sink, write_page_checksum=True, **settings)
    return sink.getvalue().to_pybytes()


def make_xlsx(cells: list[list] | None = None) -> bytes:
    """A workbook of one sheet, whose bytes do not depend on the time."""
    book, file, fixed = openpyxl.Workbook(), io.BytesIO(), io.BytesIO()
    if cells is None:
        cells = [list(COLUMNS), *([row["id"], row["text"], json.dumps(row["labels"])] for row in ROWS)]
    for row in cells:
        book.active.append(row)
    book.save(file)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"2026-01-01T00:00:00Z", old.read(name))
            new.writestr(zipfile.ZipInfo(name), content)
    return fixed.getvalue()


# By name of file. Only bytes of compressed files and of Parquet's pages have checksums.
FORMATS: dict[str, Callable[[], bytes]] = {
    "a.csv": make_csv,
    "a.tsv": lambda: make_csv("\t"),
    "a.jsonl": make_jsonl,
    "a.json": make_json,
    "a.parquet": make_parquet,
    "a.xlsx": make_xlsx,
    "a.csv.gz": lambda: gzip.compress(make_csv(), mtime=0),
    "a.jsonl.bz2": lambda: bz2.compress(make_jsonl()),
    "a.json.xz": lambda: lzma.compress(make_json()),
}


def written(folder: Path) -> list[dict]:
    """The documents of all splits that `datasets --to_parquet` wrote, in the order of their ids."""
    rows = []
    for path in folder.iterdir():
        table = pyarrow.parquet.read_table(path)
        features = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
        names = features["labels"]["feature"]["names"]
        rows += [{**row, "labels": [names[label] for label in row["labels"]]} for row in table.to_pylist()]
    return sorted(rows, key=lambda row: (len(row["id"]), row["id"]))


def contents(rows: list[dict]) -> list[tuple[str, list[str]]]:
    """Texts with their labels, in the order of the texts."""
    return sorted((row["text"], sorted(row["labels"])) for row in rows)
