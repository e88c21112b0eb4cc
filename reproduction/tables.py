# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The papers' tables as lists of runs: what is trained, on which corpora, and what was published."""

import math
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from huggingface_hub.dataclasses import strict
from huggingface_hub.errors import StrictDataclassFieldValidationError

from labelwise.commands.train import option_names
from labelwise.datasets_scripts import UserInputError
from labelwise.runs.data import DataArguments
from labelwise.runs.options import SEED_RANGE, is_seed
from labelwise.runs.results import METRICS
from labelwise.runs.settings import options_of

TABLES = Path(__file__).parent / "definitions"
SYSTEMS = TABLES / "systems.toml"
# Options that `reproduce` sets for each run, or that would keep a stopped run from resuming.
RUN_OPTIONS = {"--output_dir", "--resume", "--overwrite", "--seed", "--learning_rate", "--encoder"}
RUN_OPTIONS |= {"--save_only_model", "--push_to_hub"}
ROW_OPTIONS = {"--model", "--model_name_or_path", "--freeze_encoder", "--template"}
DATA_OPTIONS = {f"--{part.name}" for part in fields(DataArguments)}
NAMING_OPTIONS = {"--dataset", "--config_name", "--data_dir", "--train_file", "--validation_file", "--test_file"}


@strict
@dataclass
class System:
    """A row: what it trains.

    Args:
        name (`str`): Name of the row, and of the folders of its runs.
        arguments (`str`): Arguments of `labelwise train`, with `--model`.
        learning_rates (`list[float]`, *optional*): The grid that validation chooses from; empty for training without a
            learning rate.
        pretraining (`str`, *optional*): Arguments of a label-wise pre-training in the run at the first learning rate;
            those at other rates start from it.
        starts_from (`str`, *optional*): The row whose pre-training it starts from.
    """

    name: str
    arguments: str
    learning_rates: list[int | float] = field(default_factory=list)
    pretraining: str = ""
    starts_from: str = ""

    @property
    def model(self) -> str:
        """Value of `--model`."""
        return " ".join(options_of(self.arguments).get("--model", []))


@strict
@dataclass
class Corpus:
    """A part of a table.

    Args:
        name (`str`): Name of the folder of its runs.
        split (`str`): The documents of training, validation and test, in words.
        arguments (`str`, *optional*): Options of all its runs; without `--dataset` or files, the corpus of that name.
        encoder (`str`, *optional*): The pretrained encoder of the rows that need one.
        published (`dict[str, list[str]]`, *optional*): By row, the printed value of each of the table's metrics.
        notes (`str`, *optional*): Notes on the published numbers; Markdown.
    """

    name: str
    split: str
    arguments: str = ""
    encoder: str = ""
    published: dict[str, list[str]] = field(default_factory=dict)
    notes: str = ""


@strict
@dataclass
class Table:
    """A table of a paper, or the user's own.

    Args:
        title (`str`), paper (`str`): The title, and the source of the published numbers.
        seeds (`list[int]`): The first one chooses the learning rates.
        metrics (`list[str]`): Columns, some of `results.METRICS`.
        systems (`list[System]`): Rows, in order.
        corpora (`list[Corpus]`): Parts, in order.
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
    """Return the names of the tables that come with the package."""
    return sorted(path.stem for path in TABLES.glob("*.toml") if path != SYSTEMS)


def load_table(name: str) -> Table:
    """Load a table.

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
    with located(str(path)):
        content = read_toml(path)
        definitions = content.pop("definitions", {})
        if not isinstance(definitions, dict):
            raise UserInputError("definitions: must be parts that begin with [definitions.NAME]")
        definitions = read_toml(SYSTEMS) | definitions
        names = _take_list(content, "systems", str)
        for row in names:
            if row not in definitions:
                raise UserInputError(f"no system {row}; known: {', '.join(definitions)}; or add [definitions.NAME]")
        content["systems"] = [make_strict(System, f"system {row}", definitions[row], name=row) for row in names]
        content["corpora"] = [make_strict(Corpus, "corpora", part) for part in _take_list(content, "corpora", dict)]
        table = make_strict(Table, "table", content)
        _check(table)
    return table


