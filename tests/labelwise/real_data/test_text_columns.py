# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Several text columns, such as title and body, joined by a line end."""

from pathlib import Path

import datasets
import pandas as pd
import pytest

from labelwise import MultiLabelClassifier, UserInputError

from .made_up import NAMES, TEST, TRAIN, Row, check_command, check_front_door, load, refused, texts_of

BOTH = ["title", "body"]


def table(rows: list[Row]) -> pd.DataFrame:
    """The first word is the title."""
    found = pd.DataFrame([row.text.split(maxsplit=1) for row in rows], columns=BOTH)
    return found.assign(**{name: [row.states[i] for row in rows] for i, name in enumerate(NAMES)})


def joined(rows: list[Row]) -> list[str]:
    return [f"{title}\n{body}" for title, body in table(rows)[BOTH].to_numpy()]


def write(path: Path, found: pd.DataFrame) -> Path:
    if path.suffix in (".csv", ".tsv"):
        found.to_csv(path, index=False, sep="," if path.suffix == ".csv" else "\t")
    elif path.suffix == ".jsonl":
        found.to_json(path, orient="records", lines=True)
    else:
        (found.to_parquet if path.suffix == ".parquet" else found.to_excel)(path, index=False)
    return path


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_both_doors(command, tmp_path, suffix):
    files = [write(tmp_path / f"{len(rows)}.{suffix}", table(rows)) for rows in (TRAIN, TEST)]
    assert load(files[0], text_column=BOTH, label_columns="auto") == {
        text: (row.labels, []) for text, row in zip(joined(TRAIN), TRAIN, strict=True)
    }
    check_command(command, tmp_path, *files, text_column=BOTH, label_columns="auto")
    check_front_door(*files, text_column=BOTH, label_columns="auto")


@pytest.mark.parametrize("make", [pd.DataFrame, datasets.Dataset.from_pandas])
def test_tables_in_memory(make):
    check_front_door(make(table(TRAIN)), make(table(TEST)), text_column=BOTH, label_columns=NAMES)


def test_the_order_is_that_of_the_option(tmp_path):
    file = write(tmp_path / "a.csv", table(TRAIN))
    found = load(file, text_column=["body", "title"], label_columns="auto")
    assert {*found} == {f"{body}\n{title}" for title, body in table(TRAIN)[BOTH].to_numpy()}


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_one_of_them_may_be_missing(tmp_path, command, suffix):
    """No blank line is left where there is no title; a row without any of them is an error."""
    found = table(TRAIN)
    found.loc[[1, 4], "title"] = None
    found.loc[2, "body"] = None
    texts = joined(TRAIN)
    for number in (1, 4):
        texts[number] = found["body"][number]
    texts[2] = found["title"][2]
    file = write(tmp_path / f"a.{suffix}", found)
    assert {*load(file, text_column=BOTH, label_columns="auto")} == {*texts}
    if suffix != "csv":
        found.loc[9, BOTH] = None
        told = refused(command, tmp_path, write(file, found), text_column=BOTH, label_columns="auto")
        assert "the text is missing (null), as in 1 of 36 rows" in told


def test_a_column_that_is_missing_or_named_twice(command, tmp_path):
    file = write(tmp_path / "a.csv", table(TRAIN))
    told = refused(command, tmp_path, file, text_column=["title", "text"], label_columns="auto")
    assert "no column 'text'; there are: title, body, health, law, tax" in told
    assert "'title' is named twice" in refused(command, tmp_path, file, text_column=["title", "title"])
    with pytest.raises(UserInputError, match="text_column and label_columns name columns of a table"):
        MultiLabelClassifier("br").fit(texts_of(TRAIN), [row.labels for row in TRAIN], text_column=BOTH)
