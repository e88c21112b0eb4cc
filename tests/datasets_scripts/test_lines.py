# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts.delimited import read_csv
from labelwise.datasets_scripts.lines import read_lines, read_names
from labelwise.errors import UserInputError


def test_only_line_feeds_end_lines(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes("\ufeffone\u2028still\x0bone\r\ntwo\u0085\n\nfour".encode())
    assert list(read_lines(file)) == [
        (1, "one\u2028still\x0bone\r\n"),
        (2, "two\u0085\n"),
        (3, "\n"),
        (4, "four"),
    ]


def test_wrong_encoding(tmp_path):
    file = tmp_path / "a.txt"
    file.write_bytes(b"good\n\xe4\xb8\xad\xff\n")
    with pytest.raises(UserInputError, match=r"a\.txt line 2: byte 8 is not UTF-8"):
        list(read_lines(file))


def test_unreadable(tmp_path):
    with pytest.raises(UserInputError, match="cannot be read"):
        list(read_lines(tmp_path))


def test_csv_lines_are_where_rows_begin(tmp_path):
    file = tmp_path / "a.csv"
    file.write_text('a,b\n"1\n2",x\n\n"3",y\n')
    assert list(read_csv(file)) == [(2, {"a": "1\n2", "b": "x"}), (5, {"a": "3", "b": "y"})]


def test_names(tmp_path):
    file = tmp_path / "labels.txt"
    file.write_text(" joy\n\ngrief \n")
    assert read_names(file) == ["joy", "grief"]
    file.write_text("joy\ngrief\njoy \n")
    with pytest.raises(UserInputError, match=r"labels\.txt: 'joy' is named twice; remove one"):
        read_names(file)
