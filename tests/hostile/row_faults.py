# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Rows of JSON lines and CSV files that are odd or wrong, and how many documents are read from them."""

import json

from .file_formats import ROWS, make_jsonl

REFUSED = None
SOUND = len(ROWS)
_DEEP = 100_000


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


def _row(**values: str) -> str:
    """An object of a sound row with other values, which are JSON; None leaves one out."""
    sound = {"id": '"new"', "text": '"a new text"', "labels": '["bank"]'}
    return "{" + ", ".join(f'"{name}": {value}' for name, value in {**sound, **values}.items() if value) + "}"


# A further line of a sound file, and how many documents it adds.
_LINES: dict[str, tuple[str, int | None]] = {
    "a number": ("7", REFUSED),
    "a string": ('"x"', REFUSED),
    "null": ("null", REFUSED),
    "an array": ("[]", REFUSED),
    "an object without keys": ("{}", REFUSED),
    "two objects": (f"{_row()} {_row()}", REFUSED),
    "a comma at the end": (f"{_row()},", REFUSED),
    "single quotes": (_row().replace('"', "'"), REFUSED),
    "a comment": ("// a comment", REFUSED),
    "no end": (_row()[:-1], REFUSED),
    "no end of a string": ('{"text": "x', REFUSED),
    "a bad escape": (_row(text=r'"\x"'), REFUSED),
    "half an escape": (_row(text=r'"\u12"'), REFUSED),
    "a raw tab in a string": (_row(text='"a\tb"'), REFUSED),
    "NUL in the line": (_row() + "\0", REFUSED),
    "blanks only": (" \t ", 0),
    "a key twice": ('{"text": "x", "text": "y", "labels": []}', REFUSED),
    "a key twice, deep": (_row(labels='{"bank": 1, "bank": 0}'), REFUSED),
    "a key of half a surrogate": (_row(**{r"\ud800": "1"}), 1),
    "a blank key": (_row(**{"": "1"}), 1),
    "nested too deep": (f'{{"a": {nested(_DEEP)}}}', REFUSED),
    "arrays too deep": (nested(_DEEP), REFUSED),
    "a number of 5000 digits": (_row(extra="9" * 5000), REFUSED),
    "a number beyond all": (_row(extra="1e999"), 1),
    "5000 keys": (_row(**{f"k{number}": "1" for number in range(5000)}), 1),
    # The text
    **{
        f"text {name}": (_row(text=value), REFUSED)
        for name, value in {
            "7": "7",
            "1.5": "1.5",
            "NaN": "NaN",
            "1e999": "1e999",
            "true": "true",
            "null": "null",
            "an array": "[]",
            "an array of strings": '["x"]',
            "an object": "{}",
            "half a surrogate": r'"a\ud800"',
            "halves in the wrong order": r'"\udc00\ud800"',
            "missing": "",
        }.items()
    },
    **{
        f"text {name}": (_row(text=json.dumps(value)), 1)
        for name, value in {
            "blank": "  ",
            "empty": "",
            "NUL": "a\0b",
            "a whole pair": "\U0001f600",
            "2 MB": "word " * 400_000,
            "invisible": "\u200b\u202e\ufeff\u2066",
            "10000 marks": "e" + "\u0301" * 10_000,
            "line separators": "a\u2028b\u2029c\x85d\x0be",
        }.items()
    },
    # The id
    **{
        f"id {name}": (_row(id=value), 1)
        for name, value in {"7": "7", "null": "null", "blank": '" "', "NaN": "NaN", "of another": '"d00"'}.items()
    },
    "id half a surrogate": (_row(id=r'"\ud800"'), REFUSED),
    # The labels
    **{
        f"labels {name}": (_row(labels=value), REFUSED)
        for name, value in {
            "7": "7",
            "1.5": "1.5",
            "true": "true",
            "1e999": "1e999",
            "null": "null",
            "NaN": "NaN",
            "missing": "",
            "blank": '" "',
            "an object": '{"bank": 1}',
            "an empty object": "{}",
            "a list of numbers": "[7]",
            "a list of floats": "[1.5]",
            "a list of infinity": "[1e999]",
            "a list of true": "[true]",
            "a list of null": "[null]",
            "a list of NaN": "[NaN]",
            "a list of lists": '[["bank"]]',
            "a list of objects": '[{"bank": 1}]',
            "a list of blank": '[" "]',
            "a list of empty": '[""]',
            "names and numbers": '["bank", 7]',
            "names and null": '["bank", null]',
            "half a surrogate": r'["\ud800"]',
            "nested 100": nested(100),
            "nested 300": nested(300),
            "nested 480": nested(480),
            "nested 700": nested(700),
            "nested 900": nested(900),
        }.items()
    },
    **{
        f"labels {name}": (_row(labels=value), 1)
        for name, value in {
            "none": "[]",
            "twice": '["bank", "bank"]',
            "twice but for blanks": '["bank", " bank "]',
            "of another case": '["Bank"]',
            "NUL": r'["a\u0000b"]',
            "a line break": r'["a\nb"]',
            "of 1 MB": json.dumps(["x" * 1_000_000]),
            "a formula": '["=cmd|x"]',
            "2000 of them": json.dumps([f"label {number}" for number in range(2000)]),
            "__class__": '["__class__"]',
            "a path": '["../../x"]',
        }.items()
    },
    # The labels that are unknown
    **{
        f"unknown_labels {name}": (_row(unknown_labels=value), REFUSED)
        for name, value in {
            "7": "7",
            "a list of 7": "[7]",
            "true": "true",
            "1.5": "1.5",
            "a list of null": "[null]",
            "a list of lists": '[["food"]]',
            "an object": '{"food": 1}',
            "half a surrogate": r'["\ud800"]',
            "known too": '["bank"]',
            "nested 480": nested(480),
        }.items()
    },
    **{
        f"unknown_labels {name}": (_row(unknown_labels=value), 1)
        for name, value in {"null": "null", "none": "[]", "one": '["food"]', "blank": '""'}.items()
    },
}
# The same lines first in the file, where they tell the format, and in the middle of an array.
LINES = {name: (line, added if added is REFUSED else SOUND + added) for name, (line, added) in _LINES.items()}


