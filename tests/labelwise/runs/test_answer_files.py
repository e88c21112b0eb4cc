# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Files of answers: each format has the same contents, and is read by training."""

import csv
import datetime
import json

import datasets
import pyarrow.parquet
import pytest

from labelwise import load_files
from labelwise.errors import UserInputError
from labelwise.runs import answer_parquet
from labelwise.runs.answer_files import AnswerTable, find_format, write_answers
from labelwise.runs.answers import Answer

NAMES = ["tax, law", 'a "quote"', "粮食"]
SCORES = [[0.123456, 1.0, 0.0], [0.5, 1.0, 1.0], [0.000001, 0.0, 0.0]]
LABELS = [NAMES[1:2], NAMES[1:], []]
TEXTS = ['money, "loans"\r\nand\rmore', "ball\tgame; team", "soup | bread"]
ROWS = [
    ({"id": f"A{number}", "text": text}, Answer(labels, dict(zip(NAMES, scores, strict=True))))
    for number, (text, labels, scores) in enumerate(zip(TEXTS, LABELS, SCORES, strict=True))
]


def write(path, rows=ROWS, has_scores=True, csv_labels="columns"):
    file_format = find_format(str(path), None)
    table = AnswerTable(list(rows[0][0]), NAMES, has_scores, csv_labels)
    write_answers(iter(rows), table, file_format, str(path))
    return path


