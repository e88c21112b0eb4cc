# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Names of labels: repeated in a row, nearly the same, and such that a reader of tables would change them."""

import csv
from pathlib import Path

import datasets
import pandas as pd
import pytest

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
    make_rows,
    texts_of,
    with_labels,
    write_jsonl,
)

FORMATS = ["jsonl", "json", "csv", "tsv", "parquet", "xlsx"]


def write(path: Path, rows: list[Row], labels: list[list[str]]) -> tuple[Path, dict]:
    """Write lists of names, or, in a CSV file, names with a separator; return the file and the options it needs."""
    if path.suffix in (".csv", ".tsv", ".xlsx"):
        cells = [";".join(of_row) or ";" for of_row in labels]
        if path.suffix == ".xlsx":
            pd.DataFrame(with_labels(rows, cells)).to_excel(path, index=False)
        else:
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.writer(file, delimiter="," if path.suffix == ".csv" else "\t")
                writer.writerows([("text", "labels"), *zip(texts_of(rows), cells, strict=True)])
        return path, {"label_separator": ";"}
    found = with_labels(rows, labels)
    if path.suffix == ".parquet":
        datasets.Dataset.from_list(found).to_parquet(path)
    elif path.suffix == ".json":
        pd.DataFrame(found).to_json(path, orient="records")
    else:
        write_jsonl(path, found)
    return path, {}


# The same label twice in a row


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_a_label_that_is_repeated_counts_once_and_is_told_once(command, tmp_path, suffix):
    labels = [row.labels + (row.labels[:1] if i < 8 else []) for i, row in enumerate(TRAIN)]
    assert sum(len(of_row) > len(set(of_row)) for of_row in labels) == 7
    file, options = write(tmp_path / f"a.{suffix}", TRAIN, labels)
    test, _ = write(tmp_path / f"b.{suffix}", TEST, [row.labels * 2 for row in TEST])
    model = check_command(command, tmp_path, file, test, **options)
    (told,) = model.told.lines_with("twice")
    assert told == f"{file}: 7 rows name a label twice; it counts once"
    told = check_front_door(file, test, **options)
    assert [line for line in told if "twice" in line] == [
        f"{file}: 7 rows name a label twice; it counts once",
        f"{test}: 10 rows name a label twice; it counts once",
    ]


def test_repeated_ids_and_lists_in_memory(tmp_path):
    ids = [[NAMES.index(name) for name in (*row.labels, *row.labels[:1])] for row in TRAIN]
    file = write_jsonl(tmp_path / "a.jsonl", with_labels(TRAIN, ids))
    with listening() as told:
        assert load(file, label_names=NAMES) == {row.text: (row.labels, []) for row in TRAIN}
    assert f"{file}: 30 rows name a label twice; it counts once" in told
    told = check_front_door(*((texts_of(rows), [row.labels * 2 for row in rows]) for rows in (TRAIN, TEST)))
    assert [line for line in told if "twice" in line] == [
        "train: 30 rows name a label twice; it counts once",
        "test: 10 rows name a label twice; it counts once",
    ]


# Names that look the same


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "xlsx"])
def test_names_that_differ_by_case_only(command, tmp_path, suffix):
    names = {"health": "Shoes", "law": "hats", "tax": "shoes"}
    labels = labels_of(TRAIN, names)
    for number, of_row in enumerate(labels):  # whitespace around a name is no part of it
        of_row[:] = [f" {name} " if number % 5 == 0 else name for name in of_row]
    file, options = write(tmp_path / f"a.{suffix}", TRAIN, labels)
    test, _ = write(tmp_path / f"b.{suffix}", TEST, labels_of(TEST, names))
    model = check_command(command, tmp_path, file, test, names, **options)
    (told,) = model.told.lines_with("differ only by")
    assert told.endswith("invisible characters: 'Shoes' and 'shoes'")
    told = [line for line in check_front_door(file, test, names, **options) if "differ only by" in line]
    assert told[0].endswith("'Shoes' and 'shoes'")


@pytest.mark.parametrize(
    "pair",
    [
        ("caf\u00e9", "cafe\u0301"),
        ("\u2168", "IX"),
        ("tax", "ta\u200bx"),
        ("\uff54ax", "tax"),
        ("stra\u00dfe", "STRASSE"),
    ],
)
def test_names_that_differ_by_unicode_form_only(tmp_path, pair):
    names = {"health": pair[0], "law": pair[1], "tax": "other"}
    with listening() as told:
        found = load(write(tmp_path / "a.jsonl", TRAIN, labels_of(TRAIN, names))[0])
    assert {name for labels, _ in found.values() for name in labels} == {*names.values()}
    (line,) = [line for line in told if "differ only by case, Unicode form" in line]
    # Of two that are printed alike, the numbers of the characters are shown.
    assert line.endswith(" and ".join(map(ascii if "\u0301" in pair[1] else repr, sorted(pair))))


