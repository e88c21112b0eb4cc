# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Files that are compressed, JSON arrays, workbooks, folders and patterns of files, and files without a suffix."""

import bz2
import gzip
import json
import lzma
import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest

from labelwise import MultiLabelClassifier
from labelwise.errors import UserInputError

from .made_up import (
    TEST,
    TRAIN,
    Row,
    both,
    check_command,
    check_front_door,
    listening,
    load,
    refused,
    table,
    with_labels,
    write_csv,
)

COMPRESSIONS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


# Compression


@pytest.mark.parametrize("compression", COMPRESSIONS)
@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "json"])
def test_compressed_files(tmp_path, suffix, compression):
    file, plain = tmp_path / f"a.{suffix}.{compression}", tmp_path / f"a.{suffix}"
    if suffix in ("csv", "tsv"):
        write_csv(plain, TRAIN, sep="," if suffix == "csv" else "\t")
    else:
        table(TRAIN).to_json(plain, orient="records", lines=suffix == "jsonl")
    file.write_bytes(COMPRESSIONS[compression](plain.read_bytes()))
    with listening() as told:
        assert load(file) == {row.text: (row.labels, []) for row in TRAIN}
    assert not [line for line in told if "whatever its name tells" in line]


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.csv.gz"])
def test_compressed_files_through_both_doors(command, tmp_path, name):
    def make(path: Path, rows: list[Row]) -> None:
        if "csv" in name:
            write_csv(path, rows)
        else:
            table(rows).to_json(path, orient="records", lines=True)

    files = both(tmp_path, name, make)
    assert files[0].read_bytes().startswith(b"\x1f\x8b")
    check_command(command, tmp_path, *files)
    check_front_door(*files)


def test_a_name_that_does_not_tell_the_compression(tmp_path):
    plain = write_csv(tmp_path / "plain.csv", TRAIN).read_bytes()
    for name, content, told in [
        ("a.csv", gzip.compress(plain), "is compressed by gzip, whatever its name tells"),
        ("a.csv.gz", plain, "is not compressed, whatever its name tells"),
    ]:
        (tmp_path / name).write_bytes(content)
        with listening() as lines:
            assert len(load(tmp_path / name)) == 36
        assert f"{tmp_path / name}: {told}" in lines


# JSON


@pytest.mark.parametrize("indent", [None, 0, 2])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_one_array(command, tmp_path, name, indent):
    def make(path: Path, rows: list[Row]) -> None:
        path.write_text(json.dumps(with_labels(rows, [row.labels for row in rows]), indent=indent))

    files = both(tmp_path, name, make)
    model = check_command(command, tmp_path, *files)
    lines = [f"{files[0]}: is read as one array of objects, not as one object per line"] * (name == "a.jsonl")
    assert model.told.lines_with("one array of objects") == lines
    assert [line for line in check_front_door(*files) if f"{files[0]}: is read" in line] == lines


def test_lines_and_longer_objects(tmp_path):
    """The suffix `.json` says neither that there is an array nor that an object is one line."""
    rows = with_labels(TRAIN, [row.labels for row in TRAIN])
    for indent in (None, 2):
        (tmp_path / "a.json").write_text("\n".join(json.dumps(row, indent=indent) for row in rows))
        assert load(tmp_path / "a.json") == {row.text: (row.labels, []) for row in TRAIN}


def test_an_array_without_its_end(command, tmp_path):
    content = json.dumps(with_labels(TRAIN, [row.labels for row in TRAIN]))
    (tmp_path / "a.json").write_text(content[:-1])
    assert "broken JSON (the array has no end)" in refused(command, tmp_path, tmp_path / "a.json")
    (tmp_path / "b.json").write_text(content[:-9])
    assert "item 36: broken JSON" in refused(command, tmp_path, tmp_path / "b.json")


# Excel


def test_a_workbook(command, tmp_path):
    files = both(tmp_path, "a.xlsx", lambda path, rows: table(rows).to_excel(path, index=False))
    check_command(command, tmp_path, *files)
    check_front_door(*files)


