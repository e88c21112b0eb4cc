# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Commands of runs as settings that can be compared."""

import shlex
from pathlib import Path

from ..datasets_scripts.errors import UserInputError

# Options that do not change what is trained.
NO_SETTINGS = ("--output_dir", "--resume", "--overwrite", "--data_dir", "--disable_tqdm")


def options_of(arguments: list[str] | str) -> dict[str, list[str]]:
    """Return arguments by the option that they follow; a later option replaces an earlier one.

    Args:
        arguments (`list[str]` or `str`): Arguments of a command; a string is split as a shell does.

    Raises:
        UserInputError: A quotation has no end, or the first word is no option.
    """
    try:
        words = shlex.split(arguments) if isinstance(arguments, str) else arguments
    except ValueError as error:
        raise UserInputError(f"{arguments}: {error}") from error
    options: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            option, equals, value = word.partition("=")
            options["--" + option[2:].replace("-", "_")] = values = [value] if equals else []
        elif options and word != "-h":
            values.append(word)
        else:
            raise UserInputError(f"{arguments}: {word} follows no option")
    return options


def words_of(options: dict[str, list[str]]) -> list[str]:
    """Return options as the arguments of a command."""
    return [word for option, values in options.items() for word in (option, *values)]


def settings_of(command: list[str]) -> dict[str, list[str]]:
    """Return the options of a `labelwise train` command that change what is trained.

    Returns:
        `dict[str, list[str]]`: The options; of the folder of a pre-training, only the last two parts of its path.
    """
    settings = {option: values for option, values in options_of(command[2:]).items() if option not in NO_SETTINGS}
    if "--model_name_or_path" in settings:
        settings["--model_name_or_path"] = ["/".join(Path(settings["--model_name_or_path"][0]).parts[-2:])]
    return settings


def describe_documents(documents: dict[str, int]) -> str:
    """Return the number of documents of each split in words."""
    return ", ".join(f"{number:,} {split}" for split, number in documents.items())


def describe_difference(found: dict[str, list[str]], wanted: dict[str, list[str]]) -> str:
    """Return the settings in which one run differs from another in words; empty if they are equal."""
    parts = [
        f"{shlex.join([option, *values])}" + (f", not {shlex.join(wanted[option])}" if option in wanted else "")
        for option, values in found.items()
        if wanted.get(option) != values
    ]
    parts += [f"no {shlex.join([option, *values])}" for option, values in wanted.items() if option not in found]
    return "; ".join(parts)
