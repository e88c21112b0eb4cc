# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The commands as such: help, versions, exits."""

import errno
import json
import subprocess
import sys
from io import BytesIO, TextIOWrapper

import labelwise_cli as cli
import pytest
from safetensors import SafetensorError

import labelwise
from labelwise.commands import train


@pytest.mark.parametrize("argv", [[], ["--help"], ["-h"]])
def test_commands_are_listed(capsys, argv):
    assert cli.main(argv) == (0 if argv else 2)
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in cli.COMMANDS)


def test_version(capsys):
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out.strip() == labelwise.__version__


def test_unknown_command(capsys):
    assert cli.main(["tran"]) == 2
    assert capsys.readouterr().err == (
        f"labelwise: error: unknown command 'tran'; known: {', '.join(cli.COMMANDS)}; did you mean train?\n"
    )


def test_interrupt(capsys, monkeypatch):
    def interrupted(argv):
        raise KeyboardInterrupt

    monkeypatch.setattr(train, "main", interrupted)
    assert cli.main(["train", "--output_dir", "out"]) == 130
    assert capsys.readouterr().err == "\nlabelwise train: interrupted\n"


def test_faults_of_the_program_are_not_hidden(monkeypatch):
    def broken(argv):
        raise ValueError("a bug")

    monkeypatch.setattr(train, "main", broken)
    with pytest.raises(ValueError, match="a bug"):
        cli.main(["train", "--output_dir", "out"])


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "out/model.safetensors"),
            "No space left on device: out/model.safetensors; make room, and give the command again",
        ),
        # What safetensors and tokenizers, and what torch makes of it.
        (
            SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)"),
            "No space left on device; make room, and give the command again",
        ),
        (
            RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 28288 vs 28176"),
            "a checkpoint cannot be written; make room, and give the command again",
        ),
        (OSError(errno.EFBIG, "File too large", "out"), "File too large: out; raise the limit of the sizes of files"),
        (
            OSError(errno.EROFS, "Read-only file system", "cache"),
            "Read-only file system: cache; correct the",
        ),
        (PermissionError(errno.EACCES, "Permission denied", "a/b"), "Permission denied: a/b; correct the permissions"),
        (OSError(errno.ENAMETOOLONG, "File name too long", "xxx"), "File name too long: xxx; name another"),
        (MemoryError(), "the memory is too small for this"),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you"), "the memory is too small"),
        (RuntimeError("CUDA out of memory. Tried to allocate 9 GiB"), "the memory is too small"),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_what_the_system_refuses(capsys, monkeypatch, error, told, wrapped):
    def refused(argv):
        try:
            raise error
        except type(error) as cause:
            if not wrapped:
                raise
            raise RuntimeError("the library's own") from cause

    monkeypatch.setattr(train, "main", refused)
    assert cli.main(["train", "--output_dir", "out"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith(f"labelwise train: error: {told}")


def test_output_is_utf8_whatever_the_pipe(monkeypatch):
    pipe = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(pipe, encoding="cp1252"))
    monkeypatch.setattr(train, "main", lambda argv: print("汉字"))
    assert cli.main(["train", "--output_dir", "out"]) == 0
    assert pipe.getvalue().decode().strip() == "汉字"


@pytest.mark.slow
def test_exit_code_and_streams_of_the_process(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "labelwise_cli", "evaluate", "--model_name_or_path", "nowhere", "--dataset", "nosuch"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert run.returncode == 2
    assert run.stdout == ""
    assert run.stderr.startswith("labelwise evaluate: error: unknown dataset 'nosuch'; known: aapd, ")
    assert run.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["true", "false"])
def test_options_are_typed(capsys, value):
    """What a dataclass declares is what a command gets."""
    parser = train.CommandParser([train.TrainArguments], prog="labelwise train")
    (args,) = parser.parse(["--overwrite", value])
    assert json.dumps(args.overwrite) == value


def test_closed_standard_output(capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)  # what Python makes of `>&-`
    assert cli.main(["--version"]) == 2
    told = "labelwise: error: standard output is closed; send it to a file or to /dev/null\n"
    assert capsys.readouterr().err == told


@pytest.mark.slow
def test_standard_output_on_a_full_disk():
    """Python's flush at the exit does not fail once more."""
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "labelwise_cli", "train", "--help"]
        run = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    told = "labelwise train: error: standard output cannot be written: No space left on device\n"
    assert (run.returncode, run.stderr) == (2, told)
