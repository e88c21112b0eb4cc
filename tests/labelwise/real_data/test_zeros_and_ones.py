# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Lists of numbers in JSON and Parquet: label ids, or one 0 or 1 per label; and objects of 0 and 1 by name."""

import json
from pathlib import Path

import datasets
import numpy as np
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
    new_classifier,
    refused,
    texts_of,
    train,
    with_labels,
    write_jsonl,
)

NUMBERS = {"int": int, "float": float, "bool": bool}
NUMBERED = dict(zip(NAMES, "012", strict=True))


def write(path: Path, rows: list[Row], labels: list) -> Path:
    found = with_labels(rows, labels)
    if path.suffix == ".parquet":
        datasets.Dataset.from_list(found).to_parquet(path)
        return path
    return write_jsonl(path, found)


def states(rows: list[Row], number) -> list[list]:
    return [[number(state) for state in row.states] for row in rows]


# One 0 or 1 per label


@pytest.mark.parametrize("suffix", ["jsonl", "json", "parquet"])
@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_rows_are_recognised(command, tmp_path, suffix, number):
    file, test = (
        write(tmp_path / f"{name}.{suffix}", rows, states(rows, number)) for name, rows in (("a", TRAIN), ("b", TEST))
    )
    if suffix == "json":
        for path in (file, test):
            path.write_text(json.dumps([json.loads(line) for line in path.read_text().splitlines()]))
    with listening() as told:
        found = load(file)
    assert found == {row.text: (labels, []) for row, labels in zip(TRAIN, labels_of(TRAIN, NUMBERED), strict=True)}
    shown = json.dumps([number(i) for i in (0, 0, 1)])
    assert told == [
        f"{file}, column 'labels': labels such as {shown} are read as one 0 or 1 per label (label_format sets it)"
    ]
    if suffix == "jsonl":
        model = check_command(command, tmp_path, file, test, NUMBERED)
        assert model.told.lines_with("are read as one 0 or 1") == told
        check_front_door(file, test, NUMBERED)


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_names_are_given(command, tmp_path, number):
    files = [write(tmp_path / f"{len(rows)}.jsonl", rows, states(rows, number)) for rows in (TRAIN, TEST)]
    check_command(command, tmp_path, *files, label_names=NAMES)
    check_front_door(*files, label_names=NAMES)
    tables = [pd.DataFrame(with_labels(rows, states(rows, number))) for rows in (TRAIN, TEST)]
    check_front_door(*tables, label_names=NAMES)
    check_front_door(*map(datasets.Dataset.from_pandas, tables), label_names=NAMES)


@pytest.mark.parametrize("make", [list, np.array, lambda rows: pd.DataFrame(rows, columns=NAMES)])
@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
def test_lists_and_matrices(make, number):
    pairs = [(texts_of(rows), make(states(rows, number))) for rows in (TRAIN, TEST)]
    given = {} if isinstance(pairs[0][1], pd.DataFrame) else {"label_names": NAMES}
    check_front_door(*pairs, **given)


def test_a_row_of_another_length_is_refused(command, tmp_path):
    labels = states(TRAIN, int)
    labels[7] = [0, 0, 1, 1]
    told = refused(command, tmp_path, file := write(tmp_path / "a.jsonl", TRAIN, labels))
    assert f"{file} line 8: 4 numbers of 0 and 1, but 3 in {file} line 1" in told
    labels[7] = [0, 0, 2]
    told = refused(command, tmp_path, file := write(tmp_path / "b.jsonl", TRAIN, labels))
    assert f"{file} line 8: the labels [0, 0, 2] are label ids, but those of {file} line 1, [0, 0, 1], are" in told
    labels[7] = [0, 0, -1]
    told = refused(command, tmp_path, write(tmp_path / "d.jsonl", TRAIN, labels))
    assert "d.jsonl line 8: the labels [0, 0, -1] are neither names, label ids, nor only 0, 1" in told
    file = write(tmp_path / "c.jsonl", TRAIN, states(TRAIN, int))
    told = refused(command, tmp_path, file, label_names=["two", "names"])
    assert "3 numbers of 0 and 1, which is not the number of labels" in told


# Ids


def ids(rows: list[Row], first: int = 0) -> list[list[int]]:
    return [[NAMES.index(name) + first for name in row.labels] for row in rows]


def test_ids_are_recognised(command, tmp_path):
    files = [write(tmp_path / f"{len(rows)}.jsonl", rows, ids(rows)) for rows in (TRAIN, TEST)]
    model = check_command(command, tmp_path, *files, NUMBERED)
    (told,) = model.told.lines_with("are read as label ids (label_format sets it)")
    assert told.startswith(f"{files[0]}, column 'labels': labels such as [2]")
    check_front_door(*files, NUMBERED)
    check_front_door(*((texts_of(rows), ids(rows)) for rows in (TRAIN, TEST)), NUMBERED)
    check_command(command, tmp_path / "named", *files, label_names=NAMES)
    check_front_door(*files, label_names=NAMES)


def test_ids_of_only_two_labels_are_no_rows_of_zeros_and_ones(tmp_path):
    """Lists of several lengths are ids, even if they contain only 0 and 1."""
    labels = [[0], [1], [0, 1], []] * 9
    assert [found for found, _ in load(write(tmp_path / "a.jsonl", TRAIN, labels)).values()].count(["0", "1"]) == 9


