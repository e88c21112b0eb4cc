# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise calibrate`: what it fits and writes, that every way to predict follows it, and what it refuses."""

import json
import shutil
from pathlib import Path

import labelwise_cli as cli
import numpy as np
import pandas as pd
import pytest
import torch
from huggingface_hub import ModelCard
from transformers import AutoConfig, AutoModelForSequenceClassification, pipeline

from labelwise import MultiLabelClassifier, tune_thresholds
from labelwise.runs.data import DataArguments
from labelwise.runs.prediction import predict_split
from labelwise.trainer.calibration import METHODS, fit_calibration, measure_calibration

from ...file_modes import modes_of, usual_mode
from ...tiny_corpus import TINY_FROM_CHECKPOINT, make_documents, write_jsonl

TEXTS = ["the money and the loan", "a ball, a goal. bread", ""]


@pytest.fixture(scope="module")
def linear(files, data, tmp_path_factory) -> Path:
    """A linear model, whose margins are no probabilities; on noisy labels, so that it errs."""
    folder = tmp_path_factory.mktemp("linear")
    for seed, split in enumerate(("train", "validation", "test")):
        rows = make_documents(60, seed)
        for row in rows[::4]:
            row["labels"] = [label for label in ("bank", "sport") if label not in row["labels"]]
        write_jsonl(folder / f"{split}.jsonl", rows)
    files = " ".join(f"--{split}_file {folder / split}.jsonl" for split in ("train", "validation", "test"))
    assert cli.main(f"train --model br {files} --output_dir {folder / 'out'}".split()) == 0
    return folder / "out"


@pytest.fixture
def folder(linear, tmp_path) -> Path:
    return shutil.copytree(linear, tmp_path / "out")


@pytest.fixture
def validation(linear) -> str:
    return f"--validation_file {linear.parent / 'validation.jsonl'}"


def calibrate(capsys, options: str) -> tuple[dict, str]:
    """The printed object and the messages."""
    capsys.readouterr()
    assert cli.main(f"calibrate {options}".split()) == 0
    told = capsys.readouterr()
    (line,) = told.out.splitlines()
    return json.loads(line), told.err


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def predicted(folder: Path, validation: str, calibrated: bool):
    data = DataArguments(validation_file=validation.split()[1])
    found = predict_split(str(folder), data, "validation", 64, calibrated=calibrated)
    return found.predictions, found.label_ids


@pytest.mark.parametrize("method", METHODS)
def test_what_is_fitted_and_written(capsys, folder, validation, method):
    before = contents(folder)
    raw, labels = predicted(folder, validation, calibrated=False)
    found, told = calibrate(capsys, f"--model_name_or_path {folder} {validation} --method {method}")
    config = AutoConfig.from_pretrained(folder)
    assert config.calibration == fit_calibration(raw, labels, method)
    calibrated, _ = predicted(folder, validation, calibrated=True)
    assert found["method"] == method
    assert found["documents"] == len(labels)
    assert found["before"] == pytest.approx(measure_calibration(raw, labels))
    assert found["after"] == pytest.approx(measure_calibration(calibrated, labels), abs=1e-6)
    assert found["after"]["log_loss"] < found["before"]["log_loss"]
    assert found["cross_validated"]["log_loss"] > found["after"]["log_loss"]
    # The threshold was tuned before: it is tuned again, in the same way.
    assert found["thresholds"] == config.thresholds == tune_thresholds(calibrated, labels, "global", "micro_f1")
    assert (
        "tuned anew, as they apply to calibrated probabilities: thresholds (global, micro-F1) on 60 validation" in told
    )

    after = contents(folder)
    assert modes_of(folder) == {usual_mode(folder)}
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    pictures = {f"reliability.{kind}" for kind in ("csv", "png", "svg")}
    assert changed == {"config.json", "results.json", "README.md", *pictures}
    table = pd.read_csv(folder / "reliability.csv")
    assert table.groupby("probabilities")["pairs"].sum().to_dict() == dict.fromkeys(
        ["before", "after", "after, cross-validated"], labels.size
    )
    results = json.loads(after["results.json"])
    assert results["calibration"]["after"] == found["after"]
    assert results["calibration"]["command"][:2] == ["labelwise", "calibrate"]
    assert results["threshold"] == config.thresholds
    assert results["threshold_tuning"]["tuned_score"] == found["threshold_tuning"]["tuned_score"]
    assert results["metrics_at_tuned_thresholds"] is None
    assert f"calibrated ({method}) on 60 documents" in ModelCard.load(folder / "README.md").text


