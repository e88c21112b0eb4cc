# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The record of a run as it is published: files by their names, without the folders of the user's machine.

`results.json` in the folder of a run keeps its paths: by them, `labelwise tune-thresholds` and `calibrate` know the
data of the training, and its command can be given again.
"""

import re
from collections.abc import Iterator
from pathlib import Path, PureWindowsPath
from typing import Any

from ..datasets_scripts import CORPORA

RESULTS_NAME = "results.json"
# Options, and facts of a record, that name files or folders, and those that may name a repository of the Hub instead.
_FILES = (
    "train_file",
    "validation_file",
    "test_file",
    "data_dir",
    "output_dir",
    "to_parquet",
    "word_vectors",
    "label_descriptions",
    "labels",
)
_MODELS = ("encoder", "model_name_or_path", "model")
_HUB_ID = re.compile(r"[\w.-]+(/[\w.-]+)?")
_START = re.compile(r"~|\.{0,2}[/\\]|\.{1,2}$|[A-Za-z]:[/\\]")
_INSIDE = re.compile(r"(?<![\w./\\~-])(?:~|[A-Za-z]:)?[/\\][\w.~-]+[/\\][^\s'\",;)\]}]*")
_ARGUMENT = re.compile(r"(\w+)=(['\"])(.*?)\2")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")


def public_record(record: dict[str, Any]) -> dict[str, Any]:
    """Return the contents of `results.json` as they are published.

    Args:
        record (`dict`): The contents; they and the parts of them that have a command, such as the tuning of thresholds.
    """
    public = {name: _public_part(value) for name, value in record.items()}
    command = record.get("command")
    if not isinstance(command, list):  # labels may have any name, this one too
        return public
    public["command"] = public_command(command)
    if isinstance(record.get("model"), str):
        public["model"] = _public_value("model", record["model"])
    dataset = record.get("dataset")
    is_public = "--dataset" in (word.partition("=")[0] for word in command)
    if isinstance(dataset, str) and not (dataset.split("/")[0] in CORPORA or is_public):
        name = _EMAIL.sub("***", _name(dataset))
        public["dataset"] = f"own {name}" if name in CORPORA else name
    return public


def _public_part(value: Any) -> Any:
    if isinstance(value, list):
        return [_public_part(part) for part in value]
    return public_record(value) if isinstance(value, dict) else value


def public_command(words: list[str]) -> list[str]:
    """Return a recorded command, or the one expression of a program, as it is published."""
    if len(words) == 1:
        call = _ARGUMENT.sub(lambda found: f"{found[1]}={_public_value(found[1], found[3])!r}", words[0])
        return [_without_paths_inside(call)]
    return [*_public_words(words)]


def _public_words(words: list[str]) -> Iterator[str]:
    option = ""
    for word in words:
        if not word.startswith("--"):
            yield _public_value(option, word)
            continue
        flag, equals, value = word.partition("=")
        option = flag[2:].replace("-", "_")
        yield f"{flag}={_public_value(option, value)}" if equals else word


def _public_value(option: str, value: str) -> str:
    # Commands that were recorded before version 0.2.0 may have abbreviated options.
    is_file = option and any(name.startswith(option) for name in _FILES)
    may_be_model = option and any(name.startswith(option) for name in _MODELS)
    is_model = may_be_model and (not _HUB_ID.fullmatch(value) or Path(value).exists())
    if is_file or is_model or _START.match(value):
        value = _name(value)
    return _without_paths_inside(value)


def _without_paths_inside(text: str) -> str:
    return _EMAIL.sub("***", _INSIDE.sub(lambda found: _name(found[0]), text))


def _name(path: str) -> str:
    return PureWindowsPath(path).name or "."  # it knows both kinds of separators
