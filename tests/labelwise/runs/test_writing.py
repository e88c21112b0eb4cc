# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Output files of commands that are no regular file: FIFOs, links, standard output."""

import json
import os
import threading
from pathlib import Path

import labelwise_cli as cli
import pytest

from labelwise.errors import UserInputError
from labelwise.runs.writing import check_file, check_folder, make_files


def test_output_file_in_a_fifo(model, data, tmp_path, capsys):
    fifo, found = tmp_path / "fifo", []
    os.mkfifo(fifo)
    for command in ("predict --text money", f"evaluate {data}"):
        thread = threading.Thread(target=lambda: found.append(fifo.read_text()))
        thread.start()
        assert cli.main([*command.split(), "--model_name_or_path", str(model), "--output_file", str(fifo)]) == 0
        thread.join(timeout=10)
        assert fifo.is_fifo() and list(tmp_path.iterdir()) == [fifo]
    predicted, metrics = map(json.loads, found)
    assert "labels" in predicted and "micro_f1" in metrics


def test_output_file_is_standard_output(model, data, capfd):
    """Which goes to a file here: the result is written to it twice, one after the other."""
    command = f"evaluate {data} --model_name_or_path {model} --output_file /dev/stdout"
    assert cli.main(command.split()) == 0
    one, other = capfd.readouterr().out.splitlines()
    assert one == other and "micro_f1" in json.loads(one)


def test_output_file_is_a_link(model, tmp_path):
    target, link, other = tmp_path / "answers", tmp_path / "link.jsonl", tmp_path / "link.jsonl.partial"
    target.write_text("old")
    other.write_text("somebody's")
    link.symlink_to(target)
    assert cli.main(f"predict --text money --model_name_or_path {model} --output_file {link}".split()) == 0
    assert link.is_symlink() and "labels" in json.loads(target.read_text())
    assert other.read_text() == "somebody's"


def test_files_of_a_folder_that_are_links(tmp_path):
    folder, target = tmp_path / "folder", tmp_path / "page.html"
    folder.mkdir()
    target.write_text("old")
    (folder / "audit.html").symlink_to(target)
    with make_files("--output_dir", folder) as unfinished:
        (unfinished / "audit.html").write_text("new")
    assert (folder / "audit.html").is_symlink() and target.read_text() == "new"


def test_files_of_an_earlier_run_that_are_not_written_again(tmp_path):
    for name in ("audit.csv", "lengths.png", "own.png"):
        (tmp_path / name).write_text("old")
    with make_files("--output_dir", tmp_path, ["audit.csv", "lengths.png", "pairs.png"]) as unfinished:
        (unfinished / "audit.csv").write_text("new")
        assert (tmp_path / "lengths.png").exists()
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"audit.csv": "new", "own.png": "old"}


@pytest.mark.parametrize("name", ["x" * 300, "circle"])
def test_names_that_cannot_be_written(tmp_path, name):
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    with pytest.raises(UserInputError, match=r"--output_file .* cannot be written"):
        check_file("--output_file", str(tmp_path / name))


def test_folders_that_cannot_be_reached(tmp_path):
    with pytest.raises(UserInputError, match=r"--output_dir .*: no folder can have this name \(File name too long\)"):
        check_folder("--output_dir", str(tmp_path / ("x" * 300)))


def test_link_into_a_folder_that_is_missing(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "missing" / "file")
    with pytest.raises(UserInputError, match=r"there is no folder .*missing"):
        check_file("--output_file", str(tmp_path / "link"))


def test_devices_need_no_permission_in_their_folder(monkeypatch):
    may_write = os.access
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != Path("/dev") and may_write(path, mode))
    check_file("--output_file", "/dev/null")
