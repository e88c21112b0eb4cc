# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise predict`: one JSON object for each text, in order, from any kind of input."""

import csv
import io
import itertools
import json
import random
import subprocess
import sys

import datasets
import labelwise_cli as cli
import pandas
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from labelwise import MultiLabelClassifier
from labelwise.commands import predict
from labelwise.runs import answers
from labelwise.runs import prediction as runs_prediction

from ...tiny_corpus import WORDS, make_documents, write_jsonl

TEXTS = ["money loan account", "", "the ball. A goal, the team!", "soup", "   ", "money and bread", "nothing known"]


def run(capsys, command: str) -> list[dict]:
    capsys.readouterr()
    assert cli.main(["predict", *command.split()]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def give_standard_input(monkeypatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(content))))


@pytest.fixture
def expected(model) -> list[dict[str, float]]:
    """Probabilities of each text alone, without this command."""
    classifier, tokenizer = AutoModelForSequenceClassification.from_pretrained(model).eval(), None
    tokenizer = AutoTokenizer.from_pretrained(model)
    rows = []
    for text in TEXTS:
        with torch.inference_mode():
            logits = classifier(**tokenizer([text], return_tensors="pt", truncation=True)).logits[0]
        rows.append(dict(zip(["bank", "food", "sport"], logits.sigmoid().tolist(), strict=True)))
    return rows


def assert_predictions(found: list[dict], expected: list[dict[str, float]]) -> None:
    assert len(found) == len(expected)
    for prediction, scores, text in zip(found, expected, TEXTS, strict=True):
        assert prediction.keys() == {"labels", "scores"}
        assert prediction["scores"] == pytest.approx(scores, abs=1e-5)
        predicted = [name for name, score in prediction["scores"].items() if score > 0.5]
        assert prediction["labels"] == (predicted if text.strip() else [])


@pytest.mark.parametrize("kind", ["txt", "crlf", "jsonl", "csv", "parquet", "-"])
def test_inputs(capsys, monkeypatch, model, tmp_path, expected, kind):
    path = tmp_path / f"texts.{kind}"
    if kind in ("txt", "crlf", "-"):
        content = ("\r\n" if kind == "crlf" else "\n").join(TEXTS).encode()
        path.write_bytes(content)
    elif kind == "jsonl":
        path.write_text("".join(json.dumps({"text": text}) + "\n" for text in TEXTS))
    elif kind == "csv":
        path.write_text("text\n" + "".join(f'"{text}"\n' for text in TEXTS))
    else:
        datasets.Dataset.from_dict({"text": TEXTS}).to_parquet(path)
    if kind == "-":
        give_standard_input(monkeypatch, content)
        path = "-"
    assert_predictions(run(capsys, f"--model_name_or_path {model} --input {path} --batch_size 2"), expected)


def test_order_and_batches(capsys, model, tmp_path, monkeypatch):
    """Neither the batch nor the block that a text stands in changes its place or its scores."""
    rng = random.Random(0)
    texts = [" ".join(rng.choices(["money", "ball", "soup", "the"], k=rng.randrange(9))) for _ in range(40)]
    (tmp_path / "texts.txt").write_text("".join(text + "\n" for text in texts))
    command = f"--model_name_or_path {model} --input {tmp_path / 'texts.txt'} --batch_size"
    one = run(capsys, f"{command} 1")
    monkeypatch.setattr(runs_prediction, "_BLOCK", 7)
    other = run(capsys, f"{command} 16")
    assert len(one) == 40
    assert len({json.dumps(prediction) for prediction in one}) > 10
    for first, second in zip(one, other, strict=True):
        assert first["scores"] == pytest.approx(second["scores"], abs=2e-6)


def test_input_is_read_a_block_at_a_time(model):
    classifier = AutoModelForSequenceClassification.from_pretrained(model).eval()
    endless = ((text, {}) for text in itertools.cycle(TEXTS))
    predictions = answers.predict(classifier, AutoTokenizer.from_pretrained(model), endless, 64)
    assert len(list(itertools.islice(predictions, 5000))) == 5000


