# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import bz2
import gzip
import io
import json

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest

from labelwise.datasets_scripts.own_data.options import FileOptions
from labelwise.datasets_scripts.own_data.sources import detect_format, find_files, is_class_folder, read_source
from labelwise.errors import UserInputError

ROWS = [{"text": "one, two", "labels": "a"}, {"text": "three", "labels": "b"}]
CSV = 'text,labels\n"one, two",a\nthree,b\n'
LINES = "".join(json.dumps(row) + "\n" for row in ROWS)


def write(folder, name, content, encoding="utf-8"):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(source, told=(), columns=None, **options):
    """Return the rows of a source, of which nothing else than `told` is detected."""
    lines = []
    rows = [record.row for record in read_source(source, FileOptions(**options), columns, lines.append)]
    assert lines == [*told]
    return rows


@pytest.fixture
def stdin(monkeypatch):
    """`stdin(content)`: gives bytes to standard input."""

    def give(content):
        raw = io.BufferedReader(io.BytesIO(content if isinstance(content, bytes) else content.encode()))
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(raw))

    return give


# Formats


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", CSV),
        ("a.csv.gz", gzip.compress(CSV.encode(), mtime=0)),
        ("a.jsonl", LINES),
        ("a.json", json.dumps(ROWS)),
        ("a.json", LINES),
        ("a.ndjson", LINES),
    ],
)
def test_a_file_of_a_known_suffix(tmp_path, name, content):
    assert read(write(tmp_path, name, content)) == ROWS


@pytest.mark.parametrize(
    ("content", "kind"), [(CSV, "CSV"), (LINES, "JSON lines"), (json.dumps(ROWS, indent=1), "JSON")]
)
def test_a_file_of_another_suffix_is_looked_at(tmp_path, content, kind):
    for name in ("a.txt", "a"):
        file = write(tmp_path, name, content)
        assert read(file, [f"{file}: is read as {kind} (input_format sets it)"]) == ROWS


def test_lines_of_text(tmp_path):
    file = write(tmp_path, "a.txt", "one, two\r\n\n{three\n")
    rows = [{"text": "one, two"}, {"text": ""}, {"text": "{three"}]
    assert read(file, []) == rows
    other = write(tmp_path, "a.log", "one, two\r\n\n{three\n")
    assert read(other, [f"{other}: is read as one text per line (input_format sets it)"]) == rows
    assert read(file, input_format="text") == rows
    assert read(file, input_format="text", text_column=["body", "title"])[0] == {"body": "one, two"}
    assert [record.where for record in read_source(file, FileOptions(input_format="text"))][2] == f"{file} line 3"


def test_the_format_that_is_given_counts(tmp_path):
    assert read(write(tmp_path, "a.csv", LINES), input_format="jsonl") == ROWS
    assert read(write(tmp_path, "a.json", CSV), input_format="csv") == ROWS


def parquet(rows=ROWS) -> bytes:
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), buffer)
    return buffer.getvalue()


def excel() -> bytes:
    book, buffer = openpyxl.Workbook(), io.BytesIO()
    for row in (ROWS[0].keys(), *(row.values() for row in ROWS)):
        book.active.append(list(row))
    book.save(buffer)
    return buffer.getvalue()


def test_parquet_and_excel(tmp_path):
    file = write(tmp_path, "a.parquet", parquet([row | {"other": 1} for row in ROWS]))
    assert read(file, columns=["text", "labels"]) == ROWS
    assert read(write(tmp_path, "a.xlsx", excel())) == ROWS


@pytest.mark.parametrize("name", ["a", "a.download"])
def test_parquet_and_excel_without_their_suffix(tmp_path, name):
    file = write(tmp_path, name, parquet())
    assert read(file, [f"{file}: is read as Parquet (input_format sets it)"]) == ROWS
    assert read(file, input_format="parquet") == ROWS
    write(tmp_path, name, excel())
    assert read(file, [f"{file}: is read as Excel (input_format sets it)"]) == ROWS
    assert detect_format(file, None) == "xlsx"
    assert detect_format(write(tmp_path, "b", CSV), None) is None


