# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Answers to `--help` and to wrong options, from the description of all options, before anything is imported."""

import argparse
import json
from pathlib import Path
from typing import Any, NoReturn

from .errors import CommandLineError, suggest
from .help import format_help, format_parts
from .paths import check_paths

OPTIONS_FILE = Path(__file__).with_name("options.json")
_HELP = ("-h", "--help")
_TRUE, _FALSE = ("yes", "true", "t", "y", "1"), ("no", "false", "f", "n", "0")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise CommandLineError(f"{message} (`{self.prog} --help` lists the options)")


def answer(command: str, argv: list[str]) -> str | None:
    """Return the help of a command if it was asked for; else check the options, which the command reads again.

    Args:
        command (`str`): The command, one of `COMMANDS`.
        argv (`list[str]`): The arguments after it.

    Returns:
        `str`: The help; `None` for options that are right, as far as that can be known without reading any data.

    Raises:
        CommandLineError: An option is unknown, missing or of another model, its value is none of its choices, or a file
            or folder does not exist.
    """
    known = json.loads(OPTIONS_FILE.read_text("utf-8"))
    if command in known["parts"]:
        parts = known["parts"][command]
        if argv and argv[0] in _HELP:
            return format_parts(command, parts)
        if not argv or argv[0] not in parts:
            given = f"unknown name {argv[0]!r}" if argv else "the NAME is missing"
            raise CommandLineError(f"{command}: {given}; must be one of {', '.join(parts)}")
        command, argv = f"{command} {argv[0]}", argv[1:]
    described = known["commands"][command]
    model = _find_model(known, argv) if command in ("train", "add-labels") else None
    asked = next((index for index, word in enumerate(argv) if word in _HELP), None)
    if asked is not None:
        names_model = any(word.partition("=")[0] == "--model" for word in argv)
        shown = model if names_model else None
        everything = argv[asked + 1 : asked + 2] == ["all"]
        return format_help(command, described["options"], shown, everything, known["families"])
    _check(command, described, known, model, argv)
    return None


def _find_model(known: dict[str, Any], argv: list[str]) -> str | None:
    """Return the system that is trained; `None` if only a checkpoint on the Hub says so.

    Raises:
        CommandLineError: There is no such system.
    """
    parser = _Parser("labelwise train", add_help=False, allow_abbrev=False)
    parser.add_argument("--model", default=None)
    parser.add_argument("--model_name_or_path", "--model-name-or-path")
    named, _ = parser.parse_known_args(_without_help(argv))
    _check_models("--model", known, [named.model] if named.model else [], "one")
    if named.model or not named.model_name_or_path:
        return named.model or known["default_model"]
    try:
        config = json.loads((Path(named.model_name_or_path) / "config.json").read_text("utf-8"))
        return known["families"].get(config["model_type"], [None])[0]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):  # the command says what is wrong with it
        return None


def _without_help(argv: list[str]) -> list[str]:
    return [word for word in argv if word not in _HELP]


def _check(command: str, described: dict, known: dict, model: str | None, argv: list[str]) -> None:
    parser = _Parser(f"labelwise {command}", add_help=False, allow_abbrev=False)
    options = [entry for entry in described["options"] if _is_of(entry, model)]
    for entry in {tuple(entry.get("flags", ())) or entry["name"]: entry for entry in options}.values():
        _add(parser, entry)
    given, unknown = parser.parse_known_args(argv)
    if unknown:
        _refuse_more_values(argv[: argv.index(unknown[0])], unknown[0])
        _refuse(parser, described, model, unknown[0].partition("=")[0])  # the value may be a secret
    if command == "compare":
        _check_models("--models", known, given.models or [], "some")
    dataset = vars(given).get("dataset") or (given.name if command == "datasets" else None)
    if dataset and "/" not in dataset and dataset not in known["corpora"]:
        corpora = ", ".join(known["corpora"])
        raise CommandLineError(f"unknown dataset '{dataset}'; known: {corpora}; or a Hub id ns/name")
    _refuse_repeats(options, argv)
    check_paths(given)
    # The last check: what is wrong is told before what is missing.
    needed = [entry for entry in options if entry.get("required") and vars(given)[entry["name"]] is None]
    if needed:
        parser.error(f"the following arguments are required: {', '.join('/'.join(e['flags']) for e in needed)}")


def _is_of(entry: dict, model: str | None) -> bool:
    return model is None or model in entry.get("models", [model])


def _add(parser: argparse.ArgumentParser, entry: dict) -> None:
    """Add an option with its type, as the command's own parser has it."""
    settings: dict[str, Any] = {"nargs": entry["nargs"]} if "nargs" in entry else {}
    if entry.get("nargs") == 0:
        parser.add_argument(*entry["flags"], dest=entry["name"], action="store_false")
        return
    if entry.get("nargs") == "?" and "flags" in entry:
        settings["const"] = True
    types = {"int": int, "float": float, "bool": _to_bool, None: str}
    settings |= {"type": types[entry.get("type")], "choices": entry.get("choices")}
    if "flags" in entry:
        settings["dest"] = entry["name"]
    parser.add_argument(*entry.get("flags", [entry["name"]]), **settings)


def _to_bool(text: str) -> bool:
    if text.lower() not in (*_TRUE, *_FALSE):
        raise argparse.ArgumentTypeError(f"must be true or false, not {text}")
    return text.lower() in _TRUE


def _refuse_more_values(before: list[str], word: str) -> None:
    """Refuse a word that is no option, by the option before it.

    Raises:
        CommandLineError: It is no option, and there is an option before it.
    """
    options = [given.partition("=")[0] for given in before if given.startswith("--")]
    if options and not word.startswith("-"):
        raise CommandLineError(f"{options[-1]} takes one value, and more are given; put one with spaces in quotes")


def _refuse_repeats(options: list[dict], argv: list[str]) -> None:
    """Refuse a second file, or a second list, which would replace the first without a word.

    Raises:
        CommandLineError: There is one.
    """
    given = [word.partition("=")[0] for word in argv]
    for entry in options:
        is_file, is_list = entry["name"].endswith("_file"), entry.get("nargs") in ("+", "*")
        if (is_file or is_list) and not entry.get("extends") and sum(map(given.count, entry.get("flags", ()))) > 1:
            advice = "for several files, name a folder or a pattern in quotes" if is_file else "give all values at once"
            raise CommandLineError(f"{entry['flags'][0]} is given twice; {advice}")


def _refuse(parser: _Parser, described: dict, model: str | None, option: str) -> NoReturn:
    """Refuse an option with the reason for it: it is of other models, or no option at all.

    Raises:
        CommandLineError: Always.
    """
    name = option.removeprefix("--").replace("-", "_")
    for entry in described["refused"]:
        if entry["name"] == name and (_is_of(entry, model)) and option.startswith("--"):
            raise CommandLineError(f"{option}: {entry['reason']}")
    of = [model for entry in described["options"] if option in entry.get("flags", ()) for model in entry["models"]]
    if of:
        raise CommandLineError(f"{option}: is an option of --model {', '.join(of)}; --model {model} does not have it")
    flags = [flag for entry in described["options"] if _is_of(entry, model) for flag in entry.get("flags", ())[:1]]
    parser.error(f"unknown option {option}{suggest(option, flags)}")


def _check_models(option: str, known: dict, models: list[str], how_many: str) -> None:
    names = [name for names in known["families"].values() for name in names]
    for model in models:
        if model not in names:
            told = f"{option} {model}: must be {how_many} of {', '.join(names)}"
            raise CommandLineError(f"{told}{suggest(model, names)}")
