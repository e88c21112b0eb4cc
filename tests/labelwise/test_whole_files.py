# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Files that appear whole: what is replaced, what is written to directly, and what is left alone."""

import os
import threading
from pathlib import Path

import pytest

from labelwise.whole_files import is_replaceable, move_whole, open_whole


def write(path: Path, text: str = "new") -> None:
    with open_whole(path) as file:
        file.write(text)


def write_by_moving(path: Path, text: str = "new") -> None:
    source = path.with_name("source")
    source.write_text(text)
    move_whole(source, path)
    source.unlink(missing_ok=True)


@pytest.fixture(params=[write, write_by_moving])
def writer(request):
    return request.param


def read_in_background(fifo: Path) -> tuple[threading.Thread, list[str]]:
    found: list[str] = []
    thread = threading.Thread(target=lambda: found.append(fifo.read_text()))
    thread.start()
    return thread, found


def test_file(tmp_path, writer):
    path = tmp_path / "file"
    for before in (None, "a longer earlier text"):
        if before:
            path.write_text(before)
        writer(path)
        assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_earlier_file_stays_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(RuntimeError), open_whole(path) as file:
        file.write("half")
        file.flush()
        assert path.read_text() == "old"
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_permissions_of_the_earlier_file(tmp_path):
    path = tmp_path / "file"
    path.touch(0o640)
    path.chmod(0o640)
    write(path)
    assert path.stat().st_mode & 0o777 == 0o640


def test_other_partial_files_are_left_alone(tmp_path, writer):
    path, other = tmp_path / "file", tmp_path / "file.partial"
    other.write_text("somebody's")
    writer(path)
    assert path.read_text() == "new"
    assert other.read_text() == "somebody's"


def test_two_writers_at_once(tmp_path):
    path = tmp_path / "file"
    with open_whole(path) as one, open_whole(path) as other:
        one.write("one")
        other.write("other")
    assert path.read_text() == "one"  # the last to be complete
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("before", ["old", None])
def test_links_are_followed(tmp_path, writer, before):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    target, link, chain = elsewhere / "target", tmp_path / "link", tmp_path / "chain"
    link.symlink_to(Path("elsewhere") / "target")
    chain.symlink_to(link)
    if before:
        target.write_text(before)
    writer(chain)
    assert chain.readlink() == link and link.is_symlink()
    assert target.read_text() == "new" and not target.is_symlink()
    assert list(elsewhere.iterdir()) == [target]


def test_fifo(tmp_path, writer):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    assert not is_replaceable(fifo)
    thread, found = read_in_background(fifo)
    writer(fifo)
    thread.join(timeout=10)
    assert found == ["new"]
    assert fifo.is_fifo()


def test_device():
    assert not is_replaceable(Path("/dev/null"))
    write(Path("/dev/null"))
    assert Path("/dev/null").is_char_device()


def test_standard_output_in_a_file(tmp_path):
    """What was written before and what follows stay around it: the file is neither replaced nor written from 0."""
    path = tmp_path / "out"
    with path.open("w") as out:
        out.write("before ")
        out.flush()
        for name in (f"/dev/fd/{out.fileno()}", f"/proc/self/fd/{out.fileno()}"):
            assert not is_replaceable(Path(name))
            write(Path(name), "new ")
        out.write("after")
    assert path.read_text() == "before new new after"


def test_link_in_a_circle(tmp_path):
    path = tmp_path / "circle"
    path.symlink_to(path)
    with pytest.raises(OSError, match="symbolic links"):
        write(path)