def test_wanted_columns_tell_the_delimiter(tmp_path):
    file = write(tmp_path, "a.csv", "body;a,b,c\nx;1\n")
    told = [f"{file}: the cells are read as separated by a semicolon (delimiter sets it)"]
    assert read(file, told, ["body"], text_column="body") == [{"body": "x", "a,b,c": "1"}]


# What bytes tell


def test_what_the_name_does_not_tell_is_told(tmp_path):
    packed = write(tmp_path, "a.csv", gzip.compress(CSV.encode()))
    assert read(packed, [f"{packed}: is compressed by gzip, whatever its name tells"]) == ROWS
    plain = write(tmp_path, "b.csv.gz", CSV)
    assert read(plain, [f"{plain}: is not compressed, whatever its name tells"]) == ROWS
    wide = write(tmp_path, "c.jsonl", LINES, "utf-16")
    assert read(wide, [f"{wide}: is read as UTF-16 (encoding sets it)"]) == ROWS
    assert read(wide, encoding="utf-16") == ROWS


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", "\n<!DOCTYPE html>\n<html>", "is a web page (HTML), not data; download the file itself"),
        ("a.jsonl", "<html lang='en'>", "is a web page (HTML)"),
        ("a.json", "version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "is a pointer of Git LFS"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "the old Excel format is not read; save the file as .xlsx or .csv"),
        ("a.zip", b"PK\x03\x04", "is a zip archive; unpack it first"),
        ("a.csv", "", "contains no documents"),
        ("a.csv", "text,labels\n", "contains no documents"),
        ("a.jsonl", "\n\n", "contains no documents"),
        ("a.json", "[]", "contains no documents"),
    ],
)
def test_files_that_are_no_data(tmp_path, name, content, told):
    file = write(tmp_path, name, content)
    with pytest.raises(UserInputError) as error:
        read(file)
    assert str(error.value).startswith(f"{file}: {told}")


# Several files


def test_a_folder_and_a_pattern_stand_for_their_files_in_order(tmp_path):
    for i in (2, 0, 1):
        write(tmp_path, f"part-{i}.csv", f"text,labels\ntext {i},a\n")
    write(tmp_path, "_SUCCESS", "")
    expected = [{"text": f"text {i}", "labels": "a"} for i in range(3)]
    assert read(tmp_path) == read(tmp_path / "part-*.csv") == expected
    assert read(str(tmp_path / "part-[02].csv")) == [expected[0], expected[2]]
    places = [record.where for record in read_source(tmp_path, FileOptions())]
    assert places == [f"{tmp_path}/part-{i}.csv line 2" for i in range(3)]


def test_a_file_whose_name_looks_like_a_pattern(tmp_path):
    assert read(write(tmp_path, "a[1].csv", CSV)) == ROWS


@pytest.mark.parametrize("names", [["a.csv", "b.jsonl"], ["a.csv", "b.txt"], ["a.txt"]])
def test_a_folder_of_other_files(tmp_path, names):
    for name in names:
        write(tmp_path, name, CSV)
    told = f"whose files are not all of one known format, such as {' and '.join(map(repr, names))}; a folder of"
    with pytest.raises(UserInputError, match=told):
        find_files(tmp_path)


def test_an_empty_folder(tmp_path):
    write(tmp_path, "_SUCCESS", "")
    with pytest.raises(UserInputError, match=f"^{tmp_path}: is a folder without files; those whose names begin with"):
        read(tmp_path)


def test_no_such_file(tmp_path):
    with pytest.raises(UserInputError, match=r"nowhere\.csv: no such file; check the path"):
        read(tmp_path / "nowhere.csv")
    with pytest.raises(UserInputError, match=r"\*\.csv: no file fits this pattern; check the path"):
        read(tmp_path / "*.csv")


