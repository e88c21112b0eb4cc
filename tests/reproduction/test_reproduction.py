# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""All runs of a table, killed or not, and the table from their folders.

Most tests train in their own process, which saves the imports of a new one; those marked slow start processes.
"""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import labelwise_cli as cli
import pytest
from filelock import lock_descriptor

from labelwise.reproduction import runs as table_runs
from labelwise.reproduction.page import format_table
from labelwise.reproduction.tables import load_table
from labelwise.runs.locking import LOCK_NAME
from labelwise.runs.processes import git_revision
from labelwise.whole_folders import COMPLETE_NAME

from ..in_process import train_here

TABLE = """
title = "Tiny"
paper = "a paper"
arguments = "--tune_thresholds global"
seeds = [42, 43]
metrics = ["micro_f1", "hamming_loss"]
systems = ["br", "tiny", "tiny+pt", "tiny+pt+ft"]

[definitions.tiny]
arguments = "--model lw-lstm --hidden_size 8 --embedding_size 8 --num_train_epochs 4"
learning_rates = [1e-2, 3e-3]

[definitions."tiny+pt"]
arguments = "--model lw-lstm --freeze_encoder --hidden_size 8 --embedding_size 8 --num_train_epochs 1"
pretraining = "--pretraining_steps 3 --pretraining_batch_size 8"
learning_rates = [1e-2, 3e-3]

[definitions."tiny+pt+ft"]
arguments = "--model lw-lstm --num_train_epochs 1"
starts_from = "tiny+pt"
learning_rates = [1e-2]

[[corpora]]
name = "own"
split = "48 / 16 / 16"
arguments = "{data} --min_frequency 1 --max_words 9"
[corpora.published]
br = ["90.1", "-"]

[[corpora]]
name = "rmsc-v2"
split = "albums"
"""
FIRST_SEED = {"br", "tiny", "tiny, learning rate 3e-3", "tiny+pt", "tiny+pt, learning rate 3e-3", "tiny+pt+ft"}
# What needs no choice of a learning rate, nor starts from what needs one, is known beforehand.
RUNS = FIRST_SEED | {"br, seed 43", "tiny+pt, seed 43", "tiny+pt+ft, seed 43"}


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_runs, "execute", train_here)


@pytest.fixture(scope="module")
def table(data: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("table") / "tiny.toml"
    path.write_text(TABLE.replace("{data}", data))
    return path


@pytest.fixture(scope="module")
def whole(table: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of runs that nothing disturbed; tests only read it."""
    runs = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_runs, "execute", train_here)
        assert reproduce(table, runs) == 0
    return runs


def reproduce(table: Path, runs: Path, *more: str) -> int:
    return cli.main(["reproduce", str(table), "--output_dir", str(runs), *more])


def printed(capsys: pytest.CaptureFixture) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def rows(runs: Path, *systems: str) -> dict[str, list[str]]:
    """Return the rows of the table, without their minutes, in which runs may differ."""
    text = (runs / "tiny.md").read_text("utf-8").partition("## own")[2].partition("### Runs")[0]
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    return {name: cells[:-1] for name, *cells in lines if not systems or name in systems}


def results(runs: Path) -> dict[str, dict]:
    """Return the results that may not depend on how a run came to its end."""
    keys = ("metrics", "metrics_at_tuned_thresholds", "threshold", "epochs", "best_step", "seed")
    found = {path.parent.name: json.loads(path.read_text("utf-8")) for path in (runs / "own").glob("*/results.json")}
    return {name: {key: run[key] for key in keys} for name, run in found.items()}


def test_table(whole: Path) -> None:
    found = results(whole)
    assert found.keys() > RUNS
    assert all(run["seed"] == 43 for name, run in found.items() if name.endswith(", seed 43"))
    table = rows(whole)
    head = table["row"]
    assert "micro_f1, published" in head and "hamming_loss, published" not in head
    systems = ("br", "tiny", "tiny+pt", "tiny+pt+ft")
    assert [table[system][head.index("seeds")] for system in systems] == ["2"] * 4
    assert [table[system][head.index("micro_f1, published")] for system in systems] == ["90.1", "-", "-", "-"]
    for column, key in (("micro_f1", "metrics"), ("micro_f1, tuned", "metrics_at_tuned_thresholds")):
        one, other = (100 * found[name][key]["test"]["micro_f1"] for name in ("tiny+pt+ft", "tiny+pt+ft, seed 43"))
        expected = f"{(one + other) / 2:.2f} ± {abs(one - other) / 2**0.5:.2f}"
        assert table["tiny+pt+ft"][head.index(column)] == expected
    text = (whole / "tiny.md").read_text("utf-8")
    assert "\n\n## Not run\n\n- rmsc-v2 (albums): missing text: rmsc-v2 needs data_dir" in text
    assert text.count("Documents of the runs: 48 train, 16 validation, 16 test.") == 1


