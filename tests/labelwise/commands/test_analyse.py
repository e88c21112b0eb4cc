# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise analyse`: tables of a trained model's neighbours and cases."""

import json
import shutil
from pathlib import Path

import labelwise_cli as cli
import pytest

from ...tiny_corpus import WORDS, write_jsonl

NAMES = sorted(WORDS)


def run(capsys, command: str) -> str:
    """Run a command; give its table."""
    capsys.readouterr()
    assert cli.main(command.split()) == 0
    return capsys.readouterr().err


def rows(path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.fixture
def test_rows(files) -> list[dict]:
    return rows(files / "test.jsonl")


def test_neighbours(capsys, model, files, tmp_path, test_rows):
    command = f"analyse neighbours --model_name_or_path {model} --test_file {files / 'test.jsonl'} --document 3"
    command += " --labels sport bank --num_neighbours 4"
    page = run(capsys, command)  # the third row: ids count from 1
    assert "| Rep. sport | P | Rep. bank | P |\n|---|---|---|---|" in page
    assert f"> {test_rows[2]['text']}\n" in page
    assert cli.main(f"{command} --output_file {tmp_path / 'n.jsonl'}".split()) == 0
    assert capsys.readouterr().out == ""
    assert cli.main(command.split()) == 0
    assert capsys.readouterr().out == (tmp_path / "n.jsonl").read_text("utf-8")
    sport, bank = rows(tmp_path / "n.jsonl")
    assert (sport["representation"], bank["representation"]) == ("sport", "bank")
    for found in (sport, bank):
        ids = [one["id"] for one in found["neighbours"]]
        assert len(set(ids)) == 4
        assert "3" not in ids
        of_near = [test_rows[int(id) - 1]["labels"] for id in ids]
        counts = {label: sum(label in labels for labels in of_near) / 4 for label in ("bank", "sport", "food")}
        assert found["shares"] == {label: share for label, share in counts.items() if share}
        similarities = [one["similarity"] for one in found["neighbours"]]
        assert similarities == sorted(similarities, reverse=True)
        assert -1 <= similarities[-1] <= similarities[0] <= 1
    assert f"| {next(iter(sport['shares']))} | {max(sport['shares'].values()):.0%} |" in page


@pytest.mark.parametrize(("document", "own"), [("0", "first"), ("money|<b>money</b>", "unknown")])
def test_document_by_number_or_as_text(capsys, model, files, test_rows, document, own):
    command = f"analyse neighbours --model_name_or_path {model} --test_file {files / 'test.jsonl'} --labels bank"
    page = run(capsys, f"{command} --num_neighbours 15 --document {document}")
    if own == "first":
        own = ", ".join(sorted(test_rows[0]["labels"])) or "none"
    else:
        assert "money\\|\\<b\\>money" in page
    assert f"Its labels: {own}\n" in page


def test_a_pretrained_encoder_has_neighbours_too(capsys, pretrained, files):
    command = f"analyse neighbours --model_name_or_path {pretrained / 'pretraining'} --test_file {files / 'test.jsonl'}"
    assert "| Rep. food | P |" in run(capsys, f"{command} --document 1 --labels food --num_neighbours 3")


@pytest.fixture
def generous(pretrained, tmp_path) -> Path:
    """A model of another system, with thresholds that leave documents all labels."""
    folder = shutil.copytree(pretrained, tmp_path / "generous")
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "thresholds": [0.01] * len(NAMES)}))
    return folder