def test_class_folders(tmp_path):
    for name in ("a/1.txt", "b/2.txt"):
        write(tmp_path, name, name)
    assert is_class_folder(tmp_path, FileOptions())
    told = f"{tmp_path}: each file is read as one text, whose label is its folder: a, b (input_format sets it)"
    assert [row["labels"] for row in read(tmp_path, [told])] == [["a"], ["b"]]
    assert not is_class_folder(tmp_path / "a", FileOptions())
    write(tmp_path, "notes.txt", "")
    with pytest.raises(UserInputError, match=r"contains files and folders, such as the file 'notes\.txt'; a folder of"):
        is_class_folder(tmp_path, FileOptions())
    with pytest.raises(UserInputError, match=r"contains files, and no folders, such as the file '1\.txt'; a folder"):
        is_class_folder(tmp_path / "a", FileOptions(input_format="folder"))


def test_class_folders_that_are_none(tmp_path):
    file = write(tmp_path, "a.csv", CSV)
    with pytest.raises(UserInputError, match=r"a\.csv: is a file, not a folder"):
        is_class_folder(file, FileOptions(input_format="folder"))
    with pytest.raises(UserInputError, match="nowhere: no such folder"):
        is_class_folder(tmp_path / "nowhere", FileOptions(input_format="folder"))


# Standard input


@pytest.mark.parametrize(
    ("content", "kind"),
    [(CSV, "CSV"), (LINES, "JSON lines"), (json.dumps(ROWS), "JSON"), (json.dumps(ROWS, indent=1), "JSON")],
)
def test_formats_of_standard_input(stdin, content, kind):
    stdin(content)
    assert read("-", [f"standard input: is read as {kind} (input_format sets it)"]) == ROWS


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.txt", "-"])
@pytest.mark.parametrize("content", [LINES, "one\ntwo\n", CSV])
def test_lines_that_end_with_a_carriage_return_alone(tmp_path, stdin, name, content):
    content = content.replace("\n", "\r")
    stdin(content.encode())
    source = name if name == "-" else str(write(tmp_path, name, content))
    told = (
        rf"{name.replace('-', 'standard input')}: its lines end with a carriage return alone; save it with Windows or"
    )
    with pytest.raises(UserInputError, match=told):
        list(read_source(source, FileOptions(), None, lambda line: None))


@pytest.mark.parametrize("kind", ["Parquet", "Excel"])
@pytest.mark.parametrize("given", [True, False])
def test_tables_on_standard_input(stdin, kind, given):
    stdin(parquet() if kind == "Parquet" else excel())
    if given:
        assert read("-", input_format="parquet" if kind == "Parquet" else "xlsx") == ROWS
    else:
        assert read("-", [f"standard input: is read as {kind} (input_format sets it)"]) == ROWS


@pytest.mark.parametrize("content", [CSV, LINES, json.dumps(ROWS, indent=1)])
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress])
def test_compressed_standard_input(stdin, content, pack):
    stdin(pack(content.encode()))
    kind = {"t": "CSV", "{": "JSON lines", "[": "JSON"}[content[0]]
    assert read("-", [f"standard input: is read as {kind} (input_format sets it)"]) == ROWS


def test_an_archive_on_standard_input(stdin):
    stdin(b"PK\x03\x04 and more")
    with pytest.raises(UserInputError, match=r"^standard input: is a zip archive; unpack it first"):
        read("-")


def test_lines_of_standard_input_come_before_its_end(monkeypatch):
    class Endless(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            buffer[:5] = b"text\n"
            return 5

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(Endless())))
    rows = read_source("-", FileOptions(input_format="text"))
    assert [next(rows) for _ in range(10_000)][-1] == ("standard input line 10000", {"text": "text"})


def test_empty_standard_input(stdin):
    stdin("")
    with pytest.raises(UserInputError, match=r"^standard input: contains no documents"):
        read("-", input_format="text")


def test_places_in_standard_input(stdin):
    stdin(CSV)
    places = [record.where for record in read_source("-", FileOptions(input_format="csv"))]
    assert places == ["standard input line 2", "standard input line 3"]