def test_rows_with_a_number_twice_are_zeros_and_ones(tmp_path):
    labels = [[0, 1], [1, 0], [1, 1], [0, 0]] * 9
    found = load(write(tmp_path / "a.jsonl", TRAIN, labels))
    assert [found[row.text][0] for row in TRAIN] == [["1"], ["0"], ["0", "1"], []] * 9


# Two readings that both fit are refused, with both; the option settles it


@pytest.mark.parametrize("labels", [[[0, 1], [1, 0]] * 18, [[0], [1]] * 18])
def test_ids_or_zeros_and_ones(command, tmp_path, labels):
    file = write(tmp_path / "a.jsonl", TRAIN, labels)
    assert refused(command, tmp_path, file) == (
        f"{file} line 1: the labels {labels[0]} may be ids or indicators, and all rows fit both; "
        "set label_format ids or indicators"
    )
    of_ids, of_states = (load(file, label_format=form) for form in ("ids", "indicators"))
    assert [of_ids[row.text][0] for row in TRAIN] == [sorted(map(str, row)) for row in labels]
    expected = [[str(i) for i, state in enumerate(row) if state] for row in labels]
    assert [of_states[row.text][0] for row in TRAIN] == expected
    model = train(command, tmp_path, file, label_format="ids")
    assert model.names == ["0", "1"]
    assert not model.told.lines_with("are read as")  # nothing was guessed


def test_names_or_zeros_and_ones(command, tmp_path):
    """Strings of digits are names of labels, unless all rows are a "0" or "1" per label."""
    labels = [["0", "1"], ["1", "0"]] * 18
    told = refused(command, tmp_path, write(tmp_path / "a.jsonl", TRAIN, labels))
    assert "may be indicators or names, and all rows fit both; set label_format indicators or names" in told
    found = load(tmp_path / "a.jsonl", label_format="names")
    assert {tuple(names) for names, _ in found.values()} == {("0", "1")}
    found = load(tmp_path / "a.jsonl", label_format="indicators", label_names=["a", "b"])
    assert {tuple(names) for names, _ in found.values()} == {("a",), ("b",)}


def test_names_and_numbers_are_refused(command, tmp_path):
    labels = [row.labels for row in TRAIN]
    labels[4] = [2]
    file = write_jsonl(tmp_path / "a.jsonl", with_labels(TRAIN, labels))
    assert f"{file} line 5: the labels [2] are numbers, but those of {file} line 1" in refused(command, tmp_path, file)


def test_names_with_an_entry_that_is_missing_are_refused(command, tmp_path):
    labels = [row.labels for row in TRAIN]
    labels[4] = ["law", None]
    told = refused(command, tmp_path, file := write_jsonl(tmp_path / "a.jsonl", with_labels(TRAIN, labels)))
    assert f'{file} line 5: the labels ["law", null] have an entry that is missing, but those of' in told
    assert "list the unknown ones in a column unknown_labels" in told


@pytest.mark.parametrize("labels", [[1, 0] * 18, [1.0, 0.0] * 18, [True, False] * 18, [1, None, 0] * 12])
@pytest.mark.parametrize("make", [list, np.array, pd.Series])
def test_one_0_or_1_per_text_is_no_list_of_labels(labels, make):
    with pytest.raises(UserInputError, match=r"one 0 or 1 per text; give an? [a-z]+ with one column"):
        MultiLabelClassifier("br").fit(texts_of(TRAIN), make(labels))


# Objects


@pytest.mark.parametrize("number", NUMBERS.values(), ids=NUMBERS)
@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_objects(command, tmp_path, suffix, number):
    files, objects = [], {}
    for rows in (TRAIN, TEST):
        objects[len(rows)] = [dict(zip(NAMES, states, strict=True)) for states in states(rows, number)]
        files.append(write(tmp_path / f"{len(rows)}.{suffix}", rows, objects[len(rows)]))
    model = check_command(command, tmp_path, *files)
    assert not model.told.lines_with("unknown")
    check_front_door(*files)
    check_front_door(*((texts_of(rows), objects[len(rows)]) for rows in (TRAIN, TEST)))
    check_front_door(*(pd.DataFrame(with_labels(rows, objects[len(rows)])) for rows in (TRAIN, TEST)))


def test_names_left_out_of_objects_and_null_are_unknown(command, tmp_path):
    objects = [dict(zip(NAMES, row.states, strict=True)) for row in TRAIN]
    del objects[0]["law"], objects[1]["tax"]
    objects[2]["tax"] = None
    file = write(tmp_path / "a.jsonl", TRAIN, objects)
    with listening() as told:
        found = load(file)
    expected = {row.text: (row.labels, []) for row in TRAIN}
    for number, unknown in ((0, "law"), (1, "tax"), (2, "tax")):
        expected[TRAIN[number].text] = (TRAIN[number].labels, [unknown])
    assert found == expected
    assert "train: 3 labels of 3 documents are unknown; losses and metrics leave them out" in told
    classifier = new_classifier().fit(texts_of(TRAIN), objects)
    assert classifier.predict([TRAIN[3].text]) == [["law", "tax"]]
    assert len(train(command, tmp_path, file).told.lines_with("are unknown; losses and metrics leave them out")) == 1


def test_an_object_with_another_value_is_refused(command, tmp_path):
    objects = [dict(zip(NAMES, row.states, strict=True)) for row in TRAIN]
    objects[5]["law"] = 0.3
    file = write_jsonl(tmp_path / "a.jsonl", with_labels(TRAIN, objects))
    assert f"{file} line 6: 0.3 for label 'law'; give 1 or 0, or null if it is unknown" in refused(
        command, tmp_path, file
    )
