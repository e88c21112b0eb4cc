# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The fields of a configuration as options: defaults, types, descriptions and ranges are the configuration's own."""

import re
from collections.abc import Mapping
from dataclasses import Field, field, fields, make_dataclass
from functools import cache
from inspect import cleandoc
from types import UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin

from huggingface_hub.errors import StrictDataclassFieldValidationError
from transformers import PreTrainedConfig

if TYPE_CHECKING:
    from .family import Family

# An entry of "Args:" in a docstring: names, type, default, and the indented description.
_ENTRY = re.compile(r"^ {4}(?P<names>[\w, ]+) \(`(?P<type>[^\n]*?)\):\n(?P<text>(?: {8,}[^\n]*\n)+)", re.MULTILINE)
# How the library words a range.
_RANGES = {
    "Value must be": "must be",
    "greater or equal to": ">=",
    "greater than": ">",
    "smaller or equal to": "<=",
    "smaller than": "<",
}


def add_configuration_options(family: type["Family"]) -> type["Family"]:
    """Return a family with the fields of its configuration as further options, `None` where not given.

    A field that every system of the family sets is no option, nor are the configuration's `derived_fields`.
    """
    settings = list(family.systems.values())
    fixed = [name for name in settings[0] if all(name in other for other in settings)]
    library = {part.name for part in fields(PreTrainedConfig)}
    excluded = {*library, *fixed, *family.config_class.derived_fields, *(part.name for part in fields(family))}
    options = [
        _make_option(family.config_class, part) for part in fields(family.config_class) if part.name not in excluded
    ]
    namespace = {
        "__doc__": family.__doc__,
        "__module__": family.__module__,
        "__qualname__": family.__qualname__,
        "configuration_options": tuple(name for name, *_ in options),
    }
    return make_dataclass(family.__name__, options, bases=(family,), namespace=namespace, kw_only=True)


def _make_option(config_class: type[PreTrainedConfig], part: Field) -> tuple[str, Any, Field]:
    kind, choices = _as_option_type(part.type)
    metadata = {"help": _describe(config_class, part.name)}
    if choices:
        metadata["choices"] = choices
    if kind is bool:
        metadata |= {"nargs": "?", "const": True}  # `--name` alone sets it
    return part.name, kind | None, field(default=None, metadata=metadata)


def _as_option_type(kind: Any) -> tuple[Any, list[str] | None]:
    """Return the type of an option for the type of a field, and its choices: one type, not a union."""
    if get_origin(kind) in (Union, UnionType):
        kinds = [part for part in get_args(kind) if part is not type(None)]
        kind = float if float in kinds else kinds[0]
    if get_origin(kind) is Literal:
        return str, list(get_args(kind))
    return kind, None


def _describe(config_class: type[PreTrainedConfig], name: str) -> str:
    """Return the description and the default of a field from the docstring of the class that documents it last."""
    for cls in config_class.__mro__:
        if entry := _entries(cls).get(name):
            text = re.sub("[`*]", "", " ".join(entry["text"].split()))
            default = re.search(r"defaults to (.*)", entry["type"])
            told = f"{text} (default: {default[1].strip('`')})" if default else text
            return told.replace("%", "%%")
    raise ValueError(f"{config_class.__name__} does not document its field {name!r}: add it to the docstring")


@cache
def _entries(cls: type) -> dict[str, re.Match[str]]:
    """Return the entries of the docstring of a class by the names of their fields."""
    docstring = cleandoc(cls.__doc__ or "") + "\n"  # Python removes the indentation itself from 3.13 on
    return {name: entry for entry in _ENTRY.finditer(docstring) for name in entry["names"].split(", ")}


def explain_invalid_field(error: Exception, given: Mapping[str, Any]) -> str:
    """Return what is wrong with an option, from the error of the configuration that refused it."""
    if not isinstance(error, StrictDataclassFieldValidationError):
        return f"--{error}" if str(error).partition(" ")[0] in given else str(error)
    found = re.search(r"field '(\w+)'", str(error))
    reason = str(error.__cause__ or error).partition(", got")[0]
    for words, sign in _RANGES.items():
        reason = reason.replace(words, sign)
    name = found[1] if found else ""
    return f"--{name} {given[name]}: {reason}" if name in given else reason
