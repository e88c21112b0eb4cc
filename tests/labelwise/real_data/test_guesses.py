# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Whatever is guessed is told in one line, and can be set: then the corpus is the same, and nothing is told."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from .made_up import NAMES, TEST, TRAIN, listening, load, table, texts_of, train, with_labels, write_csv, write_jsonl


class Guess(NamedTuple):
    """A file, what is told of it, and the option that sets it."""

    name: str
    write: Callable[[Path], Any]
    told: str
    options: dict[str, Any]
    others: dict[str, Any]


def columns() -> pd.DataFrame:
    return pd.DataFrame([row.states for row in TRAIN], columns=NAMES).assign(text=texts_of(TRAIN))


def table_of(labels: list) -> pd.DataFrame:
    return pd.DataFrame(with_labels(TRAIN, labels))


def write_lines(path: Path, labels: list) -> None:
    write_jsonl(path, with_labels(TRAIN, labels))


def write_tweets(path: Path) -> None:
    lines = [f"{'' if i % 3 else chr(34)}{row.text}\t{row.labels}" for i, row in enumerate(TRAIN)]
    path.write_text("\n".join(["text\tlabels", *lines]) + "\n")


def write_sheets(path: Path) -> None:
    with pd.ExcelWriter(path) as writer:
        for name, sheet in {"notes": pd.DataFrame({"note": ["x"]}), "documents": table(TRAIN)}.items():
            sheet.to_excel(writer, sheet_name=name, index=False)


LISTS, IDS = [str(row.labels) for row in TRAIN], [[NAMES.index(name) for name in row.labels] for row in TRAIN]
STATES = [row.states for row in TRAIN]
SET = {"label_format": "names"}
AUTO = {"label_columns": "auto"}
OF_IDS = {"label_format": "ids"}
GUESSES = {
    "delimiter": Guess(
        "a.csv", lambda path: write_csv(path, TRAIN, sep=";"), "as separated by a semicolon", {"delimiter": ";"}, SET
    ),
    "delimiter, read twice": Guess(
        "a.csv", lambda path: columns().to_csv(path, sep="|"), "as separated by |", {"delimiter": "|"}, AUTO
    ),
    "quotes": Guess("a.tsv", write_tweets, "double quotes are read as part of the text", {"quoting": "none"}, SET),
    "encoding": Guess(
        "a.csv",
        lambda path: write_csv(path, TRAIN, encoding="utf-16"),
        "is read as UTF-16",
        {"encoding": "utf-16"},
        SET,
    ),
    "CSV": Guess("a", lambda path: write_csv(path, TRAIN), "is read as CSV", {"input_format": "csv"}, SET),
    "CSV, read twice": Guess("a", lambda path: columns().to_csv(path), "is read as CSV", {"input_format": "csv"}, AUTO),
    "JSON lines": Guess(
        "a",
        lambda path: write_lines(path, IDS),
        "is read as JSON lines",
        {"input_format": "jsonl"},
        {"label_format": "ids"},
    ),
    "JSON": Guess(
        "a",
        lambda path: path.write_text(json.dumps(with_labels(TRAIN, [row.labels for row in TRAIN]))),
        "is read as JSON (",
        {"input_format": "json"},
        {},
    ),
    "sheet": Guess("a.xlsx", write_sheets, "the sheet 'documents' is read", {"sheet": "documents"}, SET),
    "label columns": Guess(
        "a.csv", lambda path: columns().to_csv(path), "the label columns are", {"label_columns": NAMES}, AUTO
    ),
    "lists in cells": Guess("a.csv", lambda path: table_of(LISTS).to_csv(path), "are read as lists", SET, {}),
    "ids": Guess("a.jsonl", lambda path: write_lines(path, IDS), "are read as label ids", OF_IDS, {}),
    "0 and 1": Guess(
        "a.jsonl",
        lambda path: write_lines(path, STATES),
        "are read as one 0 or 1 per label",
        {"label_format": "indicators"},
        {"label_names": NAMES},
    ),
}


@pytest.mark.parametrize("guess", GUESSES.values(), ids=GUESSES)
def test_a_guess_is_told_once_and_can_be_set(command, tmp_path, guess):
    file = tmp_path / guess.name
    guess.write(file)
    model = train(command, tmp_path, file, **guess.others)
    (line,) = model.told.lines_with(guess.told)
    (option,) = guess.options
    assert line.startswith(str(file)) and option in line
    with listening() as told:
        found = load(file, **guess.others)
    assert [line for line in told if guess.told in line] == [line]
    with listening() as told:
        assert load(file, **{**guess.others, **guess.options}) == found
    assert not [line for line in told if guess.told in line]


def test_the_order_of_numbers_is_told_where_the_model_gives_it(command, tmp_path):
    """A test file of 0/1 rows, and a model that was trained on names."""
    model = train(
        command, tmp_path, write_jsonl(tmp_path / "a.jsonl", with_labels(TRAIN, [row.labels for row in TRAIN]))
    )
    file = write_jsonl(tmp_path / "b.jsonl", with_labels(TEST, [row.states for row in TEST]))
    words = ["--model_name_or_path", str(model.folder), "--test_file", str(file)]
    told = command("evaluate", *words)
    assert json.loads(told.output)["micro_f1"] == 1.0
    assert len(told.lines_with("the numbers are read in the order of the model's labels")) == 1
    told = command("evaluate", *words, "--label_names", *NAMES, "--label_format", "indicators")
    assert json.loads(told.output)["micro_f1"] == 1.0 and not told.lines_with(str(file))
    told = command("evaluate", *words, "--label_names", "tax", "law", "health", "--label_format", "indicators")
    assert json.loads(told.output)["micro_f1"] < 1.0
