# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels of which it is unknown whether they apply: they count in no loss, metric, threshold or pre-training draw."""

import csv
import json
from pathlib import Path

import datasets
import numpy as np
import pandas as pd
import pytest

from labelwise import MultiLabelClassifier
from labelwise.runs.data import DataArguments
from labelwise.trainer.preprocessing import label_matrix

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
    new_classifier,
    texts_of,
    train,
    write_jsonl,
)

# Rows and labels that are unknown here: one document without law, one without any label, one without tax.
UNKNOWN = {2: ["law"], 4: NAMES, 9: ["tax"]}
COUNT = "train: 5 labels of 3 documents are unknown; losses and metrics leave them out"


def states(rows: list[Row], blank=None) -> list[list]:
    """One number per label, and `blank` where it is unknown."""
    found = [list(row.states) for row in rows]
    for number, names in UNKNOWN.items():
        for name in names:
            found[number][NAMES.index(name)] = blank
    return found


def expected(rows: list[Row]) -> dict[str, tuple[list[str], list[str]]]:
    found = {row.text: (row.labels, []) for row in rows}
    for number, names in UNKNOWN.items():
        found[rows[number].text] = ([name for name in rows[number].labels if name not in names], names)
    return found


def write_columns(path: Path, rows: list[Row], blank) -> Path:
    """Write a column per label, by the suffix of the path."""
    found = [[row.text, *of_row] for row, of_row in zip(rows, states(rows, blank), strict=True)]
    if path.suffix == ".csv":
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([["text", *NAMES], *found])
        return path
    if path.suffix == ".jsonl":
        return write_jsonl(path, [dict(zip(["text", *NAMES], row, strict=True)) for row in found])
    table = pd.DataFrame(found, columns=["text", *NAMES])
    (table.to_parquet if path.suffix == ".parquet" else table.to_excel)(path, index=False)
    return path


COLUMN_FILES = [("csv", ""), ("csv", "  "), ("csv", "-100"), ("jsonl", None), ("jsonl", ""), ("jsonl", -100)]
COLUMN_FILES += [("parquet", None), ("parquet", float("nan")), ("xlsx", None)]


@pytest.mark.parametrize("label_columns", ["auto", NAMES])
@pytest.mark.parametrize(("suffix", "blank"), COLUMN_FILES)
def test_blank_columns(tmp_path, suffix, blank, label_columns):
    file = write_columns(tmp_path / f"train.{suffix}", TRAIN, blank)
    with listening() as told:
        assert load(file, label_columns=label_columns) == expected(TRAIN)
    assert COUNT in told


@pytest.mark.parametrize("blank", [None, -100])
@pytest.mark.parametrize("number", [int, float])
def test_entries_of_lists(tmp_path, blank, number):
    labels = [[blank if state is None else number(state) for state in row] for row in states(TRAIN)]
    rows = [{"text": row.text, "labels": of_row} for row, of_row in zip(TRAIN, labels, strict=True)]
    with listening() as told:
        assert load(write_jsonl(tmp_path / "a.jsonl", rows), label_names=NAMES) == expected(TRAIN)
    assert COUNT in told


def test_a_column_of_unknown_labels(tmp_path):
    rows = [{"text": row.text, "labels": row.labels} for row in TRAIN]
    for number, names in UNKNOWN.items():
        known = [name for name in TRAIN[number].labels if name not in names]
        rows[number] = {"text": TRAIN[number].text, "labels": known, "unknown_labels": names}
    with listening() as told:
        assert load(write_jsonl(tmp_path / "a.jsonl", rows)) == expected(TRAIN)
    assert COUNT in told


@pytest.mark.parametrize("form", ["file", "frame", "Dataset", "lists", "array", "labels frame", "objects"])
def test_both_doors(command, tmp_path, form):
    if form == "file":
        files = [write_columns(tmp_path / f"{len(rows)}.csv", rows, "") for rows in (TRAIN, TEST)]
        model = check_command(command, tmp_path, *files, label_columns="auto")
        assert len(model.told.lines_with(COUNT)) == 1
        assert COUNT in check_front_door(*files, label_columns="auto")
        return
    pairs, options = [], {"label_columns": "auto"} if form in ("frame", "Dataset") else {}
    for rows in (TRAIN, TEST):
        texts, labels = texts_of(rows), states(rows)
        table = pd.DataFrame(labels, columns=NAMES)
        if form in ("frame", "Dataset"):
            table.insert(0, "text", texts)
            pairs.append(table if form == "frame" else datasets.Dataset.from_pandas(table))
        elif form == "objects":
            pairs.append((texts, [dict(zip(NAMES, row, strict=True)) for row in labels]))
        else:
            pairs.append((texts, {"lists": labels, "array": table.to_numpy(), "labels frame": table}[form]))
            options = {} if form == "labels frame" else {"label_names": NAMES}
    assert COUNT in check_front_door(*pairs, **options)


def test_losses_see_minus_100(tmp_path):
    """The number that all losses, metrics, thresholds and draws of this package leave out."""
    corpus = DataArguments(train_file=str(write_columns(tmp_path / "a.csv", TRAIN, "")), label_columns=NAMES).load()
    matrix = np.concatenate([label_matrix(rows) for rows in corpus.values()]).tolist()
    assert dict(zip([*corpus["train"]["text"], *corpus["validation"]["text"]], matrix, strict=True)) == {
        row.text: of_row for row, of_row in zip(TRAIN, states(TRAIN, -100), strict=True)
    }