def test_sheets(command, tmp_path):
    def make(path: Path, rows: list[Row], others: dict) -> None:
        with pd.ExcelWriter(path) as writer:
            for name, sheet in others.items():
                sheet.to_excel(writer, sheet_name=name, index=False)

    notes = pd.DataFrame({"note": ["x"]})
    make(tmp_path / "one.xlsx", TRAIN, {"notes": notes, "documents": table(TRAIN)})
    with listening() as told:
        assert load(tmp_path / "one.xlsx") == {row.text: (row.labels, []) for row in TRAIN}
    assert f"{tmp_path}/one.xlsx: the sheet 'documents' is read (sheet sets it)" in told
    make(tmp_path / "two.xlsx", TRAIN, {"old": table(TEST), "new": table(TRAIN)})
    told = refused(command, tmp_path, tmp_path / "two.xlsx")
    assert "the sheets old and new both have the columns; choose one by sheet" in told
    assert load(tmp_path / "two.xlsx", sheet="new") == {row.text: (row.labels, []) for row in TRAIN}


def test_a_workbook_without_the_extra(command, tmp_path, monkeypatch):
    table(TRAIN).to_excel(tmp_path / "a.xlsx")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    told = refused(command, tmp_path, tmp_path / "a.xlsx")
    assert told == f'{tmp_path}/a.xlsx: .xlsx needs openpyxl: pip install "labelwise[excel]"'


# Folders and patterns


@pytest.mark.parametrize("kind", ["folder", "pattern"])
@pytest.mark.parametrize("suffix", ["parquet", "csv", "jsonl", "csv.gz"])
def test_shards(command, tmp_path, suffix, kind):
    for split, rows in (("train", TRAIN), ("test", TEST)):
        (tmp_path / split).mkdir()
        for number in range(3):
            part = table(rows)[number * len(rows) // 3 : (number + 1) * len(rows) // 3]
            path = tmp_path / split / f"part-{number:05}-of-00003.{suffix}"
            if suffix == "parquet":
                part.to_parquet(path)
            elif suffix == "jsonl":
                part.to_json(path, orient="records", lines=True)
            else:
                part.to_csv(path, index=False)
        (tmp_path / split / "_SUCCESS").touch()
    sources = [
        tmp_path / split if kind == "folder" else tmp_path / split / f"part-*.{suffix}" for split in ("train", "test")
    ]
    check_command(command, tmp_path, *sources)
    check_front_door(*sources)


def test_wrong_sources(command, tmp_path):
    (tmp_path / "mixed").mkdir()
    for name in ("a.csv", "b.jsonl"):
        write_csv(tmp_path / "mixed" / name, TRAIN)
    assert "is a folder whose files are not all of one known format" in refused(command, tmp_path, tmp_path / "mixed")
    assert "no file fits this pattern" in refused(command, tmp_path, tmp_path / "mixed" / "*.parquet")
    missing = str(tmp_path / "missing.csv")
    assert "no such file" in command("train", "--model", "br", "--train_file", missing, "--output_dir", "out").error
    with pytest.raises(UserInputError, match="no such file"):
        MultiLabelClassifier("br").fit(missing)
    shutil.make_archive(str(tmp_path / "a"), "zip", tmp_path / "mixed")
    assert "is a zip archive; unpack it first" in refused(command, tmp_path, tmp_path / "a.zip")
    (tmp_path / "page.csv").write_text("<!DOCTYPE html><html>Sign in</html>")
    assert "is a web page (HTML), not data" in refused(command, tmp_path, tmp_path / "page.csv")


# Formats that nothing tells, and that are set


@pytest.mark.parametrize(("form", "name"), [("csv", "CSV"), ("jsonl", "JSON lines"), ("json", "JSON")])
def test_a_name_without_a_suffix(command, tmp_path, form, name):
    def make(path: Path, rows: list[Row]) -> None:
        if form == "csv":
            write_csv(path, rows)
        else:
            table(rows).to_json(path, orient="records", lines=form == "jsonl")

    files = both(tmp_path, "data", make)
    model = check_command(command, tmp_path, *files)
    assert model.told.lines_with("input_format") == [f"{files[0]}: is read as {name} (input_format sets it)"]
    check_front_door(*files)
    model = check_command(command, tmp_path / "set", *files, input_format=form)
    assert not model.told.lines_with("input_format")
