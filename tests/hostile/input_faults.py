# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Texts to predict that are odd or wrong: content, name of the file, options, and how many answers there are."""

import gzip
import json
from typing import NamedTuple

REFUSED = None


class Input(NamedTuple):
    content: bytes
    answers: int | None
    name: str = "texts.jsonl"
    options: str = ""


def _lines(*lines: str | bytes) -> bytes:
    return b"".join((line if isinstance(line, bytes) else line.encode()) + b"\n" for line in lines)


def _text(content: bytes, answers: int | None, options: str = "") -> Input:
    return Input(content, answers, "texts.txt", options)


def _row(**values: object) -> str:
    return json.dumps({"text": "money", **values})


def _rows(answers: int | None, *lines: str, options: str = "") -> Input:
    return Input(_lines(_row(id=1), *lines, _row(id=3)), answers, options=options)


def _csv(content: bytes, answers: int | None, options: str = "") -> Input:
    return Input(content, answers, "texts.csv", options)


TEXTS: dict[str, Input] = {
    "nothing": _text(b"", REFUSED),
    "a line end": _text(b"\n", 1),
    "empty lines": _text(b"\n" * 50, 50),
    "empty lines between": _text(b"money\n\n\nball\n", 4),
    "blanks": _text(b" \t \n\xc2\xa0\n\xe2\x80\x83\n", 3),
    "no line end": _text(b"money\nball", 2),
    "Windows": _text(b"money\r\nball\r\n", 2),
    "mixed ends": _text(b"money\r\nball\nsoup\r\n", 3),
    "old Macs": _text(b"money\rball\r", REFUSED),
    "other separators": _text("a\u2028b\u2029c\x85d\x0be\x0cf\x1cg\n".encode(), 1),
    "NUL": _text(b"a\0b\n\0\n", 2),
    "controls": _text(bytes(range(1, 10)) + bytes(range(14, 32)) + b"\x7f\n", 1),
    "a mark": _text(b"\xef\xbb\xbfmoney\n", 1),
    "a mark alone": _text(b"\xef\xbb\xbf", REFUSED),
    "marks inside": _text("money\ufeff\n\ufeff\n".encode(), 2),
    "UTF-16": _text("money\nball\n".encode("utf-16"), 2),
    "UTF-16 of an odd number of bytes": _text("money\nball\n".encode("utf-16")[:-1], REFUSED),
    "UTF-32": _text("money\nball\n".encode("utf-32"), 2),
    "no UTF-8": _text(b"money\n\xff\xfe\n", REFUSED),
    "cut in a character": _text("money\ncafé".encode()[:-1], REFUSED),
    "half a surrogate": _text(b"\xed\xa0\x80\n", REFUSED),
    "cp1252, given": _text(b"caf\xe9\n", 1, "--encoding cp1252"),
    "cp1252, given as UTF-16": _text(b"caf\xe9\n", REFUSED, "--encoding utf-16"),
    "invisible": _text("\u200b\u200c\u2060\n\u202e\u2066\u00ad\n\U000e0041\n".encode(), 3),
    "10000 marks on a letter": _text(("e" + "\u0301" * 10_000 + "\n").encode(), 1),
    "emoji": _text("👩‍👩‍👧‍👦 \U0001f1e9\U0001f1ea \u2764\ufe0f\n".encode(), 1),
    "private and unassigned": _text("\ue000 \U0010ffff \ufffe \uffff\n".encode(), 1),
    "right to left": _text("مال بنك \u202eknab\u202c\n".encode(), 1),
    "no blanks between words": _text(("银行贷款利息" * 1000).encode(), 1),
    "a line of 1 MB": _text(b"money " * 170_000 + b"\n", 1),
    "a word of 1 MB": _text(b"m" * 1_000_000 + b"\n", 1),
    "a line of 1 MB of stops": _text(b"." * 1_000_000 + b"\n", 1),
    "a line of 1 MB of blanks": _text(b" " * 1_000_000 + b"\n", 1),
    "a line of 1 MB of NUL": _text(b"\0" * 1_000_000 + b"\n", 1),
    "a line of 1 MB of marks": _text("\u0301".encode() * 500_000 + b"\n", 1),
    "a line of 1 MB of ideographs": _text("银".encode() * 330_000 + b"\n", 1),
    "2000 lines": _text(b"money\n" * 2000, 2000),
    "special tokens": _text(b"[PAD] [UNK] <pad> <unk> </s> [MASK] [SEP] <|endoftext|>\n", 1),
    "markup": _text(b"<script>alert(1)</script> &amp; {{x}} ${y} %s\n", 1),
    "JSON of another kind": _text(b"[1, 2]\n{nope\n", 2),
    "compressed": Input(gzip.compress(b"money\nball\n"), 2, "texts.txt.gz"),
    "compressed, called text": _text(gzip.compress(b"money\nball\n"), 2),
    "cut while compressed": Input(gzip.compress(b"money\n" * 1000)[:-9], REFUSED, "texts.txt.gz"),
    "an archive": Input(b"PK\x03\x04\x14\0", REFUSED, "texts.zip"),
    "a picture": Input(b"\x89PNG\r\n\x1a\n" + bytes(range(256)), REFUSED, "texts.png"),
    "an empty table": Input(b"PAR1PAR1", REFUSED, "texts.parquet"),
    "text called a table": Input(b"money\n", REFUSED, "texts.parquet"),
    "text called a workbook": Input(b"money\n", REFUSED, "texts.xlsx"),
    "text called JSON": Input(b"money\n", REFUSED),
    # Columns
    "no rows": Input(b"", REFUSED),
    "an empty array": Input(b"[]", REFUSED, "texts.json"),
    "an array of strings": Input(b'["money", "ball"]', REFUSED, "texts.json"),
    "an object of columns": Input(b'{"text": ["money", "ball"]}', REFUSED, "texts.json"),
    "blank lines": Input(_lines("", _row(), "  ", _row(), ""), 2),
    "a broken line": _rows(REFUSED, '{"text": '),
    "a broken line after 1500": Input(_lines(*[_row()] * 1500, '{"text": '), REFUSED),
    "a text of 7 after 1500": Input(_lines(*[_row()] * 1500, _row(text=7)), REFUSED),
    "a line nested too deep": _rows(REFUSED, '{"text": "x", "a": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "a key twice": _rows(REFUSED, '{"text": "x", "text": "y"}'),
    "no text": _rows(REFUSED, '{"id": 2}'),
    "text null": _rows(3, _row(text=None)),
    "text NaN": _rows(3, '{"text": NaN}'),
    "text blank": _rows(3, _row(text="  ")),
    **{
        f"text {name}": _rows(REFUSED, '{"text": ' + value + "}")
        for name, value in {
            "7": "7",
            "1.5": "1.5",
            "1e999": "1e999",
            "true": "true",
            "a list": '["money"]',
            "an object": '{"a": "money"}',
            "half a surrogate": r'"\ud800"',
        }.items()
    },
    **{
        f"id {name}": _rows(answers, '{"text": "x", "id": ' + value + "}")
        for name, value, answers in (
            ("a string", '"x"', 3),
            ("null", "null", 3),
            ("NaN", "NaN", 3),
            ("1e999", "1e999", 3),
            ("a list", "[1, [2]]", 3),
            ("an object", '{"a": 1}', 3),
            ("of 4000 digits", "9" * 4000, 3),
            ("half a surrogate", r'"\ud800"', REFUSED),
            ("half a surrogate in a list", r'["\ud800"]', REFUSED),
            ("half a surrogate in an object", r'{"\ud800": 1}', REFUSED),
            ("nested 300", "[" * 300 + "]" * 300, 3),
            ("nested 5000", "[" * 5000 + "]" * 5000, REFUSED),
        )
    },
    "a text column that is none": _rows(REFUSED, options="--text_column nosuch"),
    "a text column of numbers": _rows(REFUSED, options="--text_column id"),
    "a text column twice": _rows(REFUSED, options="--text_column text text"),
    "a blank text column": _rows(REFUSED, options="--text_column ''"),
    "two text columns": _rows(REFUSED, options="--text_column text id"),
    "a kept column that is none": _rows(REFUSED, options="--keep_columns nosuch"),
    "a kept column twice": _rows(REFUSED, options="--keep_columns text text"),
    "a kept column of labels": _rows(REFUSED, _row(labels=["bank"]), options="--keep_columns labels"),
    "a kept column of a label": _rows(REFUSED, _row(bank=1), options="--keep_columns bank --format csv"),
    "a kept column of scores": _rows(REFUSED, _row(scores=1), options="--keep_columns scores"),
    "a kept column of formulas": _rows(3, _row(x="=cmd|x"), options="--keep_columns x --format csv"),
    "a kept column of all types": _rows(3, _row(x=[1, {"a": None}]), options="--keep_columns x --format csv"),
    "known labels without label tokens": _rows(REFUSED, options="--known_labels_column known"),
    "a delimiter for JSON": _rows(2, options="--delimiter ;"),
    "the wrong format": _rows(REFUSED, options="--input_format parquet"),
    "the format of folders": _rows(REFUSED, options="--input_format folder"),
    "CSV as text": Input(b"text,id\nmoney,1\n", 2, "texts.csv", "--input_format text"),
    "CSV with a header alone": _csv(b"text,id\n", REFUSED),
    "CSV without a header": _csv(b"money,1\nball,2\n", REFUSED),
    "CSV of one column": _csv(b"text\nmoney\nball\n", 2),
    "CSV of a column twice": _csv(b"text,text\nmoney,ball\n", REFUSED),
    "CSV of blank columns": _csv(b",text,\n1,money,2\n", 1),
    "CSV with blank texts": _csv(b"text,id\n,1\n  ,2\n", 2),
    "CSV with a quote without end": _csv(b'text,id\n"money,1\n', REFUSED),
    "CSV with too many cells": _csv(b"text,id\nmoney,1,2\n", REFUSED),
    "CSV with NUL": _csv(b"text,id\nmo\0ney,1\n", 1),
    "CSV with NUL in the id": _csv(b"text,id\nmoney,\0\n", 1),
    "CSV by an odd delimiter": _csv(b"text!id\nmoney!1\n", 1, "--delimiter !"),
    "CSV by the wrong delimiter": _csv(b"text,id\nmoney,1\n", REFUSED, "--delimiter ;"),
    "CSV by a delimiter of two": _csv(b"text,id\nmoney,1\n", REFUSED, "--delimiter ,,"),
}

# Options, with a sound file.
OPTIONS: dict[str, int | None] = {
    "--threshold nan": REFUSED,
    "--threshold inf": REFUSED,
    "--threshold 0": REFUSED,
    "--threshold 1": REFUSED,
    "--threshold -0.5": REFUSED,
    "--threshold x": REFUSED,
    "--threshold 0.5 0.6": REFUSED,
    "--threshold bank=0.5 bank=0.6": REFUSED,
    "--threshold nosuch=0.5": REFUSED,
    "--threshold =0.5": REFUSED,
    "--threshold bank=": REFUSED,
    "--threshold bank=nan": REFUSED,
    "--threshold 1e-300": 3,
    "--min_labels -1": REFUSED,
    "--min_labels 4": REFUSED,
    "--min_labels 99999999999999999999": REFUSED,
    "--min_labels 3": 3,
    "--top_k 0": REFUSED,
    "--top_k 99999999999999999999": 3,
    "--top_k 1 --no_scores": REFUSED,
    "--batch_size 0": REFUSED,
    "--batch_size -1": REFUSED,
    "--batch_size 1.5": REFUSED,
    "--batch_size 99999999999999999999": 3,
    "--format xml": REFUSED,
    "--format parquet": REFUSED,
    "--csv_labels names": REFUSED,
    "--format csv --csv_labels nosuch": REFUSED,
    "--text x": REFUSED,
    "--input nosuch.txt": REFUSED,
    "--input /dev/null": REFUSED,
    "--input .": REFUSED,
    "--input -": REFUSED,
    "--label_by_label": REFUSED,
    "--sheet nosuch": 3,
    "--encoding nosuch": REFUSED,
    "--encoding undefined": REFUSED,
    "--quoting nosuch": REFUSED,
}
