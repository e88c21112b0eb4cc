# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Rows and curves of the label-wise encoder at tiny sizes."""

import json
import subprocess
from dataclasses import replace

import pytest

from benchmarks import curves, label_wise_encoder
from benchmarks.label_wise_encoder import main
from benchmarks.sizes import QUICK

from ..bfloat16 import HAS_BFLOAT16

TINY = replace(QUICK, lm_batch=2, warm_up=2)


@pytest.mark.slow
def test_rows(make_encoder, tmp_path, capsys):
    """Their outputs are those computed by hand; curves of the file are kept."""
    encoder = make_encoder("bert", max_position_embeddings=512, tokenizer={"model_max_length": 512})
    file, curve = tmp_path / "lw.json", {"length": {"title": "Length", "points": [{"tokens": 1}]}}
    options = ["--parts", "rows", "--repeats", "3", "--data_dir", "nowhere", "--encoder", encoder]
    assert main([*options, "--output_file", str(file)], TINY) == 0
    measured = json.loads(file.read_text("utf-8"))
    assert [(row["row"], row["ours"]) for row in measured["rows"]] == [
        (f"{work}-{precision}", f"{ours}, {precision}")
        for work in ("train", "inference")
        for precision in ("fp32", "bf16")[: 2 if HAS_BFLOAT16 else 1]
        for ours in ("lw-encoder", "LM-MTC, diff")
    ]
    assert all(row["difference"] < 1e-4 and row["ratio"] > 0 for row in measured["rows"])
    file.write_text(json.dumps({**measured, "curves": curve}))
    assert main([*options, "--output_file", str(file)], TINY) == 0
    assert json.loads(file.read_text("utf-8"))["curves"] == curve
    told = capsys.readouterr().out
    assert "a generated stand-in for reuters21578" in told and "Length:\n\n| tokens |" in told


def test_the_curve(monkeypatch, capsys):
    """In this process, because a new one would have to import torch and transformers."""

    def run(command, **settings):
        code = main(command[command.index("benchmarks.label_wise_encoder") + 1 :])
        return subprocess.CompletedProcess(command, code, stdout=capsys.readouterr().out, stderr="")

    monkeypatch.setattr(curves, "_run", run)
    monkeypatch.setattr(label_wise_encoder, "SMALL", {**label_wise_encoder.SMALL, "vocab_size": 100})
    assert main(["--quick", "--parts", "length"]) == 0
    table = [line.split(" | ")[0] for line in capsys.readouterr().out.splitlines() if line.startswith("| ")]
    assert table == ["| tokens", "| 128", "| 512"]


@pytest.mark.slow
def test_the_largest_point(capsys):
    value = label_wise_encoder.LENGTHS[-1]
    assert main(["--quick", "--point", "length", str(value)]) == 0
    point = json.loads(capsys.readouterr().out)
    assert point.pop("tokens") == value
    assert all(number > 0 for number in point.values())


def test_wrong_options(capsys, monkeypatch):
    monkeypatch.setattr(label_wise_encoder, "installed_encoder", lambda: None)
    assert main(["--parts", "rows"]) == 2
    assert "error: no encoder: --encoder FOLDER" in capsys.readouterr().err
    assert main(["--output_file", "no/where.json"]) == 2
    assert "create it first" in capsys.readouterr().err
