# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import datetime
import random
import sys
import zipfile

import openpyxl
import pyarrow
import pyarrow.parquet
import pytest
from datasets import ClassLabel, Dataset, Features, LargeList, List, Value

from labelwise.datasets_scripts import load_files
from labelwise.datasets_scripts.own_data.options import FileOptions
from labelwise.datasets_scripts.own_data.tables import names_in_parquet, read_parquet, read_xlsx
from labelwise.errors import UserInputError

NAMES = ClassLabel(names=["1", "spam", "0"])  # that look like ids of other names


def parquet(path, labels, feature):
    """Write a Parquet file as `datasets` does, with another column of ids that has no labels yet."""
    features = Features(text=Value("string"), labels=feature, later=ClassLabel(names=["x"]))
    rows = {"text": [f"text {i}" for i in range(len(labels))], "labels": labels, "later": [-1] * len(labels)}
    Dataset.from_dict(rows, features=features).to_parquet(path)
    return path


def xlsx(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def read_sheet(path, told=(), **options):
    """Return places (without the path) and rows; nothing else than `told` is detected."""
    lines = []
    rows = list(read_xlsx(path, FileOptions(**options), ["text"], lines.append))
    assert lines == [f"{path}: {line}" for line in told]
    return [(where.removeprefix(f"{path} "), row) for where, row in rows]


@pytest.mark.parametrize(
    ("labels", "feature", "expected"),
    [
        ([[1, 2], [0], []], List(NAMES), [["spam", "0"], ["1"], []]),
        ([[1, 2], [0], None], LargeList(NAMES), [["spam", "0"], ["1"], None]),
        ([1, 2, None], NAMES, [["spam"], ["0"], None]),
    ],
)
def test_class_ids_in_parquet_have_names(tmp_path, labels, feature, expected):
    file = parquet(tmp_path / "a.parquet", labels, feature)
    assert [row["labels"] for _, row in read_parquet(file, ["text", "labels"])] == expected
    assert names_in_parquet(file, "labels") == NAMES.names
    assert names_in_parquet(file, "text") is names_in_parquet(file, "no column") is None


@pytest.mark.parametrize(
    ("labels", "feature", "message"),
    [
        ([[1], [-1]], List(NAMES), "row 2: label id -1 has no name, only 0 to 2 have"),
        ([[1], [0, None]], List(NAMES), "row 2: label id None has no name"),
        ([1, -1], NAMES, "row 2: label id -1 has no name"),
    ],
)
def test_class_ids_in_parquet_without_name(tmp_path, labels, feature, message):
    file = parquet(tmp_path / "a.parquet", labels, feature)
    with pytest.raises(UserInputError, match=f"{file} {message}"):
        list(read_parquet(file, ["text", "labels"]))


def test_class_ids_in_parquet_whose_names_are_numbers(tmp_path):
    file = parquet(tmp_path / "a.parquet", [[1], [2]], List(ClassLabel(names=["7", "8", "9"])))
    table = pyarrow.parquet.read_table(file)
    metadata = table.schema.metadata[b"huggingface"].replace(b'"7", "8", "9"', b"7, 8, 9")
    pyarrow.parquet.write_table(table.replace_schema_metadata({b"huggingface": metadata}), file)
    with pytest.raises(UserInputError, match=f"{file}: the column 'labels' names a label id 7, which is no string"):
        names_in_parquet(file, "labels")


def test_class_ids_in_parquet_beyond_the_names(tmp_path):
    file = parquet(tmp_path / "a.parquet", [[1], [2]], List(NAMES))
    table = pyarrow.parquet.read_table(file)
    labels = pyarrow.array([[1], [3]], pyarrow.list_(pyarrow.int64()))
    pyarrow.parquet.write_table(table.set_column(1, table.schema.field("labels"), labels), file)
    with pytest.raises(UserInputError, match=f"{file} row 2: label id 3 has no name"):
        list(read_parquet(file, ["text", "labels"]))


def test_only_the_wanted_columns_of_parquet_are_read(tmp_path):
    file = parquet(tmp_path / "a.parquet", [1, 2], NAMES)
    assert list(read_parquet(file, ["text", "labels", "id", "unknown_labels"])) == [
        (f"{file} row 1", {"text": "text 0", "labels": ["spam"]}),
        (f"{file} row 2", {"text": "text 1", "labels": ["0"]}),
    ]
    for columns in (None, ["text", "tags"]):  # an error about the tags names all columns
        assert [list(row) for _, row in read_parquet(file, columns)] == [["text", "labels", "later"]] * 2


def test_types_of_parquet(tmp_path):
    table = pyarrow.table(
        {
            "text": pyarrow.array(["x", None], pyarrow.large_string()),
            "labels": pyarrow.array([[("a", 1)], None], pyarrow.map_(pyarrow.string(), pyarrow.int8())),
            "b": pyarrow.array(["y", "y"]).dictionary_encode(),
            "c": pyarrow.array([True, None]),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    rows = [row for _, row in read_parquet(tmp_path / "a.parquet")]
    assert rows == [
        {"text": "x", "labels": {"a": 1}, "b": "y", "c": True},
        {"text": None, "labels": None, "b": "y", "c": None},
    ]


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1 not really"])
def test_parquet_that_is_none(tmp_path, content):
    (tmp_path / "a.parquet").write_bytes(content)
    assert names_in_parquet(tmp_path / "a.parquet", "labels") is None
    with pytest.raises(UserInputError, match=r"a\.parquet: not a readable Parquet file \(") as error:
        list(read_parquet(tmp_path / "a.parquet"))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "metadata",
    [
        b"{nope",
        b"\xff\xfe",
        b"[1]",
        b'{"info": 3}',
        b'{"info": {"features": 7}}',
        b'{"info": {"features": ["a"]}}',
        b'{"info": {"features": {"labels": {"_type": "Nosuch"}}}}',
        b'{"info": {"features": {"labels": {"_type": "Value", "dtype": "nosuch"}}}}',
    ],
)
def test_metadata_of_parquet_that_are_not_of_datasets(tmp_path, metadata):
    path, rows = tmp_path / "a.parquet", {"text": ["a", "b"], "labels": [["x"], ["y"]]}
    table = pyarrow.table(rows).replace_schema_metadata({b"huggingface": metadata})
    pyarrow.parquet.write_table(table, path)
    assert [row["labels"] for _, row in read_parquet(path, ["text", "labels"])] == [["x"], ["y"]]
    assert names_in_parquet(path, "labels") is None


def test_columns_of_parquet_that_occur_twice(tmp_path):
    columns = [pyarrow.array(["a"])] * 3
    pyarrow.parquet.write_table(pyarrow.table(columns, names=["text", "labels", "labels"]), tmp_path / "a.parquet")
    with pytest.raises(UserInputError, match=r"a.parquet: the column 'labels' occurs twice; rename one"):
        list(read_parquet(tmp_path / "a.parquet", ["text", "labels"]))


def test_parquet_with_a_flipped_bit(tmp_path):
    """No other error is raised. Pages have checksums, and the rest of the file has none."""
    rng, path = random.Random(0), tmp_path / "a.parquet"
    rows = {"text": [f"text {i}" for i in range(50)], "labels": [["x", "y"][: i % 3] for i in range(50)]}
    pyarrow.parquet.write_table(pyarrow.table(rows), path, write_page_checksum=True)
    whole = path.read_bytes()
    refusals = 0
    for _ in range(200):
        flipped = bytearray(whole)
        flipped[rng.randrange(len(whole))] ^= 1 << rng.randrange(8)
        path.write_bytes(flipped)
        try:
            names_in_parquet(path, "labels")
            list(read_parquet(path, ["text", "labels"]))
        except UserInputError:
            refusals += 1
    assert refusals > 50


def test_rows_of_a_sheet(tmp_path):
    day = datetime.datetime(2026, 1, 2)
    rows = [[], [" text ", "labels", None], ["one", "a;b"], [], [None, 1, "note"], ["two", 1.5, day]]
    assert read_sheet(xlsx(tmp_path / "a.xlsx", Sheet=rows)) == [
        ("row 3", {"text": "one", "labels": "a;b", "": None}),
        ("row 5", {"text": None, "labels": 1, "": "note"}),
        ("row 6", {"text": "two", "labels": 1.5, "": day}),
    ]


def test_a_formula_without_a_stored_value_is_told(tmp_path):
    file = xlsx(tmp_path / "a.xlsx", Sheet=[["text", "labels"], ["one", "a"], ["=A2", "b"], ["= two", "b"]])
    with pytest.raises(UserInputError) as error:
        load_files(file)
    what = "the text is missing (blank, or a formula without a stored value: open and save the file in Excel)"
    assert str(error.value) == f"{file} row 3: {what}, as in 2 of 3 rows of {file}; correct or remove them"


def test_the_sheet_is_the_one_with_the_columns(tmp_path):
    file = xlsx(tmp_path / "a.xlsx", Notes=[["read me"]], Data=[["text"], ["one"]])
    assert read_sheet(file, ["the sheet 'Data' is read (sheet sets it)"]) == [("row 2", {"text": "one"})]
    told = r"a\.xlsx row 1: no column 'text'; there are: read me \(the first row is read as the header; text_column"
    with pytest.raises(UserInputError, match=told):
        read_sheet(file, sheet="Notes")
    with pytest.raises(UserInputError, match="no sheet 'data'; there are: Notes, Data"):
        read_sheet(file, sheet="data")


def test_several_sheets_with_the_columns(tmp_path):
    file = xlsx(tmp_path / "a.xlsx", January=[["text"], ["one"]], May=[["labels", "text"], ["a", "two"]])
    with pytest.raises(UserInputError, match="the sheets January and May both have the columns; choose one by sheet"):
        read_sheet(file)
    assert read_sheet(file, sheet="May") == [("row 2", {"labels": "a", "text": "two"})]


def test_a_column_of_a_sheet_that_occurs_twice(tmp_path):
    file = xlsx(tmp_path / "a.xlsx", Sheet=[["text", "a", "a "], ["one", 1, 0]])
    with pytest.raises(UserInputError, match=r"a\.xlsx row 1: the column 'a' occurs twice; rename one"):
        read_sheet(file)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not really", b"text,labels\n"])
def test_xlsx_that_is_none(tmp_path, content):
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(UserInputError, match=r"a\.xlsx: not a readable \.xlsx file \("):
        read_sheet(tmp_path / "a.xlsx")


def test_xlsx_without_openpyxl(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UserInputError, match=r'\.xlsx needs openpyxl: pip install "labelwise\[excel\]"'):
        read_sheet(tmp_path / "a.xlsx")


def test_xlsx_whose_rows_are_damaged(tmp_path):
    """They are read after the workbook was opened."""
    file = xlsx(tmp_path / "whole.xlsx", one=[["text", "labels"], ["a", "x"]])
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as damaged:
        for name in whole.namelist():
            content = whole.read(name)
            damaged.writestr(name, content[:-80] if name.startswith("xl/worksheets/") else content)
    with pytest.raises(UserInputError, match=r"a\.xlsx: not a readable \.xlsx file \("):
        read_sheet(tmp_path / "a.xlsx")
