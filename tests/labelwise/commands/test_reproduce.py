# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise reproduce`: all runs of a table, killed or not, and the table from their folders.

Runs are done in the process of the test, which saves the imports of a process of their own (one test has some); a kill
is an exception that nothing catches.
"""

import contextlib
import io
import json
import re
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import labelwise_cli as cli
import pytest
from filelock import FileLock, Timeout

from labelwise.reproduction import runs as table_runs
from labelwise.reproduction.engine import Reproduction
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer

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


class Killed(BaseException):
    """What nothing catches."""


def train_here(command: list[str], lock: int, log: BinaryIO) -> int:
    """Train in this process."""
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
        code = cli.main(command[command.index("labelwise_cli") + 1 :])
    log.write(told.getvalue().encode())
    log.flush()
    return code


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(table_runs, "execute", train_here)


@pytest.fixture(scope="module")
def table(data, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("table") / "tiny.toml"
    path.write_text(TABLE.replace("{data}", data))
    return path


@pytest.fixture(scope="module")
def whole(table, tmp_path_factory) -> Path:
    """The folder of runs that nothing disturbed; tests only read it."""
    runs = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(table_runs, "execute", train_here)
        assert reproduce(table, runs) == 0
    return runs


def reproduce(table: Path, runs: Path, *more: str) -> int:
    return cli.main(["reproduce", str(table), "--output_dir", str(runs), *more])


def rows(runs: Path, *systems: str) -> dict[str, list[str]]:
    """The rows of the table, without their minutes, in which runs may differ."""
    text = (runs / "tiny.md").read_text("utf-8").split("#### ")[1]
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if line.startswith("|")]
    return {name: [*cells[:-2], cells[-1]] for name, *cells in lines if not systems or name in systems}


def results(runs: Path) -> dict[str, dict]:
    """What may not depend on how a run came to its end."""
    keys = ("metrics", "metrics_at_tuned_thresholds", "threshold", "epochs", "best_step", "seed")
    found = {path.parent.name: json.loads(path.read_text("utf-8")) for path in (runs / "own").glob("*/results.json")}
    return {name: {key: run[key] for key in keys} for name, run in found.items()}


def test_table(whole):
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
    assert "Awaits the text: rmsc-v2 needs data_dir" in text
    assert text.count("| awaits the text |") == 4
    assert text.count("Documents of the runs: 48 train, 16 validation, 16 test.") == 1


def test_validation_chooses_the_learning_rate(whole):
    found = results(whole)

    def score(name: str) -> float:
        metrics = found[name]["metrics_at_tuned_thresholds"]["validation"]
        return metrics["micro_f1"] + metrics["macro_f1"]

    better = max(("tiny", "tiny, learning rate 3e-3"), key=score)
    assert f"{better}, seed 43" in found
    assert len([name for name in found if re.fullmatch("tiny(, learning rate 3e-3)?, seed 43", name)]) == 1


@pytest.mark.slow
def test_killed_three_times(table, whole, here, tmp_path, monkeypatch):
    runs, systems = tmp_path / "runs", ("--system", "br", "tiny")

    def kill_from(owner, name: str, time_: int) -> None:
        method, calls = getattr(owner, name), []

        def counted(*args, **kwargs):
            calls.append(1)
            if len(calls) >= time_:
                raise Killed
            return method(*args, **kwargs)

        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(owner, name, counted)
            reproduce(table, runs, *systems)

    kill_from(MultiLabelTrainer, "training_step", 6)  # of 8, two an epoch
    assert list((runs / "own" / "tiny").glob("checkpoint-*")) and "tiny" not in results(runs)
    kill_from(table_runs, "execute", 2)  # `tiny` goes on, the next one starts
    assert "tiny" in results(runs) and "tiny, learning rate 3e-3" not in results(runs)
    expected = {name: run for name, run in results(whole).items() if "+pt" not in name}
    kill_from(Reproduction, "write_page", 1 + len(expected) - len(results(runs)))  # one is written before any run
    assert results(runs) == expected
    assert rows(runs, "br", "tiny") != rows(whole, "br", "tiny")
    monkeypatch.setattr(table_runs, "execute", None)  # nothing is left to run
    assert reproduce(table, runs, *systems) == 0
    assert rows(runs, "br", "tiny") == rows(whole, "br", "tiny")


def test_processes_of_their_own(table, whole, tmp_path):
    runs = tmp_path / "runs"
    assert reproduce(table, runs, "--system", "br", "--seeds", "42") == 0
    assert results(runs) == {"br": results(whole)["br"]}
    log = (runs / "own" / "br" / "train.log").read_text("utf-8")
    assert "48 train, 16 validation, 16 test documents" in log and '"micro_f1"' in log


def test_dry_run(table, whole, tmp_path, capsys, monkeypatch):
    assert reproduce(table, tmp_path / "runs", "--dry_run") == 0
    assert not (tmp_path / "runs").exists()
    lines = capsys.readouterr().out.splitlines()
    commands = [shlex.split(line) for line in lines if not line.startswith("#")]
    assert {Path(command[command.index("--output_dir") + 1]).name for command in commands} == RUNS
    assert "# own/tiny, seed 43: at the learning rate that validation chooses (1e-2, 3e-3)" in lines
    assert reproduce(table, whole, "--dry_run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if not line.endswith("  # done")] == [line for line in lines if "rmsc" in line]


def test_other_settings_are_refused(table, whole, tmp_path, capsys):
    runs = shutil.copytree(whole, tmp_path / "runs")
    before = (runs / "tiny.md").read_text()
    assert reproduce(table, runs, "--train_arguments=--dropout 0.3") == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert "contains a run with other settings (no --dropout 0.3)" in error
    for name in ("results.json", "checkpoint-2"):  # an unfinished one says so too
        for path in (runs / "own").glob(f"*/{name}"):
            path.unlink() if path.is_file() else shutil.rmtree(path)
    assert reproduce(table, runs, "--train_arguments=--max_words 8") == 2
    assert "--max_words 9, not 8" in capsys.readouterr().err
    assert (runs / "tiny.md").read_text() == before


def test_other_seeds_with_other_settings_are_refused(table, whole, tmp_path, capsys):
    """Their mean would be of neither."""
    runs = shutil.copytree(whole, tmp_path / "runs")
    assert reproduce(table, runs, "--seeds", "44", "--train_arguments=--dropout 0.3") == 2
    assert " contains a run with other settings (no --dropout 0.3)" in capsys.readouterr().err
    assert {path.name for path in (runs / "own").iterdir()} == {path.name for path in (whole / "own").iterdir()}


@pytest.mark.parametrize("options", ["--num_train_epochs two", "--dropout 2", "--loss focall"])
def test_what_train_would_refuse_is_refused_before_any_run(table, tmp_path, capsys, options):
    assert reproduce(table, tmp_path / "runs", f"--train_arguments={options}") == 2
    assert "own/" in capsys.readouterr().err
    assert not (tmp_path / "runs").exists()


def test_another_seed_alone_has_the_learning_rate_of_the_first(table, whole, tmp_path, capsys):
    assert reproduce(table, whole, "--system", "tiny", "--seeds", "44", "--dry_run") == 0
    *done, new = [line for line in capsys.readouterr().out.splitlines() if "labelwise train" in line]
    assert all(line.endswith("# done") and "--seed 42" in line for line in done) and len(done) == 2
    assert "--seed 44" in new
    assert reproduce(table, tmp_path / "runs", "--system", "tiny", "--seeds", "44", "43", "--dry_run") == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("--seed 43" in line for line in lines) == 2 and not any("--seed 42" in line for line in lines)


def test_files_without_test_documents_await_them(files, tmp_path, capsys):
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


def test_a_corpus_that_has_grown(table, whole, tmp_path, capsys):
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
    assert "a run on other documents (24 train, 16 validation, 16 test; the corpus has 48 train, 16 validation" in told
    assert (runs / "tiny.md").read_text() == before


def test_a_failed_run_does_not_stop_the_others(table, here, tmp_path, capsys):
    broken = tmp_path / "broken.toml"
    text = table.read_text().replace(
        "--model lw-lstm --hidden_size 8", f"--model lw-lstm --word_vectors {table} --hidden_size 8", 1
    )
    broken.write_text(text.replace('"tiny+pt", "tiny+pt+ft"', ""))
    assert reproduce(broken, tmp_path / "runs", "--seeds", "42") == 2
    told = capsys.readouterr().err.splitlines()[-1]
    assert "2 runs failed, the same command tries them again" in told
    assert f"own/tiny: labelwise train: error: {table}" in told
    assert list(results(tmp_path / "runs")) == ["br"]
    text = (tmp_path / "runs" / "broken.md").read_text()
    assert "| tiny | unfinished |" in text and "`own/tiny/train.log`" in text


def test_options_reach_the_systems_that_have_them(table, tmp_path, capsys):
    assert reproduce(table, tmp_path / "runs", "--dry_run", "--train_arguments=--rnn_type gru --C 2") == 0
    commands = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("#")]
    assert all(("--rnn_type gru" in line) != ("--model br" in line) for line in commands)
    assert all(("--C 2" in line) == ("--model br" in line) for line in commands)


def test_processes_share_the_tables_batch(table, tmp_path, capsys):
    assert reproduce(table, tmp_path / "runs", "--dry_run", "--num_processes", "4", "--seeds", "42") == 0
    lines = capsys.readouterr().out.splitlines()
    (command,) = [line for line in lines if "--pretraining_steps" in line]
    assert "--pretraining_batch_size 2" in command and "--per_device_train_batch_size 8" in command
    assert reproduce(table, tmp_path / "runs", "--num_processes", "3") == 2
    assert "32: must be a multiple of 3" in capsys.readouterr().err


def test_another_process_has_a_run(table, here, tmp_path, monkeypatch):
    """It is left to that process, and others come first."""
    runs, order = tmp_path / "runs", []
    (runs / "own" / "br").mkdir(parents=True)
    other = FileLock(runs / "own" / "br" / "run.lock")
    other.acquire()

    def train(command, lock, log):
        order.append(Path(command[command.index("--output_dir") + 1]).name)
        other.release()
        return train_here(command, lock, log)

    monkeypatch.setattr(table_runs, "execute", train)
    assert reproduce(table, runs, "--system", "br", "tiny+pt+ft", "--seeds", "42") == 0
    assert order == ["tiny+pt", "br", "tiny+pt+ft"]


def start(table: Path, runs: Path, *more: str) -> subprocess.Popen:
    """Start `labelwise reproduce` in a process of its own."""
    command = [sys.executable, "-m", "labelwise_cli", "reproduce", str(table), "--output_dir", str(runs), *more]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def wait_for(condition) -> None:
    for _ in range(1200):
        if condition():
            return
        time.sleep(0.05)
    raise TimeoutError


@pytest.mark.slow
def test_killed_while_a_training_goes_on(table, whole, tmp_path):
    """The orphaned training keeps its lock: the next call waits for it, and trains nothing in its folder."""
    runs, systems = tmp_path / "runs", ("--system", "br", "tiny", "--seeds", "42")
    first = start(table, runs, *systems)
    wait_for((runs / "own" / "br" / "train.log").exists)
    first.kill()  # SIGKILL; its training goes on
    first.wait()
    with pytest.raises(Timeout), FileLock(runs / "own" / "br" / "run.lock", timeout=0):
        pass
    second = start(table, runs, *systems)
    wait_for(lambda: list((runs / "own" / "tiny").glob("checkpoint-*")))
    second.kill()
    second.wait()
    third = start(table, runs, *systems)
    assert third.wait() == 0, third.stderr.read()
    expected = {name: run for name, run in results(whole).items() if name in {"br", "tiny", "tiny, learning rate 3e-3"}}
    assert results(runs) == expected
    logs = [path.read_text("utf-8") for path in (runs / "own").glob("*/train.log")]
    assert len(logs) == 3 and all(log.count("16 test documents") == 1 for log in logs)  # none was trained twice


@pytest.mark.slow
def test_two_processes_share_a_table(table, whole, tmp_path):
    runs, systems = tmp_path / "runs", ("--system", "br", "tiny")
    processes = [start(table, runs, *systems) for _ in range(2)]
    assert [process.wait() for process in processes] == [0, 0]
    assert results(runs) == {name: run for name, run in results(whole).items() if "+pt" not in name}
    assert rows(runs, "br", "tiny") == rows(whole, "br", "tiny")
    logs = [path.read_text("utf-8") for path in (runs / "own").glob("*/train.log")]
    assert all(log.count("16 test documents") == 1 for log in logs)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("results.json", "{", "results.json"),
        ("run.json", "{", "run.json is corrupted"),
        ("run.json", '{"system": 5}', "run.json: "),
        ("run.json", None, "contains a model without run.json"),
    ],
)
def test_corrupted_records(table, whole, tmp_path, capsys, name, text, told):
    runs = shutil.copytree(whole, tmp_path / "runs")
    path = runs / "own" / "tiny" / name
    path.unlink() if text is None else path.write_text(text)
    assert reproduce(table, runs) == 2
    assert told in capsys.readouterr().err.splitlines()[-1]


def test_a_run_says_what_it_is(whole):
    found = {path.parent.name: json.loads(path.read_text("utf-8")) for path in (whole / "own").glob("*/run.json")}
    record = found["tiny, learning rate 3e-3"]
    assert (record["system"], record["corpus"], record["learning_rate"], record["seed"]) == ("tiny", "own", 3e-3, 42)
    assert record["command"][:2] == ["labelwise", "train"] and record["options"]["--learning_rate"] == ["3e-3"]
    assert (found["br, seed 43"]["learning_rate"], found["br, seed 43"]["seed"]) == (None, 43)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("lw-pt-table-9 --output_dir runs", "there is no table lw-pt-table-9; known: lm-mtc-table-2"),
        ("lw-pt-table-2", "--output_dir"),
        ("lw-pt-table-2 --output_dir runs --corpus reuters", "--corpus reuters: the table has rmsc-v2"),
        ("lw-pt-table-2 --output_dir runs --system bert", "--system bert: the table has br"),
        ("lw-pt-table-2 --output_dir runs --data_dir nowhere", "--data_dir nowhere is not a folder"),
        ("lw-pt-table-2 --output_dir runs --seeds 1 1", "each once"),
        ("lw-pt-table-2 --output_dir runs --num_processes 0", "must be > 0"),
        (
            "lw-pt-table-2 --output_dir runs --train_arguments=--encoder=x",
            "--train_arguments: --encoder: is set elsewhere in the table",
        ),
        ("lw-pt-table-2 --output_dir runs --train_arguments=--hidden_sise=8", "no row has this option"),
        ("lw-pt-table-2 --output_dir runs --train_arguments=8", "8 follows no option"),
        ('lw-pt-table-2 --output_dir runs --train_arguments="--rnn_type gru -h"', "-h follows no option"),
    ],
)
def test_refusals(refused, options, told):
    assert told in refused(f"reproduce {options}")
