# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train`: thresholds are tuned unless told otherwise, and metrics of 0 explain themselves."""

import json

import labelwise_cli as cli
import pytest
from transformers import AutoConfig

from labelwise import MultiLabelClassifier

from ...resuming import results_of
from ...tiny_corpus import make_documents, write_jsonl

BR = "--model br --min_frequency 1 --min_df 1"


@pytest.fixture
def rare(tmp_path) -> str:
    """Options that name documents of the same text, one of eight with a label: no probability is above 0.5."""
    rows = [{"text": "the money", "labels": {0: ["bank"], 1: ["sport"]}.get(i % 8, [])} for i in range(32)]
    return " ".join(
        f"--{split}_file {write_jsonl(tmp_path / f'{split}.jsonl', rows)}" for split in ("train", "validation", "test")
    )


def train(capsys, command: str) -> tuple[dict, str]:
    """The printed object and the messages."""
    capsys.readouterr()
    assert cli.main(f"train {command}".split()) == 0
    told = capsys.readouterr()
    return json.loads(told.out.splitlines()[-1]), told.err


def test_one_threshold_by_default(data, tmp_path, capsys):
    out = tmp_path / "out"
    printed, told = train(capsys, f"{BR} {data} --output_dir {out}")
    results = results_of(out)
    tuning = results["threshold_tuning"]
    assert (tuning["mode"], tuning["metric"], tuning["documents"]) == ("global", "micro_f1", 16)
    assert results["threshold"] == AutoConfig.from_pretrained(out).thresholds
    assert printed["at_tuned_thresholds"] == results["metrics_at_tuned_thresholds"]
    assert {split: printed[split] for split in ("validation", "test")} == results["metrics"]  # at 0.5
    (line,) = [line for line in told.splitlines() if line.startswith("thresholds (global, micro-F1)")]
    for name, metric in (("micro-F1", "micro_f1"), ("macro-F1", "macro_f1")):
        at_half, tuned = (results[key]["validation"][metric] for key in ("metrics", "metrics_at_tuned_thresholds"))
        assert f"{name} {at_half:.4f} at 0.5, {tuned:.4f} tuned" in line


def test_python_tunes_as_the_command_does(rare, tmp_path, capsys):
    train(capsys, f"{BR} {rare} --output_dir {tmp_path / 'out'}")
    classifier = MultiLabelClassifier("br", min_frequency=1, min_df=1)
    classifier.fit(str(tmp_path / "train.jsonl"), validation=str(tmp_path / "validation.jsonl"))
    assert classifier.model.config.thresholds == results_of(tmp_path / "out")["threshold"] != 0.5


def test_none_keeps_one_half(data, tmp_path, capsys):
    printed, told = train(capsys, f"{BR} {data} --tune_thresholds none --output_dir {tmp_path / 'out'}")
    results = results_of(tmp_path / "out")
    assert results["threshold"] == 0.5
    assert results["threshold_tuning"] is results["metrics_at_tuned_thresholds"] is None
    assert printed == results["metrics"]
    assert "thresholds (" not in told


@pytest.mark.parametrize(
    ("options", "mode", "metric"),
    [
        ("--tune_thresholds per-label", "per-label", "macro_f1"),
        ("--tune_thresholds per-label --threshold_metric micro_f1", "per-label", "micro_f1"),
        ("--threshold_metric subset_accuracy", "global", "subset_accuracy"),
    ],
)
def test_metric_to_maximize(data, tmp_path, capsys, options, mode, metric):
    train(capsys, f"{BR} {data} {options} --output_dir {tmp_path / 'out'}")
    tuning = results_of(tmp_path / "out")["threshold_tuning"]
    assert (tuning["mode"], tuning["metric"]) == (mode, metric)


def test_one_validation_document_is_too_few(files, tmp_path, capsys):
    write_jsonl(tmp_path / "one.jsonl", make_documents(1, 0))
    data = f"--train_file {files / 'train.jsonl'} --validation_file {tmp_path / 'one.jsonl'}"
    _, told = train(capsys, f"{BR} {data} --output_dir {tmp_path / 'out'}")
    assert "has one validation document, which is too few to tune thresholds: they stay 0.5" in told
    assert results_of(tmp_path / "out")["threshold"] == 0.5


@pytest.mark.parametrize("asked", ["--tune_thresholds global", "--threshold_metric macro_f1"])
def test_too_few_documents_are_refused_where_tuning_was_asked_for(files, tmp_path, refused, asked):
    write_jsonl(tmp_path / "one.jsonl", make_documents(1, 0))
    data = f"--train_file {files / 'train.jsonl'} --validation_file {tmp_path / 'one.jsonl'}"
    message = refused(f"train {BR} {data} {asked} --output_dir out")
    assert "which is too few to tune thresholds: give at least two, or leave out --tune_thresholds" in message


def test_a_metric_of_nothing_is_refused(data, refused):
    message = refused(f"train {BR} {data} --tune_thresholds none --threshold_metric micro_f1 --output_dir out")
    assert "--threshold_metric micro_f1: --tune_thresholds none tunes no thresholds" in message


def test_a_zero_explains_itself(rare, tmp_path, capsys):
    """At 0.5, while labels are predicted at the tuned threshold."""
    out = tmp_path / "out"
    printed, told = train(capsys, f"{BR} {rare} --output_dir {out}")
    assert printed["test"]["micro_f1"] == 0 < printed["at_tuned_thresholds"]["test"]["micro_f1"]
    (line,) = [line for line in told.splitlines() if line.startswith("test: ")]
    assert line.startswith("test: no probability is above 0.5; the highest is 0.")
    assert line.endswith(f"see the metrics at {results_of(out)['threshold']:.4g}")


def test_a_zero_without_tuning_says_what_to_do(rare, tmp_path, capsys):
    _, told = train(capsys, f"{BR} {rare} --tune_thresholds none --output_dir {tmp_path / 'out'}")
    lines = [line for line in told.splitlines() if "no probability is above 0.5" in line]
    assert [line.partition(":")[0] for line in lines] == ["validation", "test"]
    assert all(line.endswith("tune thresholds, or train on more documents") for line in lines)
    test_file = tmp_path / "test.jsonl"
    for command in (
        f"evaluate --model_name_or_path {tmp_path / 'out'} --test_file {test_file}",
        f"predict --model_name_or_path {tmp_path / 'out'} --input {test_file}",
    ):
        assert cli.main(command.split()) == 0
        told = capsys.readouterr()
        assert lines[1].removeprefix("test: ").partition(": ")[0] in told.err
        assert "no probability" not in told.out
