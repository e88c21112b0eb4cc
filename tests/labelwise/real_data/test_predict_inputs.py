# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What `labelwise predict` reads: a table is never read as texts, whatever its name and wherever it comes from."""

import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from labelwise import UserInputError

from .made_up import NAMES, TEST, TRAIN, Told, new_classifier, texts_of

FORMATS = ["csv", "tsv", "jsonl", "json", "parquet", "xlsx", "txt"]
EXPECTED = [[name for name in NAMES if name in row.labels] for row in TEST]


@pytest.fixture(scope="module")
def model(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    new_classifier().fit(texts_of(TRAIN), [row.labels for row in TRAIN], output_dir=folder)
    return folder


def write(path: Path, column: str = "text", **options) -> Path:
    """Write the test documents, by the suffix of the path."""
    frame = pd.DataFrame({"id": range(12), column: texts_of(TEST)})
    if path.suffix == ".txt":
        path.write_text("\n".join(texts_of(TEST)) + "\n")
    elif path.suffix in (".csv", ".tsv"):
        frame.to_csv(path, index=False, **{"sep": "," if path.suffix == ".csv" else "\t", **options})
    elif path.suffix in (".json", ".jsonl"):
        frame.to_json(path, orient="records", lines=path.suffix == ".jsonl")
    else:
        (frame.to_parquet if path.suffix == ".parquet" else frame.to_excel)(path, index=False)
    return path


def told_by(command, model: Path, source: str, *words: str, stdin: bytes | None = None) -> Told:
    told = command("predict", "--model_name_or_path", str(model), "--input", source, *words, stdin=stdin)
    if told.status == 0:
        assert [json.loads(line)["labels"] for line in told.output.splitlines()] == EXPECTED
    return told


# Files


@pytest.mark.parametrize("suffix", FORMATS)
def test_files(command, model, tmp_path, suffix):
    file = write(tmp_path / f"x.{suffix}")
    told = told_by(command, model, str(file))
    assert told.status == 0, told.errors
    assert not told.lines_with("is read as")  # the suffix tells it


@pytest.mark.parametrize("suffix", FORMATS)
def test_formats_that_are_set(command, model, tmp_path, suffix):
    file = write(tmp_path / f"x.{suffix}").rename(tmp_path / "x.data")
    form = {"tsv": "csv", "txt": "text"}.get(suffix, suffix)
    told = told_by(command, model, str(file), "--input_format", form)
    assert told.status == 0, told.errors
    assert not told.lines_with("input_format")


@pytest.mark.parametrize(
    ("suffix", "name"), [("csv", "CSV"), ("tsv", "CSV"), ("jsonl", "JSON lines"), ("json", "JSON")]
)
@pytest.mark.parametrize("new", ["x", "x.txt", "x.data"])
def test_first_bytes_tell_a_table(command, model, tmp_path, suffix, name, new):
    file = write(tmp_path / f"x.{suffix}").rename(tmp_path / new)
    told = told_by(command, model, str(file))
    assert told.status == 0, told.errors
    assert told.lines_with("input_format") == [f"{file}: is read as {name} (input_format sets it)"]


@pytest.mark.parametrize("delimiter", [";", "|"])
def test_delimiters(command, model, tmp_path, delimiter):
    file = write(tmp_path / "x.csv", sep=delimiter)
    assert len(told_by(command, model, str(file)).lines_with("delimiter sets it")) == 1
    assert not told_by(command, model, str(file), "--delimiter", delimiter).lines_with("delimiter")


def test_shards(command, model, tmp_path):
    (tmp_path / "parts").mkdir()
    write(tmp_path / "parts" / "a.parquet")
    assert told_by(command, model, str(tmp_path / "parts")).status == 0
    assert told_by(command, model, str(tmp_path / "parts" / "*.parquet")).status == 0


# Standard input


@pytest.mark.parametrize(
    ("suffix", "name"),
    [
        ("csv", "CSV"),
        ("tsv", "CSV"),
        ("jsonl", "JSON lines"),
        ("json", "JSON"),
        ("txt", "one text per line"),
        ("parquet", "Parquet"),
        ("xlsx", "Excel"),
    ],
)
def test_standard_input(command, model, tmp_path, suffix, name):
    content = write(tmp_path / f"x.{suffix}").read_bytes()
    told = told_by(command, model, "-", stdin=content)
    assert told.status == 0, told.errors
    assert told.lines_with("input_format") == [f"standard input: is read as {name} (input_format sets it)"]
    form = {"tsv": "csv", "txt": "text"}.get(suffix, suffix)
    assert not told_by(command, model, "-", "--input_format", form, stdin=content).lines_with("input_format")


def test_texts_that_look_like_something_else(command, model):
    """Lines are texts unless all that is needed of another format is there."""
    texts = ["[sic] about the court", "{not json", "text", '"quoted" text', "[1] see note"]
    for text in texts:
        told = command(
            "predict", "--model_name_or_path", str(model), "--input", "-", stdin=f"{text}\n{text}\n".encode()
        )
        assert told.lines_with("is read as one text per line"), (text, told)
        assert len(told.output.splitlines()) == 2


@pytest.mark.parametrize("size", [100, 9_000, 70_000, 200_000])
@pytest.mark.parametrize("source", ["-", "file"])
def test_long_first_lines_are_no_texts(command, model, tmp_path, source, size):
    """They end behind what is read to tell the format."""
    lines = [json.dumps({"id": i, "text": text + " and so on" * (size // 10)}) for i, text in enumerate(texts_of(TEST))]
    (tmp_path / "x").write_text("\n".join(lines))
    source = str(tmp_path / "x") if source == "file" else source
    told = command("predict", "--model_name_or_path", str(model), "--input", source, stdin="\n".join(lines).encode())
    assert told.status == 0 and len(told.output.splitlines()) == 12
    assert told.lines_with("is read as JSON lines")


def test_a_broken_first_line_is_no_text(command, model):
    told = command("predict", "--model_name_or_path", str(model), "--input", "-", stdin=b'{"text": "a" "b"}\n{}\n')
    assert "standard input line 1: broken JSON" in told.error


def test_json_lines_set_as_text_are_texts(command, model):
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts_of(TEST)).encode()
    told = command("predict", "--model_name_or_path", str(model), "--input", "-", "--input_format", "text", stdin=lines)
    assert told.status == 0 and len(told.output.splitlines()) == 12


@pytest.mark.slow
def test_a_pipe(model):
    """A process of its own: what was guessed is on standard error, and lines are labelled as they come."""
    options = ["-m", "labelwise_cli", "predict", "--model_name_or_path", str(model), "--input", "-"]
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts_of(TEST))
    run = subprocess.run([sys.executable, *options], input=lines, capture_output=True, text=True, check=True)
    assert [json.loads(line)["labels"] for line in run.stdout.splitlines()] == EXPECTED
    assert "standard input: is read as JSON lines (input_format sets it)" in run.stderr.splitlines()


# Tables without the column of the texts


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "json", "parquet", "xlsx"])
def test_a_table_without_its_text_column(command, model, tmp_path, suffix):
    file = write(tmp_path / f"x.{suffix}", column="body")
    told = told_by(command, model, str(file))
    kind = {"csv": "line", "tsv": "line", "xlsx": "row"}.get(suffix)
    header = f"the first {kind} is read as the header; " if kind else ""
    assert f"no column 'text'; there are: id, body ({header}text_column names that of the text)" in told.error
    assert told_by(command, model, str(file), "--text_column", "body").status == 0


@pytest.mark.parametrize("suffix", ["tsv", "jsonl", "json", "parquet"])
def test_standard_input_without_its_text_column(command, model, tmp_path, suffix):
    content = write(tmp_path / f"x.{suffix}", column="body").read_bytes()
    told = told_by(command, model, "-", stdin=content)
    assert "no column 'text'; there are: id, body" in told.error
    assert told_by(command, model, "-", "--text_column", "body", stdin=content).status == 0


def test_a_table_on_standard_input_needs_its_text_column(command, model, tmp_path):
    content = write(tmp_path / "x.csv", column="body").read_bytes()
    told = command("predict", "--model_name_or_path", str(model), "--input", "-", stdin=content)
    assert told.status == 2 and len(told.lines_with("standard input: is read as CSV (input_format sets it)")) == 1
    assert "no column 'text'" in told_by(command, model, "-", "--input_format", "csv", stdin=content).error
    assert told_by(command, model, "-", "--text_column", "body", stdin=content).status == 0


def test_the_case_of_the_column_is_suggested(command, model, tmp_path):
    told = told_by(command, model, str(write(tmp_path / "x.csv", column="Text")))
    assert "did you mean text_column Text?" in told.error


def test_front_door_asks_for_the_column():
    classifier = new_classifier()
    classifier.fit(texts_of(TRAIN), [row.labels for row in TRAIN])
    table = pd.DataFrame({"text": texts_of(TEST)})
    with pytest.raises(UserInputError, match="texts is a DataFrame: give its column of texts"):
        classifier.predict(table)
    assert classifier.predict(table["text"]) == EXPECTED
