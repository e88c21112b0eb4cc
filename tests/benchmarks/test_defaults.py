# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Runs of the sweep: which, once each, and what is left of one that fails."""

import json
import os
from argparse import Namespace
from pathlib import Path

import pytest
from transformers.utils.logging import enable_progress_bar

from benchmarks import defaults
from benchmarks.defaults import GRID, identify, main, options_line, plan
from labelwise.reproduction import runs as table_runs

from ..in_process import train_here

SMALL = "--embedding_size 8 --min_frequency 1 --num_train_epochs 1 --word_vectors random"
SMALL_GRID = {"br": {"default": ""}, "cnn": {"default": SMALL, "faster": f"{SMALL} --learning_rate 2e-2"}}


@pytest.fixture
def trained(data, monkeypatch):
    """A small grid on a tiny corpus; the systems that were trained, in this process, each with its cache."""
    trained = []

    def execute(command, stdin, log):
        trained.append((command[command.index("--model") + 1], os.environ["HF_HOME"]))
        return train_here(command, stdin, log)

    monkeypatch.setattr(defaults, "CORPORA", {"tiny": data})
    monkeypatch.setattr(defaults, "GRID", SMALL_GRID)
    monkeypatch.setattr(table_runs, "execute", execute)
    yield trained
    enable_progress_bar()


def sweep(file, *options):
    return main(["--data_dir", "nowhere", "--output_file", str(file), *options])


def rows(file):
    return {(row["model"], row["setting"], row["seed"]): row for row in json.loads(file.read_text("utf-8"))["rows"]}


def arguments(**changes):
    given = {
        "models": None,
        "settings": [name for grid in GRID.values() for name in grid],
        "minutes": 10,
        "seeds": [42],
    }
    return Namespace(**{**given, "corpora": [*defaults.CORPORA], "encoder": None, "data_dir": "nowhere", **changes})


def test_rows_of_finished_runs(trained, tmp_path, capsys):
    file = tmp_path / "defaults.json"
    home = os.environ.get("HF_HOME")
    assert sweep(file) == 0
    assert list(rows(file)) == [("br", "default", 42), ("cnn", "default", 42), ("cnn", "faster", 42)]
    linear, default, faster = rows(file).values()
    assert linear["epochs"] == 0 and default["epochs"] == 1
    assert faster["arguments"] == SMALL_GRID["cnn"]["faster"]
    assert "--max_minutes 10" in faster["options"] and "--max_minutes" not in linear["options"]
    assert all(0 <= row[metric] <= 1 for row in rows(file).values() for metric in ("micro_f1", "macro_f1"))
    assert len({cache for _, cache in trained}) == 3 and not any(Path(cache).parent.exists() for _, cache in trained)
    assert os.environ.get("HF_HOME") == home
    command = f"python -m benchmarks.defaults --data_dir nowhere --output_file {file}"
    assert json.loads(file.read_text("utf-8"))["commands"] == [command]
    told = capsys.readouterr()
    assert "3 runs to train, in about 0:30:00" in told.err and "3/3 tiny/cnn, faster: micro_f1 " in told.err
    assert "### cnn: tiny" in told.out


def test_a_stopped_sweep_resumes(trained, tmp_path, monkeypatch, capsys):
    file, execute = tmp_path / "defaults.json", table_runs.execute

    def stop(command, stdin, log):
        if len(trained) == 2:
            raise KeyboardInterrupt
        return execute(command, stdin, log)

    monkeypatch.setattr(table_runs, "execute", stop)
    with pytest.raises(KeyboardInterrupt):
        sweep(file)
    first = rows(file)
    assert len(first) == 2
    monkeypatch.setattr(table_runs, "execute", execute)
    assert sweep(file) == 0
    assert len(trained) == 3 and rows(file).items() >= first.items()
    capsys.readouterr()
    assert sweep(file) == 0
    assert len(trained) == 3
    assert "0 runs to train" in capsys.readouterr().err


def test_a_setting_with_other_options_is_trained_anew(trained, tmp_path, monkeypatch):
    file = tmp_path / "defaults.json"
    assert sweep(file, "--models", "cnn", "--settings", "faster") == 0
    assert list(rows(file)) == [("br", "default", 42), ("cnn", "faster", 42)]
    changed = f"{SMALL} --learning_rate 3e-2"
    monkeypatch.setattr(defaults, "GRID", {**SMALL_GRID, "cnn": {"default": SMALL, "faster": changed}})
    assert sweep(file, "--models", "cnn", "--settings", "faster") == 0
    assert [model for model, _ in trained] == ["br", "cnn", "cnn"]
    assert rows(file)["cnn", "faster", 42]["arguments"] == changed


def test_a_run_that_fails_is_told_and_tried_again(trained, files, tmp_path, monkeypatch, capsys):
    file = tmp_path / "defaults.json"
    wrong = {"default": SMALL, "wrong": f"--embedding_size 8 --word_vectors {files / 'train.jsonl'}"}
    monkeypatch.setattr(defaults, "GRID", {**SMALL_GRID, "cnn": wrong})
    assert sweep(file) == 1
    told = capsys.readouterr()
    assert "3/3 tiny/cnn, wrong: failed: " in told.err
    assert "- **Failed**: tiny/cnn, wrong: " in told.out
    assert list(json.loads(file.read_text("utf-8"))["failed"]) == ["tiny/cnn, wrong"]
    assert sweep(file) == 1
    assert [model for model, _ in trained] == ["br", "cnn", "cnn", "cnn"]


def test_runs_of_other_minutes_are_not_mixed(trained, tmp_path, capsys):
    file = tmp_path / "defaults.json"
    assert sweep(file, "--models", "br") == 0
    assert sweep(file, "--models", "br", "--minutes", "1") == 2
    assert "another time_limit" in capsys.readouterr().err


def test_every_setting_is_one_that_labelwise_train_takes(make_encoder):
    encoder = str(make_encoder("bert"))
    runs = list(plan(arguments(encoder=encoder, seeds=[43, 42])))
    for run in runs:
        if run.corpus.name == "goemotions" and run.seed == 42:
            run.parse()
    for model, grid in GRID.items():
        found = {options_line(run) for run in runs if run.system.model == model and run.seed == 42}
        corpora = 2 if model in ("bert", "lm-mtc", "lw-encoder") else 4
        assert len(found) == len(grid) * corpora
    assert {run.corpus.name for run in runs if run.system.model == "bert"} == {"reuters21578", "goemotions"}
    assert {run.seed for run in runs if run.system.model == "br"} == {42}
    assert identify(runs[-1])["model"] == "lw-encoder" and identify(runs[-1])["setting"] == "with MLM"


def test_without_an_encoder_its_systems_are_left_out_or_refused():
    assert {run.system.model for run in plan(arguments())} == {"br", "cnn", "lstm", "lw-lstm", "hlw-lstm"}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--models cnn bert", "name the encoder with --encoder"),
        ("--encoder nosuch", "--encoder nosuch: no such folder"),
        ("--models br --corpora reuters21578", "reuters21578"),
        ("--models cnn --minutes 0", "--max_minutes 0"),
        ("--seeds -1", "seeds"),
        ("--output_file /nosuch/folder/x.json", "create it first"),
    ],
)
def test_refusals(tmp_path, capsys, options, told):
    assert sweep(tmp_path / "defaults.json", *options.split()) == 2
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("benchmarks.defaults: error: ")]
    assert told in line
    assert not list(tmp_path.iterdir())
