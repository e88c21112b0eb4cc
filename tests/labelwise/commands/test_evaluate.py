# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise evaluate`: one JSON object with the numbers of the training run."""

import json

import labelwise_cli as cli
import pytest
from transformers import AutoConfig

from ...tiny_corpus import make_documents, write_jsonl


@pytest.mark.parametrize("name", ["model", "pretrained"])
@pytest.mark.parametrize("split", ["validation", "test"])
def test_equals_what_training_measured(request, capsys, files, tmp_path, monkeypatch, name, split):
    folder = request.getfixturevalue(name)
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    command = f"evaluate --model_name_or_path {folder} --{split}_file {files / split}.jsonl --split {split}"
    assert cli.main([*command.split(), "--output_file", "m.json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    results = json.loads((folder / "results.json").read_text())
    expected = (results["metrics_at_tuned_thresholds"] or results["metrics"])[split]
    assert json.loads(line) == {**expected, "threshold": AutoConfig.from_pretrained(folder).thresholds}
    assert json.loads((tmp_path / "m.json").read_text()) == json.loads(line)
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


def test_labels_of_the_file_may_be_fewer_and_in_another_order(capsys, model, files, tmp_path):
    rows = [row for row in make_documents(30, 9) if "bank" not in row["labels"]]
    file = write_jsonl(tmp_path / "part.jsonl", rows)
    capsys.readouterr()
    assert cli.main(f"evaluate --model_name_or_path {model} --test_file {file}".split()) == 0
    before = json.loads(capsys.readouterr().out)
    for row in rows:
        row["labels"].reverse()
    write_jsonl(file, rows)
    assert cli.main(f"evaluate --model_name_or_path {model} --test_file {file}".split()) == 0
    assert json.loads(capsys.readouterr().out) == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--model_name_or_path MODEL", "name the data"),
        ("--model_name_or_path MODEL --test_file TEST --split nosuch", "has no nosuch documents; it has test"),
        ("--model_name_or_path MODEL --validation_file TEST", "has no test documents; it has validation"),
        ("--model_name_or_path MODEL --test_file nowhere.jsonl", "no such file"),
        ("--model_name_or_path MODEL --test_file TEST --output_file no/such/m.json", "there is no folder"),
        ("--model_name_or_path MODEL --test_file TEST --batch_size 0", "--batch_size 0"),
        ("--model_name_or_path MODEL --dataset support_tickets", "labels that the model does not have"),
        ("--test_file TEST", "required: --model_name_or_path"),
        ("--model_name_or_path FOLDER --test_file TEST", "contains no model"),
    ],
)
def test_wrong_options(refused, model, files, options, told):
    options = options.replace("MODEL", str(model)).replace("FOLDER", str(files))
    assert told in refused(f"evaluate {options.replace('TEST', str(files / 'test.jsonl'))}")


def test_label_that_the_model_does_not_have(refused, model, tmp_path):
    file = write_jsonl(tmp_path / "test.jsonl", [{"text": "a", "labels": ["bank"]}, {"text": "b", "labels": ["novel"]}])
    message = refused(f"evaluate --model_name_or_path {model} --test_file {file}")
    assert "line 2: 'novel': 1 labels (1 times in all) are not among the 3 of the model; correct them, or" in message
