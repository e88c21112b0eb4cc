# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise tune-thresholds`: what it fits, what it writes, and what it refuses."""

import json
import shlex
import shutil
from pathlib import Path

import labelwise_cli as cli
import pytest
from huggingface_hub import ModelCard

from labelwise.hub.public_record import public_command

from ...file_modes import modes_of, usual_mode
from ...tiny_corpus import make_documents, write_jsonl


@pytest.fixture
def folder(model, tmp_path) -> Path:
    """A copy of the trained model."""
    return shutil.copytree(model, tmp_path / "out", ignore=shutil.ignore_patterns("checkpoint-*"))


@pytest.fixture
def validation(files) -> str:
    return f"--validation_file {files / 'validation.jsonl'}"


def run(capsys, command: str) -> dict:
    capsys.readouterr()
    assert cli.main(command.split()) == 0
    (line,) = capsys.readouterr().out.splitlines()
    return json.loads(line)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize(
    "options",
    ["", "--mode per-label", "--mode per-label --threshold_metric micro_f1", "--threshold_metric subset_accuracy"],
)
def test_evaluate_finds_the_score_that_was_promised(capsys, folder, files, validation, options):
    before = contents(folder)
    found = run(capsys, f"tune-thresholds --model_name_or_path {folder} {validation} --split validation {options}")
    measured = run(capsys, f"evaluate --model_name_or_path {folder} {validation} --split validation")
    assert measured["threshold"] == found["thresholds"]
    assert isinstance(found["thresholds"], list) == ("per-label" in options)
    assert measured[found["metric"]] == pytest.approx(found["tuned_score"])
    assert found["tuned_score"] >= found["score_at_0.5"]
    after = contents(folder)
    assert modes_of(folder) == {usual_mode(folder)}
    assert {name for name in before | after if before.get(name) != after.get(name)} == {
        "config.json",
        "results.json",
        "README.md",
    }
    old, new = json.loads(before["config.json"]), json.loads(after["config.json"])
    assert new == {**old, "thresholds": found["thresholds"]}
    lines = {name: text["config.json"].decode().splitlines() for name, text in {"old": before, "new": after}.items()}
    if not options:  # a number for a number
        assert len(lines["old"]) == len(lines["new"])
        assert sum(one != other for one, other in zip(lines["old"], lines["new"], strict=True)) == 1
    texts = write_jsonl(folder.parent / "texts.jsonl", make_documents(5, 3))
    capsys.readouterr()
    assert cli.main(f"predict --model_name_or_path {folder} --input {texts}".split()) == 0
    thresholds = dict(zip(["bank", "food", "sport"], _one_per_label(found["thresholds"]), strict=True))
    for line in capsys.readouterr().out.splitlines():
        row = json.loads(line)
        assert row["labels"] == [name for name, score in row["scores"].items() if score > thresholds[name]]


def _one_per_label(thresholds) -> list[float]:
    return thresholds if isinstance(thresholds, list) else [thresholds] * 3


def test_results_and_card(capsys, folder, validation):
    command = f"tune-thresholds --model_name_or_path {folder} {validation} --mode per-label"
    found = run(capsys, command)
    results = json.loads((folder / "results.json").read_text())
    assert results["threshold"] == found["thresholds"]
    assert results["threshold_tuning"] == {
        **{name: value for name, value in found.items() if name != "thresholds"},
        "dataset": validation.split()[1],
        "command": ["labelwise", *command.split()],
    }
    card = ModelCard.load(folder / "README.md").text
    assert f"with the best macro-F1 on 16 validation documents of `{Path(validation.split()[1]).name}`" in card
    assert shlex.join(public_command(["labelwise", *command.split()])) in card
    assert f"| {found['score_at_0.5']:.4f} | {found['tuned_score']:.4f} |" in card


def test_again_and_without_results(capsys, folder, validation):
    command = f"tune-thresholds --model_name_or_path {folder} {validation}"
    (folder / "results.json").unlink()
    card = (folder / "README.md").read_bytes()
    first = run(capsys, command)
    assert run(capsys, command) == first  # what was tuned before does not enter
    assert not (folder / "results.json").exists()
    assert (folder / "README.md").read_bytes() == card


def test_a_card_of_ones_own_stays(capsys, folder, validation):
    (folder / "README.md").write_text("# Mine\n")
    run(capsys, f"tune-thresholds --model_name_or_path {folder} {validation}")
    assert (folder / "README.md").read_text() == "# Mine\n"
    (folder / "README.md").unlink()
    run(capsys, f"tune-thresholds --model_name_or_path {folder} {validation}")
    assert ModelCard.load(folder / "README.md").data.library_name == "transformers"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (
            "--split test --test_file TEST",
            "--split test: thresholds and calibration are fitted on validation documents only",
        ),
        (
            "--split train --train_file TEST",
            "--split train: thresholds and calibration are fitted on validation documents only",
        ),
        (
            "--split nosuch --test_file TEST",
            "--split nosuch: thresholds and calibration are fitted on validation documents only",
        ),
        ("--test_file TEST", "has no validation documents; it has test; name --validation_file"),
        ("--validation_file TEST --mode each", "argument --mode: invalid choice: 'each'"),
        ("--validation_file TEST --threshold_metric f1", "invalid choice: 'f1'"),
        ("--validation_file TEST --batch_size 0", "--batch_size 0"),
        ("--validation_file ONE", "one validation document, too few to fit to"),
        ("", "name the data"),
    ],
)
def test_wrong_options(refused, folder, files, tmp_path, options, told):
    write_jsonl(tmp_path / "one.jsonl", make_documents(1, 0))
    options = options.replace("TEST", str(files / "test.jsonl")).replace("ONE", str(tmp_path / "one.jsonl"))
    before = contents(folder)
    assert told in refused(f"tune-thresholds --model_name_or_path {folder} {options}")
    assert contents(folder) == before


def test_another_cut_of_the_training_file_is_refused(refused, folder, data):
    before = contents(folder)
    message = refused(f"tune-thresholds --model_name_or_path {folder} {data} --split_seed 3")
    assert "the model was trained with 0, so its training documents may be among these validation documents" in message
    assert contents(folder) == before


def test_a_cut_where_there_was_a_validation_file_is_refused(refused, folder, files):
    before = contents(folder)
    message = refused(f"tune-thresholds --model_name_or_path {folder} --train_file {files / 'train.jsonl'}")
    assert (
        "so its training documents may be among these; pass the options of its data, or only --validation_file"
        in message
    )
    assert contents(folder) == before


@pytest.mark.parametrize("command", ["tune-thresholds", "calibrate"])
def test_a_model_of_the_hub_is_refused(refused, validation, command):
    message = refused(f"{command} --model_name_or_path ns/name {validation}")
    assert "ns/name is not a local folder" in message
    assert "hf download ns/name --local-dir FOLDER" in message


@pytest.mark.parametrize("content", ["{", "[]", "7", "null", '{"metrics": {}}'])
def test_damaged_results_are_refused(refused, folder, validation, content):
    (folder / "results.json").write_text(content)
    before = contents(folder)
    assert "results.json is corrupted" in refused(f"tune-thresholds --model_name_or_path {folder} {validation}")
    assert contents(folder) == before


def test_a_config_that_cannot_be_written_stays_whole(refused, folder, validation, monkeypatch):
    def full(self, *args):
        raise OSError(28, "No space left on device")

    before = contents(folder)
    monkeypatch.setattr(Path, "replace", full)
    assert "No space left on device" in refused(f"tune-thresholds --model_name_or_path {folder} {validation}")
    assert contents(folder) == before
