# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Folders, patterns and special files as documents: refused in one line, or read as a whole."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from .file_formats import make_csv, make_jsonl, written
from .test_readers import NOTICES, ids

REFUSED = None


def tree(**files: bytes | str | None) -> Callable[[Path], None]:
    """Write files below a folder; `__` separates folders, None is a folder, a string the target of a link."""

    def make(folder: Path) -> None:
        folder.mkdir()
        for name, content in files.items():
            path = folder / name.replace("__", "/")
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.mkdir()
            elif isinstance(content, str):
                path.symlink_to(content)
            else:
                path.write_bytes(content)

    return make


def named(*files: str | bytes) -> Callable[[Path], None]:
    """Write a text into files of two classes, whose names are in an odd form."""

    def make(folder: Path) -> None:
        for label in (b"a", b"b"):
            inside = os.path.join(os.fsencode(folder), label)
            os.makedirs(inside)
            for number, name in enumerate(files):
                with open(os.path.join(inside, os.fsencode(name)), "wb") as file:
                    file.write(b"text %d of %s" % (number, label))

    return make


def with_fifo(make: Callable[[Path], None], name: str) -> Callable[[Path], None]:
    def made(folder: Path) -> None:
        make(folder)
        os.mkfifo(folder / name)

    return made


_TWO = {"a__1": b"one", "a__2": b"two", "b__3": b"three", "b__4": b"four"}
FOLDERS: dict[str, tuple[Callable[[Path], None], str, int | None]] = {
    "nothing in it": (tree(), "", REFUSED),
    "only hidden files": (tree(**{".a": b"x", "_b": b"y"}), "", REFUSED),
    "empty classes": (tree(a=None, b=None), "", REFUSED),
    "an empty class among others": (tree(**_TWO, c=None), "", 4),
    "a folder in a class": (tree(**_TWO, a__x__5=b"five"), "", REFUSED),
    "a file beside classes": (tree(**_TWO, readme=b"x"), "", REFUSED),
    "a hidden file beside classes": (tree(**_TWO, **{".DS_Store": b"\0"}), "", 4),
    "an empty text": (tree(**_TWO, a__5=b""), "", 5),
    "a text that is no UTF-8": (tree(**_TWO, a__5=b"\xff"), "", REFUSED),
    "a text of NUL": (tree(**_TWO, a__5=b"\0\0"), "", 5),
    "a text with a mark": (tree(**_TWO, a__5=b"\xef\xbb\xbffive"), "", 5),
    "a text of an archive": (tree(**_TWO, a__5=b"PK\x03\x04"), "", REFUSED),
    "a text of a cut compression": (tree(**_TWO, a__5=b"\x1f\x8b\x08"), "", REFUSED),
    "a link to a text": (tree(**_TWO, a__5="../b/3"), "", 5),
    "a link to nothing": (tree(**_TWO, a__5="nosuch"), "", REFUSED),
    "a link to itself": (tree(**_TWO, a__5="5"), "", REFUSED),
    "a link to the folder": (tree(**_TWO, c="."), "", REFUSED),
    "a FIFO among the texts": (with_fifo(tree(**_TWO), "a/5"), "", REFUSED),
    "a FIFO among the classes": (with_fifo(tree(**_TWO), "c"), "", REFUSED),
    "one class": (tree(a__1=b"one", a__2=b"two"), "", 2),
    "one document": (tree(a__1=b"one"), "", REFUSED),
    "names of blanks and lines": (named("a b", "c\nd", "\t"), "", 6),
    "names of wildcards": (named("[1]*?", "-", "--x"), "", 6),
    "names that are no UTF-8": (named("a", b"\xff"), "", REFUSED),
    "files as classes": (tree(**_TWO), "--input_format csv", REFUSED),
    "classes as files": (tree(**{"1.csv": make_csv(), "2.csv": make_csv()}), "--input_format folder", REFUSED),
    "files of one format": (tree(**{"1.csv": make_csv(), "2.csv": make_csv()}), "", 32),
    "files of two formats": (tree(**{"1.csv": make_csv(), "2.jsonl": make_jsonl()}), "", REFUSED),
    "files of other columns": (tree(**{"1.csv": make_csv(), "2.csv": b"a,b\n1,2\n"}), "", REFUSED),
    "an empty file among others": (tree(**{"1.csv": make_csv(), "2.csv": b""}), "", 16),
    "a cut file among others": (tree(**{"1.csv": make_csv(), "2.csv": make_csv()[:-3]}), "", REFUSED),
    "a link to nothing among files": (tree(**{"1.csv": make_csv(), "2.csv": "nosuch"}), "", REFUSED),
    "a folder called like a file": (tree(**{"1.csv": make_csv(), "2.csv": None}), "", REFUSED),
    "a FIFO among files": (with_fifo(tree(**{"1.csv": make_csv()}), "2.csv"), "", REFUSED),
    "a file without suffix": (tree(**{"1": make_csv(), "2": make_csv()}), "", REFUSED),
}


@pytest.mark.parametrize("case", FOLDERS, ids=ids)
def test_folder(ends_well, tmp_path, case):
    make, options, number = FOLDERS[case]
    make(tmp_path / "docs")

    def check(told: str) -> None:
        rows = written(Path("out"))
        assert len(rows) == number
        assert all(text_is_whole(row["text"]) for row in rows)

    command = f"datasets --train_file {tmp_path / 'docs'} --to_parquet out {options}"
    told = ends_well(command, check if number is not REFUSED else None, NOTICES)
    assert told is None or "docs" in told or " too few " in told


def text_is_whole(text: str) -> bool:
    return not text.startswith("\ufeff")


PATHS = [
    "nosuch.csv",
    "nosuch/nosuch.csv",
    "*.nosuch",
    "[",
    "**",
    "/dev/null",
    "/proc/self/mem",
    "/proc/self/environ",
    "/dev/full/x.csv",
    "x" * 300,
    "x/" * 3000,
    "~nobodyatall/x.csv",
    "-",
    ".",
    "",
    " ",
    "http://localhost/x.csv",
    "file:///etc/passwd",
    "/etc/passwd",
    "%00",
    "a\nb.csv",
    "a\x1b[31mb.csv",
]


@pytest.mark.parametrize("command", ["datasets --to_parquet out", "train --model br --output_dir out"])
@pytest.mark.parametrize("path", PATHS, ids=lambda path: ids(path) or "empty")
def test_path(ends_well, monkeypatch, command, path):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    told = ends_well([*command.split(), "--train_file", path], notices=NOTICES)
    assert "\x1b" not in told


@pytest.mark.parametrize(
    "name", ["a b.jsonl", "a[1].jsonl", "a*.jsonl", "a?.jsonl", "-a.jsonl", "é\u202e.jsonl", "%s{}.jsonl"]
)
def test_name_of_file(ends_well, tmp_path, name):
    (tmp_path / "work" / name).write_bytes(make_jsonl())
    ends_well(["datasets", f"--train_file={name}", "--stats"], lambda told: json.loads(told)["stats"], NOTICES)
