# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Hostile inputs: how a case must end, and the seeded share of the cases that one run takes.

`make hostile` runs all of them, `.ci/run` a share that the commit chooses; a plain `pytest` leaves them out.
"""

import faulthandler
import random
import re
import resource
import signal
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import labelwise_cli as cli
import pytest

from labelwise.errors import UserInputError

from ..tiny_corpus import make_documents, write_jsonl

SECONDS = 30  # of the processor, as other processes may have it in between
WAITING = 4 * SECONDS  # by the clock
GIGABYTES = 4  # that a case may allocate on top of what the process has


def pytest_addoption(parser):
    group = parser.getgroup("hostile inputs")
    group.addoption("--hostile-share", type=float, default=1.0, help="share of the hostile cases to run")
    group.addoption("--hostile-seed", default="", help="any text that chooses the share, such as a commit")
    group.addoption("--kills", type=int, default=2, help="number of times that each command is killed")


def pytest_collection_modifyitems(config, items):
    share, seed = config.getoption("--hostile-share"), config.getoption("--hostile-seed")
    left_out = []
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("hostile")
            if random.Random(f"{seed} {item.nodeid}").random() >= share:
                left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


class TooSlow(BaseException):
    """No `Exception`, which commands may catch."""


@contextmanager
def _limits() -> Iterator[None]:
    """Limit time and memory: a hang ends in `TooSlow`, and what asks for more memory in an error of its own."""

    def stop(number: int, _: Any) -> None:
        used = f"{SECONDS} s of the processor" if number == signal.SIGPROF else f"{WAITING} s"
        raise TooSlow(f"no end after {used}")

    before = {number: signal.signal(number, stop) for number in (signal.SIGALRM, signal.SIGPROF)}
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + GIGABYTES * 2**30, hard))
    signal.alarm(WAITING)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    faulthandler.dump_traceback_later(2 * WAITING, exit=True)  # code in C hears no signal
    start = time.process_time()
    try:
        yield
        assert time.process_time() - start < SECONDS
    finally:
        signal.alarm(0)
        signal.setitimer(signal.ITIMER_PROF, 0)
        faulthandler.cancel_dump_traceback_later()
        for number, handler in before.items():
            signal.signal(number, handler)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _content(folder: Path) -> dict[str, tuple[int, int]]:
    """Sizes and times of all files and links; of folders, whose times change with a lock, that they are there."""
    found = {str(path): path.lstat() for path in folder.rglob("*")}
    return {
        path: (0, 0) if stat.S_ISDIR(status.st_mode) else (status.st_size, status.st_mtime_ns)
        for path, status in found.items()
    }


@pytest.fixture(scope="session")
def distinct(tmp_path_factory):
    """The options that name files in which no text occurs twice, so that a reader has nothing to tell."""
    folder, options = tmp_path_factory.mktemp("options"), []
    for seed, (split, number) in enumerate({"train": 48, "validation": 16}.items()):
        rows = [{**row, "text": f"{row['text']} {split}{i}"} for i, row in enumerate(make_documents(number, seed))]
        options.append(f"--{split}_file {write_jsonl(folder / f'{split}.jsonl', rows)}")
    return " ".join(options)


@pytest.fixture
def ends_well(tmp_path, capfd, monkeypatch):
    """`ends_well(command, check=None, notices="(?!)")`: run a command on a hostile input, and check how it ends.

    The command is a list of arguments, or a text to split at spaces. It runs in an empty folder `work` in `tmp_path`,
    where the case has its inputs. Either it refuses with exit code 2, one line at the end of standard error, before it
    only lines that match `notices` as a whole (none by default), nothing on standard output, and leaves all of
    `tmp_path` as it was: then its message is returned. Or it ends with exit code 0
    and no traceback: then `check(standard output)`, which a case must have that may end so, asserts that the result is
    right, and `None` is returned. Anything else fails, and so does a case beyond the limits of time and memory.
    """
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)

    def run(command: str | list[str], check: Callable[[str], Any] | None = None, notices: str = "(?!)") -> str | None:
        argv = command.split() if isinstance(command, str) else command
        before = _content(tmp_path)
        capfd.readouterr()
        with _limits():
            code = cli.main(argv)
        told = capfd.readouterr()
        assert "Traceback" not in told.err and "panicked" not in told.err, told.err
        if code == 0:
            assert check is not None, f"not refused: {told.out}{told.err}"
            check(told.out)
            return None
        assert code == 2, told.err
        *before_it, line = told.err.splitlines()
        head, _, message = line.partition(": error: ")
        assert head == f"labelwise {argv[0]}", told.err
        assert all(re.fullmatch(notices, notice) for notice in before_it), told.err
        assert told.out == ""
        changed = sorted(dict(_content(tmp_path).items() ^ before.items()))
        assert changed == [], "files were left behind or changed"
        return message

    return run


@pytest.fixture
def raises_well():
    """`raises_well(function, check=None)`: call Python's side of the package on a hostile input, as `ends_well` does.

    It raises one `UserInputError` of one line, whose text is returned, or what it returns passes `check(result)`.
    """

    def run(function: Callable[[], Any], check: Callable[[Any], Any] | None = None) -> str | None:
        with _limits():
            try:
                result = function()
            except UserInputError as error:
                assert str(error) and "\n" not in str(error)
                return str(error)
        assert check is not None, f"not refused: {result!r}"
        check(result)
        return None

    return run


@pytest.fixture(scope="session")
def linear(data, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("linear") / "br"
    options = "--min_frequency 1 --min_df 1 --tune_thresholds none"
    assert cli.main(f"train --model br {data} {options} --output_dir {folder}".split()) == 0
    return folder


@pytest.fixture(params=["lw-lstm", "br"])
def either(request, model, linear) -> Path:
    """The folder of a trained model of each kind."""
    return {"lw-lstm": model, "br": linear}[request.param]


@pytest.fixture
def three(tmp_path) -> Path:
    return write_jsonl(tmp_path / "three.jsonl", [{"id": n, "text": text} for n, text in enumerate(["", "soup", "x"])])