def test_validation_chooses_the_learning_rate(whole: Path) -> None:
    found = results(whole)

    def score(name: str) -> float:
        metrics = found[name]["metrics_at_tuned_thresholds"]["validation"]
        return metrics["micro_f1"] + metrics["macro_f1"]

    better = max(("tiny", "tiny, learning rate 3e-3"), key=score)
    assert f"{better}, seed 43" in found
    assert len({"tiny, seed 43", "tiny, learning rate 3e-3, seed 43"} & found.keys()) == 1


def test_run_file(whole: Path) -> None:
    facts = json.loads((whole / "own" / "tiny, learning rate 3e-3" / "run.json").read_text("utf-8"))
    assert {key: facts[key] for key in ("system", "corpus", "learning_rate", "seed")} == {
        "system": "tiny",
        "corpus": "own",
        "learning_rate": 3e-3,
        "seed": 42,
    }
    results = json.loads((whole / "own" / "tiny, learning rate 3e-3" / "results.json").read_text("utf-8"))
    assert facts["command"] == results["command"]
    assert "--hidden_size 8" in facts["options"] and "--output_dir" not in facts["options"]
    assert facts["revision"] == git_revision(Path(__file__).parent)


def test_names_of_folders_are_not_read(table: Path, whole: Path, tmp_path: Path) -> None:
    runs = shutil.copytree(whole, tmp_path / "runs")
    for i, folder in enumerate(sorted((runs / "own").iterdir())):
        folder.rename(runs / "own" / f"tiny, seed {i}")
    assert format_table(load_table(str(table)), runs) == (whole / "tiny.md").read_text("utf-8").strip()


def start(table: Path, runs: Path) -> subprocess.Popen:
    """Start the command in a process of its own."""
    command = [sys.executable, "-m", "labelwise_cli", "reproduce", str(table), "--output_dir", str(runs)]
    command += ["--system", "br", "tiny", "--seeds", "42"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def assert_undisturbed(table: Path, whole: Path, runs: Path, tmp_path: Path) -> None:
    """Compare runs of the first seed, and their page, with those that nothing disturbed."""
    expected = tmp_path / "expected"
    for name in ("br", "tiny", "tiny, learning rate 3e-3"):
        shutil.copytree(whole / "own" / name, expected / "own" / name)
    assert reproduce(table, expected, "--system", "br", "tiny", "--seeds", "42") == 0
    assert results(runs) == results(expected)
    assert rows(runs) == rows(expected)


@pytest.mark.slow
def test_killed_three_times(table: Path, whole: Path, tmp_path: Path) -> None:
    runs = tmp_path / "runs"

    def kill_when_there_is(name: str, with_training: bool) -> int:
        """Return the process group of what was killed."""
        process = start(table, runs)
        while not list((runs / "own").glob(name)):
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.02)
        (os.killpg if with_training else os.kill)(process.pid, signal.SIGKILL)
        process.wait()
        return process.pid

    kill_when_there_is("br/run.json", with_training=True)  # nothing is trained
    assert results(runs) == {}
    kill_when_there_is("tiny/checkpoint-*", with_training=True)  # the second run, half trained
    assert list(results(runs)) == ["br"]
    group = kill_when_there_is("tiny, learning rate 3e-3/run.json", with_training=False)
    os.killpg(group, signal.SIGSTOP)  # its training, without a parent now, is not to end before the next command looks
    with (runs / "own" / "tiny, learning rate 3e-3" / LOCK_NAME).open("ab") as lock:
        assert not lock_descriptor(lock.fileno(), blocking=False)
    process = start(table, runs)
    while b"waiting for them" not in (line := process.stderr.readline()):
        assert line, "the command ended without waiting"
    os.killpg(group, signal.SIGCONT)
    assert process.wait() == 0, process.stderr.read()
    log = (runs / "own" / "tiny, learning rate 3e-3" / "train.log").read_text("utf-8")
    assert log.count("48 train, 16 validation, 16 test documents") == 1  # no second training joined it
    assert_undisturbed(table, whole, runs, tmp_path)


