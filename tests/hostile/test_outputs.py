# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Outputs that cannot be written, or are no regular files, and closed streams."""

import json
import os
import signal
import threading
from contextlib import nullcontext
from pathlib import Path

import labelwise_cli as cli
import pytest

from .answers import check_answers
from .test_readers import NOTICES, ids

OUTPUTS = {  # whether it is written
    "out.jsonl": True,
    "out.csv": True,
    "out.parquet": True,
    "link": True,
    "/dev/null": True,
    "/dev/stdout": True,
    "/dev/full": False,
    "folder": False,
    ".": False,
    "": False,
    " ": True,
    "nosuch/out.jsonl": False,
    "file/out.jsonl": False,
    "loop": False,
    "out.xlsx": False,
    "out.tsv": False,
    "out.jsonl.gz": False,
    "/proc/out.jsonl": False,
    "/proc/self/nosuch": False,
    "/sys/out.jsonl": False,
    "/dev/nosuch/out": False,
    "/dev/fd/999": False,
    "x" * 255: True,
    "x" * 256: False,
    "x/" * 3000: False,
    "é" * 200: False,
    "a\nb": True,
    "-": True,
}


@pytest.mark.parametrize("output", OUTPUTS, ids=lambda output: ids(output) or "empty")
def test_output_file(ends_well, either, three, tmp_path, output):
    Path("folder").mkdir()
    Path("file").write_text("x")
    Path("link").symlink_to("target")
    Path("loop").symlink_to("loop")

    def check(told: str) -> None:
        written = Path("target" if output == "link" else output)
        if output == "/dev/stdout":
            check_answers(told, 3)
            return
        assert told == ""
        if not output.startswith("/") and not output.endswith((".csv", ".parquet")):
            check_answers(written.read_text(), 3)
        assert Path("link").is_symlink() and Path("/dev/null").is_char_device()

    command = ["predict", "--model_name_or_path", str(either), "--input", str(three), "--output_file", output]
    ends_well(command, check if OUTPUTS[output] else None, NOTICES)


@pytest.mark.parametrize("output", [output for output in OUTPUTS if not output.startswith("/dev/std")], ids=ids)
def test_output_file_of_evaluate(ends_well, model, files, output):
    Path("folder").mkdir()
    Path("file").write_text("x")
    Path("link").symlink_to("target")
    Path("loop").symlink_to("loop")
    command = ["evaluate", "--model_name_or_path", str(model), "--test_file", str(files / "test.jsonl")]
    ends_well([*command, "--output_file", output], json.loads, NOTICES)


def test_fifo_whose_reader_is_late(ends_well, model, three, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    read = []
    reader = threading.Timer(0.5, lambda: read.append((tmp_path / "fifo").read_text()))
    reader.start()
    ends_well(f"predict --model_name_or_path {model} --input {three} --output_file {tmp_path / 'fifo'}", str, NOTICES)
    reader.join()
    check_answers(read[0], 3)


def test_fifo_whose_reader_leaves(ends_well, model, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "texts.txt").write_text("money\n" * 5000)  # more than a pipe holds
    reader = threading.Thread(target=lambda: open(tmp_path / "fifo").close())
    reader.start()
    command = f"predict --model_name_or_path {model} --input {tmp_path / 'texts.txt'}"
    told = ends_well(f"{command} --output_file {tmp_path / 'fifo'}", notices=NOTICES)
    assert "fifo cannot be written: Broken pipe" in told
    reader.join()


@pytest.mark.parametrize("option", ["--input texts.txt --output_file fifo", "--input fifo"])
def test_fifo_without_another_end(capfd, model, tmp_path, monkeypatch, option):
    """As every program does, it waits for the other end, and can be interrupted."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("fifo")
    Path("texts.txt").write_text("money\n")

    def interrupt(*_) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(signal, "default_int_handler", interrupt)
    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 2)
    try:
        assert cli.main(f"predict --model_name_or_path {model} {option}".split()) == 130
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert capfd.readouterr().err.splitlines()[-1] == "labelwise predict: interrupted"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fifo", "texts.txt"]


COMMANDS = {
    "predict": "predict --model_name_or_path MODEL --input -",
    "explain": "explain --model_name_or_path MODEL --text - --output_dir out",
}


@pytest.mark.parametrize("command", COMMANDS)
def test_closed_standard_input(ends_well, either, monkeypatch, command):
    monkeypatch.setattr("sys.stdin", None)  # what Python makes of `<&-`
    assert "standard input" in ends_well(COMMANDS[command].replace("MODEL", str(either)), notices=NOTICES)


PRINTING = {
    "predict": "predict --model_name_or_path MODEL --input THREE",
    "evaluate": "evaluate --model_name_or_path MODEL --test_file TEST",
    "explain": "explain --model_name_or_path MODEL --text money --output_dir out",
    "datasets": "datasets --train_file TEST",
    "help": "predict --help",
}


@pytest.mark.parametrize("command", PRINTING)
@pytest.mark.parametrize("stream", [None, "/dev/full"], ids=["closed", "full"])
def test_standard_output_that_takes_nothing(capfd, model, three, files, monkeypatch, tmp_path, command, stream):
    """Python has no standard output after `>&-`; a full disk is told."""
    monkeypatch.chdir(tmp_path)
    argv = PRINTING[command].replace("MODEL", str(model)).replace("THREE", str(three))
    with nullcontext() if stream is None else open(stream, "w") as stdout:
        monkeypatch.setattr("sys.stdout", stdout)
        code = cli.main(argv.replace("TEST", str(files / "test.jsonl")).split())
        monkeypatch.undo()
    told = capfd.readouterr().err
    assert "Traceback" not in told
    assert code == 2 and told.splitlines()[-1].startswith("labelwise") and ": error: " in told
