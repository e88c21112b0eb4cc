# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Paths in a command line that do not exist."""

from argparse import Namespace
from glob import has_magic
from pathlib import Path

from .errors import CommandLineError

_DATA = ("train_file", "validation_file", "test_file", "input")
_MODELS = ("model_name_or_path", "encoder")


def check_paths(given: Namespace) -> None:
    """Check that the files and folders that a command reads exist.

    Args:
        given (`Namespace`): The options.

    Raises:
        CommandLineError: One does not exist, and can be no name on the Hub; or it cannot be reached.
    """
    options = {name: value for name, value in vars(given).items() if value}
    for name in _DATA:
        value = options.get(name, "-")
        if value != "-" and not _exists(name, value) and not has_magic(value):
            raise CommandLineError(f"--{name} {value}: no such file; check the path")
    if "text_file" in options and "text" not in options and not _exists("text_file", options["text_file"]):
        raise CommandLineError(f"--text_file {options['text_file']} cannot be read: No such file or directory")
    for name in _MODELS:
        if name in options and not _exists(name, options[name]):
            _check_hub_id(name, options[name])


def _exists(name: str, path: str) -> bool:
    try:
        return Path(path).expanduser().exists()
    except OSError as error:  # a folder that may not be searched, or a name that is too long
        raise CommandLineError(f"--{name} {path}: {error.strerror}; check the path and its permissions") from error


def _check_hub_id(name: str, value: str) -> None:
    if value[0] in "./~" or value.endswith("/"):
        raise CommandLineError(f"--{name} {value}: no such folder")
    # Only an encoder may have a name without an owner.
    if value.count("/") != 1 and not (name == "encoder" and "/" not in value):
        raise CommandLineError(f"--{name} {value} is neither a folder nor a Hub id ns/name")
