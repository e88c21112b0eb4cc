# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The papers' tables as lists of runs: what is trained, on which corpora, and what was published."""

import math
import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import get_args, get_origin

from labelwise.datasets_scripts import UserInputError
from labelwise.reproduction.options import (
    DATA_OPTIONS,
    NAMING_OPTIONS,
    ROW_OPTIONS,
    RUN_OPTIONS,
    check_options,
    family_of,
    options_of,
)
from labelwise.runs.options import is_seed
from labelwise.runs.results import METRICS

TABLES = Path(__file__).parent / "definitions"
SYSTEMS = TABLES / "systems.toml"
# What follows the name of a row in that of a run's folder.
RUN_SUFFIX = r"(, learning rate [^,]+)?(, seed \d+)?$"


@dataclass
class System:
    """A row: what it trains.

    Args:
        name (`str`): Of the row, and of the folders of its runs.
        arguments (`str`): What follows `labelwise train`.
        learning_rates (`list[float]`, *optional*): The grid that validation chooses from; none where training has no
            learning rate.
        pretraining (`str`, *optional*): Arguments of a label-wise pre-training in the run at the first learning rate;
            those at other rates start from it.
        starts_from (`str`, *optional*): The row whose pre-training it starts from.
    """

    name: str
    arguments: str
    learning_rates: list[float] = field(default_factory=list)
    pretraining: str = ""
    starts_from: str = ""


@dataclass
class Corpus:
    """A part of a table.

    Args:
        name (`str`): Of the folder of its runs.
        split (`str`): What is trained, validated and tested on, in words.
        arguments (`str`, *optional*): Options of all its runs; without `--dataset` or files, the corpus of that name.
        encoder (`str`, *optional*): The pretrained encoder of the rows that need one.
        published (`dict[str, list[str]]`, *optional*): By row, what was printed for each of the table's metrics.
        notes (`str`, *optional*): What a reader of the published numbers should know; Markdown.
    """

    name: str
    split: str
    arguments: str = ""
    encoder: str = ""
    published: dict[str, list[str]] = field(default_factory=dict)
    notes: str = ""


@dataclass
class Table:
    """A table of a paper, or the user's own.

    Args:
        title (`str`), paper (`str`): What it is, and where its published numbers are from.
        seeds (`list[int]`): The first one chooses the learning rates.
        metrics (`list[str]`): Its columns, of `results.METRICS`.
        systems (`list[System]`): Its rows, in order.
        corpora (`list[Corpus]`): Its parts, in order.
        arguments (`str`, *optional*): Options of every run.
    """

    title: str
    paper: str
    seeds: list[int]
    metrics: list[str]
    systems: list[System]
    corpora: list[Corpus]
    arguments: str = ""


def table_names() -> list[str]:
    """The tables that come with the package."""
    return sorted(path.stem for path in TABLES.glob("*.toml") if path != SYSTEMS)


def load_table(name: str) -> Table:
    """Reads a table.

    Args:
        name (`str`): One of `table_names()`, or the path of a TOML file, whose `systems` are names of `systems.toml` or
            of definitions of its own, `[definitions.NAME]`.

    Raises:
        UserInputError: There is no such table, or it is not well-formed.
    """
    path = TABLES / f"{name}.toml" if name in table_names() else Path(name)
    if not path.is_file():
        raise UserInputError(
            f"there is no table {name}; known: {', '.join(table_names())}; or a .toml file of your own"
        )
    with _named(f"{path}"):
        content = _read(path)
        rows = _take(content, "systems", list[str])
        corpora = _take(content, "corpora", list[dict])
        definitions = {**_read(SYSTEMS), **_take(content, "definitions", dict[str, dict])}
        unknown = [row for row in rows if row not in definitions]
        if unknown:
            raise UserInputError(f"no system {unknown[0]}; known: {', '.join(definitions)}; or add [definitions.NAME]")
        content["systems"] = [_make(System, f"system {row}: ", definitions[row], name=row) for row in rows]
        content["corpora"] = [_make(Corpus, "corpora: ", entry) for entry in corpora]
        table = _make(Table, "", content)
        _check(table)
    return table


@contextmanager
def _named(place: str) -> Iterator[None]:
    """Says in an error where it was."""
    try:
        yield
    except UserInputError as error:
        raise UserInputError(f"{place}: {error}") from error


