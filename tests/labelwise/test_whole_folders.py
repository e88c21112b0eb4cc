# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Files that are replaced together, by a process that may be killed in between."""

from pathlib import Path

import pytest

from labelwise import whole_folders
from labelwise.runs.locking import lock_folder
from labelwise.whole_folders import is_being_written, version_of, write_together

NAMES = ("a", "b", "c")


def contents(folder: Path) -> set[str]:
    return {path.read_text() for path in folder.iterdir()}


def replace(folder: Path, text: str) -> None:
    with write_together(folder) as unfinished:
        for name in NAMES:
            (unfinished / name).write_text(text)


@pytest.fixture
def stop(monkeypatch):
    """`stop(after)`: the next replacement stops like a killed process, after so many files have been moved."""
    move = whole_folders.move_whole

    def stop_after(number: int) -> None:
        calls = iter(range(number))

        def move_some(file: Path, path: Path) -> None:
            if next(calls, None) is None:
                raise KeyboardInterrupt
            move(file, path)

        monkeypatch.setattr(whole_folders, "move_whole", move_some)

    return stop_after


def test_all_are_replaced(tmp_path):
    replace(tmp_path, "old")
    before = version_of(tmp_path, "b")
    replace(tmp_path, "new")
    assert contents(tmp_path) == {"new"} and {path.name for path in tmp_path.iterdir()} == {*NAMES}
    assert version_of(tmp_path, "b") != before
    assert version_of(tmp_path, "d") is None


def test_none_is_replaced_before_all_are_complete(tmp_path):
    replace(tmp_path, "old")
    with pytest.raises(KeyboardInterrupt), write_together(tmp_path) as unfinished:
        (unfinished / "a").write_text("new")
        raise KeyboardInterrupt
    assert contents(tmp_path) == {"old"}


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_next_command_moves_what_is_left(tmp_path, stop, monkeypatch, number):
    replace(tmp_path, "old")
    stop(number)
    with pytest.raises(KeyboardInterrupt):
        replace(tmp_path, "new")
    assert is_being_written(tmp_path)
    monkeypatch.undo()
    with lock_folder("--output_dir", tmp_path):
        assert not is_being_written(tmp_path)
        assert {(tmp_path / name).read_text() for name in NAMES} == {"new"}


def test_the_next_command_discards_what_is_not_complete(tmp_path):
    replace(tmp_path, "old")
    (tmp_path / whole_folders.UNFINISHED_NAME).mkdir()
    (tmp_path / whole_folders.UNFINISHED_NAME / "a").write_text("half")
    with lock_folder("--output_dir", tmp_path):
        pass
    assert contents(tmp_path) == {"old"}
