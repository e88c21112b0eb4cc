# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Rows without labels: an error that counts them, or what `missing_labels` says."""

import csv
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
    evaluate,
    listening,
    load,
    refused,
    texts_of,
    train,
    with_labels,
    write_jsonl,
)

MISSING = [3, 8, 20]  # rows of the training file
FORMS = [
    "null",
    "no key",
    "blank string",
    "csv",
    "tsv",
    "blanks",
    "parquet",
    "xlsx",
    "lists in cells",
    "objects",
    "ids",
]
EXPECTED = {row.text: (row.labels, []) for number, row in enumerate(TRAIN) if number not in MISSING}
TOLD = {
    "negative": "no label applies",
    "drop": "they are left out",
    "unknown": "their labels are unknown",
}


def write(folder: Path, form: str, rows: list[Row] = TRAIN, missing: list[int] = MISSING) -> tuple[Path, dict]:
    """Write the rows, some without labels; return the file and the options that it needs."""
    suffix = {"csv": "csv", "blanks": "csv", "lists in cells": "csv"}.get(form, form)
    file = folder / f"{len(rows)}.{suffix if suffix in ('csv', 'tsv', 'parquet', 'xlsx') else 'jsonl'}"
    options = {"label_separator": ";"} if form in ("csv", "tsv", "blanks", "xlsx") else {}
    if options or form == "lists in cells":
        cells = [";".join(row.labels) or ";" if options else str(row.labels) for row in rows]
        cells = [("  " if form == "blanks" else "") if i in missing else cell for i, cell in enumerate(cells)]
        if form == "xlsx":
            pd.DataFrame(with_labels(rows, [cell or None for cell in cells])).to_excel(file, index=False)
            return file, options
        with file.open("w", newline="") as stream:
            writer = csv.writer(stream, delimiter="\t" if form == "tsv" else ",")
            writer.writerows([("text", "labels"), *zip(texts_of(rows), cells, strict=True)])
        return file, options
    labels: list = [row.labels for row in rows]
    if form == "objects":
        labels = [dict(zip(NAMES, row.states, strict=True)) for row in rows]
    elif form == "ids":
        labels, options = [[NAMES.index(name) for name in row.labels] for row in rows], {"label_names": NAMES}
    labels = [("" if form == "blank string" else None) if i in missing else of_row for i, of_row in enumerate(labels)]
    found = with_labels(rows, labels)
    if form == "no key":
        for number in missing:
            del found[number]["labels"]
    if form == "parquet":
        datasets.Dataset.from_list(found).to_parquet(file)
        return file, options
    return write_jsonl(file, found), options


@pytest.mark.parametrize("form", FORMS)
def test_an_error_counts_them_and_names_the_option(command, tmp_path, form):
    file, options = write(tmp_path, form)
    place = {"xlsx": "row 5", "parquet": "row 4"}.get(form, "line 4" if file.suffix == ".jsonl" else "line 5")
    told = refused(command, tmp_path, file, **options)
    assert told.startswith(f"{file} {place}: the labels are missing, as in 3 of 36 rows of {file}; ")
    assert "set missing_labels negative (no label applies), drop or unknown" in told


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("choice", TOLD)
def test_choices(tmp_path, form, choice):
    file, options = write(tmp_path, form)
    with listening() as told:
        found = load(file, missing_labels=choice, **options)
    of_missing = {"negative": ([], []), "drop": None, "unknown": ([], NAMES)}[choice]
    assert found == EXPECTED | {TRAIN[i].text: of_missing for i in MISSING if of_missing}
    assert f"{file}: the labels of 3 of 36 rows are missing: {TOLD[choice]}" in told


