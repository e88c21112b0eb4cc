# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Files of documents that are damaged, odd or wrong: refused in one line that names the file, or read as a whole."""

import codecs
import gzip
import json
import random
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from . import row_faults, table_faults
from .file_formats import FORMATS, ROWS, contents, make_csv, make_json, make_jsonl, written
from .row_faults import REFUSED, as_array, as_lines

# What a reader tells of a file before it finds the fault.
NOTICES = (
    r".* \((input_format|delimiter|quoting|encoding|label_format|sheet)( \w+)? ?.*\)|.*: is (not )?compressed.*"
    r"|.*: is read as (objects of several lines each|one array of objects), .*|.* texts? (is|are) blank[,;] .*"
    r"|.*: contains no file, so no document has the label .*|.* reach(es)? the limit of what the model reads, .*"
    r"|.* texts? (is|are) empty: no label|no probability is above .*"
    r"|.* documents; \d+ words?|.* no negative documents?: .*|.* in several rows with different labels; .*"
)
SUMMED = ("a.parquet", "a.xlsx", "a.csv.gz", "a.jsonl.bz2", "a.json.xz")  # with checksums
TEXTUAL = ("a.csv", "a.tsv", "a.jsonl", "a.json")


def ids(value: object) -> str:
    return "".join(character if character.isalnum() or character in "-._ '" else "_" for character in str(value))[:60]


def over(table: dict) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", table, ids=ids)


@pytest.fixture
def reads_well(ends_well, tmp_path):
    """`reads_well(content, name, options, check)`: read a file; the message of a refusal names it."""

    def read(
        content: bytes | Callable[[Path], object],
        name: str,
        options: str = "",
        check: Callable[[list[dict]], object] | None = None,
    ) -> str | None:
        path = tmp_path / name
        if callable(content):
            content(path)
        else:
            path.write_bytes(content)
        command = ["datasets", "--train_file", str(path), "--to_parquet", "out", *shlex.split(options)]
        told = ends_well(command, check and (lambda _: check(written(Path("out")))), NOTICES)
        assert told is None or str(path) in told or " are too few to cut " in told or "no label" in told, told
        return told

    return read


def as_many(number: int | None) -> Callable[[list[dict]], None] | None:
    """A check of the number of documents; none for what must be refused."""

    def check(rows: list[dict]) -> None:
        assert len(rows) == number

    return None if number is REFUSED else check


def same(rows: list[dict]) -> None:
    assert contents(rows) == contents(ROWS)


def beginning(rows: list[dict]) -> None:
    """No sum or end tells that rows are lost at the end of these formats; those that are there are whole."""
    assert contents(rows) == contents(ROWS[: len(rows)])