def test_metrics_by_hand(command, tmp_path):
    """A perfect model, and a test file with three wrong cells and some unknown ones."""
    table = pd.DataFrame({"text": texts_of(TRAIN), "labels": [str(row.labels) for row in TRAIN]})
    table.to_csv(tmp_path / "train.csv")
    model = train(command, tmp_path, tmp_path / "train.csv").folder
    cells = states(TEST, "")
    cells[0] = [1, 0, 1]  # health is not predicted: a miss in one wrong document
    cells[1] = [0, 0, 0]  # law is predicted: a false alarm in the next
    cells[3] = [0, "", 0]  # tax is predicted, and law too, of which nobody knows
    with (tmp_path / "test.csv").open("w", newline="") as file:
        csv.writer(file).writerows(
            [["text", *NAMES], *([row.text, *of_row] for row, of_row in zip(TEST, cells, strict=True))]
        )
    measured = evaluate(command, model, tmp_path / "test.csv", label_columns="auto")
    assert [row.states for row in TEST[:4]] == [[0, 0, 1], [0, 1, 0], [1, 0, 0], [0, 1, 1]]
    true = sum(state == 1 for row in cells for state in row)
    known = sum(state != "" for row in cells for state in row)
    hits, misses, false_alarms = true - 1, 1, 2
    assert known == 36 - 6  # one cell of row 3, three of row 4, one of row 2, one of row 9
    assert measured["micro_f1"] == pytest.approx(2 * hits / (2 * hits + misses + false_alarms))
    assert measured["hamming_loss"] == pytest.approx(3 / known)
    assert measured["subset_accuracy"] == pytest.approx(8 / 11)  # nothing is known of one document of twelve
    classifier = MultiLabelClassifier.from_pretrained(model)
    labels = [[None if state == "" else state for state in row] for row in cells]
    found = classifier.evaluate(texts_of(TEST), np.array(labels, dtype=float), label_names=NAMES)
    assert found == pytest.approx(measured)
    found = classifier.evaluate(texts_of(TEST), [dict(zip(NAMES, row, strict=True)) for row in labels])
    assert found == pytest.approx(measured)


def test_thresholds(command, tmp_path):
    """A label's threshold is that of the documents of which it is known."""
    table = pd.DataFrame({"text": texts_of(TRAIN), "labels": [str(row.labels) for row in TRAIN]})
    table.to_csv(tmp_path / "train.csv")
    model = train(command, tmp_path, tmp_path / "train.csv").folder
    rows = pd.DataFrame([row.states for row in TEST], columns=NAMES).assign(text=texts_of(TEST))
    rows["law"] = [1, 0, 0, 1, 1, 1] * 2  # so that the best threshold depends on which documents are known
    is_hidden = rows.index < 3
    found = {}
    for name, part in {"all": rows, "blank": rows.astype({"law": object}), "fewer": rows[~is_hidden]}.items():
        if name == "blank":
            part.loc[is_hidden, "law"] = None
        part.to_csv(tmp_path / f"{name}.csv", index=False)
        options = f"--model_name_or_path {model} --validation_file {tmp_path}/{name}.csv --label_columns auto"
        told = command("tune-thresholds", *options.split(), "--mode", "per-label", "--threshold_metric", "macro_f1")
        assert told.status == 0, told.errors
        found[name] = dict(zip(NAMES, json.loads(told.output)["thresholds"], strict=True))
    assert found["blank"]["law"] == found["fewer"]["law"] != found["all"]["law"]
    assert found["blank"]["tax"] == found["all"]["tax"]


def test_a_wrong_label_that_is_blank_teaches_nothing(tmp_path):
    """Most documents of law lack the label: as a 0 it is learned, as a blank it is not."""
    rows = [{"text": row.text, **dict(zip(NAMES, row.states, strict=True))} for row in TRAIN]
    of_law = [row for row in rows if row["law"]]
    predicted = {}
    for value in (0, None):
        for row in of_law[:12]:
            row["law"] = value
        file = write_jsonl(tmp_path / f"{value}.jsonl", rows)
        classifier = new_classifier().fit(file, label_columns="auto")
        predicted[value] = ["law" in labels for labels in classifier.predict(texts_of(TEST))]
    assert predicted[None] == ["law" in row.labels for row in TEST]
    assert not any(predicted[0])


def test_pre_training_runs_with_them(command, tmp_path):
    files = [write_columns(tmp_path / f"{len(rows)}.csv", rows, "") for rows in (TRAIN, TEST)]
    options = "--model lw-lstm --hidden_size 4 --embedding_size 4 --min_frequency 1 --num_train_epochs 1"
    words = ["--train_file", str(files[0]), "--validation_file", str(files[1]), "--label_columns", "auto"]
    pretraining = "--pretraining_steps 2 --pretraining_batch_size 4"
    told = command("train", *options.split(), *pretraining.split(), *words, "--output_dir", str(tmp_path / "out"))
    assert told.status == 0, told.errors
    assert len(told.lines_with(COUNT)) == len(told.lines_with(COUNT.replace("train", "validation"))) == 1
