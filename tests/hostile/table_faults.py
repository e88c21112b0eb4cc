# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Parquet and Excel files that are odd or wrong, and how many documents are read from them."""

import datetime
import decimal
import io
import json
import struct
import zipfile
from typing import Any

import pyarrow

from .file_formats import ROWS, make_parquet, make_xlsx

REFUSED = None
_TEXTS = [f"text {number}" for number in range(6)]
_NAMES = [["bank"], ["sport"]] * 3
_IDS = [[0], [1, 2], [2], [0], [1], [0, 1]]


def _table(metadata: bytes | None = None, **columns: Any) -> bytes:
    table = pyarrow.table({"text": _TEXTS, "labels": _NAMES, **columns})
    return make_parquet(table.replace_schema_metadata(metadata and {b"huggingface": metadata}))


def _typed(name: str, values: list, kind: pyarrow.DataType) -> bytes:
    return _table(**{name: pyarrow.array(values, kind)})


def _classes(names: Any, feature: str = "labels", **more: Any) -> bytes:
    """Ids with metadata that give names to a column."""
    features = {feature: {"feature": {"names": names, "_type": "ClassLabel", **more}, "_type": "List"}}
    return _table(json.dumps({"info": {"features": features}}).encode(), labels=_IDS)


def _with_tail(tail: bytes) -> bytes:
    return make_parquet()[: -len(tail)] + tail


