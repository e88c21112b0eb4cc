# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Cells of a table that are lists as Python, JSON, NumPy or pandas print them. Once, each was one label."""

import csv
import json
from pathlib import Path

import datasets
import numpy as np
import pandas as pd
import pytest

from labelwise import MultiLabelClassifier, UserInputError

from .made_up import NAMES, TEST, TRAIN, Row, check_command, check_front_door, listening, load, refused, texts_of

# How a list of names is printed; None stands for what `pandas.DataFrame.to_csv` makes of the values.
PRINTED = {
    "['law', 'tax']": str,
    '["law","tax"]': lambda labels: json.dumps(labels, separators=(",", ":")),
    '["law", "tax"]': json.dumps,
    "['law' 'tax']": lambda labels: str(np.array(labels, dtype=object)),
    "('law', 'tax')": lambda labels: str(tuple(labels)),
    "{'law', 'tax'}": lambda labels: str(set(labels)),
    "array(['law', 'tax'], dtype=object)": lambda labels: repr(np.array(labels, dtype=object)),
    "[np.str_('law'), np.str_('tax')]": lambda labels: str([np.str_(label) for label in labels]),
}
STATES = {
    "[0, 1, 1]": str,
    "[0 1 1]": lambda states: str(np.array(states)),
    "[0. 1. 1.]": lambda states: str(np.array(states, dtype=float)),
    "[0.0, 1.0, 1.0]": lambda states: str([float(state) for state in states]),
    "[False, True, True]": lambda states: str([bool(state) for state in states]),
    "[false, true, true]": lambda states: json.dumps([bool(state) for state in states]),
}
TOLD = "are read as lists (label_format strings: as names)"


def write(path: Path, cells: list[str], rows: list[Row] = TRAIN) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("text", "labels"), *zip(texts_of(rows), cells, strict=True)])
    return path


@pytest.mark.parametrize("print_list", PRINTED.values(), ids=PRINTED)
def test_spellings(command, tmp_path, print_list):
    train = write(tmp_path / "train.csv", [print_list(row.labels) for row in TRAIN])
    test = write(tmp_path / "test.csv", [print_list(row.labels) for row in TEST], TEST)
    model = check_command(command, tmp_path, train, test)
    (told,) = model.told.lines_with("are read as lists")
    assert told == f"{train}, column 'labels': cells such as {print_list(['tax'])} {TOLD}"
    assert len([line for line in check_front_door(train, test) if TOLD in line]) == 2  # of each file


def test_a_table_that_pandas_wrote(command, tmp_path):
    files = []
    for name, rows in {"train": TRAIN, "test": TEST}.items():
        lists = [row.labels if i % 2 else np.array(row.labels, dtype=object) for i, row in enumerate(rows)]
        files.append(tmp_path / f"{name}.csv")
        pd.DataFrame({"text": texts_of(rows), "labels": lists}).to_csv(files[-1])
    check_command(command, tmp_path, *files)
    check_front_door(*(pd.read_csv(file) for file in files))
    check_front_door(*(datasets.Dataset.from_pandas(pd.read_csv(file)) for file in files))


@pytest.mark.parametrize("print_list", STATES.values(), ids=STATES)
def test_zeros_and_ones_ask_for_names(command, tmp_path, print_list):
    train = write(tmp_path / "train.csv", [print_list(row.states) for row in TRAIN])
    test = write(tmp_path / "test.csv", [print_list(row.states) for row in TEST], TEST)
    shown = print_list(TRAIN[0].states)
    assert refused(command, tmp_path, train) == (
        f"{train} line 2: the labels {shown} are one 0 or 1 per label: give the 3 label_names in their order"
    )
    with pytest.raises(UserInputError, match="give the 3 label_names in their order"):
        MultiLabelClassifier("br").fit(pd.read_csv(train))
    model = check_command(command, tmp_path, train, test, label_names=NAMES)
    (told,) = model.told.lines_with("one 0 or 1 per label")
    assert told.startswith(f"{train}, column 'labels': labels such as {shown} are read as one 0 or 1 per label (")
    check_front_door(train, test, label_names=NAMES)