def test_thresholds(capsys, model, tmp_path):
    """The labels are those that the model's own thresholds let hold."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in model.iterdir():
        if file.is_file():
            (copy / file.name).write_bytes(file.read_bytes())
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps({**config, "thresholds": [0.0, 1.0, 0.0]}))
    (tmp_path / "texts.txt").write_text("money\n")
    (prediction,) = run(capsys, f"--model_name_or_path {copy} --input {tmp_path / 'texts.txt'}")
    assert prediction["labels"] == ["bank", "sport"]


def test_output_file(capsys, model, tmp_path, expected):
    (tmp_path / "texts.txt").write_text("\n".join(TEXTS))
    (tmp_path / "out.jsonl").write_text("old\n")
    command = f"--model_name_or_path {model} --input {tmp_path / 'texts.txt'} --output_file {tmp_path / 'out.jsonl'}"
    assert run(capsys, command) == []
    assert_predictions([json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()], expected)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "texts.txt"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("texts.txt", None, "no such file"),
        ("texts.jsonl", None, "no such file"),
        ("texts.txt", b"", "contains no documents"),
        ("texts.jsonl", b"", "contains no documents"),
        ("texts.txt", b"\x89PNG\r\n\x1a\n\x00", "line 1: byte 0 is not UTF-8"),
        ("texts.jsonl", b"not json\n", "line 1: broken JSON"),
        ("texts.jsonl", b'["a text"]\n', "item 1: a JSON str, not an object"),
        ("texts.jsonl", b'{"body": "a"}\n', "line 1: no column 'text'; there are: body"),
        ("texts.jsonl", b'{"text": 3}\n', "line 1: the text is of type int, not a string"),
        ("texts.csv", b"body\na\n", "no column 'text'; there are: body"),
        ("texts.parquet", b"PAR1", "not a readable Parquet file"),
    ],
)
def test_wrong_input(refused, model, tmp_path, monkeypatch, name, content, told):
    if content is not None:
        (tmp_path / name).write_bytes(content)
    monkeypatch.setattr(predict, "load_for_inference", None)  # nothing of this needs the weights
    assert told in refused(f"predict --model_name_or_path {model} --input {tmp_path / name}")


def test_a_text_without_words_is_one_unknown_word(model, tmp_path, capsys):
    file = tmp_path / "texts.jsonl"
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in ("", "\u200b", "zebra")), "utf-8")
    empty, invisible, unknown = run(capsys, f"--model_name_or_path {model} --input {file}")
    assert empty["scores"] == invisible["scores"] == unknown["scores"]


def test_empty_standard_input(refused, model, monkeypatch):
    give_standard_input(monkeypatch, b"")
    assert "standard input: contains no documents" in refused(f"predict --model_name_or_path {model} --input -")


def test_standard_input_that_is_not_utf8(refused, model, monkeypatch):
    give_standard_input(monkeypatch, b"good\ncaf\xe9\n")
    assert "standard input line 2: byte 8 is not UTF-8" in refused(f"predict --model_name_or_path {model} --input -")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("", "required: --model_name_or_path"),
        ("--model_name_or_path MODEL --input FOLDER", "contains files and folders"),
        ("--model_name_or_path MODEL --input INPUT --batch_size 0", "--batch_size 0: must be >"),
        ("--model_name_or_path MODEL --input INPUT --output_file no/such/p.jsonl", "there is no folder"),
        ("--model_name_or_path MODEL --input INPUT --output_file FOLDER", "is a folder; name a file"),
        ("--model_name_or_path MODEL/pretraining --input INPUT", "no such folder"),
    ],
)
def test_wrong_options(refused, model, files, monkeypatch, options, told):
    monkeypatch.setattr(predict, "load_for_inference", None)
    options = options.replace("MODEL", str(model)).replace("FOLDER", str(files))
    assert told in refused(f"predict {options.replace('INPUT', str(files / 'test.jsonl'))}")


def test_encoder_without_classifier(refused, files, pretrained):
    command = f"predict --model_name_or_path {pretrained / 'pretraining'} --input {files / 'test.jsonl'}"
    assert "it has no classifier yet: train one" in refused(command)


def test_fault_halfway_leaves_no_file(capsys, model, tmp_path, monkeypatch):
    monkeypatch.setattr(runs_prediction, "_BLOCK", 4)
    (tmp_path / "texts.jsonl").write_text('{"text": "money"}\n' * 10 + "{broken\n")
    command = f"predict --model_name_or_path {model} --input {tmp_path / 'texts.jsonl'} --output_file {tmp_path / 'p'}"
    assert cli.main(command.split()) == 2
    assert "texts.jsonl line 11: broken JSON" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["texts.jsonl"]


@pytest.mark.slow
def test_closed_pipe(model, tmp_path):
    """`labelwise predict ... | head -1` ends without a word."""
    (tmp_path / "texts.txt").write_text("money\n" * 20000)
    command = f"-m labelwise_cli predict --model_name_or_path {model} --input {tmp_path / 'texts.txt'}".split()
    run = subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert json.loads(run.stdout.readline()).keys() == {"labels", "scores"}
    run.stdout.close()
    told = run.stderr.read()
    assert run.wait() == 141
    assert "Traceback" not in told
    assert "Broken" not in told


def test_texts_on_the_command_line(capsys, model):
    capsys.readouterr()
    command = ["predict", "--model_name_or_path", str(model), "--text", *TEXTS[:2], "--text", TEXTS[2], "--no_scores"]
    assert cli.main(command) == 0
    out, error = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert [list(row) for row in rows] == [["labels"]] * 3
    assert rows[1] == {"labels": []}
    assert "1 of 3 texts is empty: no label" in error.splitlines()


def test_null_is_an_empty_text(capsys, model, tmp_path):
    rows = [
        {"id": 1, "text": None, "title": None},
        {"id": 2, "text": "money", "title": "loan"},
        {"text": "", "title": None},
    ]
    file = write_jsonl(tmp_path / "texts.jsonl", rows)
    for columns in ("text", "title text"):
        command = f"--model_name_or_path {model} --input {file} --text_column {columns} --min_labels 1 --threshold 0.99"
        found = run(capsys, command)
        assert [row["id"] for row in found] == [1, 2, None]
        assert [len(row["labels"]) for row in found] == [0, 1, 0]


@pytest.fixture
def table(tmp_path) -> list[dict]:
    """Rows with more than the texts, in a file of every format."""
    rows = [
        {"id": f"A{number}", "title": title, "text": document["text"], "source": f"web, {number}"}
        for number, (title, document) in enumerate(zip(["ball", "soup", ""] * 10, make_documents(30, 7), strict=True))
    ]
    rows[4]["text"] = rows[4]["title"] = " "
    frame = pandas.DataFrame(rows)
    write_jsonl(tmp_path / "rows.jsonl", rows)
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    frame.to_csv(tmp_path / "rows.csv", index=False)
    frame.to_csv(tmp_path / "rows.tsv", index=False, sep="\t")
    frame.to_parquet(tmp_path / "rows.parquet", index=False)
    return rows


def read_answers(path, columns: bool) -> list[dict]:
    """Rows of any output with names in `labels` and, if there are any, scores by name in `scores`."""
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    if path.suffix == ".parquet":
        rows = pandas.read_parquet(path).to_dict("records")
        for row in rows:
            row["labels"] = row["labels"].tolist()
            if "scores" in row:
                row["scores"] = {item["label"]: item["score"] for item in row["scores"]}
        return rows
    rows = pandas.read_csv(path, keep_default_na=False).to_dict("records")
    if not columns:
        return [row | {name: json.loads(row[name]) for name in ("labels", "scores") if name in row} for row in rows]
    for row in rows:
        cells = {name: row.pop(f"scores.{name}") for name in WORDS if f"scores.{name}" in row}
        row["labels"] = [name for name in sorted(WORDS) if row.pop(name) == 1]
        if cells:
            row["scores"] = {name: float(cell) for name, cell in cells.items() if cell != ""}
    return rows


OPTIONS = {
    "": {},
    "--threshold 0.4": {"threshold": 0.4},
    "--threshold food=0.2 bank=0.9": {"threshold": {"food": 0.2, "bank": 0.9}},
    "--min_labels 2 --threshold 0.9": {"min_labels": 2, "threshold": 0.9},
    "--top_k 2": {},
    "--no_scores": {},
}


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize(
    "output", ["jsonl", "csv", "csv --csv_labels names", "parquet", "csv --csv_labels columns", "jsonl --batch_size 3"]
)
def test_every_output_equals_python(capsys, model, table, tmp_path, monkeypatch, options, output):
    monkeypatch.setattr(runs_prediction, "_BLOCK", 7)
    python = MultiLabelClassifier.from_pretrained(model)
    texts = [f"{row['title']}\n{row['text']}" for row in table]
    labels = python.predict(texts, **OPTIONS[options])
    scores = python.predict_proba(texts)
    source = {"jsonl": "json", "csv": "tsv"}.get(output.split()[0], "csv")
    path = tmp_path / f"out.{output.split()[0]}"
    command = f"--model_name_or_path {model} --input {tmp_path}/rows.{source} --text_column title text {options} "
    command += f"--keep_columns source --output_file {path} --format {output}"
    assert run(capsys, command) == []
    found = read_answers(path, columns="names" not in output)
    assert len({tuple(row["labels"]) for row in found}) > 1
    for row, before, predicted, probabilities in zip(found, table, labels, scores, strict=True):
        assert (row.pop("id"), row.pop("source")) == (before["id"], before["source"])
        assert row.pop("labels") == predicted
        if options != "--no_scores":
            expected = dict(zip(python.classes_, probabilities, strict=True))
            if options == "--top_k 2":
                expected = dict(sorted(expected.items(), key=lambda item: -item[1])[:2])
            assert row.pop("scores") == pytest.approx(expected, abs=2e-6)
        assert row == {}


@pytest.mark.parametrize("source", ["rows.jsonl", "rows.json", "rows.csv", "rows.tsv", "rows.parquet"])
def test_columns_are_carried_over_from_every_input(capsys, model, table, tmp_path, source):
    found = run(capsys, f"--model_name_or_path {model} --input {tmp_path / source} --keep_columns source title")
    assert [list(row) for row in found] == [["id", "source", "title", "labels", "scores"]] * 30
    kept = ("id", "source", "title")
    assert [[row[name] for name in kept] for row in found] == [[row[name] for name in kept] for row in table]


def test_csv_on_standard_output(capsys, model, table, tmp_path):
    capsys.readouterr()
    command = f"predict --model_name_or_path {model} --input {tmp_path}/rows.csv --format csv --no_scores"
    assert cli.main(command.split()) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["id"] for row in rows] == [row["id"] for row in table]
    assert list(rows[0]) == ["id", "bank", "food", "sport"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--text money", "--input and --text are both given; leave one out"),
        (
            "--keep_columns sources",
            "--keep_columns sources: ROWS has no such column; there are: id, title, text, source",
        ),
        ("--keep_columns title title", "--keep_columns: 'title' is named twice"),
        ("--format parquet", "--format parquet: is not written to standard output; pass --output_file"),
        ("--csv_labels names", "--csv_labels names: is for --format csv, not jsonl"),
        ("--output_file p.csv.gz", "--output_file p.csv.gz: .gz is not written; name a .jsonl, .csv or .parquet"),
        ("--top_k 0", "--top_k 0: must be > 0"),
        ("--top_k 2 --no_scores", "--top_k chooses scores, and --no_scores writes none"),
        ("--min_labels -1", "--min_labels -1: must be >= 0"),
        ("--min_labels 4", "min_labels 4: must be >= 0 and <= 3, the number of labels of the model"),
        ("--threshold 1", "threshold 1.0: must be > 0 and < 1"),
        ("--threshold food", "--threshold food: must be a number, or LABEL=NUMBER"),
        ("--threshold sports=0.5", "threshold sports: none of the model's 3 labels; did you mean sport?"),
        ("--threshold 0.3 --threshold 0.4", "--threshold 0.4: is given twice"),
        ("--threshold food=0.3 food=0.4", "--threshold food=0.4: is given twice for food"),
    ],
)
def test_options_that_do_not_fit(refused, model, table, tmp_path, monkeypatch, options, told):
    monkeypatch.setattr(predict, "load_for_inference", None)
    source = tmp_path / "rows.jsonl"
    command = f"predict --model_name_or_path {model} --input {source} {options}"
    assert told.replace("ROWS", str(source)) in refused(command)


def test_options_of_files_are_not_for_texts(refused, model):
    command = f"predict --model_name_or_path {model} --text money"
    assert "--text_column is for --input, not for --text" in refused(f"{command} --text_column body")
    assert "--keep_columns is for --input, not for --text" in refused(f"{command} --keep_columns body")


@pytest.mark.parametrize("output", ["p.csv", "p.parquet"])
def test_fault_halfway_leaves_no_file_of_any_format(capsys, model, tmp_path, monkeypatch, output):
    monkeypatch.setattr(runs_prediction, "_BLOCK", 4)
    (tmp_path / "texts.jsonl").write_text('{"text": "money"}\n' * 1100 + "{broken\n")
    command = f"predict --model_name_or_path {model} --input {tmp_path}/texts.jsonl --output_file {tmp_path / output}"
    assert cli.main(command.split()) == 2
    assert "texts.jsonl line 1101: broken JSON" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["texts.jsonl"]
