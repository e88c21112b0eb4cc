# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""CSV without formulas."""

import csv
from pathlib import Path

import labelwise_cli as cli
import pandas as pd
import pytest

from labelwise.csv_rows import neutralize, write_table

from ..tiny_corpus import TINY, make_documents, write_jsonl

FORMULA = "=cmd|' /C calc'!A0"
FORMULAS = [FORMULA, "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "=1\n=2"]


def read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.parametrize("text", FORMULAS)
def test_formulas(text):
    assert neutralize(text) == f"'{text}"


@pytest.mark.parametrize("cell", ["a=b", "", "-", "-0.5", "+3", "-1e-05", " =1", "a\n=1", -0.5, None])
def test_others(cell):
    assert neutralize(cell) is cell


def test_a_table(tmp_path):
    """Cells, header and index, whose levels have several; numbers and long documents stay as they are."""
    long = "a\rb\n" * 10**5
    table = pd.DataFrame({"@a": [*FORMULAS, long], "b": [-0.5] * 7 + [float("nan")]}, index=[*FORMULAS, "x"])
    write_table(pd.concat({"=z": table}, names=["+n"]), tmp_path / "a.csv", na_rep="-")
    (header, *rows) = read(tmp_path / "a.csv")
    assert header == ["'+n", "", "'@a", "b"]
    assert rows == [["'=z", f"'{text}", f"'{text}", "-0.5"] for text in FORMULAS] + [["'=z", "x", long, "-"]]


@pytest.fixture(scope="module")
def formulas(tmp_path_factory):
    """The folder of a model whose labels are formulas, and its data."""
    folder = tmp_path_factory.mktemp("formulas")
    rows = [
        {"text": f"{FORMULA} {row['text']}", "labels": [f"={label}" for label in row["labels"]], "id": "@id"}
        for row in make_documents(64, 3)
    ]
    write_jsonl(folder / "data.jsonl", rows)
    data = f"--train_file {folder}/data.jsonl --validation_file {folder}/data.jsonl"
    assert cli.main(f"train --model lstm {data} {TINY} --output_dir {folder / 'model'}".split()) == 0
    return folder


def test_what_commands_write(formulas, tmp_path):
    data, model = formulas / "data.jsonl", f"--model_name_or_path {formulas / 'model'}"
    commands = [
        f"predict {model} --input {data} --keep_columns text --output_file {tmp_path / 'answers.csv'}",
        f"predict {model} --input {data} --csv_labels names --output_file {tmp_path / 'names.csv'}",
        f"evaluate {model} --test_file {data} --report {tmp_path / 'report'}",
        f"explain {model} --text_file {data} --labels =bank --output_dir {tmp_path / 'explained'}",
        f"audit --train_file {data} --output_dir {tmp_path / 'audit'}",
    ]
    for command in commands:
        assert cli.main(command.split()) == 0
    files = [*tmp_path.rglob("*.csv")]
    assert {"answers.csv", "report.csv", "explanation.csv", "labels.csv"} <= {file.name for file in files}
    assert "'=bank" in str(read(tmp_path / "answers.csv")) and "'=cmd" in str(read(tmp_path / "answers.csv"))
    for file in files:
        for row in read(file):
            assert [cell for cell in row if neutralize(cell) != cell] == [], file.name