def test_cases(capsys, model, generous, files, tmp_path, test_rows):
    command = f"analyse cases --models {generous} {model} --test_file {files / 'test.jsonl'} --num_cases 16"
    page = run(capsys, command)
    assert "| Document | True labels | generous | model |" in page
    run(capsys, f"{command} --output_file {tmp_path / 'c.jsonl'}")
    found = rows(tmp_path / "c.jsonl")
    predictions = {}
    for path in (model, generous):
        predict = (
            f"predict --model_name_or_path {path} --input {files / 'test.jsonl'} --output_file {tmp_path / 'p.jsonl'}"
        )
        run(capsys, predict)
        predictions[str(path)] = [sorted(row["labels"]) for row in rows(tmp_path / "p.jsonl")]
    differing = {str(i + 1) for i, (a, b) in enumerate(zip(*predictions.values(), strict=True)) if a != b}
    assert {case["id"] for case in found} == differing
    assert differing  # else this test would show nothing
    assert f"differ on {len(differing)} of 16 documents" in page
    lines = page.splitlines()[-len(found) :]
    for case, line in zip(found, lines, strict=True):
        number = int(case["id"]) - 1
        assert line.startswith(f"| {case['text']} |")
        assert case["text"] == test_rows[number]["text"]
        assert case["labels"] == sorted(test_rows[number]["labels"])
        assert case["predicted"] == {path: labels[number] for path, labels in predictions.items()}
        right = sum(labels == case["labels"] for labels in case["predicted"].values())
        assert line.count("✓") == right
        assert line.count("✗") == 2 - right


def test_unknown_labels_count_nowhere(capsys, model, generous, tmp_path, test_rows):
    """Each label that is not true is unknown."""
    documents = [{**row, "unknown_labels": [name for name in NAMES if name not in row["labels"]]} for row in test_rows]
    data = f"--test_file {write_jsonl(tmp_path / 'test.jsonl', documents)}"
    run(capsys, f"analyse cases --models {generous} {model} {data} --output_file {tmp_path / 'c.jsonl'}")
    found = rows(tmp_path / "c.jsonl")
    assert found
    for case in found:
        assert all(set(labels) <= set(case["labels"]) for labels in case["predicted"].values())
    page = run(capsys, f"analyse cases --models {generous} {model} {data}")
    assert "Labels that are unknown of a document are left out." in page
    command = f"analyse neighbours --model_name_or_path {model} {data} --document 0 --labels bank --num_neighbours 15"
    run(capsys, f"{command} --output_file {tmp_path / 'n.jsonl'}")
    (of_bank,) = rows(tmp_path / "n.jsonl")
    assert of_bank["shares"] == dict.fromkeys(NAMES, 1)


@pytest.mark.parametrize("arguments", ["", "nosuch", "--models MODEL"])
def test_names_the_analyses(refused, model, arguments):
    assert "must be one of neighbours, cases" in refused(f"analyse {arguments}".replace("MODEL", str(model)))


def test_help(capsys):
    assert cli.main(["analyse", "--help"]) == 0
    assert "cases       documents on which models differ" in capsys.readouterr().out
    assert cli.main(["analyse", "cases", "--help"]) == 0
    assert "--num_cases" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--document 0 --labels bonk", "--labels bonk: none of the model's 3 labels; did you mean bank?"),
        ("--document 99 --labels bank", "--document 99: no id of the split, and no number from 0 to 15"),
        ("--document -1 --labels bank", "--document -1: no id of the split"),
        (f"--document {'9' * 5000} --labels bank", "no id of the split, and no number from 0 to 15"),
        ("--document \u200b --labels bank", "it contains no words"),
        ("--document 0 --labels bank", "--num_neighbours 50: there are 15 other test documents"),
        ("--document 0 --labels bank --num_neighbours 0", "--num_neighbours 0"),
        ("--document 0 --labels bank --split train", "has no train documents"),
        ("--document 0 --labels bank --output_file no/such.md", "there is no folder"),
        ("--labels bank", "required: --document"),
    ],
)
def test_wrong_options_of_neighbours(refused, model, files, options, told):
    command = f"analyse neighbours --model_name_or_path {model} --test_file {files / 'test.jsonl'} {options}"
    assert told in refused(command)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--models MODEL", "name at least two models"),
        ("--models MODEL MODEL", "name at least two models"),
        ("--models MODEL MODEL/", "name at least two models"),
        ("--models MODEL nowhere", "nowhere is neither a folder nor a Hub id"),
        ("--models MODEL PRETRAINED --num_cases 0", "--num_cases 0"),
    ],
)
def test_wrong_options_of_cases(refused, model, pretrained, files, options, told):
    options = options.replace("MODEL", str(model)).replace("PRETRAINED", str(pretrained))
    assert told in refused(f"analyse cases --test_file {files / 'test.jsonl'} {options}")
