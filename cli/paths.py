# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Paths in a command line that do not exist, or would be read and replaced at once."""

import os
from argparse import Namespace
from collections.abc import Iterator
from glob import glob, has_magic

from .errors import CommandLineError

_DATA = ("train_file", "validation_file", "test_file", "input")
_READ = (*_DATA, "text_file", "label_descriptions")
_MODELS = ("model_name_or_path", "encoder")
_OTHERS = ("data_dir", "word_vectors", "label_descriptions", "output_dir", "output_file", "to_parquet")


def expand_home(word: str) -> str:
    """Expand the `~` of `--option=~/path`, which most shells leave as it is."""
    option, equals, value = word.partition("=")
    is_path = option.removeprefix("--").replace("-", "_") in (*_READ, *_MODELS, *_OTHERS)
    return f"{option}={os.path.expanduser(value)}" if equals and is_path else word


def check_paths(given: Namespace) -> None:
    """Check that the files and folders that a command reads exist.

    Args:
        given (`Namespace`): The options.

    Raises:
        CommandLineError: One is empty, cannot be reached, does not exist and can be no name on the Hub, or is a file of
            the data that the output would replace.
    """
    for name in (*_DATA, *_MODELS, *_OTHERS):
        if vars(given).get(name) == "":
            raise CommandLineError(f"--{name} '': is empty; name a file or folder, or leave it out")
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
    output = options.get("output_file", "")
    if os.path.isfile(output):  # a pipe or a device is not replaced
        for name in _READ:
            if any(os.path.isfile(file) and os.path.samefile(file, output) for file in _files(options.get(name, "-"))):
                raise CommandLineError(f"--output_file {output}: is read by --{name}; name another file")


def _files(source: str) -> Iterator[str]:
    """Yield the files of a source of data: a file, a folder or a pattern."""
    source = os.path.expanduser(source)
    if os.path.isdir(source):
        yield from (entry.path for entry in os.scandir(source))
    else:
        yield from glob(source) if has_magic(source) else [source]


def _exists(name: str, path: str) -> bool:
    try:
        os.stat(os.path.expanduser(path))
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:  # a folder that may not be searched, or a name that is too long
        raise CommandLineError(f"--{name} {path}: {error.strerror}; check the path and its permissions") from error
    return True


def _check_hub_id(name: str, value: str) -> None:
    if value[0] in "./~" or value.endswith("/"):
        raise CommandLineError(f"--{name} {value}: no such folder")
    # Only an encoder may have a name without an owner.
    if value.count("/") != 1 and not (name == "encoder" and "/" not in value):
        raise CommandLineError(f"--{name} {value} is neither a folder nor a Hub id ns/name")
