# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import os

import pytest

from labelwise.datasets_scripts.own_data.class_folders import read_class_folders, visible
from labelwise.datasets_scripts.own_data.options import FileOptions
from labelwise.errors import UserInputError


def write(folder, files):
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def read(folder, told=(), input_format="folder", **options):
    """Return the rows of a folder, of which nothing else than `told` is reported."""
    lines = []
    rows = [
        row for _, row in read_class_folders(folder, FileOptions(input_format=input_format, **options), lines.append)
    ]
    assert lines == [*told]
    return rows


def test_one_document_per_file_with_the_folder_as_label(tmp_path):
    write(tmp_path, {"b/2.txt": "two\nlines\n", "b/1.txt": "", "a/3.txt": "café"})
    assert read(tmp_path) == [
        {"id": "a/3.txt", "text": "café", "labels": ["a"]},
        {"id": "b/1.txt", "text": "", "labels": ["b"]},
        {"id": "b/2.txt", "text": "two\nlines\n", "labels": ["b"]},
    ]
    options = FileOptions(input_format="folder")
    places = [where for where, _ in read_class_folders(tmp_path, options, pytest.fail)]
    assert places == [f"{tmp_path}/{name}" for name in ("a/3.txt", "b/1.txt", "b/2.txt")]


def test_a_file_in_several_folders_has_several_labels(tmp_path):
    write(tmp_path, {"a/1.txt": "one", "b/1.txt": "one", "c/1.txt": "one", "c/2.txt": "two"})
    assert [row["labels"] for row in read(tmp_path)] == [["a", "b", "c"], ["c"]]


def test_files_of_one_name_with_different_texts_are_different_documents(tmp_path):
    write(tmp_path, {"a/1.txt": "one", "b/1.txt": "other", "c/1.txt": "one", "c/2.txt": "two"})
    told = "1 file name is in several class folders with different texts, and read as different documents"
    assert read(tmp_path, [f"{tmp_path}: {told}"]) == [
        {"id": "a/1.txt", "text": "one", "labels": ["a", "c"]},
        {"id": "b/1.txt", "text": "other", "labels": ["b"]},
        {"id": "c/2.txt", "text": "two", "labels": ["c"]},
    ]


def test_what_begins_with_a_dot_or_an_underscore_is_left_out(tmp_path):
    write(tmp_path, {"b/1.txt": "one", "a/.DS_Store": "x", "a/_notes": "x", "_c/1.txt": "x", ".git/1.txt": "x"})
    assert [path.name for path in visible(tmp_path)] == ["a", "b"]
    told = [f"{tmp_path}/a: contains no file, so no document has the label 'a'"]
    assert [row["id"] for row in read(tmp_path, told)] == ["b/1.txt"]


def test_the_text_has_the_name_of_the_first_text_column(tmp_path):
    assert read(write(tmp_path, {"a/1.txt": "one"}), text_column="body")[0]["body"] == "one"


def test_encoding(tmp_path):
    write(tmp_path, {"a/1.txt": "café".encode("cp1252")})
    assert read(tmp_path, encoding="cp1252")[0]["text"] == "café"
    with pytest.raises(UserInputError, match=r"a/1\.txt: it is not UTF-8; save the file as UTF-8, or give its enc"):
        read(tmp_path)


def test_a_folder_in_a_class_folder(tmp_path):
    write(tmp_path, {"a/1.txt": "one", "a/b/2.txt": "two"})
    with pytest.raises(UserInputError, match=r"a/b: is a folder inside a class folder; move its files to .*/a$"):
        read(tmp_path)


def test_a_file_beside_the_class_folders(tmp_path):
    write(tmp_path, {"a/1.txt": "one", "labels.txt": "a"})
    with pytest.raises(UserInputError, match=r"labels\.txt: is a file; a folder of class folders has only folders"):
        read(tmp_path)


def test_a_fifo_is_not_waited_for(tmp_path):
    write(tmp_path, {"a/1.txt": "one"})
    os.mkfifo(tmp_path / "a" / "2.txt")
    with pytest.raises(UserInputError, match=r"a/2\.txt: is neither a file nor a folder; remove it"):
        read(tmp_path)


def test_that_folders_are_labels_is_told_unless_it_was_said(tmp_path):
    write(tmp_path, {"a/1.txt": "one", "b, c/2": "two"})
    told = f"{tmp_path}: each file is read as one text, whose label is its folder: a, 'b, c' (input_format sets it)"
    assert read(tmp_path, [told], input_format=None) == read(tmp_path)


@pytest.mark.parametrize("name", ["1.jsonl", "1.json", "1.csv", "1.tsv.gz", "1.parquet", "1.xlsx"])
def test_files_of_many_texts_in_class_folders(tmp_path, name):
    """Once, a folder of train/*.jsonl and test/*.jsonl had the labels "train" and "test"."""
    write(tmp_path, {f"train/{name}": '{"text": "x", "labels": ["a"]}', "test/1.txt": ""})
    told = (
        rf"train/{name}: its suffix is that of a file of many texts, .*; name {tmp_path}/train itself, or set input_f"
    )
    with pytest.raises(UserInputError, match=told):
        read(tmp_path, input_format=None)
    if name == "1.json":
        assert [row["text"] for row in read(tmp_path)] == ["", '{"text": "x", "labels": ["a"]}']
