# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Pipes, such as `<(zcat file)`, which can be read once."""

import gzip
import io
import json
import os
import threading
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from labelwise.datasets_scripts.own_data.files import load_files
from labelwise.datasets_scripts.own_data.memory import from_lists
from labelwise.datasets_scripts.own_data.options import FileOptions
from labelwise.datasets_scripts.own_data.sources import read_source
from labelwise.errors import UserInputError

ROWS = [{"text": f"text {number}", "labels": ["x", "y"][number % 2 :]} for number in range(20)]
LINES = "".join(json.dumps(row) + "\n" for row in ROWS).encode()
CSV = ("text,labels\n" + "".join(f"text {number},x\n" for number in range(3))).encode()


def parquet() -> bytes:
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), buffer)
    return buffer.getvalue()


@pytest.fixture
def pipe(tmp_path):
    """`pipe(content, name)`: a FIFO that gives some bytes to its first reader."""

    def make(content: bytes, name: str = "63") -> Path:
        path = tmp_path / name
        os.mkfifo(path)
        threading.Thread(target=path.write_bytes, args=(content,), daemon=True).start()
        return path

    return make


@pytest.mark.parametrize("name", ["63", "a.jsonl"])
def test_lines(pipe, name):
    records = list(read_source(pipe(LINES, name), FileOptions(), tell=lambda line: None))
    assert [record.row for record in records] == ROWS
    assert records[1].where.endswith(f"{name} line 2")


@pytest.mark.parametrize(("content", "number"), [(LINES, 20), (parquet(), 20), (CSV, 3), (gzip.compress(LINES), 20)])
def test_rows_that_are_read_several_times(pipe, content, number):
    path = pipe(content)
    corpus = load_files(train_file=path, label_names=["x", "y"])
    assert sum(map(len, corpus.values())) == number


def test_messages_name_the_pipe(pipe, caplog):
    path = pipe(LINES + b'{"text": 1, "labels": []}\n')
    with pytest.raises(UserInputError) as error:
        load_files(train_file=path)
    told = f"{path} line 21: the text is of type int, not a string, as in 1 of 21 rows of {path}; write them as text"
    assert str(error.value).startswith(told)
    assert f"{path}: is read as JSON lines" in caplog.text


def test_from_lists_refuses_one(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UserInputError, match="pipe: is a pipe, which can be read once; give the texts, or a file"):
        from_lists({"train": tmp_path / "pipe"})