_STRUCT = pyarrow.struct([("bank", pyarrow.bool_()), ("sport", pyarrow.bool_())])
_NO_TEXT = [b"\xff\xfe"] * 6
PARQUET: dict[str, tuple[bytes, int | None]] = {
    # Structure
    "no rows": (make_parquet(pyarrow.Table.from_pylist(ROWS).slice(0, 0)), REFUSED),
    "no columns": (make_parquet(pyarrow.table({})), REFUSED),
    "other columns": (make_parquet(pyarrow.table({"a": [1, 2], "b": [3, 4]})), REFUSED),
    "a column twice": (
        make_parquet(pyarrow.table([pyarrow.array(_TEXTS)] * 3, names=["text", "labels", "labels"])),
        REFUSED,
    ),
    "a blank column": (_table(**{"": _TEXTS}), 6),
    "200 columns": (_table(**{f"c{number}": [1] * 6 for number in range(200)}), 6),
    "one row a group": (make_parquet(row_group_size=1), len(ROWS)),
    "no statistics": (make_parquet(write_statistics=False, use_dictionary=False), len(ROWS)),
    "of version 1": (make_parquet(version="1.0", store_schema=False), len(ROWS)),
    "zstd": (make_parquet(compression="zstd"), len(ROWS)),
    "twice in one file": (make_parquet() * 2, len(ROWS)),
    "bytes after the end": (make_parquet() + b"x", REFUSED),
    "bytes before the start": (b"xxxx" + make_parquet(), REFUSED),
    "a footer of no length": (_with_tail(struct.pack("<i", 0) + b"PAR1"), REFUSED),
    "a footer of 2 GB": (_with_tail(struct.pack("<i", 2**31 - 1) + b"PAR1"), REFUSED),
    "a footer of a negative length": (_with_tail(struct.pack("<i", -1) + b"PAR1"), REFUSED),
    "encrypted by its end": (_with_tail(b"PARE"), REFUSED),
    "only marks": (b"PAR1" * 100, REFUSED),
    # Texts
    "large strings": (_typed("text", _TEXTS, pyarrow.large_string()), 6),
    "string views": (_typed("text", _TEXTS, pyarrow.string_view()), 6),
    "strings in a dictionary": (_table(text=pyarrow.array(_TEXTS).dictionary_encode()), 6),
    "texts of bytes": (_typed("text", _NO_TEXT, pyarrow.binary()), REFUSED),
    "texts of numbers": (_typed("text", [1] * 6, pyarrow.int64()), REFUSED),
    "texts of lists": (_typed("text", _NAMES, pyarrow.list_(pyarrow.string())), REFUSED),
    "texts of null": (_typed("text", [None] * 6, pyarrow.null()), REFUSED),
    "a text of null": (_typed("text", [None, *_TEXTS[1:]], pyarrow.string()), REFUSED),
    "texts that are no UTF-8": (_table(text=pyarrow.array(_NO_TEXT, pyarrow.binary()).view(pyarrow.string())), REFUSED),
    # Ids
    "ids that are no UTF-8": (_table(id=pyarrow.array(_NO_TEXT, pyarrow.binary()).view(pyarrow.string())), REFUSED),
    "ids of times": (_typed("id", [datetime.datetime(2026, 1, 1)] * 6, pyarrow.timestamp("ms")), 6),
    "ids of times beyond all": (_typed("id", [2**62] * 6, pyarrow.timestamp("ms")), REFUSED),
    "ids of spans beyond all": (_typed("id", [2**62] * 6, pyarrow.duration("s")), REFUSED),
    "ids of dates beyond all": (_typed("id", [2**30] * 6, pyarrow.date32()), REFUSED),
    "ids of decimals": (_typed("id", [decimal.Decimal("1.5")] * 6, pyarrow.decimal128(38, 10)), 6),
    # Labels
    **{
        f"labels of {name}": (_typed("labels", values, kind), read)
        for name, values, kind, read in (
            ("null", [None] * 6, pyarrow.null(), REFUSED),
            ("floats", [1.5] * 6, pyarrow.float64(), REFUSED),
            ("infinity", [float("inf")] * 6, pyarrow.float64(), REFUSED),
            ("true and false", [True, False] * 3, pyarrow.bool_(), REFUSED),
            ("decimals", [decimal.Decimal("1.5")] * 6, pyarrow.decimal128(5, 2), REFUSED),
            ("times", [2**62] * 6, pyarrow.timestamp("ms"), REFUSED),
            ("dates", [1] * 6, pyarrow.date32(), REFUSED),
            ("bytes", [b"bank"] * 6, pyarrow.binary(), REFUSED),
            ("lists of bytes", [[b"bank"]] * 6, pyarrow.list_(pyarrow.binary()), REFUSED),
            ("lists of lists", [[["bank"]]] * 6, pyarrow.list_(pyarrow.list_(pyarrow.string())), REFUSED),
            ("lists of null", [[None]] * 6, pyarrow.list_(pyarrow.null()), 6),
            ("lists of floats", [[1.5]] * 6, pyarrow.list_(pyarrow.float64()), REFUSED),
            ("negative ids", [[-1]] * 6, pyarrow.list_(pyarrow.int64()), REFUSED),
            ("ids of 64 bits", [[2**64 - 1], [5]] * 3, pyarrow.list_(pyarrow.uint64()), 6),
            ("fixed lists", [["bank"]] * 6, pyarrow.list_(pyarrow.string(), 1), 6),
            ("structs", [{"bank": True, "sport": False}] * 6, _STRUCT, 6),
            ("maps", [[("bank", 1), ("sport", 0)]] * 6, pyarrow.map_(pyarrow.string(), pyarrow.int8()), 6),
            ("maps of names", [[("bank", "x")]] * 6, pyarrow.map_(pyarrow.string(), pyarrow.string()), REFUSED),
            ("maps by number", [[(1, 1)]] * 6, pyarrow.map_(pyarrow.int8(), pyarrow.int8()), 6),
            ("maps with a key twice", [[("a", 1), ("a", 0)]] * 6, pyarrow.map_(pyarrow.string(), pyarrow.int8()), None),
        )
    },
    "labels that are no UTF-8": (
        _table(labels=pyarrow.array(_NO_TEXT, pyarrow.binary()).view(pyarrow.string())),
        REFUSED,
    ),
    # Metadata that lie
    "metadata that are no JSON": (_table(b"{nope"), 6),
    "metadata that are no UTF-8": (_table(b"\xff"), 6),
    "metadata that are a list": (_table(b"[1]"), 6),
    "metadata that are null": (_table(b"null"), 6),
    "metadata nested too deep": (_table(b"[" * 100_000), 6),
    "metadata with an info of 3": (_table(b'{"info": 3}'), 6),
    "metadata with features of 7": (_table(b'{"info": {"features": 7}}'), 6),
    "metadata with a type that is none": (_table(b'{"info": {"features": {"labels": {"_type": "Nosuch"}}}}'), 6),
    "metadata with features nested deep": (
        _table(b'{"info": {"features": {"labels": ' + b'{"_type": "List", "feature": ' * 400 + b"1" + b"}" * 403),
        6,
    ),
    "metadata of other columns": (_classes(["a", "b", "c"], "other"), 6),
    "names for ids": (_classes(["a", "b", "c"]), 6),
    "too few names": (_classes(["a", "b"]), REFUSED),
    "no names": (_classes([]), REFUSED),
    "a name twice": (_classes(["a", "a", "b"]), 6),
    "a name twice but for blanks": (_classes(["a", " a", "b"]), 6),
    "a blank name": (_classes(["", "a", "b"]), REFUSED),
    "names of numbers": (_classes([1, 2, 3]), REFUSED),
    "names of null": (_classes([None, None, None]), 6),
    "names that are a string": (_classes("abc"), 6),
    "names of half a surrogate": (_classes(["\ud800", "a", "b"]), REFUSED),
    "another number of names": (_classes(["a", "b", "c"], num_classes=7), 6),
    "names for strings": (
        _table(
            json.dumps(
                {
                    "info": {
                        "features": {"labels": {"feature": {"names": ["a"], "_type": "ClassLabel"}, "_type": "List"}}
                    }
                }
            ).encode()
        ),
        6,
    ),
}