def as_lines(line: str, first: bool = False) -> bytes:
    sound = make_jsonl().splitlines(keepends=True)
    sound.insert(0 if first else 3, line.encode() + b"\n")
    return b"".join(sound)


def as_array(line: str) -> bytes:
    return b"[" + b",\n".join(part for part in as_lines(line).splitlines() if part.strip()) + b"]"


def _csv(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


_FOUR = ("a b c,bank", "d e f,sport", "g h i,bank", "j k l,sport")
# Whole files of CSV, with further options.
CSV: dict[str, tuple[bytes, str, int | None]] = {
    "only a header": (_csv("text,labels"), "", REFUSED),
    "no header": (_csv(*_FOUR), "", REFUSED),
    "a column twice": (_csv("text,labels,labels", *(f"{line},x" for line in _FOUR)), "", REFUSED),
    "the text twice": (_csv("text,text,labels", *(f"x,{line}" for line in _FOUR)), "", REFUSED),
    "a column twice but for blanks": (_csv("text,labels, labels", *(f"{line},x" for line in _FOUR)), "", REFUSED),
    "columns of another case": (_csv("Text,labels", *_FOUR), "", REFUSED),
    "a column of two cases": (_csv("text,labels,Text", *(f"{line},x" for line in _FOUR)), "", 4),
    "one blank column": (_csv(",text,labels", *(f"{n},{line}" for n, line in enumerate(_FOUR))), "", 4),
    "two blank columns": (_csv(",text,labels,", *(f"1,{line},2" for line in _FOUR)), "", 4),
    "blanks around columns": (_csv(" text , labels ", *_FOUR), "", 4),
    "a blank header": (_csv(",", *_FOUR), "", REFUSED),
    "a blank line before the header": (_csv("", "text,labels", *_FOUR), "", 4),
    "blank lines": (_csv("text,labels", "", _FOUR[0], "", "", *_FOUR[1:], ""), "", 4),
    "a line of blanks": (_csv("text,labels", *_FOUR, "   "), "", REFUSED),
    "too few cells": (_csv("text,labels", *_FOUR, "a"), "", REFUSED),
    "too many cells": (_csv("text,labels", *_FOUR, "a,bank,c"), "", REFUSED),
    "a quote without end": (_csv("text,labels", *_FOUR, '"a,bank'), "", REFUSED),
    "text after a quote": (_csv("text,labels", *_FOUR, '"a"b,bank'), "", REFUSED),
    "a quote inside": (_csv("text,labels", *_FOUR, 'a "b" c,bank'), "", 5),
    "a line break in quotes": (_csv("text,labels", *_FOUR, '"a\nb",bank'), "", 5),
    "NUL in a text": (_csv("text,labels", *_FOUR, "a\0b,bank"), "", 5),
    "NUL in a column": (_csv("text,labels,\0", *(f"{line},x" for line in _FOUR)), "", 4),
    "a text of 2 MB": (_csv("text,labels", *_FOUR, f"{'word ' * 400_000},bank"), "", 5),
    "a column of 1 MB": (_csv(f"text,labels,{'x' * 1_000_000}", *(f"{line},x" for line in _FOUR)), "", 4),
    "5000 columns": (
        _csv("text,labels," + ",".join(f"c{n}" for n in range(5000)), *(line + ",1" * 5000 for line in _FOUR)),
        "",
        4,
    ),
    "only commas": (b"," * 10_000, "", REFUSED),
    "only quotes": (b'"' * 10_001, "", REFUSED),
    "only NUL": (b"\0" * 10_000, "", REFUSED),
    "a blank label": (_csv("text,labels", *_FOUR, "a,"), "", REFUSED),
    "nan as a label": (_csv("text,labels", *_FOUR, "a,nan"), "", 5),
    "lists and names": (_csv("text,labels", *_FOUR, "a,['bank']"), "", REFUSED),
    "numbers and names": (_csv("text,labels", *_FOUR, "a,7"), "", 5),
    "a list that is none": (_csv("text,labels", *_FOUR, "a,['bank'"), "", 5),
    "a list with a call": (_csv("text,labels", "a,[exit()]", "b,[exit()]"), "", 2),
    "nested too deep": (_csv("text,labels", f"a,{nested(_DEEP)}", f"b,{nested(_DEEP)}"), "", 2),
    "nested 90": (_csv("text,labels", f"a,{nested(90)}", f"b,{nested(90)}"), "", REFUSED),
    "nested 480": (_csv("text,labels", f"a,{nested(480)}", f"b,{nested(480)}"), "", 2),
    "a separator that is nowhere": (_csv("text,labels", *_FOUR), "--label_separator |", 4),
    "a separator only": (_csv("text,labels", *_FOUR, "a,;;;"), "--label_separator ;", 5),
    "an unknown delimiter": (_csv("text,labels", *_FOUR), "--delimiter !", REFUSED),
    "a delimiter of the text": (_csv("text labels", "a b", "c d"), "--delimiter , ", REFUSED),
    "a column that is nowhere": (_csv("text,labels", *_FOUR), "--text_column nosuch", REFUSED),
    "labels that are nowhere": (_csv("text,labels", *_FOUR), "--label_column nosuch", REFUSED),
    "a label column that is nowhere": (_csv("text,labels", *_FOUR), "--label_columns nosuch", REFUSED),
    "no columns of 0 and 1": (_csv("text,labels", *_FOUR), "--label_columns auto", REFUSED),
    **{
        f"a cell {cell!r} of 0 and 1": (_csv("text,a,b", "x,1,0", "y,0,1", f"z,{cell},1"), "--label_columns a b", read)
        for cell, read in {
            "2": REFUSED,
            "-1": REFUSED,
            "0.5": REFUSED,
            "1e999": REFUSED,
            "maybe": REFUSED,
            "[1]": REFUSED,
            "\u0661": REFUSED,
            "1 1": REFUSED,
            "nan": REFUSED,
            "": 3,
            " 1 ": 3,
            "-100": 3,
            "TRUE": 3,
            "1.0": 3,
        }.items()
    },
    **{
        f"label ids {name}": (_csv("text,labels", *(f"text {n},[{n % 3}]" for n in range(6)), f"x,{cell}"), "", read)
        for name, cell, read in (
            ("negative", "[-1]", REFUSED),
            ("of 30 digits", f"[{10**30}]", 7),
            ("beyond 64 bits", f"[{2**64}]", 7),
            ("that are floats", "[1.5]", REFUSED),
            ("of 5000 digits", f"[{'9' * 5000}]", REFUSED),
            ("and infinity", "[inf]", REFUSED),
        )
    },
}
