# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The options of `labelwise train` that a table's arguments name, each where it belongs."""

import shlex
from dataclasses import fields

from labelwise.commands.train import TrainArguments, choose_family
from labelwise.datasets_scripts import UserInputError
from labelwise.families.base import FAMILIES, ModelArguments
from labelwise.runs.data import DataArguments

# Each run's own, or what keys of the table set; without its optimizer a stopped run could not go on.
RUN_OPTIONS = {"--output_dir", "--resume", "--overwrite", "--seed", "--learning_rate", "--encoder"}
RUN_OPTIONS |= {"--save_only_model", "--push_to_hub"}
# A row's.
ROW_OPTIONS = {"--model", "--model_name_or_path", "--freeze_encoder", "--template"}
# A corpus's: which one it is, and how it is read.
NAMING_OPTIONS = {"--dataset", "--config_name", "--data_dir", "--train_file", "--validation_file", "--test_file"}
DATA_OPTIONS = {f"--{part.name}" for part in fields(DataArguments)}


def options_of(arguments: list[str] | str) -> dict[str, list[str]]:
    """Arguments by the option that they follow, a later one in place of an earlier one.

    Args:
        arguments (`list[str]` or `str`): Of a command; a string is cut as a shell does.

    Raises:
        UserInputError: A quotation has no end, or the first is no option.
    """
    try:
        words = shlex.split(arguments) if isinstance(arguments, str) else arguments
    except ValueError as error:
        raise UserInputError(f"arguments {arguments}: {error}") from error
    options: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            option, equals, value = word.partition("=")
            option = "--" + option[2:].replace("-", "_")
            options[option] = current = [value] if equals else []
        elif options:
            current.append(word)
        else:
            raise UserInputError(f"arguments {arguments}: {word} follows no option")
    return options


def family_of(arguments: str) -> type[ModelArguments]:
    """The family of models that a row's arguments train.

    Raises:
        UserInputError: There is no such model or checkpoint.
    """
    names = [name for names in FAMILIES.values() for name in names]
    model = options_of(arguments).get("--model", [ModelArguments.model])
    if len(model) != 1 or model[0] not in names:
        raise UserInputError(f"--model {shlex.join(model)}: it should be one of {', '.join(names)}")
    return choose_family(shlex.split(arguments))


def options_of_family(family: type[ModelArguments]) -> set[str]:
    """The options of `labelwise train` for a family of models."""
    names = {
        part.name
        for kind in (family, DataArguments, family.training_arguments, TrainArguments)
        for part in fields(kind)
    }
    return {f"--{name}" for name in names}


def check_options(arguments: str, reserved: set[str], families: list[type[ModelArguments]]) -> None:
    """Refuses arguments that would do nothing, or undo what is set elsewhere.

    Args:
        arguments (`str`): Of a table, a part of it, or `--train_arguments`.
        reserved (`set[str]`): The options that are set elsewhere.
        families (`list[type[ModelArguments]]`): Of the rows that the arguments reach.

    Raises:
        UserInputError: They name an option that is reserved, or that no row has.
    """
    known = set().union(*map(options_of_family, families))
    for option in options_of(arguments):
        if option in reserved:
            raise UserInputError(f"{option}: it is set elsewhere in the table")
        if option not in known:
            raise UserInputError(f"{option}: no row has this option")
