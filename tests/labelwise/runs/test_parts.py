# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Answers in parts: shared by processes, kept from a run that was stopped, and joined in order."""

import itertools
import json
import os
import subprocess
import time

import labelwise_cli as cli
import psutil
import pyarrow.parquet
import pytest

from labelwise.runs import parts
from labelwise.runs.parts import Parts

from ...tiny_corpus import make_documents, write_jsonl
from ...two_processes import launch, run_in_two_processes

SUFFIXES = ("jsonl", "csv", "parquet")


@pytest.fixture
def small(monkeypatch):
    """Parts of three rows."""
    monkeypatch.setattr(parts, "_ROWS", 3)


@pytest.fixture
def predict(model, tmp_path, capsys):
    """Write the predictions of so many texts; give what is told on standard error."""

    def run(number: int, output: str, options: str = "") -> str:
        rows = [{"id": f"A{i}", **row} for i, row in enumerate(make_documents(number, 5))]
        file = write_jsonl(tmp_path / f"{number}.jsonl", rows)
        command = f"predict --model_name_or_path {model} --input {file} --output_file {tmp_path / output} {options}"
        capsys.readouterr()
        assert cli.main(command.split()) == 0
        return capsys.readouterr().err

    return run


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("number", [1, 17])
def test_shards_are_the_input_in_order(predict, small, tmp_path, number, suffix):
    predict(number, f"whole.{suffix}")
    predict(number, f"out.{suffix}", "--shards 4")
    files = sorted(path.name for path in tmp_path.iterdir() if path.name.startswith((".", "out")))
    assert files == [f"out-{shard:05}-of-00004.{suffix}" for shard in range(4)]
    if suffix == "parquet":
        shards = [pyarrow.parquet.read_table(tmp_path / file) for file in files]
        assert pyarrow.concat_tables(shards) == pyarrow.parquet.read_table(tmp_path / f"whole.{suffix}")
    else:
        heading = 1 if suffix == "csv" else 0
        shards = [(tmp_path / file).read_bytes().splitlines() for file in files]
        whole = (tmp_path / f"whole.{suffix}").read_bytes().splitlines()
        assert whole[:heading] + [line for shard in shards for line in shard[heading:]] == whole
        assert all(shard[:heading] == whole[:heading] for shard in shards)


def test_processes_share_the_rows(small, tmp_path):
    rows = list(range(20))
    shares = [Parts(tmp_path, "key", process, 3) for process in range(3)]
    given = [list(share.missing(rows)) for share in shares]
    assert sorted(itertools.chain(*given)) == rows and given[0] == [0, 1, 2, 9, 10, 11, 18, 19]
    assert shares[0].files == shares[1].files == shares[2].files
    assert [number for _, number in shares[0].begun] == [3, 3, 2]


def test_parts_of_other_rows_or_options_are_not_kept(small, tmp_path):
    first = Parts(tmp_path, "key", 0, 1)
    list(first.missing(range(9)))
    for file in first.files:
        file.touch()
    assert list(Parts(tmp_path, "key", 0, 1).missing(range(9))) == []
    assert list(Parts(tmp_path, "other", 0, 1).missing(range(9))) == list(range(9))
    assert list(Parts(tmp_path, "key", 0, 1).missing([0, 1, 2, 3, 0, 5, 6, 7, 8, 9])) == [3, 0, 5, 9]


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("is_resumed_as_shards", [False, True])
def test_a_stopped_command_goes_on(predict, small, tmp_path, monkeypatch, suffix, is_resumed_as_shards):
    predict(17, f"whole.{suffix}")
    write, calls = parts.write_answers, []

    def stop(*args):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        write(*args)

    monkeypatch.setattr(parts, "write_answers", stop)
    with pytest.raises(AssertionError):
        predict(17, f"out.{suffix}", "--shards 1")
    assert not list(tmp_path.glob("out*")) and len(list(tmp_path.glob(".out*/*"))) == 2
    options = "--shards 1" if is_resumed_as_shards else ""
    assert "2 of 6 parts are kept from the run that was stopped" in predict(17, f"out.{suffix}", options)
    assert len(calls) == 3 + 4
    out = tmp_path / (f"out-00000-of-00001.{suffix}" if is_resumed_as_shards else f"out.{suffix}")
    if suffix == "parquet":
        assert pyarrow.parquet.read_table(out) == pyarrow.parquet.read_table(tmp_path / f"whole.{suffix}")
    else:
        assert out.read_bytes() == (tmp_path / f"whole.{suffix}").read_bytes()
    assert not list(tmp_path.glob(".*"))


def test_refused(refused, model):
    command = f"predict --model_name_or_path {model} --text money"
    assert refused(f"{command} --shards 2") == "--shards 2: write to a file; pass --output_file with its name"
    assert refused(f"{command} --shards 0 --output_file a.jsonl") == "--shards 0: must be > 0"


@pytest.mark.slow
def test_two_processes(predict, model, tmp_path):
    """The predictions of one process for any number of rows: in order, none lost and none twice."""
    for number in (1, 17, 10_007):
        predict(number, "one.jsonl")
        command = f"predict --model_name_or_path {model} --input {number}.jsonl --output_file two.jsonl"
        run = run_in_two_processes(command, tmp_path)
        assert run.stdout == "" and not list(tmp_path.glob(".*"))
        one, two = (
            [json.loads(line) for line in (tmp_path / f"{name}.jsonl").read_text().splitlines()]
            for name in ("one", "two")
        )
        assert [row["id"] for row in two] == [f"A{i}" for i in range(number)]
        assert [row["labels"] for row in two] == [row["labels"] for row in one]
        for first, second in zip(one, two, strict=True):
            assert first["scores"] == pytest.approx(second["scores"], abs=2e-6)


@pytest.mark.slow
def test_killed_processes_go_on(predict, model, tmp_path):
    predict(40_000, "whole.jsonl")
    command = launch(f"predict --model_name_or_path {model} --input 40000.jsonl --output_file out.jsonl")
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, env=environment, cwd=tmp_path, stderr=subprocess.DEVNULL)
    whole_part = ".out.jsonl.parts/*-" + "[0-9a-f]" * 64  # one that is being written has a longer name
    while not list(tmp_path.glob(whole_part)):
        assert process.poll() is None
        time.sleep(0.01)
    workers = psutil.Process(process.pid).children(recursive=True)  # in sessions of their own
    process.kill()
    for worker in workers:
        worker.kill()
    psutil.wait_procs(workers)
    process.wait()
    assert not (tmp_path / "out.jsonl").exists()
    run = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0 and " of 157 parts " in run.stderr
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 17, 2_500])
def test_evaluate_in_two_processes(model, tmp_path, capsys, number):
    file = write_jsonl(tmp_path / "test.jsonl", make_documents(number, 7))
    command = f"evaluate --model_name_or_path {model} --test_file {file} --metrics all"
    capsys.readouterr()
    assert cli.main(command.split()) == 0
    one = json.loads(capsys.readouterr().out)
    (line,) = run_in_two_processes(f"{command} --output_file m.json --report report", tmp_path).stdout.splitlines()
    assert json.loads(line) == pytest.approx(one, abs=1e-6)
    assert (tmp_path / "m.json").read_text() == f"{line}\n"
    assert (tmp_path / "report" / "report.csv").is_file()
