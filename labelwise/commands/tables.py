# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The papers' tables as lists of runs: what is trained, on which corpora, and what was published."""

import shlex
import tomllib
from dataclasses import dataclass, field, fields
from pathlib import Path

from labelwise.datasets_scripts import DataError

from .results import METRICS

TABLES = Path(__file__).parents[1] / "tables"
SYSTEMS = TABLES / "systems.toml"


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
    """

    name: str
    split: str
    arguments: str = ""
    encoder: str = ""
    published: dict[str, list[str]] = field(default_factory=dict)


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
        DataError: There is no such table, or it is not well-formed.
    """
    path = TABLES / f"{name}.toml" if name in table_names() else Path(name)
    if not path.is_file():
        raise DataError(f"there is no table {name}; known: {', '.join(table_names())}; or a .toml file of your own")
    content = _read(path)
    definitions = {**_read(SYSTEMS), **content.pop("definitions", {})}
    content["systems"] = [
        {"name": row, **_find(definitions, row, path)} for row in _list(content.get("systems"), "systems", path)
    ]
    for key, kind in (("systems", System), ("corpora", Corpus)):
        content[key] = [_make(kind, entry, path, f"{key}: ") for entry in _list(content.get(key), key, path)]
    table = _make(Table, content, path)
    _check(table, path)
    return table


def _read(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error


def _list(value, key: str, path: Path) -> list:
    if not isinstance(value, list) or not value:
        raise DataError(f"{path}: {key} should be a list with one entry at least")
    return value


def _find(definitions: dict, row: str, path: Path) -> dict:
    if row not in definitions:
        raise DataError(f"{path}: no system {row}; known: {', '.join(definitions)}; or add [definitions.NAME]")
    return definitions[row]


def _make(kind: type, entry: dict, path: Path, where: str = ""):
    known = [part.name for part in fields(kind)]
    unknown = [key for key in entry if key not in known]
    if unknown:
        raise DataError(f"{path}: {where}unknown key {unknown[0]}; known: {', '.join(known)}")
    try:
        return kind(**entry)
    except TypeError as error:  # one is missing
        raise DataError(f"{path}: {where}{str(error).partition('() ')[2]}") from error


def _check(table: Table, path: Path) -> None:
    names = [system.name for system in table.systems]
    for kind, given in (("system", names), ("corpus", [corpus.name for corpus in table.corpora])):
        twice = [name for name in given if given.count(name) > 1]
        if twice:
            raise DataError(f"{path}: {kind} {twice[0]} stands there twice")
    seeds = _list(table.seeds, "seeds", path)
    if len(set(seeds)) < len(seeds) or not all(isinstance(seed, int) for seed in seeds):
        raise DataError(f"{path}: seeds should be integers, each once")
    unknown = [metric for metric in _list(table.metrics, "metrics", path) if metric not in METRICS]
    if unknown:
        raise DataError(f"{path}: unknown metric {unknown[0]}; known: {', '.join(METRICS)}")
    for system in table.systems:
        if system.starts_from and system.starts_from not in names:
            raise DataError(f"{path}: {system.name} starts from {system.starts_from}, which is not among the systems")
    for corpus in table.corpora:
        for row, numbers in corpus.published.items():
            if row not in names or len(numbers) != len(table.metrics):
                raise DataError(f"{path}: {corpus.name}: published {row}: no such system, or not a number per metric")


def options_of(arguments: list[str] | str) -> dict[str, list[str]]:
    """Arguments by the option that they follow, a later one in place of an earlier one.

    Args:
        arguments (`list[str]` or `str`): Of a command; a string is cut as a shell does.

    Raises:
        DataError: A quotation has no end, or the first is no option.
    """
    try:
        words = shlex.split(arguments) if isinstance(arguments, str) else arguments
    except ValueError as error:
        raise DataError(f"arguments {arguments}: {error}") from error
    options: dict[str, list[str]] = {}
    for word in words:
        if word.startswith("--"):
            option, equals, value = word.partition("=")
            option = "--" + option[2:].replace("-", "_")
            options[option] = current = [value] if equals else []
        elif options:
            current.append(word)
        else:
            raise DataError(f"arguments {arguments}: {word} follows no option")
    return options
