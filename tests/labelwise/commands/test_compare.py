# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise compare` trains in time, resumes, reports what fails, and keeps the best.

Most tests train in their own process; the one that is marked slow starts and kills processes.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import BinaryIO

import labelwise_cli as cli
import pytest
from transformers import AutoModelForSequenceClassification
from transformers.utils.logging import enable_progress_bar

from labelwise.commands import compare as command_module
from labelwise.reproduction import runs as table_runs
from labelwise.runs.comparison import options_of, words_of
from labelwise.runs.results import METRICS

from ...in_process import train_here

TINY = "--embedding_size 8 --min_frequency 1 --num_train_epochs 4"
SYSTEMS = ["br", "cnn", "lw-lstm"]


@pytest.fixture(scope="module", autouse=True)
def quick() -> None:
    """Train in this process, and take no second to measure a speed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_runs, "execute", train_here)
        patch.setattr(command_module, "measure_texts_per_second", lambda folder, texts: 100.0 + len(texts))
        yield
    enable_progress_bar()


def compare(data: str, folder: Path, *more: str, arguments: str = TINY) -> int:
    return cli.main(["compare", *data.split(), f"--train_arguments={arguments}", "--output_dir", str(folder), *more])


def options_of_run(folder: Path, system: str) -> dict[str, list[str]]:
    return options_of(json.loads((folder / "runs" / system / "run.json").read_text("utf-8"))["options"])


def comparable(summary: dict) -> list[dict]:
    """Return the rows without what may differ from run to run."""
    return [{**row, "minutes": None, "texts_per_second": None, "folder": None} for row in summary["systems"]]


@pytest.fixture(scope="module")
def whole(data: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a comparison that nothing disturbed; tests only read it."""
    folder = tmp_path_factory.mktemp("whole")
    assert compare(data, folder, "--models", "lw-lstm", "br", "cnn") == 0
    return folder