@pytest.mark.parametrize("tenth", range(10))
@pytest.mark.parametrize("name", FORMATS)
def test_truncated(reads_well, name, tenth):
    if name == "a.tsv" and tenth in (5, 8):
        pytest.skip("cut inside a quoted cell, quotation marks are read as text, and this is told: test_guesses.py")
    whole = FORMATS[name]()
    told = reads_well(whole[: len(whole) * tenth // 10], name, check=beginning)
    assert told is not None or name in ("a.csv", "a.tsv", "a.jsonl")


@pytest.mark.parametrize("seed", range(14))
@pytest.mark.parametrize("name", FORMATS)
def test_flipped_bit(reads_well, name, seed):
    rng, content = random.Random(f"{name} {seed}"), bytearray(FORMATS[name]())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    reads_well(bytes(content), name, check=same if name in SUMMED else as_many(len(ROWS)))


def encoded(encoding: str, mark: bytes = b"") -> Callable[[bytes], bytes]:
    return lambda content: mark + content.decode().encode(encoding)


ENCODINGS: dict[str, tuple[Callable[[bytes], bytes], str, bool]] = {  # whether it is read
    "a mark of UTF-8": (encoded("utf-8-sig"), "", True),
    "UTF-16": (encoded("utf-16"), "", True),
    "UTF-16, big end first": (encoded("utf-16-be", codecs.BOM_UTF16_BE), "", True),
    "UTF-32": (encoded("utf-32"), "", True),
    "UTF-16 without mark": (encoded("utf-16-le"), "", False),
    "UTF-16 without mark, given": (encoded("utf-16-le"), "--encoding utf-16-le", True),
    "UTF-16 without mark, given as UTF-16": (encoded("utf-16-le"), "--encoding utf-16", False),
    "UTF-32 without mark": (encoded("utf-32-be"), "", False),
    "UTF-16 of an odd number of bytes": (lambda content: encoded("utf-16")(content)[:-1], "", False),
    "half a surrogate in UTF-16": (lambda content: encoded("utf-16")(content) + b"\x00\xd8", "", False),
    "cp1252": (encoded("cp1252"), "", False),
    "cp1252, given": (encoded("cp1252"), "--encoding cp1252", True),
    "cp1252 after a mark of UTF-8": (encoded("cp1252", codecs.BOM_UTF8), "", False),
    "UTF-8 after a mark of UTF-16": (lambda content: codecs.BOM_UTF16_LE + content, "", False),
    "UTF-8, given as UTF-16": (bytes, "--encoding utf-16", False),
    "UTF-8, given as UTF-32": (bytes, "--encoding utf-32", False),
    "UTF-8, given as ASCII": (bytes, "--encoding ascii", False),
    "a byte of no UTF-8": (lambda content: content.replace(b"costs", b"\xff\xfe"), "", False),
    "an overlong form": (lambda content: content.replace(b"costs", b"\xc0\xaf"), "", False),
    "half a surrogate in UTF-8": (lambda content: content.replace(b"costs", b"\xed\xa0\x80"), "", False),
    "an encoding that is none": (bytes, "--encoding nosuch", False),
    "a blank encoding": (bytes, "--encoding ''", False),
    "an encoding of bytes": (bytes, "--encoding base64", False),
    "the undefined encoding": (bytes, "--encoding undefined", False),
    "the encoding of hosts": (bytes, "--encoding idna", False),
}


@pytest.mark.parametrize("name", TEXTUAL)
@over(ENCODINGS)
def test_encoding(ends_well, tmp_path, name, case):
    change, options, is_read = ENCODINGS[case]
    path = tmp_path / name
    path.write_bytes(change(FORMATS[name]()))
    command = f"datasets --train_file {path} --to_parquet out".split() + shlex.split(options)
    told = ends_well(command, (lambda _: same(written(Path("out")))) if is_read else None, NOTICES)
    assert (told is None) is is_read


LINE_ENDS: dict[str, Callable[[bytes], bytes]] = {
    "of Windows": lambda content: content.replace(b"\n", b"\r\n"),
    "of old Macs": lambda content: content.replace(b"\n", b"\r"),
    "mixed": lambda content: content.replace(b"\n", b"\r\n").replace(b"\r\n", b"\n", 5),
    "in the wrong order": lambda content: content.replace(b"\n", b"\n\r"),
    "with two returns": lambda content: content.replace(b"\n", b"\r\r\n"),
    "of old Macs among others": lambda content: content.replace(b"\n", b"\r", 5).replace(b"\r", b"\n", 1),
    "lost at the end": lambda content: content.rstrip(b"\n"),
    "twice": lambda content: content.replace(b"\n", b"\n\n"),
    "U+2028": lambda content: content.replace(b"\n", "\u2028".encode()),
}


@pytest.mark.parametrize("name", TEXTUAL)
@over(LINE_ENDS)
def test_line_ends(reads_well, name, case):
    told = reads_well(LINE_ENDS[case](FORMATS[name]()), name, check=same)
    assert told is None or case not in ("of Windows", "mixed", "lost at the end", "twice")


EMPTY = {
    "of no bytes": b"",
    "a line end": b"\n",
    "blanks": b" \t \n" * 9,
    "a mark of UTF-8": codecs.BOM_UTF8,
    "a mark of UTF-16": codecs.BOM_UTF16_LE,
    "NUL": b"\0",
    "compressed": gzip.compress(b""),
    "an empty array": b"[]",
    "an empty object": b"{}",
    "a web page": b"<!DOCTYPE html><html></html>",
    "a pointer of Git LFS": b"version https://git-lfs.github.com/spec/v1\n",
}


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.parquet", "a.xlsx", "a.csv.gz", "a"])
@over(EMPTY)
def test_empty(reads_well, name, case):
    assert reads_well(EMPTY[case], name)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".json", ".parquet", ".xlsx", ".xls", ".txt", ".gz", ""])