@contextmanager
def located(place: str) -> Iterator[None]:
    """Put the place in front of an error."""
    try:
        yield
    except UserInputError as error:
        raise UserInputError(f"{place}: {error}") from error


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises:
        UserInputError: It is no TOML.
    """
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UserInputError(f"cannot be read: {error}") from error


def make_strict(kind: type, place: str, entry: Any, **given: str) -> Any:
    """Make a strict dataclass from the values of a file.

    Args:
        kind (`type`): The dataclass.
        place (`str`): The part of the file, for errors.
        entry (`dict`): The values by field.
        given: Values of fields that the file may not set.

    Raises:
        UserInputError: A field is missing or unknown, or its value is of another type.
    """
    try:
        return kind(**given, **entry)
    except StrictDataclassFieldValidationError as error:
        cause: BaseException = error
        while cause.__cause__:  # the innermost names the item
            cause = cause.__cause__
        raise UserInputError(f"{place}: {str(cause).partition('. Errors')[0]}") from error
    except TypeError as error:  # a key is missing or unknown, or the entry is no dict
        raise UserInputError(f"{place}: {str(error).partition('() ')[2] or error}") from error


def _take_list(content: dict[str, Any], key: str, kind: type) -> list[Any]:
    value = content.pop(key, None)
    if not isinstance(value, list) or not value or not all(isinstance(item, kind) for item in value):
        raise UserInputError(f"{key}: must be a list of type {kind.__name__}, at least one")
    return value


def _check(table: Table) -> None:
    rows = [system.name for system in table.systems]
    for kind, names in (("system", rows), ("corpus", [corpus.name for corpus in table.corpora])):
        for name in names:
            if names.count(name) > 1:
                raise UserInputError(f"{kind} {name}: is listed twice")
            if name in ("", "..") or Path(name).name != name or not name.isprintable():
                raise UserInputError(f"{kind} {name!r}: must be the name of a folder, without slashes")
    if not table.seeds or len(set(table.seeds)) < len(table.seeds) or not all(map(is_seed, table.seeds)):
        raise UserInputError(f"seeds: at least one, each once; must be {SEED_RANGE}")
    if not table.metrics or not set(table.metrics) <= set(METRICS):
        raise UserInputError(f"metrics: at least one, each one of {', '.join(METRICS)}")
    pretrained = [system.name for system in table.systems if system.pretraining]
    for system in table.systems:
        with located(f"system {system.name}"):
            _check_system(system, pretrained)
    with located("arguments"):
        check_options(table.arguments, RUN_OPTIONS | ROW_OPTIONS | NAMING_OPTIONS, table.systems)
    for corpus in table.corpora:
        with located(f"corpus {corpus.name}: arguments"):
            check_options(corpus.arguments, RUN_OPTIONS | ROW_OPTIONS, table.systems)
        for row, numbers in corpus.published.items():
            if row not in rows or len(numbers) != len(table.metrics):
                raise UserInputError(f"corpus {corpus.name}: published {row}: must be a row, with a value per metric")


def _check_system(system: System, pretrained: list[str]) -> None:
    with located("arguments"):
        check_options(system.arguments, RUN_OPTIONS | DATA_OPTIONS, [system])
    with located("pretraining"):
        check_options(system.pretraining, RUN_OPTIONS | DATA_OPTIONS | ROW_OPTIONS, [system])
        if system.pretraining and "--pretraining_steps" not in options_of(system.pretraining):
            raise UserInputError("must contain --pretraining_steps")
    rates = system.learning_rates
    if len(set(rates)) < len(rates) or not all(0 < rate < math.inf for rate in rates):
        raise UserInputError("learning_rates: must be > 0, each once")
    if system.starts_from and (system.pretraining or system.starts_from not in pretrained):
        raise UserInputError("starts_from: must be another system of the table, one with a pretraining")


def check_options(arguments: str, reserved: set[str], systems: list[System]) -> None:
    """Check the arguments of a table, of a part of it, or of `--train_arguments`.

    Args:
        arguments (`str`): The arguments.
        reserved (`set[str]`): The options that are set elsewhere.
        systems (`list[System]`): The rows that the arguments reach.

    Raises:
        UserInputError: An option is reserved, or no row has it.
    """
    known = set().union(*(option_names(system.model) for system in systems))
    for option in options_of(arguments):
        if option in reserved:
            raise UserInputError(f"{option}: is set elsewhere in the table")
        if option not in known:
            raise UserInputError(f"{option}: no row has this option")
