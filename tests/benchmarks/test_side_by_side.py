# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The command, on very small sizes."""

import json

import pytest
import torch

from benchmarks import plain, side_by_side
from benchmarks.sizes import Sizes

from ..bfloat16 import HAS_BFLOAT16

TINY = Sizes(
    vocab_size=40,
    median_words=6,
    max_words=12,
    flat_width=5,
    flat_labels=3,
    flat_batch=5,
    max_sentences=4,
    max_words_per_sentence=5,
    mean_words_per_sentence=3,
    hierarchical_width=4,
    hierarchical_labels=3,
    hierarchical_batch=4,
    pretraining_batch=4,
    lm_batch=3,
    num_texts=8,
    matrix=8,
    warm_up=3,
)
PRECISIONS = 2 if HAS_BFLOAT16 else 1
FAST = ["--repeats", "3", "--device", "cpu", "--data_dir", "nowhere"]


def run(*options):
    return side_by_side.main([*FAST, *options], TINY)


def test_rows_without_the_reference_codes(tmp_path, capsys, make_encoder):
    file = tmp_path / "measured.json"
    encoder = make_encoder("bert", max_position_embeddings=512, tokenizer={"model_max_length": 512})
    rows = ["lw-lstm-train", "lw-lstm-inference", "hlw-lstm-train", "hlw-lstm-inference", "pretrain", "lm-mtc-train"]
    rows += ["lm-mtc-inference", "label-tokenizer-goemotions", "word-tokenizer-chinese"]
    assert run("--rows", *rows, "--encoder", encoder, "--output_file", str(file)) == 0
    measured = json.loads(file.read_text("utf-8"))
    assert [row["row"] for row in measured["rows"] if row["ours"] in ("fp32", "batched", "one process")] == rows
    for row in measured["rows"]:
        assert row["ratio"] > 0
        assert row["repeats"] == 3
        assert row["difference"] < (5e-2 if row["ours"] == "bf16" else 1e-4)
    assert any("plain torch" in reason for reason in measured["left_out"])
    assert "stand-in for goemotions" in capsys.readouterr().out


def test_rows_are_added_to_a_file_that_was_measured_alike(tmp_path, capsys):
    file = tmp_path / "measured.json"
    assert run("--rows", "hlw-lstm-inference", "--output_file", str(file)) == 0
    (first,) = json.loads(file.read_text("utf-8"))["rows"]
    assert run("--rows", "lw-lstm-inference", "--output_file", str(file)) == 0
    rows = json.loads(file.read_text("utf-8"))["rows"]
    assert [row["row"] for row in rows] == ["lw-lstm-inference"] * PRECISIONS + ["hlw-lstm-inference"]
    assert rows[-1] == first
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), "machine": "another"}))
    assert run("--rows", "lw-lstm-inference", "--output_file", str(file)) == 2
    assert "with another machine" in capsys.readouterr().err


def test_comparison_with_a_record(tmp_path, capsys):
    file = tmp_path / "recorded.json"
    assert run("--rows", "lw-lstm-inference", "--output_file", str(file)) == 0
    recorded = json.loads(file.read_text("utf-8"))
    other = tmp_path / "other.json"
    other.write_text(json.dumps({**recorded, "machine": "another"}))
    for recorded_ratio, code, output in [(1e-6, 0, f"0 of {PRECISIONS}"), (1e6, 1, "WORSE")]:
        for row in recorded["rows"]:
            row["ratio"] = recorded_ratio
        file.write_text(json.dumps(recorded))
        assert run("--rows", "lw-lstm-inference", "--compare_to", str(other), str(file)) == code
        assert output in capsys.readouterr().out
    assert run("--compare_to", str(other)) == 2
    assert "none was recorded with machine" in capsys.readouterr().err


@pytest.mark.parametrize("where", ["outputs", "gradients"])
def test_a_row_whose_outputs_or_gradients_differ_is_not_measured(tmp_path, capsys, monkeypatch, where):
    forward = plain.PlainClassifier.forward

    def other(self, ids):
        probabilities = forward(self, ids)
        return probabilities * 0.99 if where == "outputs" else probabilities.detach() * 2 - probabilities

    monkeypatch.setattr(plain.PlainClassifier, "forward", other)
    file = tmp_path / "measured.json"
    assert run("--rows", "lw-lstm-train", "--output_file", str(file)) == 1
    assert json.loads(file.read_text("utf-8"))["rows"] == []
    assert "**Failed**: lw-lstm-train" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--lw_pt", "nowhere"], "nowhere is not a checkout of LW-PT"),
        (["--compare_to", "nowhere.json"], "nowhere.json: no such file; record it first"),
        (["--output_file", "no/where.json"], "create it first"),
        (["--output_file", "."], "name a file"),
        pytest.param(
            ["--device", "cuda"],
            "this machine has no GPU",
            marks=pytest.mark.skipif(torch.cuda.is_available(), reason="has one"),
        ),
    ],
)
def test_errors_in_the_input(capsys, options, said):
    assert run("--rows", "pretrain", *options) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert said in line


@pytest.mark.parametrize("content", ["{", "[]", '{"rows": []}'])
def test_a_corrupted_record(tmp_path, capsys, content):
    file = tmp_path / "recorded.json"
    file.write_text(content)
    assert run("--compare_to", str(file)) == 2
    assert "record it again" in capsys.readouterr().err


def test_quick_and_full_runs_are_not_compared(tmp_path, capsys):
    file = tmp_path / "recorded.json"
    file.write_text(json.dumps({"rows": [], "machine": "", "threads": 1, "quick": True}))
    assert run("--compare_to", str(file)) == 2
    assert "none was recorded with quick False" in capsys.readouterr().err


def test_a_median_of_two_is_refused():
    with pytest.raises(SystemExit):
        side_by_side.main(["--repeats", "2"])


def test_without_an_encoder_its_rows_are_left_out(capsys, monkeypatch):
    monkeypatch.setattr(side_by_side, "installed_encoder", lambda: None)
    assert run("--rows", "lm-mtc-inference") == 0
    assert "Left out: lm-mtc-inference: no encoder" in capsys.readouterr().out


def test_quick_runs_leave_out_large_batches():
    quick, full = (side_by_side._parse(options).rows for options in (["--quick"], []))
    assert full == list(side_by_side.ROWS)
    assert set(full) - set(quick) == {"lw-lstm-train-large", "hlw-lstm-train-large"}
    assert side_by_side._parse(["--quick", "--rows", "lw-lstm-train-large"]).rows == ["lw-lstm-train-large"]