@pytest.mark.parametrize("name", FORMATS)
def test_wrong_extension(reads_well, name, suffix):
    reads_well(FORMATS[name](), f"b{suffix}", check=same)


@over(row_faults.LINES)
def test_line_of_json(reads_well, case):
    line, number = row_faults.LINES[case]
    told = reads_well(as_lines(line), "a.jsonl", check=as_many(number))
    assert (told is None) == (number is not REFUSED)


@over(row_faults.LINES)
def test_first_line_of_json(reads_well, case):
    line, number = row_faults.LINES[case]
    told = reads_well(as_lines(line, first=True), "a.jsonl", check=as_many(number))
    assert (told is None) == (number is not REFUSED)


# Between the objects of an array, a missing comma is forgiven.
@pytest.mark.parametrize("case", sorted({*row_faults.LINES} - {"two objects"}), ids=ids)
def test_item_of_json(reads_well, case):
    line, number = row_faults.LINES[case]
    reads_well(as_array(line), "a.json", check=as_many(number))


@over(row_faults.CSV)
def test_csv(reads_well, case):
    content, options, number = row_faults.CSV[case]
    told = reads_well(content, "a.csv", options, as_many(number))
    assert (told is None) == (number is not REFUSED)


@over(table_faults.PARQUET)
def test_parquet(reads_well, case):
    content, number = table_faults.PARQUET[case]
    told = reads_well(content, "a.parquet", check=as_many(number))
    assert (told is None) == (number is not REFUSED)


@over(table_faults.XLSX)
def test_xlsx(reads_well, case):
    content, number = table_faults.XLSX[case]
    told = reads_well(content, "a.xlsx", check=as_many(number))
    assert (told is None) == (number is not REFUSED)


