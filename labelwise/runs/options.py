# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Options of a command as dataclasses; a wrong one is told in one line."""

import sys
from collections.abc import Callable

from transformers import HfArgumentParser

from labelwise.datasets_scripts import UserInputError


class CommandParser(HfArgumentParser):
    """`HfArgumentParser` whose faults are `UserInputError`s, which the command line prints."""

    def error(self, message: str):
        raise UserInputError(f"{message} (`{self.prog} --help` lists the options)")

    def parse(self, argv: list[str]) -> tuple:
        """Reads the options.

        Args:
            argv (`list[str]`): What follows the command.

        Returns:
            `tuple`: The dataclasses, then a namespace if options were added that are in none of them.

        Raises:
            UserInputError: An option is unknown, missing, or refused by its dataclass.
        """
        try:
            *parsed, unknown = self.parse_args_into_dataclasses(
                argv, return_remaining_strings=True, look_for_args_file=False
            )
        except ValueError as error:
            raise UserInputError(str(error)) from error
        if unknown:
            self.error(f"unknown option {unknown[0]}")
        return tuple(parsed)


def check_numbers(args, names: list[str], holds: Callable[[float], bool], expected: str) -> None:
    """Refuses numbers out of range.

    Args:
        args: A dataclass of options.
        names (`list[str]`): The options to check; one that is `None` was not given.
        holds (`Callable[[float], bool]`): Whether a number is in the range.
        expected (`str`): The range, in words.

    Raises:
        UserInputError: A number is out of range.
    """
    for name in names:
        value = getattr(args, name)
        if value is not None and not holds(value):
            raise UserInputError(f"--{name} {value}: it should be {expected}")


def is_seed(number: int) -> bool:
    """Whether every random generator takes the number as its seed."""
    return 0 <= number < 2**32


def choose_part(command: str, parts: dict[str, str], argv: list[str]) -> str:
    """The first argument of a command that does several things; its help ends the process.

    Args:
        command (`str`): The command, as `labelwise` names it.
        parts (`dict[str, str]`): What each does, by name.
        argv (`list[str]`): What follows the command.

    Returns:
        `str`: The name.

    Raises:
        UserInputError: None was named, or one that there is not.
    """
    if argv and argv[0] in ("-h", "--help"):
        width = max(map(len, parts))
        lines = [f"  {name:<{width}}  {what}" for name, what in parts.items()]
        told = [f"usage: labelwise {command} NAME [options]", "", *lines, ""]
        print("\n".join([*told, f"`labelwise {command} NAME --help` lists the options of one."]))
        sys.exit(0)
    if not argv or argv[0] not in parts:
        given = f"{argv[0]!r} is not known" if argv else "a NAME is missing"
        raise UserInputError(f"{command}: {given}; there are {', '.join(parts)}")
    return argv[0]
