# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import io
import zipfile
from pathlib import Path

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
from datasets import ClassLabel, Dataset, Features, List, Value

from labelwise.datasets_scripts.own_data.files import load_files
from labelwise.datasets_scripts.own_data.formats import binary_format, format_of, sniff


def test_the_suffix_tells_the_format():
    expected = {"a.csv": "csv", "a.TSV": "csv", "a.tab": "csv", "a.ndjson": "jsonl", "a.b.json": "json"}
    expected |= {"a.parquet": "parquet", "a.xlsx": "xlsx"}
    expected |= {"a.jsonl.gz": "jsonl", "a.csv.bz2": "csv", "a.json.XZ": "json"}
    expected |= {"a.txt": None, "a": None, "a.gz": None, "csv": None}
    assert {name: format_of(Path(name)) for name in expected} == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ('[{"text": "x"}]', "json"),
        ('\ufeff\n [\n  {"text": "x"}]', "json"),
        ('{\n"text": "x"}', "json"),
        ('{"text": "x",\n', "json"),
        ('{"text": "x"}\n', "jsonl"),
        ("{braces} of a text\n", "text"),
        ("[brackets] of a text\n", "text"),
        ("text,labels\nx,a\n", "csv"),
        ("id;text\n1;x\n", "csv"),
        ('"text"\t"labels"\n', "csv"),
        ("text\nx\n", "text"),
        ("a text, with a comma\n", "text"),
        ("body,labels\n", "text"),
        ("sep=;\ntext;labels\n", "csv"),
        ("", "text"),
    ],
)
def test_the_first_characters_tell_the_format(start, expected):
    assert sniff(start, ["text", "labels"] if "body" not in start else ["text"]) == expected


def zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "<xml>xl/</xml>")
    return buffer.getvalue()


def test_first_bytes_of_what_is_no_text():
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"text": ["x"]}), buffer)
    assert binary_format(buffer.getvalue()[:100]) == "parquet"
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    assert binary_format(buffer.getvalue()) == "xlsx"
    assert binary_format(zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml")) == "xlsx"
    for other in (zipped("[Content_Types].xml", "word/document.xml"), zipped("a.csv"), b"xl/", b"text", b""):
        assert binary_format(other) is None


def test_class_names_of_parquet_without_its_suffix(tmp_path):
    features = Features({"text": Value("string"), "labels": List(ClassLabel(names=["tax", "law"]))})
    rows = {"text": [f"text {i}" for i in range(20)], "labels": [[0], [1]] * 10}
    Dataset.from_dict(rows, features).to_parquet(tmp_path / "a")
    corpus = load_files(tmp_path / "a")
    assert corpus["train"].features["labels"].feature.names == ["tax", "law"]