@pytest.mark.parametrize("choice", TOLD)
def test_through_both_doors(command, tmp_path, choice):
    train_file, _ = write(tmp_path, "null")
    test_file, _ = write(tmp_path, "null", TEST, missing=[5, 11])
    assert [TEST[i].labels for i in (5, 11)] == [[], []]  # so that each choice gives what the model predicts
    model = check_command(command, tmp_path, train_file, test_file, missing_labels=choice)
    assert len(model.told.lines_with(f"the labels of 3 of 36 rows are missing: {TOLD[choice]}")) == 1
    told = check_front_door(train_file, test_file, missing_labels=choice)
    assert f"{test_file}: the labels of 2 of 12 rows are missing: {TOLD[choice]}" in told


@pytest.mark.parametrize("form", ["lists", "frame", "frame with NaN", "Dataset"])
def test_in_memory(form):
    rows = with_labels(TRAIN, [None if i in MISSING else row.labels for i, row in enumerate(TRAIN)])
    data = {"lists": lambda: (texts_of(TRAIN), [row["labels"] for row in rows])}
    data["frame"] = lambda: (pd.DataFrame(rows),)
    data["frame with NaN"] = lambda: (pd.DataFrame(rows).fillna(float("nan")),)
    data["Dataset"] = lambda: (datasets.Dataset.from_list(rows),)
    with pytest.raises(UserInputError, match="train row 4: the labels are missing, as in 3 of 36 rows of train"):
        MultiLabelClassifier("br").fit(*data[form]())
    for choice in TOLD:
        given = data[form]() if form == "lists" else data[form]()[0]
        check_front_door(given, (texts_of(TEST), [row.labels for row in TEST]), missing_labels=choice)


def test_metrics_of_test_rows_without_labels(command, tmp_path):
    """Rows with labels, to the model, as which one misses, is unmeasured or is right to predict nothing."""
    train_file, _ = write(tmp_path, "null", missing=[])
    test_file, _ = write(tmp_path, "null", TEST, missing=[0, 3])
    assert [TEST[i].labels for i in (0, 3)] == [["tax"], ["law", "tax"]]
    model = train(command, tmp_path, train_file).folder
    measured = {choice: evaluate(command, model, test_file, missing_labels=choice) for choice in TOLD}
    assert measured["drop"]["micro_f1"] == measured["unknown"]["micro_f1"] == 1.0
    hits = sum(len(row.labels) for row in TEST) - 3
    assert measured["negative"]["micro_f1"] == pytest.approx(2 * hits / (2 * hits + 3))
    assert measured["negative"]["subset_accuracy"] == pytest.approx(10 / 12)


@pytest.mark.parametrize(("choice", "blank"), [("error", NAMES), ("unknown", NAMES), ("negative", []), ("drop", None)])
def test_rows_of_label_columns_that_are_blank_throughout(tmp_path, choice, blank):
    """Each blank cell is unknown unless `negative` says otherwise; `drop` leaves rows out that have nothing else."""
    table = pd.DataFrame([row.states for row in TRAIN], columns=NAMES).astype(object).assign(text=texts_of(TRAIN))
    table.loc[MISSING, NAMES] = None
    table.loc[0, "law"] = None
    table.to_csv(tmp_path / "train.csv", index=False)
    found = load(tmp_path / "train.csv", label_columns="auto", missing_labels=choice)
    expected = EXPECTED | {TRAIN[i].text: ([], blank) for i in MISSING if blank is not None}
    if choice != "negative":
        expected[TRAIN[0].text] = (["tax"], ["law"])
    assert found == expected


def test_blank_columns_that_may_mean_no(tmp_path, command):
    """Where only ones are written, a blank cell can hardly be unknown: the error asks."""
    table = pd.DataFrame([row.states for row in TRAIN], columns=NAMES).astype(object).assign(text=texts_of(TRAIN))
    table.replace({0: None}).to_csv(tmp_path / "train.csv", index=False)
    told = refused(command, tmp_path, tmp_path / "train.csv", label_columns="auto")
    assert "no document says that a label does not apply: what is blank is unknown" in told
    assert "if blank means that the label does not apply, set missing_labels negative" in told
    found = load(tmp_path / "train.csv", label_columns="auto", missing_labels="negative")
    assert found == {row.text: (row.labels, []) for row in TRAIN}
