# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Options of commands as dataclasses; a wrong option is an error of one line."""

import sys
from argparse import Action, ArgumentDefaultsHelpFormatter
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field
from types import MappingProxyType
from typing import Any, NoReturn

from transformers import HfArgumentParser

from ..errors import UserInputError
from ..trainer.argument_checks import check_finite_numbers


class _HelpFormatter(ArgumentDefaultsHelpFormatter):
    """Print defaults, except `None`."""

    def _get_help_string(self, action: Action) -> str | None:
        return action.help if action.default is None else super()._get_help_string(action)


class CommandParser(HfArgumentParser):
    """`HfArgumentParser` that raises `UserInputError`, which the command line prints in one line.

    Args:
        dataclass_types: As in `HfArgumentParser`.
        left_out (`Mapping[str, str]`, *optional*): Fields of the dataclasses that are no options and keep their
            defaults, with the reason of each, which is told when one is given.
        kwargs: As in `HfArgumentParser`.
    """

    def __init__(self, dataclass_types: Any, left_out: Mapping[str, str] = MappingProxyType({}), **kwargs: Any) -> None:
        self.left_out = left_out
        super().__init__(dataclass_types, **{"formatter_class": _HelpFormatter, **kwargs})

    def _parse_dataclass_field(self, parser: Any, field: Field) -> None:
        if field.name not in self.left_out:
            super()._parse_dataclass_field(parser, field)
        else:
            default = field.default_factory() if field.default is MISSING else field.default
            parser.set_defaults(**{field.name: default})

    def error(self, message: str) -> NoReturn:
        raise UserInputError(f"{message} (`{self.prog} --help` lists the options)")

    def parse(self, argv: list[str]) -> tuple:
        """Read the options.

        Args:
            argv (`list[str]`): The arguments after the command.

        Returns:
            `tuple`: The dataclasses, then a namespace if options were added that are in none of them.

        Raises:
            UserInputError: An option is unknown, missing, or refused by its dataclass.
        """
        for name in (word.partition("=")[0] for word in argv if word.startswith("--")):  # the rest may be a secret
            reason = self.left_out.get(name.removeprefix("--").replace("-", "_").removeprefix("no_"))
            if reason:
                raise UserInputError(f"{name}: {reason}")
        try:
            *parsed, unknown = self.parse_args_into_dataclasses(
                argv, return_remaining_strings=True, look_for_args_file=False
            )
        except ValueError as error:
            raise UserInputError(str(error)) from error
        if unknown:
            self.error(f"unknown option {unknown[0].partition('=')[0]}")
        for part in parsed:
            check_finite_numbers(vars(part))
        return tuple(parsed)


def check_numbers(args: Any, names: list[str], is_valid: Callable[[Any], bool], expected: str) -> None:
    """Check that numbers are in range.

    Args:
        args: A dataclass of options.
        names (`list[str]`): The options to check; one that is `None` was not given.
        is_valid (`Callable[[float], bool]`): Return whether a number is in the range.
        expected (`str`): The range in words, such as "> 0".

    Raises:
        UserInputError: A number is out of range.
    """
    for name in names:
        value = getattr(args, name)
        if value is not None and not is_valid(value):
            raise UserInputError(f"--{name} {value}: must be {expected}")


def is_seed(number: int) -> bool:
    """Return whether every random generator accepts the number as its seed."""
    return 0 <= number < 2**32


SEED_RANGE = ">= 0 and < 2**32"


def choose_part(command: str, parts: dict[str, str], argv: list[str]) -> str:
    """Return the first argument of a command that does several things; with `--help`, print them and exit.

    Args:
        command (`str`): The command, as `labelwise` names it.
        parts (`dict[str, str]`): Description of each part by name.
        argv (`list[str]`): The arguments after the command.

    Raises:
        UserInputError: The name is missing or unknown.
    """
    if argv and argv[0] in ("-h", "--help"):
        width = max(map(len, parts))
        lines = [f"  {name:<{width}}  {description}" for name, description in parts.items()]
        usage = [f"usage: labelwise {command} NAME [options]", "", *lines, ""]
        print("\n".join([*usage, f"`labelwise {command} NAME --help` lists the options of one."]))
        sys.exit(0)
    if not argv or argv[0] not in parts:
        given = f"unknown name {argv[0]!r}" if argv else "the NAME is missing"
        raise UserInputError(f"{command}: {given}; must be one of {', '.join(parts)}")
    return argv[0]
