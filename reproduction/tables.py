# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The tables of the papers: rows, corpora and published numbers, read from TOML files."""

import math
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path

from huggingface_hub.dataclasses import strict
from huggingface_hub.errors import StrictDataclassError

from labelwise.commands.train import option_names
from labelwise.datasets_scripts import UserInputError
from labelwise.runs.comparison import options_of
from labelwise.runs.data import DataArguments
from labelwise.runs.options import is_seed
from labelwise.runs.results import METRICS

TABLES = Path(__file__).parent / "definitions"
SYSTEMS = TABLES / "systems.toml"

# Options that can be set in one place only. Those of a run are set by `reproduce`; without its optimizer state a run
# could not be resumed.
_RUN = ["output_dir", "resume", "overwrite", "seed", "learning_rate", "encoder", "save_only_model", "push_to_hub"]
_PLACES = {f"--{name}": "run" for name in _RUN}
_PLACES |= {f"--{name}": "system" for name in ("model", "model_name_or_path", "freeze_encoder", "template")}
_PLACES |= {f"--{part.name}": "corpus" for part in fields(DataArguments)}


def check_options(arguments: str, place: str, models: list[str]) -> None:
    """Check that options are allowed in their place, and that they have an effect.

    Args:
        arguments (`str`): Options of `labelwise train`.
        place (`str`): `system`, `corpus`, or another part of the table.
        models (`list[str]`): The `--model` of every row that the options reach.

    Raises:
        UserInputError: An option belongs to another place, or no row has it.
    """
    known = set().union(*map(option_names, models))
    for option in options_of(arguments):
        if _PLACES.get(option, place) != place:
            raise UserInputError(f"{option}: it is set elsewhere in the table")
        if option not in known:
            raise UserInputError(f"{option}: no row has this option")


@strict
@dataclass
class System:
    """A row of a table.

    Args:
        name (`str`): Name of the row.
        arguments (`str`): Options of `labelwise train`, `--model` among them.
        learning_rates (`list[float]`, *optional*): Learning rates that validation chooses from; empty for models that
            are not trained by steps.
        pretraining (`str`, *optional*): Options of a label-wise pre-training in the run at the first learning rate;
            runs at the other rates start from it.
        starts_from (`str`, *optional*): Name of the row whose pre-training this one starts from.
    """

    name: str
    arguments: str
    learning_rates: list[float] = field(default_factory=list)
    pretraining: str = ""
    starts_from: str = ""

    def __post_init__(self) -> None:
        with _part("arguments"):
            check_options(self.arguments, "system", [self.model])
        with _part("pretraining"):
            check_options(self.pretraining, "pretraining", [self.model])
            if self.pretraining and "--pretraining_steps" not in options_of(self.pretraining):
                raise UserInputError("set --pretraining_steps")
        rates = self.learning_rates
        if len(set(rates)) < len(rates) or not all(0 < rate < math.inf for rate in rates):
            raise UserInputError("learning_rates must be > 0, each once")
        if self.starts_from and self.pretraining:
            raise UserInputError("set pretraining or starts_from, not both")

    @property
    def model(self) -> str:
        """The model that the row trains."""
        return " ".join(options_of(self.arguments).get("--model", []))


@strict
@dataclass
class Corpus:
    """A part of a table.

    Args:
        name (`str`): Name of the part, and of the folder of its runs.
        split (`str`): Description of the training, validation and test documents.
        arguments (`str`, *optional*): Options of all runs of the part. Without `--dataset` or files, the part is of the
            corpus of that name.
        encoder (`str`, *optional*): Pretrained encoder of the rows that need one.
        published (`dict[str, list[str]]`, *optional*): By row, the published number for each metric of the table.
        notes (`str`, *optional*): Remarks on the published numbers, in Markdown.
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
        title (`str`): Title of the table.
        paper (`str`): Source of the published numbers.
        seeds (`list[int]`): Seeds of each row; the first one chooses the learning rates.
        metrics (`list[str]`): Columns, of `results.METRICS`.
        systems (`list[System]`): Rows, in order.
        corpora (`list[Corpus]`): Parts, in order.
        arguments (`str`, *optional*): Options of all runs.
    """

    title: str
    paper: str
    seeds: list[int]
    metrics: list[str]
    systems: list[System]
    corpora: list[Corpus]
    arguments: str = ""

    def __post_init__(self) -> None:
        for key in ("systems", "corpora", "seeds", "metrics"):
            if not getattr(self, key):
                raise UserInputError(f"{key}: name at least one")
        for key in ("systems", "corpora"):
            names = [part.name for part in getattr(self, key)]
            for name in names:
                if names.count(name) > 1:
                    raise UserInputError(f"{key}: {name}: name it once")
                if name in ("", "..") or Path(name).name != name or not name.isprintable():
                    raise UserInputError(f"{key}: {name!r}: its runs go to a folder of that name; leave out slashes")
        if len(set(self.seeds)) < len(self.seeds) or not all(map(is_seed, self.seeds)):
            raise UserInputError("seeds must be >= 0 and < 2**32, each once")
        unknown = [metric for metric in self.metrics if metric not in METRICS]
        if unknown:
            raise UserInputError(f"metrics: {unknown[0]} is unknown; known: {', '.join(METRICS)}")
        pretrained = ["", *(system.name for system in self.systems if system.pretraining)]
        for system in self.systems:
            if system.starts_from not in pretrained:
                raise UserInputError(
                    f"systems: {system.name}: no row {system.starts_from} with a pretraining to start from"
                )
        models = [system.model for system in self.systems]
        with _part("arguments"):
            check_options(self.arguments, "table", models)
        for corpus in self.corpora:
            with _part(f"corpora: {corpus.name}: arguments"):
                check_options(corpus.arguments, "corpus", models)
            for row, numbers in corpus.published.items():
                if row not in [system.name for system in self.systems] or len(numbers) != len(self.metrics):
                    raise UserInputError(
                        f"corpora: {corpus.name}: published {row}: give a row of the table a number for each metric"
                    )


def table_names() -> list[str]:
    """Return the names of the papers' tables."""
    return sorted(path.stem for path in TABLES.glob("*.toml") if path != SYSTEMS)


def system_names() -> list[str]:
    """Return the names of the papers' rows, in the order of `systems.toml`."""
    return list(_read(SYSTEMS))


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
    with _part(str(path)):
        content = _read(path)
        with _part("definitions"):
            definitions = {**_read(SYSTEMS), **content.pop("definitions", {})}
        with _part("systems"):
            content["systems"] = [_make_system(name, definitions) for name in content.get("systems", [])]
        with _part("corpora"):
            content["corpora"] = [Corpus(**entry) for entry in content.get("corpora", [])]
        return Table(**content)


def _make_system(name: str, definitions: dict[str, dict]) -> System:
    if name not in definitions:
        raise UserInputError(f"no system {name}; known: {', '.join(definitions)}; or add [definitions.NAME]")
    with _part(name):
        return System(name=name, **definitions[name])


def _read(path: Path) -> dict:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError) as error:
        raise UserInputError(f"it cannot be read: {error}") from error


@contextmanager
def _part(name: str) -> Iterator[None]:
    """Add the name of a part of the table to an error in it."""
    try:
        yield
    except UserInputError as error:
        raise UserInputError(f"{name}: {error}") from error
    except TypeError as error:  # of a constructor: a key is unknown or missing
        raise UserInputError(f"{name}: {str(error).rpartition('() ')[2]}") from error
    except StrictDataclassError as error:
        cause = error
        while cause.__cause__:  # the innermost one says which value
            cause = cause.__cause__
        raise UserInputError(f"{name}: {cause}") from error
