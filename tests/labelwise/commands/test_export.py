# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise export`."""

import json
import shutil
import sys

import onnxruntime
import pytest
import torch
from labelwise_cli import main
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from ...tiny_corpus import write_jsonl


@pytest.mark.slow
def test_a_trained_folder(model, tmp_path, capsys):
    out = tmp_path / "deep" / "onnx"
    command = f"export --model_name_or_path {model} --format onnx --output_dir {out}".split()
    assert main(command) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == {"files": [str(out / "model.onnx")], "drift": None}
    assert "drift was not measured: name validation documents" in told.err
    batch = AutoTokenizer.from_pretrained(out)(["the money and the ball.", "soup"], padding=True, return_tensors="pt")
    session = onnxruntime.InferenceSession(out / "model.onnx")
    (found,) = session.run(["logits"], {name: value.numpy() for name, value in batch.items()})
    with torch.no_grad():
        expected = AutoModelForSequenceClassification.from_pretrained(model)(**batch).logits
    torch.testing.assert_close(torch.from_numpy(found), expected, atol=1e-4, rtol=0)
    assert [path.name for path in out.parent.iterdir()] == ["onnx"]  # nothing unfinished
    assert main(command) == 2
    assert "already contains an export; pass --overwrite" in capsys.readouterr().err
    written = {path.name for path in out.iterdir()}
    (out / "model.onnx.data").write_text("of an earlier export")
    (out / "mine").mkdir()
    assert main([*command, "--overwrite"]) == 0
    assert {path.name for path in out.iterdir()} == {*written, "mine"}
    assert json.loads(capsys.readouterr().out)["files"] == [str(out / "model.onnx")]


@pytest.mark.slow
def test_predictions_and_metrics_of_an_export(model, files, tmp_path, capsys):
    """In float32 they are the model's; in int8 they differ by the drift that was measured."""
    found = {"model": model}
    for quantize in ("", " --quantize int8"):
        name = quantize.removeprefix(" --quantize ") or "float32"
        found[name] = tmp_path / name
        command = f"export --model_name_or_path {model} --output_dir {found[name]}{quantize}"
        assert main([*command.split(), "--validation_file", str(files / "validation.jsonl")]) == 0
        drift = json.loads(capsys.readouterr().out)["drift"]
        record = json.loads((found[name] / "export.json").read_text("utf-8"))
        assert record["labelwise"]["drift"] == drift
        assert record["labelwise"]["source"] == {"model": "model", "revision": None}
        assert str(files) not in json.dumps(record)
        assert drift["documents"] == 16
        assert drift["data"] == "validation.jsonl"
    assert 1e-5 < drift["largest_difference"] < 0.05  # of int8

    metrics, answers = {}, {}
    for name, folder in found.items():
        given = f"--model_name_or_path {folder}"
        assert main(f"evaluate {given} --test_file {files / 'test.jsonl'}".split()) == 0
        metrics[name] = json.loads(capsys.readouterr().out)
        assert main(f"predict {given} --input {files / 'test.jsonl'} --batch_size 5".split()) == 0
        answers[name] = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert metrics["float32"] == metrics["model"]
    assert metrics["int8"].keys() == metrics["model"].keys()
    for name, closeness in (("float32", 1e-5), ("int8", 0.05)):
        for one, other in zip(answers[name], answers["model"], strict=True):
            assert one.keys() == other.keys()
            assert one["scores"] == pytest.approx(other["scores"], abs=closeness)
    assert [answer["labels"] for answer in answers["float32"]] == [answer["labels"] for answer in answers["model"]]


@pytest.fixture
def export(model, tmp_path):
    """The settings of an export, without its graph, which what is refused here does not read."""
    folder = tmp_path / "exported"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copy(model / name, folder)
    (folder / "export.json").write_text('{"export_format": "onnx"}')
    return folder


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("explain --text money --output_dir out", "is an export, for predict and evaluate; name the model it was made"),
        ("train --train_file TRAIN --output_dir out", "is an export, for predict and evaluate"),
        ("add-labels --labels more --output_dir out", "is an export, for predict and evaluate"),
        ("tune-thresholds --validation_file TRAIN", "is an export, for predict and evaluate"),
        ("export --output_dir out", "is an export, for predict and evaluate"),
        ("predict --text money --dtype bfloat16", "is an export, whose data types are fixed"),
        ("predict --text money --label_by_label", "is an export, which predicts all labels in one pass"),
        ("predict --text money", "export.json is corrupted, or of an export by an earlier version"),
    ],
)
def test_what_no_export_can_do(refused, export, files, command, told):
    name, _, options = command.partition(" ")
    options = options.replace("TRAIN", str(files / "train.jsonl"))
    assert told in refused(f"{name} --model_name_or_path {export} {options}")


@pytest.mark.parametrize(
    "held",
    [
        "config.json",
        "export.json config.json model.safetensors",  # a model and an export that were mixed
        "model-00001-of-00002.safetensors",
        "export.json results.json",
        "checkpoint-3/x",
    ],
)
def test_a_model_is_never_replaced(model, tmp_path, capsys, held):
    out = tmp_path / "out"
    for name in held.split():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("{}")
    before = {path: path.stat().st_mtime_ns for path in out.rglob("*")}
    for more in ([], ["--overwrite"]):
        assert main([*f"export --model_name_or_path {model} --output_dir {out}".split(), *more]) == 2
        assert "contains a model or a run, which an export never replaces" in capsys.readouterr().err
    assert {path: path.stat().st_mtime_ns for path in out.rglob("*")} == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--model_name_or_path nosuch --output_dir out", "nosuch is neither a folder nor a Hub id"),
        ("--model_name_or_path MODEL --output_dir out --format tflite", "--format"),
        ("--model_name_or_path MODEL", "--output_dir"),
        ("--model_name_or_path MODEL --output_dir out --quantize int4", "--quantize"),
        ("--model_name_or_path MODEL --output_dir out --split test", "name the data that the drift is measured on"),
        ("--model_name_or_path MODEL --output_dir out --text_column body", "name the data that the drift is measured"),
    ],
)
def test_wrong_options(refused, model, options, told):
    assert told in refused(f"export {options.replace('MODEL', str(model))}")


def test_a_missing_package(refused, model, monkeypatch):
    monkeypatch.setattr("transformers.utils.import_utils.is_onnxscript_available", lambda: False)
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    assert "labelwise[onnx]" in refused(f"export --model_name_or_path {model} --output_dir out")


def test_the_drift_needs_data_that_fits(refused, model, tmp_path):
    file = write_jsonl(tmp_path / "other.jsonl", [{"text": "a", "labels": ["unheard-of"]}])
    command = f"export --model_name_or_path {model} --quantize int8 --validation_file {file} --output_dir out"
    assert "unheard-of" in refused(command)