def _read(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UserInputError(f"it cannot be read: {error}") from error


# What values of a TOML file should be, in words.
_IN_WORDS = {
    str: "text in quotes",
    list[str]: "a list of texts in quotes",
    list[int]: "a list of integers",
    list[float]: "a list of numbers",
    list[dict]: "parts that begin with [[corpora]]",
    dict[str, dict]: "parts that begin with [definitions.NAME]",
    dict[str, list[str]]: "a list of texts in quotes for each row",
}


def _is_a(value, kind) -> bool:
    """Whether a value is of the type that an annotation names."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is list:
        return isinstance(value, list) and all(_is_a(item, parts[0]) for item in value)
    if origin is dict:
        return isinstance(value, dict) and all(_is_a(item, parts[1]) for item in value.values())
    if kind is float:
        return type(value) in (int, float)
    return type(value) is kind  # to `isinstance`, true is an integer


def _take(content: dict, key: str, kind):
    value = content.pop(key, get_origin(kind)())
    if not _is_a(value, kind):
        raise UserInputError(f"{key} should be {_IN_WORDS[kind]}")
    return value


def _make(kind: type, where: str, entry: dict, **given):
    """A part of a table, its values of the types that the dataclass names."""
    types = {part.name: part.type for part in fields(kind)}
    for key, value in entry.items():
        if key not in types or key in given:
            known = ", ".join(name for name in types if name not in given)
            raise UserInputError(f"{where}unknown key {key}; known: {known}")
        if not _is_a(value, types[key]):
            raise UserInputError(f"{where}{key} should be {_IN_WORDS[types[key]]}")
    try:
        return kind(**given, **entry)
    except TypeError as error:  # one is missing
        raise UserInputError(f"{where}{str(error).partition('() ')[2]}") from error


def _check(table: Table) -> None:
    for key in ("systems", "corpora", "seeds", "metrics"):
        if not getattr(table, key):
            raise UserInputError(f"{key}: name one at least")
    for kind, parts in (("system", table.systems), ("corpus", table.corpora)):
        names = [part.name for part in parts]
        for name in names:
            if names.count(name) > 1:
                raise UserInputError(f"{kind} {name} stands there twice")
            if name in ("", "..") or Path(name).name != name or not name.isprintable():
                raise UserInputError(f"{kind} {name!r}: its runs go to a folder of that name; leave out slashes")
            if re.search(RUN_SUFFIX, name)[0]:
                raise UserInputError(f"{kind} {name}: folders of runs end like that; name it otherwise")
    if len(set(table.seeds)) < len(table.seeds) or not all(map(is_seed, table.seeds)):
        raise UserInputError("seeds should be integers from 0 to 2**32 - 1, each once")
    unknown = [metric for metric in table.metrics if metric not in METRICS]
    if unknown:
        raise UserInputError(f"unknown metric {unknown[0]}; known: {', '.join(METRICS)}")
    pretrained = [system.name for system in table.systems if system.pretraining]
    for system in table.systems:
        with _named(f"system {system.name}"):
            _check_system(system, pretrained)
    families = [family_of(system.arguments) for system in table.systems]
    with _named("arguments"):
        check_options(table.arguments, RUN_OPTIONS | ROW_OPTIONS | NAMING_OPTIONS, families)
    for corpus in table.corpora:
        with _named(f"corpus {corpus.name}: arguments"):
            check_options(corpus.arguments, RUN_OPTIONS | ROW_OPTIONS, families)
        for row, numbers in corpus.published.items():
            if row not in [system.name for system in table.systems] or len(numbers) != len(table.metrics):
                raise UserInputError(
                    f"corpus {corpus.name}: published {row}: no such system, or not a number per metric"
                )


def _check_system(system: System, pretrained: list[str]) -> None:
    with _named("arguments"):
        family = family_of(system.arguments)
        check_options(system.arguments, RUN_OPTIONS | DATA_OPTIONS, [family])
    with _named("pretraining"):
        check_options(system.pretraining, RUN_OPTIONS | DATA_OPTIONS | ROW_OPTIONS, [family])
        if system.pretraining and "--pretraining_steps" not in options_of(system.pretraining):
            raise UserInputError("it should name --pretraining_steps")
    rates = system.learning_rates
    if len(set(rates)) < len(rates) or not all(0 < rate < math.inf for rate in rates):
        raise UserInputError("learning_rates should be above 0, each once")
    if system.starts_from and system.pretraining:
        raise UserInputError("name one of pretraining and starts_from")
    if system.starts_from and system.starts_from not in pretrained:
        raise UserInputError(f"it starts from {system.starts_from}, which is not among the systems with a pretraining")
