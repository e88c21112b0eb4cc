# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Missing files and folders."""

import errno
from argparse import Namespace

import pytest
from labelwise_cli.errors import CommandLineError
from labelwise_cli.paths import check_paths, expand_home


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("train_file", "nowhere.csv", ": no such file; check the path"),
        ("input", "./nowhere", ": no such file; check the path"),
        ("text_file", "nowhere.txt", " cannot be read: No such file or directory"),
        ("encoder", "./nowhere", ": no such folder"),
        ("encoder", "a/b/c", " is neither a folder nor a Hub id ns/name"),
        ("model_name_or_path", "nowhere", " is neither a folder nor a Hub id ns/name"),
        ("model_name_or_path", "../nowhere", ": no such folder"),
        ("model_name_or_path", "nowhere/", ": no such folder"),
        *[(name, "", "'': is empty; name a file or folder, or leave it out") for name in ("test_file", "data_dir")],
    ],
)
def test_missing(monkeypatch, tmp_path, name, value, told):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandLineError) as error:
        check_paths(Namespace(**{name: value}))
    assert str(error.value) == f"--{name} {value}{told}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("train_file", None),
        ("train_file", "here.csv"),
        ("train_file", "*.csv"),  # that it matches nothing is told with what the folder contains
        ("input", "-"),
        ("data_dir", "nowhere"),  # the corpus says which files it needs, and where to get them
        ("encoder", "bert-base-chinese"),
        ("encoder", "ns/name"),
        ("model_name_or_path", "ns/name"),
        ("model_name_or_path", "."),
    ],
)
def test_there_or_maybe_on_the_hub(monkeypatch, tmp_path, name, value):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here.csv").touch()
    check_paths(Namespace(**{name: value}))


def test_a_name_that_is_too_long():
    name = "x" * 300
    with pytest.raises(CommandLineError, match=r"--train_file x*: File name too long; check the path and its permis"):
        check_paths(Namespace(train_file=name))


def test_a_folder_that_may_not_be_searched(monkeypatch):
    def refuse(path):
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr("os.stat", refuse)
    with pytest.raises(CommandLineError, match="--encoder a/b: Permission denied; check the path and its permissions"):
        check_paths(Namespace(encoder="a/b"))


@pytest.mark.parametrize(
    ("name", "source"),
    [("input", "data/in.csv"), ("train_file", "data"), ("test_file", "data/*.csv"), ("text_file", "data/link.csv")],
)
def test_the_output_would_replace_the_input(monkeypatch, tmp_path, name, source):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "in.csv").touch()
    (tmp_path / "data" / "link.csv").symlink_to("in.csv")
    with pytest.raises(CommandLineError, match=rf"--output_file data/in.csv: is read by --{name}; name another file"):
        check_paths(Namespace(**{name: source}, output_file="data/in.csv"))
    check_paths(Namespace(**{name: source}, output_file="data/out.csv"))
    check_paths(Namespace(**{name: source}, output_file="/dev/null"))


def test_the_home_folder_behind_an_equals_sign(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ann")
    monkeypatch.setenv("USERPROFILE", "/home/ann")
    assert expand_home("--model_name_or_path=~/out") == "--model_name_or_path=/home/ann/out"
    assert expand_home("--train-file=~/a=b.csv") == "--train-file=/home/ann/a=b.csv"
    for word in ("--text=~/out", "~/out", "--output_dir", "--hub_model_id=~/x"):
        assert expand_home(word) == word
