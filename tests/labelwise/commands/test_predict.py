# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise predict`: one JSON object for each text, in order, from any kind of input."""

import io
import itertools
import json
import random
import subprocess
import sys

import datasets
import labelwise_cli as cli
import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from labelwise.commands import predict
from labelwise.runs import answers
from labelwise.runs import prediction as runs_prediction

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
        ("--model_name_or_path MODEL/pretraining --input INPUT", "neither a folder nor a Hub id"),
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