def read_json_lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def read_csv(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_json_lines(tmp_path):
    found = read_json_lines(write(tmp_path / "a.jsonl"))
    assert found == [{**carried, **answer._asdict()} for carried, answer in ROWS]
    assert list(found[0]) == ["id", "text", "labels", "scores"]
    without = read_json_lines(write(tmp_path / "b.jsonl", has_scores=False))
    assert without == [{**carried, "labels": answer.labels} for carried, answer in ROWS]


def test_json_lines_are_those_of_json(tmp_path):
    """Names need escapes, scores may be in scientific notation, and the best come in an order of their own."""
    names = ['100 %s "sure"', "\n", "%(x)r"]
    scores = [dict(zip(names, [1e-06, 0.0, 1.0], strict=True)), dict(zip(names[::-1], [1.0, 0.5, 1e-05], strict=True))]
    rows = [({"id": 1}, Answer(names[:1], found)) for found in (*scores, {}, {names[1]: 0.25})]
    write_answers(iter(rows), AnswerTable(["id"], names, True, "columns"), "jsonl", str(tmp_path / "a.jsonl"))
    expected = [json.dumps({"id": 1, "labels": names[:1], "scores": answer.scores}) for _, answer in rows]
    assert (tmp_path / "a.jsonl").read_text("utf-8").splitlines() == expected


def test_csv_with_a_column_per_label(tmp_path):
    found = read_csv(write(tmp_path / "a.csv"))
    assert list(found[0]) == ["id", "text", *NAMES, *(f"scores.{name}" for name in NAMES)]
    for row, (carried, answer) in zip(found, ROWS, strict=True):
        assert {name: row[name] for name in carried} == carried
        assert [name for name in NAMES if row[name] == "1"] == answer.labels
        assert [name for name in NAMES if row[name] == "0"] == [name for name in NAMES if name not in answer.labels]
        assert {name: float(row[f"scores.{name}"]) for name in NAMES} == answer.scores
    assert list(read_csv(write(tmp_path / "b.csv", has_scores=False))[0]) == ["id", "text", *NAMES]


def test_csv_with_some_scores(tmp_path):
    (row,) = read_csv(write(tmp_path / "a.csv", [({}, Answer([], {NAMES[2]: 0.25}))]))
    assert row == {
        **dict.fromkeys(NAMES, "0"),
        **{f"scores.{name}": "" for name in NAMES[:2]},
        "scores.粮食": "0.250000",
    }


def test_csv_with_names(tmp_path):
    found = read_csv(write(tmp_path / "a.csv", csv_labels="names"))
    for row, (carried, answer) in zip(found, ROWS, strict=True):
        assert row == {**carried, "labels": row["labels"], "scores": row["scores"]}
        assert json.loads(row["labels"]) == answer.labels
        assert json.loads(row["scores"]) == answer.scores


@pytest.mark.parametrize("rows_of_a_group", [1, 2, 100])
def test_parquet(tmp_path, monkeypatch, rows_of_a_group):
    monkeypatch.setattr(answer_parquet, "_GROUP_SCORES", rows_of_a_group * len(NAMES))
    path = write(tmp_path / "a.parquet")
    expected = [
        {
            **carried,
            "labels": answer.labels,
            "scores": [{"label": name, "score": score} for name, score in answer.scores.items()],
        }
        for carried, answer in ROWS
    ]
    assert pyarrow.parquet.read_table(path).to_pylist() == expected
    assert pyarrow.parquet.ParquetFile(path).num_row_groups == -(-len(ROWS) // rows_of_a_group)
    assert datasets.Dataset.from_parquet(str(path), cache_dir=str(tmp_path)).to_list() == expected


@pytest.mark.parametrize("has_scores", [True, False])
@pytest.mark.parametrize(
    ("file", "csv_labels", "options"),
    [
        ("a.jsonl", "columns", {}),
        ("a.parquet", "columns", {}),
        ("a.csv", "names", {}),
        ("a.csv", "columns", {"label_columns": "auto"}),
    ],
)
def test_training_reads_what_is_written(tmp_path, file, csv_labels, options, has_scores):
    rows = [
        ({"id": f"{carried['id']}-{i}", "text": f"{carried['text']} {i}"}, a) for i in range(8) for carried, a in ROWS
    ]
    path = write(tmp_path / file, rows, has_scores, csv_labels)
    corpus = load_files(validation_file=path, label_names=None if options else NAMES, train_file=path, **options)
    found = corpus["validation"]
    names = found.features["labels"].feature.names
    assert sorted(names) == sorted(NAMES)
    for row, (carried, answer) in zip(found, rows, strict=True):
        assert (row["id"], row["text"]) == (carried["id"], carried["text"])
        assert {names[label] for label in row["labels"]} == set(answer.labels)


def test_types_of_carried_values(tmp_path):
    values = {"number": 7, "day": datetime.date(2026, 3, 1), "nested": {"a": [1]}, "none": None, "flag": True}
    rows = [(values, Answer([], {})), ({**values, "nested": {"b": 2}, "none": "later"}, Answer([], {}))]
    found = pyarrow.parquet.read_table(write(tmp_path / "a.parquet", rows, has_scores=False)).to_pylist()
    assert found[0] == {**values, "nested": '{"a": [1]}', "labels": []}
    assert found[1]["nested"] == '{"b": 2}'
    assert read_json_lines(write(tmp_path / "a.jsonl", rows))[0] == {
        **values,
        "day": "2026-03-01",
        "labels": [],
        "scores": {},
    }
    assert read_csv(write(tmp_path / "a.csv", rows))[0]["nested"] == '{"a": [1]}'


def test_later_rows_of_a_type_that_fits(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_parquet, "_GROUP_SCORES", len(NAMES))
    rows = [({"number": number}, Answer([], {})) for number in (0.5, 7, None)]
    found = pyarrow.parquet.read_table(write(tmp_path / "a.parquet", rows, has_scores=False))
    assert found["number"].to_pylist() == [0.5, 7.0, None]


def test_a_column_of_several_types_is_refused_by_parquet(tmp_path, monkeypatch):
    monkeypatch.setattr(answer_parquet, "_GROUP_SCORES", len(NAMES))
    for other in ("A7", "7", 0.5, 2**70):
        rows = [({"number": 7}, Answer([], {})), ({"number": other}, Answer([], {}))]
        with pytest.raises(UserInputError, match="the column 'number' of the input has values of several types"):
            write(tmp_path / "a.parquet", rows)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("file", "given", "expected"),
    [
        (None, None, "jsonl"),
        (None, "csv", "csv"),
        ("a.CSV", None, "csv"),
        ("a.parquet", None, "parquet"),
        ("a.ndjson", None, "jsonl"),
        ("answers", None, "jsonl"),
        ("answers", "parquet", "parquet"),
        ("a.csv", "jsonl", "jsonl"),
        ("a.csv.gz", "csv", "csv"),
    ],
)
def test_formats(file, given, expected):
    assert find_format(file, given) == expected


@pytest.mark.parametrize("file", ["a.tsv", "a.csv.gz", "a.xlsx"])
def test_other_formats_are_refused(file):
    with pytest.raises(UserInputError, match="is not written; name a"):
        find_format(file, None)


def test_two_columns_of_one_name():
    for carried, csv_labels, fits in (
        (["粮食"], "columns", False),
        (["粮食"], "names", True),
        (["scores"], "names", False),
    ):
        table = AnswerTable(carried, NAMES, True, csv_labels)
        if fits:
            table.check("csv")
        else:
            with pytest.raises(UserInputError, match=f"the output would have two columns '{carried[0]}'"):
                table.check("csv")
