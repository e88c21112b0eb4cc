# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import codecs
import csv
import gc
import gzip
import io
import warnings

import pytest

from labelwise.datasets_scripts.lines import (
    decode_lines,
    decode_start,
    find_encoding,
    read_csv,
    read_lines,
    read_names,
    read_pieces,
)
from labelwise.datasets_scripts.streams import read_start
from labelwise.errors import UserInputError


def write(folder, content):
    file = folder / "a.txt"
    file.write_bytes(content)
    return file


def test_only_line_feeds_end_lines(tmp_path):
    file = write(tmp_path, "\ufeffone\u2028still\x0bone\r\ntwo\u0085\n\nfour".encode())
    assert list(read_lines(file)) == [
        (1, "one\u2028still\x0bone\r\n"),
        (2, "two\u0085\n"),
        (3, "\n"),
        (4, "four"),
    ]


@pytest.mark.parametrize("mark", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path, mark):
    text = "one\u2028\r\n\u010a and \u0a0d\n\nfour"  # with 0x0a in other characters of UTF-16
    content = text.encode(mark)
    if mark in ("utf-16-le", "utf-16-be"):
        content = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}[mark] + content
    file = write(tmp_path, content)
    assert list(read_lines(file)) == [(1, "one\u2028\r\n"), (2, "\u010a and \u0a0d\n"), (3, "\n"), (4, "four")]
    assert "".join(read_pieces(file)) == text.replace("\r\n", "\n")
    assert decode_start(read_start(file), None).lstrip("\ufeff") == text


def test_the_encoding_that_is_given_counts(tmp_path):
    file = write(tmp_path, "café\n€\n".encode("cp1252"))
    assert list(read_lines(file, "cp1252")) == [(1, "café\n"), (2, "€\n")]
    assert "".join(read_pieces(file, "cp1252")) == "café\n€\n"
    file = write(tmp_path, "café\nthé\n".encode("utf-16-le"))
    assert list(read_lines(file, "utf-16-le")) == [(1, "café\n"), (2, "thé\n")]


def test_without_a_mark_the_encoding_is_utf8():
    assert find_encoding(b"text") == find_encoding(b"") == "utf-8"
    assert find_encoding(codecs.BOM_UTF32_LE) == "utf-32"  # begins like UTF-16
    assert decode_start("é".encode()[:1], None) == ""


def test_wrong_encoding(tmp_path):
    file = write(tmp_path, b"good\n\xe4\xb8\xad\xff\n")
    told = r"a\.txt line 2: byte 8 is not UTF-8; save the file as UTF-8, or give its encoding \(such as cp1252\)"
    with pytest.raises(UserInputError, match=told):
        list(read_lines(file))
    with pytest.raises(UserInputError, match=r"a\.txt: it is not UTF-8; save the file"):
        list(read_pieces(file))
    with pytest.raises(UserInputError, match=r"a\.txt line 2: byte 5 is not ascii"):
        list(read_lines(file, "ascii"))


def test_lines_of_a_stream_come_before_its_end():
    reader, told = io.BufferedReader(io.BytesIO(b"\xef\xbb\xbfone\ntwo\n\xff\n")), []
    with pytest.raises(UserInputError, match="stream line 3: byte 11 is not UTF-8"):
        for _, line in decode_lines(reader, "stream", None):
            told.append(line)
    assert told == ["one\n", "two\n"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
@pytest.mark.parametrize("read", [read_lines, read_pieces])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
@pytest.mark.parametrize("number", [1, 2])
def test_nothing_is_left_open(tmp_path, read, pack, encoding, number):
    """Whether all lines are read or the first."""
    file = write(tmp_path, pack("one\ntwo\n".encode(encoding)))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        lines = read(file, encoding)
        for _ in range(number):
            next(lines, None)
        del lines
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


def test_pieces_have_a_bounded_size(tmp_path):
    assert list(read_pieces(write(tmp_path, "äbcdefg".encode()), size=3)) == ["äbc", "def", "g"]


def test_names(tmp_path):
    file = tmp_path / "labels.txt"
    file.write_text(" joy\n\ngrief \n")
    assert read_names(file) == ["joy", "grief"]
    file.write_text("joy\ngrief\njoy \n")
    with pytest.raises(UserInputError, match=r"labels\.txt: 'joy' is named twice; remove one"):
        read_names(file)


def csv_file(folder, content):
    file = folder / "a.csv"
    file.write_text(content, encoding="utf-8", newline="")
    return file


def test_csv_lines_are_where_rows_begin(tmp_path):
    file = csv_file(tmp_path, 'a,b\n"1\n2",x\n\n"3",y\n')
    assert list(read_csv(file)) == [(2, {"a": "1\n2", "b": "x"}), (5, {"a": "3", "b": "y"})]


def test_names_of_columns_have_no_surrounding_space_but_cells_keep_it(tmp_path):
    assert list(read_csv(csv_file(tmp_path, " a , b\n x , y\n"))) == [(2, {"a": " x ", "b": " y"})]


def test_cells_longer_than_the_limit_of_the_csv_module(tmp_path):
    assert csv.field_size_limit(131072)
    ((_, row),) = read_csv(csv_file(tmp_path, f"a,b\n{'word ' * 30_000},x\n"))
    assert len(row["a"]) == 150_000


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("a,b\nx,y\nx,y,z\n", "line 3: 3 fields, but the header has 2; put fields that contain a comma or"),
        ('a,b\n"x\ny",1\nz\n', "line 4: 1 fields, but the header has 2"),
        ('a,b\nx,1\n"never closed,2\nz,3\n', "line 3: not well-formed CSV"),
        ('a,b\n"x"y,1\n', "line 2: not well-formed CSV"),
        ("a,b,a \nx,y,z\n", "line 1: the column 'a' occurs twice; rename one"),
    ],
)
def test_malformed_csv(tmp_path, content, message):
    with pytest.raises(UserInputError, match=rf"a\.csv {message}"):
        list(read_csv(csv_file(tmp_path, content)))


def test_the_delimiter_in_the_advice(tmp_path):
    with pytest.raises(UserInputError, match="fields that contain a tab or line breaks"):
        list(read_csv(csv_file(tmp_path, "a\tb\nx\n"), "\t"))


def test_several_columns_may_have_no_name(tmp_path):
    ((_, row),) = read_csv(csv_file(tmp_path, ",a,\n1,x,2\n"))
    assert row["a"] == "x"


@pytest.mark.parametrize("read", [read_lines, read_pieces])
def test_utf16_without_a_mark(tmp_path, read):
    """Python's codec has no `UnicodeDecodeError` for it."""
    (tmp_path / "a.txt").write_bytes("a text".encode("utf-16-le"))
    with pytest.raises(UserInputError, match=r"a\.txt: it is not UTF-16; save the file as UTF-8"):
        list(read(tmp_path / "a.txt", "utf-16"))