@torch.no_grad()
def test_every_way_to_predict_follows_it(capsys, folder, validation, tmp_path):
    uncalibrated = MultiLabelClassifier.from_pretrained(folder).predict_proba(TEXTS)
    calibrate(capsys, f"--model_name_or_path {folder} {validation} --method sigmoid")
    config = AutoConfig.from_pretrained(folder)
    raw = np.log(uncalibrated / (1 - uncalibrated))
    logits = raw * config.calibration["scale"] + config.calibration["offset"]
    expected = torch.as_tensor(logits).sigmoid().numpy()
    assert np.abs(expected - uncalibrated).max() > 0.05

    classifier = MultiLabelClassifier.from_pretrained(folder)
    np.testing.assert_allclose(classifier.predict_proba(TEXTS), expected, atol=1e-5)
    names = config.label_names
    sets = [[name for name, p in zip(names, row, strict=True) if p > config.thresholds] for row in expected]
    assert classifier.predict(TEXTS) == sets
    found = pipeline("text-classification", model=str(folder), top_k=None)(TEXTS)
    for row, scores in zip(found, expected, strict=True):
        assert {one["label"]: one["score"] for one in row} == pytest.approx(
            dict(zip(names, scores, strict=True)), abs=1e-5
        )
    found = pipeline("multi-label-classification", model=str(folder))(TEXTS)
    assert [one["labels"] for one in found] == sets
    assert found[0]["scores"] == pytest.approx(dict(zip(names, expected[0], strict=True)), abs=1e-5)
    write_jsonl(tmp_path / "texts.jsonl", [{"text": text} for text in TEXTS[:2]])
    capsys.readouterr()
    assert cli.main(f"predict --model_name_or_path {folder} --input {tmp_path / 'texts.jsonl'}".split()) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["labels"] for line in lines] == sets[:2]
    assert lines[1]["scores"] == pytest.approx(dict(zip(names, expected[1], strict=True)), abs=1e-5)
    classifier.save_pretrained(tmp_path / "saved")
    np.testing.assert_array_equal(
        MultiLabelClassifier.from_pretrained(tmp_path / "saved").predict_proba(TEXTS), classifier.predict_proba(TEXTS)
    )


def test_evaluate_finds_the_score_that_was_promised(capsys, folder, validation):
    found, _ = calibrate(capsys, f"--model_name_or_path {folder} {validation}")
    assert cli.main(f"evaluate --model_name_or_path {folder} {validation} --split validation".split()) == 0
    measured = json.loads(capsys.readouterr().out)
    assert measured["threshold"] == found["thresholds"]
    assert measured["micro_f1"] == pytest.approx(found["threshold_tuning"]["tuned_score"])


def test_the_method_with_the_lower_cross_validated_log_loss(capsys, folder, validation):
    scores = {}
    for method in METHODS:
        found, told = calibrate(capsys, f"--model_name_or_path {folder} {validation} --method {method}")
        scores[method] = found["cross_validated"]["log_loss"]
        assert "the lower" not in told
    found, told = calibrate(capsys, f"--model_name_or_path {folder} {validation}")
    assert found["method"] == min(scores, key=scores.get)
    assert f"method {found['method']}: the lower cross-validated log loss" in told


def test_a_calibration_that_does_not_help(capsys, refused, folder, validation, monkeypatch):
    monkeypatch.setattr(
        "labelwise.commands.calibrate.cross_validate_calibration", lambda logits, labels, method: logits
    )
    before = contents(folder)
    told = refused(f"calibrate --model_name_or_path {folder} {validation}")
    assert told.startswith("the cross-validated log loss is no lower than without calibration, ")
    assert told.endswith("the model was not changed; --method calibrates it anyway")
    assert contents(folder) == before
    found, told = calibrate(capsys, f"--model_name_or_path {folder} {validation} --method sigmoid")
    assert found["method"] == "sigmoid" and "is no lower than without calibration" in told


