# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Comparison of runs by the options of their recorded commands."""

import shlex
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

from ..errors import UserInputError

# Options that say where a run is written and how it is shown, not what it is.
_NO_SETTINGS = {"--output_dir", "--resume", "--overwrite", "--data_dir", "--disable_tqdm"}


def options_of(arguments: list[str] | str) -> dict[str, list[str]]:
    """Return the options of a command with their values; a later option replaces an earlier one.

    Args:
        arguments (`list[str]` or `str`): Words after the command's name; a string is split as a shell does it.

    Raises:
        UserInputError: A quotation has no end, or the first word is not an option.
    """
    try:
        words = shlex.split(arguments) if isinstance(arguments, str) else arguments
    except ValueError as error:
        raise UserInputError(f"arguments {arguments}: {error}") from error
    options: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("-") and word.lstrip("-")[:1].isalpha():  # a negative number is a value
            option, equals, value = word.partition("=")
            option = option[:2] + option[2:].replace("-", "_")
            options[option] = values = [value] if equals else []
        elif options:
            values.append(word)
        else:
            raise UserInputError(f"arguments {arguments}: {word} follows no option")
    return options


def words_of(options: dict[str, list[str]]) -> list[str]:
    """Return options and values as the words of a command, the reverse of `options_of`."""
    return [word for option, values in options.items() for word in (option, *values)]


def format_rate(rate: float | None) -> str:
    """Return a learning rate in short, such as 3e-4; `-` for none."""
    mantissa, _, exponent = f"{rate or 0:e}".partition("e")
    return "-" if rate is None else f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def given_options(args: Any) -> dict[str, list[str]]:
    """Return the options of a dataclass that differ from their defaults."""
    options = {}
    for part in fields(args):
        value = getattr(args, part.name)
        if value != (part.default_factory() if part.default is MISSING else part.default):
            options[f"--{part.name}"] = [str(word) for word in (value if isinstance(value, list) else [value])]
    return options


def settings_of(command: list[str]) -> dict[str, list[str]]:
    """Return the options of a `labelwise train` command that define its run.

    Of the folder of a pre-training, only its last two parts are kept: the run, and the folder in it.
    """
    settings = {option: values for option, values in options_of(command[2:]).items() if option not in _NO_SETTINGS}
    if "--model_name_or_path" in settings:
        settings["--model_name_or_path"] = ["/".join(Path(settings["--model_name_or_path"][0]).parts[-2:])]
    return settings


def describe_difference(found: dict[str, list[str]], wanted: dict[str, list[str]]) -> str:
    """Return the settings of one run that another lacks or sets otherwise, and the reverse; empty if they are equal."""
    parts = [
        shlex.join([option, *values]) + (f", not {shlex.join(wanted[option] or [option])}" if option in wanted else "")
        for option, values in found.items()
        if wanted.get(option) != values
    ]
    parts += [f"no {shlex.join([option, *values])}" for option, values in wanted.items() if option not in found]
    return "; ".join(parts)


def describe_documents(documents: dict[str, int]) -> str:
    """Return the number of documents of each split, such as `1,600 train, 200 validation`."""
    return ", ".join(f"{number:,} {split}" for split, number in documents.items())