def _sheet(*rows: list) -> bytes:
    return make_xlsx([["text", "labels"], *([text, "bank"] for text in _TEXTS[:3]), *rows])


def _archive(**changed: bytes | None) -> bytes:
    """The sound workbook with other contents of files, whose names have no suffix here; None leaves one out."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(make_xlsx())) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            key = name.rpartition("/")[2].partition(".")[0]
            content = changed.get(key, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return file.getvalue()


_ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 20}">' for n in range(1, 12))
_BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "lol">{_ENTITIES}]><worksheet>&e11;</worksheet>'.encode()
XLSX: dict[str, tuple[bytes, int | None]] = {
    "an empty sheet": (make_xlsx([]), REFUSED),
    "only a header": (make_xlsx([["text", "labels"]]), REFUSED),
    "a column twice": (make_xlsx([["text", "text", "labels"], ["a", "b", "bank"], ["c", "d", "bank"]]), REFUSED),
    "blank columns": (make_xlsx([[None, "text", None, "labels"], [1, "b", 2, "bank"], [1, "d", 2, "bank"]]), 2),
    "columns of numbers": (make_xlsx([[1, 2], ["a", "bank"], ["b", "bank"]]), REFUSED),
    "rows before the header": (make_xlsx([[None], [None], ["text", "labels"], ["a", "bank"], ["b", "bank"]]), 2),
    "blank rows": (_sheet([None, None], ["x", "bank"]), 4),
    "a short row": (_sheet(["x"]), REFUSED),
    "a long row": (_sheet(["x", "bank", "more"]), 4),
    "a text of null": (_sheet([None, "bank"]), REFUSED),
    "a text of a number": (_sheet([7, "bank"]), REFUSED),
    "a text of a date": (_sheet([datetime.date(2026, 1, 1), "bank"]), REFUSED),
    "a text of true": (_sheet([True, "bank"]), REFUSED),
    "a text of a formula": (_sheet(["=A1", "bank"]), REFUSED),
    "a text of an error": (_sheet(["#N/A", "bank"]), 4),
    "a label of a number": (_sheet(["x", 7]), REFUSED),
    "a label of a date": (_sheet(["x", datetime.datetime(2026, 1, 1)]), REFUSED),
    "a label of true": (_sheet(["x", True]), REFUSED),
    "a long text": (_sheet(["word " * 6000, "bank"]), 4),
    "no zip": (b"PK\x03\x04 not really", REFUSED),
    "no workbook": (_archive(workbook=None), REFUSED),
    "no sheet": (_archive(sheet1=None), REFUSED),
    # openpyxl writes strings into their cells.
    "no strings": (_archive(sharedStrings=None), len(ROWS)),
    "a sheet that is no XML": (_archive(sheet1=b"nope"), REFUSED),
    "a sheet without end": (_archive(sheet1=b"<worksheet><sheetData><row>"), REFUSED),
    "a sheet of entities": (_archive(sheet1=_BOMB), REFUSED),
    "strings that are no XML": (_archive(sharedStrings=b"nope"), len(ROWS)),
    "strings of entities": (_archive(sharedStrings=_BOMB), len(ROWS)),
    "styles that are no XML": (_archive(styles=b"nope"), REFUSED),
    "a workbook that is no XML": (_archive(workbook=b"nope"), REFUSED),
}