def test_again_gives_the_same(capsys, folder, validation):
    """An earlier calibration does not enter."""
    command = f"--model_name_or_path {folder} {validation} --method sigmoid"
    first = calibrate(capsys, command)[0], contents(folder)
    assert (calibrate(capsys, command)[0], contents(folder)) == first


def change_config(folder: Path, **changes) -> None:
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | changes))


def test_an_untuned_threshold_stays(capsys, folder, validation):
    results = json.loads((folder / "results.json").read_text())
    (folder / "results.json").write_text(json.dumps({**results, "threshold_tuning": None}))
    change_config(folder, thresholds=0.5)
    found, told = calibrate(capsys, f"--model_name_or_path {folder} {validation}")
    assert found["thresholds"] == AutoConfig.from_pretrained(folder).thresholds == 0.5
    assert found["threshold_tuning"] is None
    assert "thresholds (" not in told


@pytest.mark.parametrize(("thresholds", "mode"), [(0.4, "global"), ([0.4, 0.5, 0.6], "per-label")])
def test_thresholds_of_unknown_origin_are_tuned_and_told(capsys, folder, validation, thresholds, mode):
    (folder / "results.json").unlink()
    change_config(folder, thresholds=thresholds)
    found, told = calibrate(capsys, f"--model_name_or_path {folder} {validation}")
    assert f"no record of how the thresholds were chosen: they are tuned anew ({mode})" in told
    assert found["threshold_tuning"]["mode"] == mode
    assert not (folder / "results.json").exists()


def test_training_goes_on_without_it(data, model, tmp_path, capsys):
    folder = shutil.copytree(model, tmp_path / "model", ignore=shutil.ignore_patterns("checkpoint-*"))
    change_config(folder, calibration={"scale": 2.0, "offset": 1.0})
    command = f"train --model_name_or_path {folder} {data} {TINY_FROM_CHECKPOINT} --output_dir {tmp_path / 'out'}"
    assert cli.main(command.split()) == 0
    assert AutoModelForSequenceClassification.from_pretrained(tmp_path / "out").config.calibration is None


def test_without_matplotlib(capsys, folder, validation, monkeypatch):
    calibrate(capsys, f"--model_name_or_path {folder} {validation}")
    monkeypatch.setattr("labelwise.analysis.drawing.find_spec", lambda name: None)
    _, told = calibrate(capsys, f"--model_name_or_path {folder} {validation}")
    assert "no picture of the reliability: figures need packages that are missing: pip install" in told
    assert sorted(path.name for path in folder.glob("reliability.*")) == ["reliability.csv"]  # not the old picture


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            "--split test --test_file TEST",
            "--split test: thresholds and calibration are fitted on validation documents only",
        ),
        ("--validation_file TEST --method isotonic", "invalid choice: 'isotonic'"),
        ("--validation_file ONE", "one validation document, too few to fit to"),
        ("--validation_file EMPTY", "cannot be calibrated on these documents: their labels are all set or all not set"),
        ("", "name the data"),
    ],
)
def test_refusals(refused, folder, files, tmp_path, options, told):
    write_jsonl(tmp_path / "one.jsonl", make_documents(1, 0))
    write_jsonl(tmp_path / "none.jsonl", [{"text": row["text"], "labels": []} for row in make_documents(10, 0)])
    names = {"TEST": files / "test.jsonl", "ONE": tmp_path / "one.jsonl", "EMPTY": tmp_path / "none.jsonl"}
    for name, file in names.items():
        options = options.replace(name, str(file))
    before = contents(folder)
    assert told in refused(f"calibrate --model_name_or_path {folder} {options}")
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("calibration", "told"),
    [
        ({"scale": [1.0, 2.0], "offset": 0.0}, "calibration: 2 scales for 3 labels"),
        ({"scale": 1.0}, "calibration must have a scale and an offset"),
        ({"scale": "large", "offset": 0.0}, "is corrupted"),
    ],
)
def test_a_damaged_calibration_is_refused(refused, folder, files, calibration, told):
    change_config(folder, calibration=calibration)
    assert told in refused(f"evaluate --model_name_or_path {folder} --test_file {files / 'test.jsonl'}")
