# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Commands in processes of their own: their output, their status, their end."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labelwise.runs import processes
from labelwise.runs.processes import execute, last_line


def run(code: str, log: Path) -> int:
    with open(os.devnull, "rb") as nothing, log.open("ab") as file:
        return execute([sys.executable, "-c", code], nothing, file)


def test_output_and_status(tmp_path: Path, capfd: pytest.CaptureFixture) -> None:
    log = tmp_path / "log"
    assert run("print(input.__name__)", log) == 0
    assert run("import sys; sys.exit('wrong')", log) == 1
    assert log.read_text() == "input\nwrong\n"
    assert capfd.readouterr() == ("", "")  # no clock where there is no terminal


def test_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process does not go on alone."""
    started = []

    class Interrupted(subprocess.Popen):
        def wait(self, timeout: float | None = None) -> int:
            if timeout is not None:
                started.append(self)
                raise KeyboardInterrupt
            return super().wait()

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    with pytest.raises(KeyboardInterrupt):
        run("import time; time.sleep(60)", tmp_path / "log")
    assert started[0].returncode < 0


def test_the_last_line_is_shown_while_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = []
    monkeypatch.setattr(processes.tqdm, "set_description_str", lambda clock, text: shown.append(text))
    assert run("import time; print('epoch 1'); time.sleep(1.5)", tmp_path / "log") == 0
    assert "epoch 1" in shown


def test_last_line(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for text, line in [("", ""), ("\n", ""), ("a\nb é\n\n", "b é"), ("x" * 9000 + "\nend", "end")]:
        log.write_text(text, "utf-8")
        assert last_line(log) == line