def test_result(data: str, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    """The same command again prints it, and trains nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_runs, "execute", None)
        assert compare(data, whole, "--models", "lw-lstm", "br", "cnn") == 0
    told = capsys.readouterr()
    summary = json.loads(told.out)
    assert told.out.count("\n") == 1
    assert summary == json.loads((whole / "compare.json").read_text("utf-8"))
    assert (whole / "compare.md").read_text("utf-8") in told.err and "| system | validation micro-F1 |" in told.err
    assert [row["model"] for row in summary["systems"]] == SYSTEMS  # the cheapest first
    for row in summary["systems"]:
        assert row["metrics"].keys() == {"validation", "test"} and row["metrics"]["test"].keys() >= set(METRICS)
        results = json.loads((Path(row["folder"]) / "results.json").read_text("utf-8"))
        assert row["metrics"] == results["metrics_at_tuned_thresholds"] and row["threshold"] == results["threshold"]
        assert row["texts_per_second"] == 116.0 and row["parameters"] > 0
    assert (summary["documents"], summary["seed"], summary["minutes"]) == (
        {"train": 48, "validation": 16, "test": 16},
        42,
        30,
    )
    br, cnn, _ = summary["systems"]
    assert br["best_epoch"] is None and 1 <= cnn["best_epoch"] <= cnn["epochs"]


def test_the_best_is_kept(whole: Path) -> None:
    summary = json.loads((whole / "compare.json").read_text("utf-8"))
    scores = {
        row["model"]: row["metrics"]["validation"]["micro_f1"] + row["metrics"]["validation"]["macro_f1"]
        for row in summary["systems"]
    }
    assert scores[summary["best"]] == max(scores.values())
    best = Path(summary["best_folder"])
    assert best == whole / "best"
    assert not [path.name for path in best.iterdir() if path.name.startswith(("checkpoint", "run.", "train.log"))]
    source = whole / "runs" / summary["best"]
    assert (best / "model.safetensors").read_bytes() == (source / "model.safetensors").read_bytes()
    assert AutoModelForSequenceClassification.from_pretrained(best).config.label_names == ["bank", "food", "sport"]
    assert not [path for path in whole.iterdir() if path.name.startswith("tmp")]


def test_settings_of_the_runs(whole: Path) -> None:
    """Early stopping and a share of the time, for those that are trained by steps."""
    for system in SYSTEMS:
        options = options_of_run(whole, system)
        assert (options["--tune_thresholds"], options["--model"]) == (["global"], [system])
        assert ("--early_stopping_patience" in options) == ("--max_minutes" in options) == (system != "br")
    assert options_of_run(whole, "cnn")["--early_stopping_patience"] == ["3"]
    assert options_of_run(whole, "cnn")["--skip_gram_epochs"] == ["5"]


def test_another_best_replaces_the_copy(data: str, whole: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(whole, tmp_path / "folder")
    best = json.loads((folder / "compare.json").read_text("utf-8"))["best"]
    other = folder / "runs" / next(system for system in SYSTEMS if system != best)
    results = json.loads((other / "results.json").read_text("utf-8"))
    results["metrics_at_tuned_thresholds"]["validation"] |= {"micro_f1": 1.0, "macro_f1": 1.1}
    (other / "results.json").write_text(json.dumps(results), "utf-8")
    (folder / "best" / "of_the_old_model.py").touch()
    assert compare(data, folder, "--models", *SYSTEMS) == 0
    for name in ("model.safetensors", "config.json"):
        assert (folder / "best" / name).read_bytes() == (other / name).read_bytes()
    assert not (folder / "best" / "of_the_old_model.py").exists()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that only runs move: `run_takes` seconds each, of which none count as the run's own."""
    clock = SimpleNamespace(seconds=0.0, run_takes=0.0)
    monkeypatch.setattr(command_module, "time", SimpleNamespace(monotonic=lambda: clock.seconds))

    def execute(command: list[str], stdin: BinaryIO, log: BinaryIO) -> int:
        code = train_here(command, stdin, log)
        path = Path(command[command.index("--output_dir") + 1]) / "results.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), "wall_time_seconds": 0.0}))
        clock.seconds += clock.run_takes
        return code

    monkeypatch.setattr(table_runs, "execute", execute)
    return clock


def test_shares_of_the_time(data: str, tmp_path: Path, clock: SimpleNamespace) -> None:
    clock.run_takes = 60.0
    assert compare(data, tmp_path / "out", "--models", *SYSTEMS, "--minutes", "10") == 0
    shares = [options_of_run(tmp_path / "out", system)["--max_minutes"] for system in SYSTEMS[1:]]
    # A half of 9 minutes, then all of 8, without the minute that a process takes before and after its run.
    assert shares == [["3.50"], ["7.00"]]


def test_no_time_is_left(data: str, tmp_path: Path, clock: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    clock.run_takes = 90.0
    out = tmp_path / "out"
    assert compare(data, out, "--models", "br", "cnn", "--minutes", "1") == 0
    told = capsys.readouterr()
    assert json.loads(told.out)["systems"][1] == {"model": "cnn", "error": "no time is left of --minutes 1; give more"}
    assert "runs/cnn failed: no time is left" in told.err
    clock.run_takes = 0.0
    assert compare(data, out, "--models", "br", "cnn", "--minutes", "2") == 0
    assert options_of_run(out, "cnn")["--max_minutes"] == ["2.00"]


def test_a_run_that_has_begun_keeps_its_share(data: str, whole: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(whole, tmp_path / "folder")
    (folder / "runs" / "cnn" / "results.json").unlink()
    path = folder / "runs" / "cnn" / "run.json"
    run = json.loads(path.read_text("utf-8"))
    options = options_of(run["options"]) | {"--max_minutes": ["7"]}
    path.write_text(json.dumps({**run, "options": shlex.join(words_of(options))}), "utf-8")
    assert compare(data, folder, "--models", *SYSTEMS) == 0
    results = json.loads((folder / "runs" / "cnn" / "results.json").read_text("utf-8"))
    assert options_of(results["command"][2:])["--max_minutes"] == ["7"]


def test_a_row_that_fails(data: str, files: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    wrong = f"{TINY} --word_vectors {files / 'train.jsonl'}"
    assert compare(data, tmp_path / "out", "--models", "br", "cnn", arguments=wrong) == 0
    told = capsys.readouterr()
    _, row = json.loads(told.out)["systems"]
    assert row["model"] == "cnn" and str(files / "train.jsonl") in row["error"]
    assert f"`cnn`: {row['error']}" in told.err.replace("\\", "")
    assert compare(data, tmp_path / "none", "--models", "cnn", arguments=wrong) == 2
    told = capsys.readouterr()
    assert told.out == "" and "error: no system was trained: runs/cnn: " in told.err.splitlines()[-1]
    assert not (tmp_path / "none" / "best").exists()


def test_other_settings_are_refused(data: str, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    for more, told in [(["--seed", "7"], "--seed 42, not 7"), (["--split_seed", "7"], "no --split_seed 7")]:
        assert compare(data, whole, "--models", "cnn", "br", *more) == 2
        assert told in capsys.readouterr().err.splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("--models br nothing", "--models nothing: must be some of "),
        ("--models br lm-mtc", "--models lm-mtc needs --encoder"),
        ("--models br --encoder enc", "--encoder enc: br read no encoder; leave it out"),
        ("--minutes 0", "--minutes 0.0: must be > 0"),
        ("--seed -1", "--seed -1: must be >= 0"),
        ("--models br --train_arguments=--seed=3", "--train_arguments: --seed: set elsewhere"),
        ("--models br --train_arguments=--model=cnn", "--model: set elsewhere"),
        ("--models br --train_arguments=--split_seed=3", "--split_seed: set elsewhere"),
        ("--models br --train_arguments=--dropout=0.3", "--dropout: no row has this option"),
        ("--models cnn --train_arguments=--dropout=3", "runs/cnn: --dropout 3"),
        ("--models br --train_file -", "standard input can be read once"),
        ("--models br --train_file nowhere.csv", "nowhere.csv"),
        ("--models br --dataset reuters21578", "reuters21578"),
    ],
)
def test_refusals(refused: Callable[[str], str], options: str, told: str) -> None:
    data = "" if "--train_file" in options or "--dataset" in options else "--dataset support_tickets"
    assert told in refused(f"compare {options} {data} --output_dir out")


def test_options_reach_the_systems_that_have_them(tmp_path: Path) -> None:
    given = options_of("--template compact --hidden_size 8 --tune_thresholds per-label")
    systems = [command_module._make_system(model, given, tmp_path) for model in ("br", "lstm", "bert", "lm-mtc")]
    assert [options_of(system.arguments).keys() & {"--template", "--hidden_size"} for system in systems] == [
        set(),
        {"--hidden_size"},
        set(),  # which is lm-mtc without a template
        {"--template"},
    ]
    assert all(options_of(system.arguments)["--tune_thresholds"] == ["per-label"] for system in systems)


def test_no_skip_gram_with_other_vectors(tmp_path: Path) -> None:
    system = command_module._make_system("cnn", {"--word_vectors": ["random"]}, tmp_path)
    assert "--skip_gram_epochs" not in options_of(system.arguments)


def test_default_systems() -> None:
    assert command_module.CompareArguments("out").models == SYSTEMS
    assert command_module.CompareArguments("out", encoder="enc").models == [
        "br",
        "static",
        *SYSTEMS[1:],
        "bert",
        "lw-encoder",
        "lm-mtc",
    ]


def test_where_the_cheapest_first_are_systems() -> None:
    assert set(command_module._CHEAPEST_FIRST) <= set(command_module.system_names())


@pytest.mark.slow
def test_killed(data: str, whole: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-m", "labelwise_cli", "compare", *data.split(), f"--train_arguments={TINY}"]
    command += ["--output_dir", str(out), "--models", "lw-lstm", "br", "cnn"]

    def start() -> subprocess.Popen:
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    for place in ("runs/br/run.json", "runs/lw-lstm/checkpoint-*"):
        process = start()
        while not list(out.glob(place)):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)  # the command and its training
        process.communicate()
    assert not (out / "runs" / "lw-lstm" / "results.json").exists()
    finished = (out / "runs" / "cnn" / "results.json").read_bytes()
    process = start()
    printed, told = process.communicate()
    assert process.returncode == 0, told
    assert (out / "runs" / "cnn" / "results.json").read_bytes() == finished
    summary = json.loads(printed)
    assert comparable(summary) == comparable(json.loads((whole / "compare.json").read_text("utf-8")))
    assert all(row["texts_per_second"] > 0 for row in summary["systems"])
