# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Paths in a command line that do not exist."""

from argparse import Namespace
from glob import has_magic
from pathlib import Path

from .errors import CommandLineError

_DATA = ("train_file", "validation_file", "test_file", "input")
_FILES = ("text_file", "data_dir")
_MODELS = ("model_name_or_path", "encoder")


def check_paths(given: Namespace) -> None:
    """Check that the files and folders that a command reads exist.

    Args:
        given (`Namespace`): The options.

    Raises:
        CommandLineError: One does not exist, and can be no name on the Hub.
    """
    for name in _DATA:
        value = vars(given).get(name)
        if value and value != "-" and not _exists(value) and not has_magic(value):
            raise CommandLineError(f"--{name} {value}: no such file or folder; check the path")
    for name in _FILES:
        value = vars(given).get(name)
        if value and not _exists(value):
            raise CommandLineError(f"--{name} {value}: no such {'folder' if name == 'data_dir' else 'file'}")
    for name in _MODELS:
        value = vars(given).get(name)
        # Only an encoder may have a name without an owner.
        may_be_hub_id = value and value[0] not in "./~" and value.count("/") == 1 and not value.endswith("/")
        if value and not _exists(value) and not may_be_hub_id and (name != "encoder" or "/" in value):
            also = "" if value[0] in "./~" else ", and not a Hub id ns/name"
            raise CommandLineError(f"--{name} {value}: no such folder{also}")


def _exists(path: str) -> bool:
    return Path(path).expanduser().exists()
