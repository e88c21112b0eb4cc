# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Commands that are killed: each in a child of this process, which has imported everything and thus starts at once."""

import os
import random
import signal
import sys
import time
import traceback
from pathlib import Path

import labelwise_cli as cli
import psutil

_TICK = 0.01  # seconds in which the system counts processor time
_LONGEST = 120  # seconds by the clock; a fork may wait for ever for a thread of a library that was not forked with it


class Children:
    """Runs `labelwise` in children, in a folder that is given.

    Args:
        log (`Path`): File of the output of the last child.
        seed (`str`): Any text that chooses the times of the kills.
    """

    def __init__(self, log: Path, seed: str) -> None:
        self.log, self.rng = log, random.Random(seed)

    def run(self, words: list[str], folder: Path) -> float:
        """Run a command to its end, and return the processor time that it took, in seconds."""
        before = os.times()
        assert self._start(words, folder).wait(_LONGEST) == 0, self.log.read_text()
        after = os.times()
        return after.children_user + after.children_system - before.children_user - before.children_system

    def kill(self, words: list[str], folder: Path, seconds: float | None) -> int:
        """Kill a command at a random time of its first so many seconds, or not at all, and return its exit code.

        Time is that of the processor, which other processes do not change. A command that ends before is not killed.
        """
        child, code = self._start(words, folder), None
        left = wanted = 0 if seconds is None else self.rng.uniform(0, seconds)
        last = time.monotonic() + _LONGEST
        while code is None and left > 0 and time.monotonic() < last:
            code = _wait(child, max(left, _TICK))  # it takes at least as long by the clock
            left = wanted - _processor_time(child) if code is None else 0
        if code is None:
            code = _wait(child, _LONGEST if seconds is None else self.rng.uniform(0, _TICK))
        if code is None:
            child.kill()
            code = child.wait()
        assert code in (-signal.SIGKILL, 0, 2), self.log.read_text()
        return int(code)

    def _start(self, words: list[str], folder: Path) -> psutil.Process:
        """Start a child by a plain fork: libraries take a child of `multiprocessing` for a worker of a loader."""
        folder.mkdir(exist_ok=True)
        number = os.fork()
        if number == 0:
            self._work(words, folder)
        return psutil.Process(number)

    def _work(self, words: list[str], folder: Path) -> None:
        code = 1
        try:
            log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            for stream in (1, 2):
                os.dup2(log, stream)
            sys.stdout, sys.stderr = (os.fdopen(stream, "w", buffering=1) for stream in (1, 2))
            os.chdir(folder)
            code = cli.main(words)
        except BaseException:
            os.write(2, traceback.format_exc().encode())
        finally:
            os._exit(code)


def _wait(child: psutil.Process, seconds: float) -> int | None:
    """Return the exit code of a child if it ends within some seconds."""
    try:
        return child.wait(seconds)
    except psutil.TimeoutExpired:
        return None


def _processor_time(child: psutil.Process) -> float:
    used = child.cpu_times()
    return used.user + used.system