@pytest.mark.slow
def test_two_processes_share_a_table(table: Path, whole: Path, tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    for process in [start(table, runs), start(table, runs)]:
        assert process.wait() == 0, process.stderr.read()
    for log in (runs / "own").glob("*/train.log"):
        assert log.read_text("utf-8").count("48 train, 16 validation, 16 test documents") == 1
    assert_undisturbed(table, whole, runs, tmp_path)


def test_dry_run(
    table: Path, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reproduce(table, tmp_path / "runs", "--dry_run") == 0
    assert not (tmp_path / "runs").exists()
    lines = printed(capsys)
    commands = [shlex.split(line["command"]) for line in lines if "command" in line]
    assert {Path(command[command.index("--output_dir") + 1]).name for command in commands} == RUNS
    assert {"run": "own/tiny, seed 43", "awaits": "the learning rate that validation chooses"} in lines
    assert reproduce(table, whole, "--dry_run") == 0
    *runs, awaited = printed(capsys)
    assert awaited["corpus"] == "rmsc-v2" and "data_dir" in awaited["awaits"]
    assert all(run["done"] for run in runs) and len(runs) > len(RUNS)


def test_other_settings_are_refused(table: Path, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    runs = shutil.copytree(whole, tmp_path / "runs")
    before = (runs / "tiny.md").read_text()
    assert reproduce(table, runs, "--train_arguments=--dropout 0.3") == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert "contains a run with other settings (no --dropout 0.3)" in error
    assert (
        reproduce(table, runs, "--seeds", "44", "--train_arguments=--dropout 0.3") == 2
    )  # their mean would be of neither
    for name in ("results.json", "checkpoint-2"):  # an unfinished one says so too
        for path in (runs / "own").glob(f"*/{name}"):
            path.unlink() if path.is_file() else shutil.rmtree(path)
    assert reproduce(table, runs, "--train_arguments=--max_words 8") == 2
    assert "--max_words 9, not 8" in capsys.readouterr().err
    assert (runs / "tiny.md").read_text() == before


@pytest.mark.parametrize("options", ["--num_train_epochs two", "--dropout 2", "--loss focall"])
def test_what_train_would_refuse_is_refused_before_any_run(
    table: Path, tmp_path: Path, capsys: pytest.CaptureFixture, options: str
) -> None:
    assert reproduce(table, tmp_path / "runs", f"--train_arguments={options}") == 2
    assert "own/" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_another_seed_alone_has_the_learning_rate_of_the_first(
    table: Path, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    assert reproduce(table, whole, "--system", "tiny", "--seeds", "44", "--dry_run") == 0
    *done, new = [line for line in printed(capsys) if "command" in line]
    assert all(line["done"] and "--seed 42" in line["command"] for line in done) and len(done) == 2
    assert "--seed 44" in new["command"] and not new["done"]
    assert reproduce(table, tmp_path / "runs", "--system", "tiny", "--seeds", "44", "43", "--dry_run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("--seed 43" in line for line in lines) == 2 and not any("--seed 42" in line for line in lines)


def test_files_without_test_documents_await_them(files: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    path = tmp_path / "own.toml"
    data = f"--train_file {files / 'train.jsonl'} --validation_file {files / 'validation.jsonl'}"
    path.write_text(
        'title = "T"\npaper = "p"\nseeds = [1]\nmetrics = ["micro_f1"]\nsystems = ["br"]\n'
        f'[[corpora]]\nname = "own"\nsplit = "s"\narguments = "{data}"\n'
    )
    assert reproduce(path, tmp_path / "runs") == 0
    assert "has no test documents" in (tmp_path / "runs" / "own.md").read_text("utf-8")
    path.write_text(path.read_text().replace("--validation_file", "--dataset"))
    assert reproduce(path, tmp_path / "runs") == 2
    assert "error: own/br: " in capsys.readouterr().err


@pytest.mark.parametrize("name", ["results.json", "run.json"])
def test_corrupted_files(table: Path, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture, name: str) -> None:
    runs = shutil.copytree(whole, tmp_path / "runs")
    (runs / "own" / "br" / name).write_text('{"seed": ')
    assert reproduce(table, runs) == 2
    assert str(runs / "own" / "br" / name) in capsys.readouterr().err.splitlines()[-1]
    (runs / "own" / "br" / "run.json").unlink()  # results of an unknown run
    assert reproduce(table, runs) == 2


def test_a_run_that_was_killed_between_two_files(table: Path, whole: Path, tmp_path: Path) -> None:
    """Its results stand in the folder, and other files are still to be moved there."""
    runs = shutil.copytree(whole, tmp_path / "runs")
    folder = runs / "own" / "br"
    names = {path.name for path in folder.iterdir()}
    (folder / COMPLETE_NAME).mkdir()
    (folder / "tokenizer.json").rename(folder / COMPLETE_NAME / "tokenizer.json")
    assert reproduce(table, runs) == 0
    assert {path.name for path in folder.iterdir()} == names


def test_a_corpus_that_has_grown(table: Path, whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    """Its old runs are no runs of the new one."""
    runs = shutil.copytree(whole, tmp_path / "runs")
    for path in (runs / "own").glob("tiny*/results.json"):
        old = json.loads(path.read_text("utf-8"))
        path.write_text(json.dumps({**old, "documents": {**old["documents"], "train": 24}}), "utf-8")
    before = (runs / "tiny.md").read_text()
    assert reproduce(table, runs, "--system", "br") == 0
    text = (runs / "tiny.md").read_text()
    assert "- `br`: 48 train, 16 validation, 16 test\n- `tiny`, `tiny+pt`, `tiny+pt+ft`: 24 train, 16 val" in text
    shutil.copy(whole / "tiny.md", runs / "tiny.md")
    capsys.readouterr()
    assert reproduce(table, runs) == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert "documents '24 train, 16 validation, 16 test', not '48 train, 16 validation, 16 test'" in told
    assert (runs / "tiny.md").read_text() == before


def test_a_failed_run_does_not_stop_the_others(
    table: Path, here: None, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    broken = tmp_path / "broken.toml"
    text = table.read_text().replace(
        "--model lw-lstm --hidden_size 8", f"--model lw-lstm --word_vectors {table} --hidden_size 8", 1
    )
    broken.write_text(text.replace('"tiny+pt", "tiny+pt+ft"', ""))
    assert reproduce(broken, tmp_path / "runs", "--seeds", "42") == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert "2 runs failed, the same command tries again" in told
    assert f"own/tiny: labelwise train: error: {table}" in told
    assert list(results(tmp_path / "runs")) == ["br"]
    text = (tmp_path / "runs" / "broken.md").read_text()
    assert "| tiny | unfinished, see train.log |" in text


def test_options_reach_the_systems_that_have_them(table: Path, tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    assert reproduce(table, tmp_path / "runs", "--dry_run", "--train_arguments=--rnn_type gru --C 2") == 0
    commands = [line["command"] for line in printed(capsys) if "command" in line]
    assert commands
    assert all(("--rnn_type gru" in line) != ("--model br" in line) for line in commands)
    assert all(("--C 2" in line) == ("--model br" in line) for line in commands)


def test_another_process_has_a_run(table: Path, here: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is left to that process, and others come first."""
    runs, order = tmp_path / "runs", []
    (runs / "own" / "br").mkdir(parents=True)
    held = (runs / "own" / "br" / LOCK_NAME).open("ab")
    assert lock_descriptor(held.fileno())

    def train(command: list[str], lock: BinaryIO, log: BinaryIO) -> int:
        order.append(Path(command[command.index("--output_dir") + 1]).name)
        held.close()
        return train_here(command, lock, log)

    monkeypatch.setattr(table_runs, "execute", train)
    assert reproduce(table, runs, "--system", "br", "tiny+pt+ft", "--seeds", "42") == 0
    assert order == ["tiny+pt", "br", "tiny+pt+ft"]
