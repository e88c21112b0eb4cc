# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise export`."""

import json
import sys

import onnxruntime
import pytest
import torch
from labelwise_cli import main
from transformers import AutoModelForSequenceClassification, AutoTokenizer


@pytest.mark.slow
def test_a_trained_folder(model, tmp_path, capsys):
    out = tmp_path / "deep" / "onnx"
    command = f"export --model_name_or_path {model} --format onnx --output_dir {out}".split()
    assert main(command) == 0
    assert json.loads(capsys.readouterr().out) == {"files": [str(out / "model.onnx")]}
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
    assert json.loads(capsys.readouterr().out) == {"files": [str(out / "model.onnx")]}


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
    ],
)
def test_wrong_options(refused, model, options, told):
    assert told in refused(f"export {options.replace('MODEL', str(model))}")


def test_a_missing_package(refused, model, monkeypatch):
    monkeypatch.setattr("transformers.utils.import_utils.is_onnxscript_available", lambda: False)
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    assert "labelwise[onnx]" in refused(f"export --model_name_or_path {model} --output_dir out")