# One fault of each kind for the commands that do more than read.
CHOSEN: dict[str, tuple[bytes, str]] = {
    "a cut file": (FORMATS["a.json"]()[:-200], "a.json"),
    "a cut compression": (FORMATS["a.csv.gz"]()[:-20], "a.csv.gz"),
    "a cut table": (FORMATS["a.parquet"]()[:-20], "a.parquet"),
    "a cut workbook": (FORMATS["a.xlsx"]()[:-200], "a.xlsx"),
    "no documents": (b"", "a.csv"),
    "one document": (make_jsonl(ROWS[:1]), "a.jsonl"),
    "two documents": (make_jsonl(ROWS[:2]), "a.jsonl"),
    "one text": (make_jsonl([{**row, "text": "x"} for row in ROWS]), "a.jsonl"),
    "blank texts": (make_jsonl([{**row, "text": " \t" * number} for number, row in enumerate(ROWS)]), "a.jsonl"),
    "invisible texts": (make_jsonl([{**row, "text": "\u200b" * n} for n, row in enumerate(ROWS)]), "a.jsonl"),
    "texts of signs": (make_jsonl([{**row, "text": "?!" * n} for n, row in enumerate(ROWS)]), "a.jsonl"),
    "texts of NUL": (make_jsonl([{**row, "text": f"\0 {n}\0 word"} for n, row in enumerate(ROWS)]), "a.jsonl"),
    "a text of 1 MB": (make_jsonl([*ROWS, {"text": "word " * 200_000, "labels": ["bank"]}]), "a.jsonl"),
    "a word of 1 MB": (make_jsonl([*ROWS, {"text": "w" * 1_000_000, "labels": ["bank"]}]), "a.jsonl"),
    "no labels at all": (make_jsonl([{**row, "labels": []} for row in ROWS]), "a.jsonl"),
    "one label": (make_jsonl([{**row, "labels": ["bank"]} for row in ROWS]), "a.jsonl"),
    "a label of one document": (make_jsonl([*ROWS, {"text": "x", "labels": ["rare"]}]), "a.jsonl"),
    "as many labels as documents": (make_jsonl([{**row, "labels": [row["id"]]} for row in ROWS]), "a.jsonl"),
    "a label of 1 MB": (make_jsonl([{**row, "labels": ["x" * 1_000_000]} for row in ROWS]), "a.jsonl"),
    "a label of HTML": (make_jsonl([{**row, "labels": ["<script>alert(1)</script>"]} for row in ROWS]), "a.jsonl"),
    "a label of a formula": (make_jsonl([{**row, "labels": ["=cmd|x!A0"]} for row in ROWS]), "a.jsonl"),
    "a label of NUL": (make_jsonl([{**row, "labels": ["a\0b"]} for row in ROWS]), "a.jsonl"),
    "a label of lines": (make_jsonl([{**row, "labels": ["a\nb"]} for row in ROWS]), "a.jsonl"),
    "a label of TeX": (make_jsonl([{**row, "labels": ["$\\nosuch{"]} for row in ROWS]), "a.jsonl"),
    "labels of dunder names": (make_jsonl([{**row, "labels": ["__init__", "0"]} for row in ROWS]), "a.jsonl"),
    "label ids": (make_jsonl([{**row, "labels": [n % 3]} for n, row in enumerate(ROWS)]), "a.jsonl"),
    "label ids of 30 digits": (
        make_jsonl([{**row, "labels": [10**30 + n % 3]} for n, row in enumerate(ROWS)]),
        "a.jsonl",
    ),
    "unknown labels alone": (make_jsonl([{**row, "labels": [], "unknown_labels": ["a"]} for row in ROWS]), "a.jsonl"),
    "the same id": (make_jsonl([{**row, "id": "x"} for row in ROWS]), "a.jsonl"),
    "an id of 1 MB": (make_jsonl([{**row, "id": "x" * 1_000_000} for row in ROWS[:4]]), "a.jsonl"),
    "the wrong suffix": (make_csv(), "a.parquet"),
    "lists in an array": (make_json([[row] for row in ROWS]), "a.json"),
}


def given(tmp_path: Path, case: str) -> Path:
    content, name = CHOSEN[case]
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("system", ["br", "lw-lstm"])
@over(CHOSEN)
def test_train(ends_well, tmp_path, system, case):
    def check(told: str) -> None:
        assert all(0 <= value <= 1 for value in json.loads(told).values() if isinstance(value, float))
        assert {"config.json", "model.safetensors", "results.json"} <= {path.name for path in Path("out").iterdir()}

    options = "--min_frequency 1 --min_df 1" if system == "br" else "--min_frequency 1 --hidden_size 4 --max_steps 2"
    path = given(tmp_path, case)
    ends_well(f"train --model {system} --train_file {path} --output_dir out {options}", check, NOTICES)


@over(CHOSEN)
def test_audit(ends_well, tmp_path, case):
    def check(told: str) -> None:
        found = json.loads(told)
        assert all(Path(file).is_file() for file in found["files"])
        assert "<script>alert" not in Path("out/audit.html").read_text("utf-8")

    ends_well(f"audit --train_file {given(tmp_path, case)} --output_dir out", check, NOTICES)
