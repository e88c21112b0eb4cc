# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Write `options.json`: the options of every command, as their parsers have them.

Usage: `python -m labelwise_cli.describe`, or `make options`, after a change of any option

The parsers come from configurations and `TrainingArguments`, which import torch. From the file, `--help` and wrong
options are answered without it.
"""

import argparse
import json
from collections.abc import Callable, Iterable
from dataclasses import fields
from importlib import import_module
from typing import Any
from unittest.mock import patch

from transformers import TrainingArguments
from transformers.hf_argparser import string_to_bool

from labelwise.datasets_scripts import CORPORA
from labelwise.families import FAMILIES
from labelwise.families.family import DEFAULT_MODEL
from labelwise.runs.data import DataArguments
from labelwise.runs.options import CommandParser

from . import COMMANDS
from .parsing import OPTIONS_FILE

_TYPES = {int: "int", float: "float", string_to_bool: "bool"}
_DATA = {part.name for part in fields(DataArguments)} | {"input", "text", "text_file", "known_labels_column", "split"}
_THRESHOLDS = {"tune_thresholds", "threshold_metric", "threshold", "min_labels"}
_OUTPUT = {
    *("output_dir", "output_file", "overwrite", "resume", "push_to_hub", "report", "report_to", "run_name"),
    *("save_strategy", "save_steps", "save_total_limit", "save_only_model", "disable_tqdm", "log_level"),
    *("logging_strategy", "logging_steps", "logging_first_step", "logging_nan_inf_filter"),
    *("keep_checkpoints", "format", "csv_labels", "keep_columns", "top_k", "no_scores"),
    *("hub_model_id", "hub_private_repo", "hub_revision"),
}


def describe() -> dict[str, Any]:
    """Return the contents of `options.json`.

    Returns:
        `dict[str, Any]`: `default_model`; `families`, the names of `--model` by model type; `corpora`; `parts`, the
        descriptions of the parts of commands that do several things; and `commands`, with `options` and `refused` (the
        reasons of what is no option) of each. `models` are the names of `--model` that have an option, if not all have.
    """
    families = {model_type: list(family.systems) for model_type, family in FAMILIES.items()}
    parts, commands = {}, {}
    for command in COMMANDS:
        module = import_module(f"labelwise.commands.{command.replace('-', '_')}")
        if hasattr(module, "choose_part"):
            parts[command] = _find_parts(module)
            for part in parts[command]:
                commands[f"{command} {part}"] = _describe_parsers({None: _find_parser(module.main, [part])})
        elif hasattr(module, "make_parser"):
            of_models = {tuple(family.systems): module.make_parser(family) for family in FAMILIES.values()}
            commands[command] = _describe_parsers(of_models)
        else:
            commands[command] = _describe_parsers({None: _find_parser(module.main, [])})
    return {
        "default_model": DEFAULT_MODEL,
        "families": families,
        "corpora": sorted(CORPORA),
        "parts": parts,
        "commands": commands,
    }


def _find_parser(main: Callable[[list[str]], None], argv: list[str]) -> CommandParser:
    """Return the parser that a command makes, which its `--help` would print."""
    found = []
    with patch.object(CommandParser, "print_help", lambda parser: found.append(parser)):
        try:
            main([*argv, "--help"])
        except SystemExit:
            return found[0]
    raise AssertionError(f"{main.__module__} does not read its options by CommandParser")


def _find_parts(module: Any) -> dict[str, str]:
    """Return the parts of a command that does several things."""
    found = {}

    def record(command: str, parts: dict[str, str], argv: list[str]) -> None:
        found.update(parts)
        raise SystemExit

    with patch.object(module, "choose_part", record):
        try:
            module.main([])
        except SystemExit:
            return found
    raise AssertionError(f"{module.__name__} does not call choose_part")


def _describe_parsers(parsers: dict[tuple[str, ...] | None, CommandParser]) -> dict[str, Any]:
    """Return the options of a command, each once, from its parsers by the names of `--model` that they are for."""
    options, refused = [], []
    for names, parser in parsers.items():
        trains = any(issubclass(kind, TrainingArguments) for kind in parser.dataclass_types)
        of_training = {
            part.name for kind in parser.dataclass_types if issubclass(kind, TrainingArguments) for part in fields(kind)
        }
        for action in parser._actions:
            if not isinstance(action, argparse._HelpAction):
                group = _group(action.dest, trains, of_training)
                options.append((names, {**_describe_action(action), "group": group}))
        refused += [(names, {"name": name, "reason": reason}) for name, reason in sorted(parser.left_out.items())]
    return {"options": _merge(options, len(parsers)), "refused": _merge(refused, len(parsers))}


def _group(name: str, trains: bool, of_training: set[str]) -> str:
    if name in _OUTPUT:
        return "output"
    if name in _THRESHOLDS:
        return "thresholds"
    if name in of_training:
        return "training"
    if name in _DATA:
        return "data"
    return "model" if trains or name == "model_name_or_path" else "options"


def _describe_action(action: argparse.Action) -> dict[str, Any]:
    told = (action.help or "").replace("%%", "%")
    if action.nargs == 0 and action.option_strings[0] == f"--no_{action.dest}":  # transformers repeats the other's help
        told = f"The same as --{action.dest} false."
    value = action.default
    if value not in (None, "", []) and action.option_strings and not action.required and action.nargs != 0:
        told += (
            f" (default: {' '.join(map(str, value)) if isinstance(value, list) else getattr(value, 'value', value)})"
        )
    found = {
        "name": action.dest,
        "flags": action.option_strings,
        "type": _TYPES.get(action.type),
        "nargs": action.nargs,
        "choices": action.choices and list(action.choices),
        "required": action.required,
        "extends": isinstance(action, argparse._ExtendAction),
        "help": told,
    }
    return {key: value for key, value in found.items() if value or (value == 0 and key == "nargs")}


def _merge(entries: Iterable[tuple[tuple[str, ...] | None, dict]], num_parsers: int) -> list[dict]:
    """Merge equal entries of several parsers into one, with the models that have it if these are not all."""
    merged: dict[str, tuple[dict, list]] = {}
    for names, entry in entries:
        merged.setdefault(json.dumps(entry), (entry, []))[1].append(names)
    return [
        entry if len(of) == num_parsers else {**entry, "models": [name for names in of for name in names]}
        for entry, of in merged.values()
    ]


def to_json(described: dict[str, Any]) -> str:
    """Return the text of `options.json`, with a line for each option, so that a change shows as what it is."""
    head = {key: value for key, value in described.items() if key != "commands"}
    lines = [json.dumps(head, ensure_ascii=False)[:-1] + ', "commands": {']
    for command, parts in described["commands"].items():
        lines.append(f"{json.dumps(command)}: {{")
        for kind, entries in parts.items():
            rows = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
            lines.append(f"{json.dumps(kind)}: [\n{rows}\n]{',' if kind == 'options' else ''}")
        lines.append("}," if command != list(described["commands"])[-1] else "}")
    return "\n".join([*lines, "}}", ""])


if __name__ == "__main__":
    OPTIONS_FILE.write_text(to_json(describe()), "utf-8")