def test_names_that_differ_otherwise_are_not_told(tmp_path):
    names = {"health": "shoe", "law": "shoes", "tax": "resume\u0301"}
    with listening() as told:
        load(write(tmp_path / "a.jsonl", TRAIN, labels_of(TRAIN, names))[0])
    assert told == []


# Names that are read as they are

IDS = {"health": "0117", "law": "117", "tax": "93.90"}
NULLS = {"health": "NA", "law": "None", "tax": "null"}
OTHERS = {"health": "1e5", "law": "2026-01-02", "tax": "007"}
SINGLE = [["tax"], ["law"], ["health"]]


def in_order(names: dict[str, str]) -> dict[str, str]:
    """The names as a model orders them: numbers first."""
    return dict(sorted(names.items(), key=lambda pair: (int(pair[1]) if pair[1].isdigit() else 10**9, pair[1])))


@pytest.mark.parametrize("names", [IDS, NULLS, OTHERS], ids=["ids", "nulls", "others"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_names_stay_as_they_are(command, tmp_path, suffix, names):
    names = in_order(names)
    file, options = write(tmp_path / f"a.{suffix}", TRAIN, labels_of(TRAIN, names))
    expected = {row.text: (labels, []) for row, labels in zip(TRAIN, labels_of(TRAIN, names), strict=True)}
    assert load(file, **options) == expected
    if suffix in ("jsonl", "csv"):
        test, _ = write(tmp_path / f"b.{suffix}", TEST, labels_of(TEST, names))
        check_command(command, tmp_path, file, test, names, **options)
        check_front_door(file, test, names, **options)


@pytest.mark.parametrize("names", [IDS, NULLS, OTHERS], ids=["ids", "nulls", "others"])
@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl"])
def test_one_name_per_row_without_a_separator(tmp_path, suffix, names):
    """The column is a name per row: no cell is a number, a missing value or a 0/1."""
    rows = make_rows(30, 0, SINGLE)
    file = tmp_path / f"a.{suffix}"
    cells = [of_row[0] for of_row in labels_of(rows, names)]
    if suffix == "jsonl":
        write_jsonl(file, with_labels(rows, cells))
    else:
        with file.open("w", newline="") as stream:
            csv.writer(stream, delimiter="," if suffix == "csv" else "\t").writerows(
                [("text", "labels"), *zip(texts_of(rows), cells, strict=True)]
            )
    with listening() as told:
        assert load(file) == {row.text: ([cell], []) for row, cell in zip(rows, cells, strict=True)}
    assert told == []


@pytest.mark.parametrize("names", [IDS, NULLS], ids=["ids", "nulls"])
@pytest.mark.parametrize("form", ["lists", "frame", "Dataset", "labels frame"])
def test_names_in_memory(form, names):
    names = in_order(names)
    data = []
    for rows in (TRAIN, TEST):
        labels = labels_of(rows, names)
        table = with_labels(rows, labels)
        columns = pd.DataFrame([row.states for row in rows], columns=NAMES).rename(columns=names)[[*names.values()]]
        data.append(
            {
                "lists": (texts_of(rows), labels),
                "frame": pd.DataFrame(table),
                "Dataset": datasets.Dataset.from_list(table),
                "labels frame": (texts_of(rows), columns),
            }[form]
        )
    check_front_door(*data, names)


@pytest.mark.parametrize("names", [IDS, NULLS, {"health": "0", "law": "1", "tax": "2"}], ids=["ids", "nulls", "digits"])
def test_label_columns_with_such_names(command, tmp_path, names):
    for rows in (TRAIN, TEST):
        table = pd.DataFrame([row.states for row in rows], columns=[*names.values()]).assign(text=texts_of(rows))
        table.to_csv(tmp_path / f"{len(rows)}.csv", index=False)
    check_command(command, tmp_path, tmp_path / "36.csv", tmp_path / "12.csv", names, label_columns="auto")
    check_front_door(tmp_path / "36.csv", tmp_path / "12.csv", names, label_columns="auto")


def test_names_in_lists_inside_cells(command, tmp_path):
    names = in_order(IDS | {"law": "None"})
    for rows in (TRAIN, TEST):
        pd.DataFrame(with_labels(rows, labels_of(rows, names))).to_csv(tmp_path / f"{len(rows)}.csv", index=False)
    check_command(command, tmp_path, tmp_path / "36.csv", tmp_path / "12.csv", names)
    check_front_door(tmp_path / "36.csv", tmp_path / "12.csv", names)