@pytest.mark.parametrize("cell", ["[1.0, nan, 0.0]", "[1, None, 0]", "[1, NaN, 0]", "[ 1. nan  0.]", "[1, -100, 0]"])
def test_unknown_entries(tmp_path, cell):
    """As pandas and NumPy print a missing value."""
    cells = [cell, *[str(row.states) for row in TRAIN[1:]]]
    found = load(write(tmp_path / "train.csv", cells), label_names=NAMES)
    assert found == {row.text: (row.labels, []) for row in TRAIN} | {TRAIN[0].text: (["health"], ["law"])}


def test_arrays_that_numpy_cut_are_refused(command, tmp_path):
    """Of more than 1,000 numbers, NumPy prints six."""
    arrays = [np.array(row.states * 400) for row in TRAIN]
    told = refused(command, tmp_path, write(tmp_path / "train.csv", [str(array) for array in arrays]))
    assert "the labels '[0 0 1 ... 0 0 1]' were cut when NumPy printed them: write lists" in told


def test_objects_in_cells(command, tmp_path):
    objects = [str(dict(zip(NAMES, row.states, strict=True))) for row in TRAIN]
    assert load(write(tmp_path / "train.csv", objects)) == {row.text: (row.labels, []) for row in TRAIN}


def test_one_empty_list_among_lists_is_a_document_without_labels(tmp_path):
    cells = [str(row.labels) for row in TRAIN]
    assert cells.count("[]") == 6
    found = load(write(tmp_path / "train.csv", cells))
    assert [found[row.text] for row in TRAIN if not row.labels] == [([], [])] * 6


def test_label_format_strings_reads_each_cell_as_a_name(command, tmp_path):
    """A name may look like a list, `["a"]`; with the option, nothing is guessed and nothing is told."""
    cells = [f"[{row.labels[0]}]" if row.labels else "[none]" for row in TRAIN]
    with listening() as told:
        found = load(write(tmp_path / "brackets.csv", cells))
    assert {labels[0] for labels, _ in found.values()} == {"[health]", "[law]", "[none]", "[tax]"}
    assert told == []  # not lists in any spelling
    cells = [str(row.labels[:1] or ["none"]) for row in TRAIN]
    with listening() as told:
        found = load(write(tmp_path / "lists.csv", cells), label_format="strings")
    assert {labels[0] for labels, _ in found.values()} == {"['health']", "['law']", "['none']", "['tax']"}
    assert told == []


@pytest.mark.parametrize("other", ["tax", "law; tax", "law, tax"])
def test_lists_and_names_in_one_column_are_refused(command, tmp_path, other):
    train = write(tmp_path / "train.csv", [str(TRAIN[0].labels), other, *(str(row.labels) for row in TRAIN[2:])])
    told = refused(command, tmp_path, train)
    assert told.startswith(
        f"{train} line 2: the labels ['tax'] look like a list, but those of {train} line 3, {other},"
    )
    assert "set label_format strings" in told


def test_lists_with_a_separator_are_refused(command, tmp_path):
    train = write(tmp_path / "train.csv", [str(row.labels) for row in TRAIN])
    told = refused(command, tmp_path, train, label_separator=",")
    assert "the labels ['tax'] look like a list, but label_separator ',' was given" in told


@pytest.mark.parametrize("column", [[f"{name}, or so" for name in NAMES], ["[a", "b]", "(c)"], ["{x}", "<y>", "[z]!"]])
def test_names_with_such_characters_stay_names(tmp_path, column):
    renamed = dict(zip(NAMES, column, strict=True))
    cells = [renamed[row.labels[0]] if row.labels else "none" for row in TRAIN]
    found = load(write(tmp_path / "train.csv", cells))
    assert {labels[0] for labels, _ in found.values()} == {*column, "none"}
