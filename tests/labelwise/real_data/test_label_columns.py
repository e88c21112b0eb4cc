# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""One column of 0 and 1 per label: named, found, or refused with the option that reads them."""

from pathlib import Path

import datasets
import pandas as pd
import pytest

from labelwise import MultiLabelClassifier, UserInputError

from .made_up import (
    NAMES,
    TEST,
    TRAIN,
    Row,
    check_command,
    check_front_door,
    labels_of,
    listening,
    load,
    refused,
    texts_of,
    write_jsonl,
)

FORMATS = ["csv", "tsv", "parquet", "jsonl", "xlsx"]
# What says that a label does not apply, and that it does: in cells, and as values that have a type.
CELLS = {"01": "01", "false/true": ("false", "true"), "False/True": ("False", "True"), "no/yes": ("no", "yes")}
CELLS |= {"NO/YES": ("NO", "YES"), "0.0/1.0": ("0.0", "1.0"), "n/y": "ny"}
VALUES = {"int": (0, 1), "float": (0.0, 1.0), "bool": (False, True)}


def frame(rows: list[Row], values=(0, 1)) -> pd.DataFrame:
    """A table with the columns id, text and one per label."""
    columns = {name: [values[name in row.labels] for row in rows] for name in NAMES}
    return pd.DataFrame({"id": range(1000, 1000 + len(rows)), "text": texts_of(rows), **columns})


def write(path: Path, rows: list[Row], values=(0, 1)) -> Path:
    table = frame(rows, values)
    if path.suffix in (".csv", ".tsv"):
        table.to_csv(path, sep="," if path.suffix == ".csv" else "\t", index=False)
    elif path.suffix == ".parquet":
        table.to_parquet(path)
    elif path.suffix == ".xlsx":
        table.to_excel(path, index=False)
    else:
        write_jsonl(path, table.to_dict("records"))
    return path


@pytest.fixture(params=FORMATS)
def files(request, tmp_path) -> tuple[Path, Path]:
    """A training and a test file of each format."""
    return write(tmp_path / f"train.{request.param}", TRAIN), write(tmp_path / f"test.{request.param}", TEST)


def test_columns_that_are_found(files, command, tmp_path):
    model = check_command(command, tmp_path, *files, label_columns="auto")
    (told,) = model.told.lines_with("the label columns are")
    assert told == f"{files[0]}: the label columns are health, law, tax (label_columns sets them)"
    (told,) = check_front_door(files[0], files[1], label_columns="auto")[:1]
    assert told == f"{files[0]}: the label columns are health, law, tax (label_columns sets them)"


def test_columns_that_are_named(files, command, tmp_path):
    in_this_order = {name: name for name in ("tax", "law", "health")}
    with listening() as told:
        found = load(files[0], label_columns=[*in_this_order])
    assert found == {row.text: (labels, []) for row, labels in zip(TRAIN, labels_of(TRAIN, in_this_order), strict=True)}
    assert told == []
    if files[0].suffix in (".tsv", ".parquet"):
        check_command(command, tmp_path, *files, in_this_order, label_columns=[*in_this_order])
        check_front_door(*files, in_this_order, label_columns=[*in_this_order])


def test_without_the_option_the_error_names_the_columns(files, command, tmp_path):
    told = refused(command, tmp_path, files[0])
    assert told.startswith(f"{files[0]}: no column 'labels'; there are: id, text, health, law, tax (")
    assert "label_columns" in told and told.endswith(" health law tax)")


@pytest.mark.parametrize("label_columns", ["auto", NAMES])
@pytest.mark.parametrize("kind", [pd.DataFrame, datasets.Dataset])
def test_tables_in_memory(kind, label_columns):
    train, test = frame(TRAIN), frame(TEST)
    if kind is datasets.Dataset:
        train, test = (datasets.Dataset.from_pandas(table) for table in (train, test))
    check_front_door(train, test, label_columns=label_columns)
    with pytest.raises(UserInputError, match=r"label_columns .*health law tax"):
        MultiLabelClassifier("br").fit(train)


@pytest.mark.parametrize("label_columns", ["auto", NAMES])
@pytest.mark.parametrize(
    ("suffix", "values"),
    [(suffix, values) for suffix in ("csv", "tsv", "jsonl", "xlsx") for values in CELLS.values()]
    + [(suffix, values) for suffix in ("jsonl", "parquet", "xlsx") for values in VALUES.values()],
)
def test_spellings(tmp_path, suffix, values, label_columns):
    file = write(tmp_path / f"train.{suffix}", TRAIN, values)
    assert load(file, label_columns=label_columns) == {row.text: (row.labels, []) for row in TRAIN}


@pytest.mark.parametrize("kind", ["Int64", "Float64", "boolean", "bool", "category", "uint8", "float32"])
def test_types_of_pandas(kind):
    train, test = (frame(rows).astype(dict.fromkeys(NAMES, kind)) for rows in (TRAIN, TEST))
    check_front_door(train, test, label_columns="auto")


def test_spellings_through_both_doors(command, tmp_path):
    train, test = write(tmp_path / "train.csv", TRAIN, ("no", "Yes")), write(tmp_path / "test.csv", TEST, "01")
    check_command(command, tmp_path, train, test, label_columns="auto")
    check_front_door(frame(TRAIN, VALUES["bool"]), frame(TEST, CELLS["0.0/1.0"]), label_columns="auto")


def test_other_columns_are_no_labels(tmp_path):
    """Numbers, years and texts beside the labels; a column that is nearly one is told."""
    table = frame(TRAIN).assign(year=2026, stars=[i % 5 for i in range(36)], author="ann", score=0.5)
    table["urgent"] = [2, *[0, 1] * 17, 0]
    table.to_csv(tmp_path / "train.csv", index=False)
    with listening() as told:
        load(tmp_path / "train.csv", label_columns="auto")
    file = f"{tmp_path}/train.csv"
    assert told[0] == f"{file}: not read as label columns: 'urgent', which has '2' at {file} line 2"
    assert "the label columns are health, law, tax (" in told[1]


@pytest.mark.parametrize("name", ["no such column", "year"])
def test_wrong_columns_are_refused(command, tmp_path, name):
    frame(TRAIN).assign(year=2026).to_csv(tmp_path / "train.csv", index=False)
    what = "line 2: '2026' in the column 'year'; give 1 or 0" if name == "year" else "no column 'no such column'"
    assert what in refused(command, tmp_path, tmp_path / "train.csv", label_columns=["tax", name])


# --label_column of a 0/1 column, which once trained the labels "0" and "1"


@pytest.mark.parametrize(
    ("suffix", "values"),
    [("csv", values) for values in CELLS.values()]
    + [("jsonl", values) for values in (*CELLS.values(), *VALUES.values())]
    + [("parquet", values) for values in VALUES.values()],
)
def test_one_column_as_label_column(command, tmp_path, suffix, values):
    file = write(tmp_path / f"train.{suffix}", TRAIN, values)
    told = refused(command, tmp_path, file, label_column="tax")
    assert f"{file}, column 'tax': contains only " in told and "give label_columns tax" in told
    assert {text: labels for text, (labels, _) in load(file, label_columns="tax").items()} == {
        row.text: [name for name in row.labels if name == "tax"] for row in TRAIN
    }


def test_one_column_as_two_labels(tmp_path, command):
    file = write(tmp_path / "train.csv", TRAIN)
    found = load(file, label_column="tax", label_format="names")
    assert found == {row.text: (["1" if "tax" in row.labels else "0"], []) for row in TRAIN}
