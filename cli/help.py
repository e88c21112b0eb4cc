# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The help of a command: its options by what they are about, the common ones first."""

import argparse
import textwrap

GROUPS = ("options", "data", "model", "training", "thresholds", "output")
# What most trainings set. `--help` of a command that trains shows these, `--help all` all.
COMMON = (
    *("dataset", "train_file", "validation_file", "test_file", "text_column", "label_column", "label_columns"),
    *("model", "encoder", "model_name_or_path", "labels", "keep_old"),
    *("num_train_epochs", "max_minutes", "early_stopping_patience", "learning_rate", "per_device_train_batch_size"),
    *("loss", "C", "seed", "tune_thresholds", "threshold_metric"),
    *("output_dir", "overwrite", "resume", "push_to_hub", "hub_model_id"),
)


def format_parts(command: str, parts: dict[str, str]) -> str:
    """Return the help of a command that does several things.

    Args:
        command (`str`): The command.
        parts (`dict[str, str]`): Description of each part by name.
    """
    width = max(map(len, parts))
    lines = [f"  {name:<{width}}  {description}" for name, description in parts.items()]
    usage = [f"usage: labelwise {command} NAME [options]", "", *lines, ""]
    return "\n".join([*usage, f"`labelwise {command} NAME --help` lists the options of one."])


def format_help(command: str, options: list[dict], model: str | None, everything: bool, families: dict) -> str:
    """Return the help of a command.

    Args:
        command (`str`): The command.
        options (`list[dict]`): Its options, from `options.json`.
        model (`str`, *optional*): The model whose options are shown, if it was named.
        everything (`bool`): Whether to show all options; else, for a command that trains, the common ones and those
            of the model.
        families (`dict[str, list[str]]`): Names of `--model` by model type.
    """
    models = [name for names in families.values() for name in names]
    of_model = [entry for entry in options if model is None or model in entry.get("models", [model])]
    is_brief = not everything and any(entry["group"] == "training" for entry in options)
    shown = of_model
    if is_brief:
        shown = [entry for entry in of_model if entry["name"] in COMMON or (model and entry["group"] == "model")]
    if is_brief and model is None:
        shown = _one_of_each(shown)
    formatter = argparse.HelpFormatter(f"labelwise {command}", max_help_position=32)
    positionals = "".join(f"{entry['name']} " for entry in shown if "flags" not in entry)
    formatter.add_text(f"usage: labelwise {command} {positionals}[options]")
    for group in GROUPS:
        formatter.start_section(group)
        in_group = [entry for entry in shown if entry["group"] == group]
        for entry in sorted(in_group, key=_order):
            of = [] if model is not None else entry.get("models", [])
            formatter.add_argument(_as_action(entry, _tell_models(of, models)))
        formatter.end_section()
    lines = [formatter.format_help()]
    if is_brief and model is None:
        lines += _list_model_options(options, models)
    if is_brief:
        count = len({entry["name"] for entry in of_model})
        lines.append(
            f"`labelwise {command}{f' --model {model}' if model else ''} --help all` lists all {count} options."
        )
    return "\n".join(lines).rstrip()


def _order(entry: dict) -> int:
    return COMMON.index(entry["name"]) if entry["name"] in COMMON else len(COMMON)


def _one_of_each(options: list[dict]) -> list[dict]:
    """Return each option once: without a default, where models have their own."""
    found: dict[str, dict] = {}
    for entry in options:
        first = found.setdefault(entry["name"], entry)
        if first is not entry:
            told = first["help"].partition(" (default: ")[0]
            of = [*first["models"], *entry["models"]]
            found[entry["name"]] = {**first, "models": of, "help": f"{told} (default: the model's own)"}
    return list(found.values())


def _tell_models(of: list[str], models: list[str]) -> str:
    """Return which models have an option, in the shorter of two ways; "" for all of them."""
    others = [name for name in models if name not in of]
    if not of or not others:
        return ""
    return f"[{', '.join(of)}] " if len(of) <= len(others) else f"[all but {', '.join(others)}] "


def _as_action(entry: dict, models: str) -> argparse.Action:
    is_option = "flags" in entry
    is_flag = is_option and entry.get("nargs") in (0, "?")
    required = " (required)" if is_option and entry.get("required") else ""
    metavar = (entry.get("type") or "text").upper() if is_option and "choices" not in entry else None
    return argparse.Action(
        entry.get("flags", ())[:1],  # the spelling with hyphens works too
        entry["name"],
        nargs=0 if is_flag else entry.get("nargs"),
        choices=entry.get("choices"),
        metavar=metavar,
        help=f"{models}{entry['help']}{required}".replace("%", "%%"),
    )


def _list_model_options(options: list[dict], models: list[str]) -> list[str]:
    """Return a block with the names of the options about the model that only some models have, if there are any."""
    names: dict[str, list[str]] = {}
    for entry in _one_of_each([entry for entry in options if entry["group"] == "model"]):
        if "models" in entry and entry["name"] not in COMMON:
            names.setdefault(_tell_models(entry["models"], models), []).append(entry["flags"][0])
    lines = ["options of some models (`labelwise train --model NAME --help` describes those of one):"]
    for of, flags in names.items():
        lines.append(textwrap.fill(of + " ".join(flags), 100, initial_indent="  ", subsequent_indent="    "))
    return ["\n".join(lines) + "\n"] if names else []
