# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise reproduce`: all runs of a table, killed or not, and the table from their folders.

Runs are done in the process of the test, which saves the imports of a process of their own (one test has some); a kill
is an exception that nothing catches.
"""

import contextlib
import fcntl
import io
import json
import re
import shlex
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import labelwise_cli as cli
import pytest

from labelwise.commands.reproduce import ReproduceArguments, Reproduction
from labelwise.reproduction import runs as table_runs
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


def train_here(command: list[str], log) -> int:
    """Trains in this process."""
    told = io.StringIO()
    with contextlib.redirect_stderr(told), contextlib.redirect_stdout(told):
        code = cli.main(command[command.index("labelwise_cli") + 1 :])
    log.write(told.getvalue().encode())
    log.flush()
    return code


@pytest.fixture
def here(monkeypatch):
    monkeypatch.setattr(table_runs, "_execute", train_here)


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
        patch.setattr(table_runs, "_execute", train_here)
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
    kill_from(table_runs, "_execute", 2)  # `tiny` goes on, the next one starts
    assert "tiny" in results(runs) and "tiny, learning rate 3e-3" not in results(runs)
    expected = {name: run for name, run in results(whole).items() if "+pt" not in name}
    kill_from(Reproduction, "_write_page", 1 + len(expected) - len(results(runs)))  # one is written before any run
    assert results(runs) == expected
    assert rows(runs, "br", "tiny") != rows(whole, "br", "tiny")
    monkeypatch.setattr(table_runs, "_execute", None)  # nothing is left to run
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
    assert "holds a run with other settings (no --dropout 0.3)" in error
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
    assert " holds a run with other settings (no --dropout 0.3)" in capsys.readouterr().err
    assert {path.name for path in (runs / "own").iterdir()} == {path.name for path in (whole / "own").iterdir()}


@pytest.mark.parametrize("options", ["--num_train_epochs two", "--dropout 2", "--loss focall", "--rnn_type gru -h"])
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
    assert "error: corpus own: " in capsys.readouterr().err


def test_processes_write_the_page_one_after_the_other(table, whole, tmp_path):
    runs = shutil.copytree(whole, tmp_path / "runs")
    reproduction = Reproduction(ReproduceArguments(output_dir=str(runs)), str(table))
    with ThreadPoolExecutor(8) as threads:
        for written in [threads.submit(reproduction._write_page) for _ in range(40)]:
            written.result()
    assert rows(runs) == rows(whole)


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
    assert "32 cannot be shared by 3 processes alike" in capsys.readouterr().err


def test_another_process_has_a_run(table, here, tmp_path, monkeypatch):
    """It is left to that process, and others come first."""
    runs, order = tmp_path / "runs", []
    (runs / "own" / "br").mkdir(parents=True)
    held = (runs / "own" / "br" / "train.log").open("ab")
    fcntl.flock(held, fcntl.LOCK_EX)

    def train(command, log):
        order.append(Path(command[command.index("--output_dir") + 1]).name)
        held.close()
        return train_here(command, log)

    monkeypatch.setattr(table_runs, "_execute", train)
    assert reproduce(table, runs, "--system", "br", "tiny+pt+ft", "--seeds", "42") == 0
    assert order == ["tiny+pt", "br", "tiny+pt+ft"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("lw-pt-table-9 --output_dir runs", "there is no table lw-pt-table-9; known: lm-mtc-table-2"),
        ("lw-pt-table-2", "--output_dir"),
        ("lw-pt-table-2 --output_dir runs --corpus reuters", "--corpus reuters: the table has rmsc-v2"),
        ("lw-pt-table-2 --output_dir runs --system bert", "--system bert: the table has br"),
        ("lw-pt-table-2 --output_dir runs --data_dir nowhere", "--data_dir nowhere is not a folder"),
        ("lw-pt-table-2 --output_dir runs --seeds 1 1", "each once"),
        ("lw-pt-table-2 --output_dir runs --num_processes 0", "above 0"),
        (
            "lw-pt-table-2 --output_dir runs --train_arguments=--encoder=x",
            "--train_arguments: --encoder: it is set elsewhere in the table",
        ),
        ("lw-pt-table-2 --output_dir runs --train_arguments=--hidden_sise=8", "no row has this option"),
        ("lw-pt-table-2 --output_dir runs --train_arguments=8", "8 follows no option"),
    ],
)
def test_refusals(refused, options, told):
    assert told in refused(f"reproduce {options}")
