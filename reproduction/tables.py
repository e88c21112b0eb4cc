# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The tables of the papers: rows, corpora and published numbers, read from TOML files."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from huggingface_hub.dataclasses import strict

from ..commands.train import option_names
from ..errors import UserInputError, error_in
from ..runs.comparison import options_of
from ..runs.options import SEED_RANGE, is_seed
from ..runs.results import METRICS

TABLES = Path(__file__).parent / "definitions"
SYSTEMS = TABLES / "systems.toml"
# `reproduce` sets these itself; without its optimizer state a run could not be resumed.
RUN_OPTIONS = {"--output_dir", "--resume", "--overwrite", "--seed", "--learning_rate", "--encoder"}
RUN_OPTIONS |= {"--save_only_model", "--push_to_hub"}
_ROW_OPTIONS = {"--model", "--model_name_or_path", "--freeze_encoder", "--template"}


def check_options(arguments: str, models: list[str], reserved: set[str] = RUN_OPTIONS | _ROW_OPTIONS) -> None:
    """Refuse options that are reserved, or that no row has; `labelwise train` checks their values."""
    known = set().union(*map(option_names, models))
    for option in options_of(arguments):
        if option in reserved or option not in known:
            raise UserInputError(f"{option}: {'set elsewhere' if option in reserved else 'no row has this option'}")


@strict
@dataclass
class System:
    """A row of a table."""

    name: str
    arguments: str  # options of `labelwise train`, `--model` among them
    learning_rates: list[float] = field(default_factory=list)  # validation chooses; none where they have no effect
    pretraining: str = ""  # options of a label-wise pre-training at the first rate; runs at the others start from it
    starts_from: str = ""  # name of the row whose pre-training this one starts from

    def __post_init__(self) -> None:
        if self.pretraining and (self.starts_from or "--pretraining_steps" not in options_of(self.pretraining)):
            raise UserInputError("pretraining: set --pretraining_steps, and no starts_from")
        if len(set(self.learning_rates)) < len(self.learning_rates) or not all(0 < r < 1 for r in self.learning_rates):
            raise UserInputError("learning_rates must be > 0 and < 1, each once")
        for key in ("arguments", "pretraining"):
            with error_in(key):
                check_options(getattr(self, key), [self.model], RUN_OPTIONS)

    @property
    def model(self) -> str:
        """The model that the row trains."""
        return " ".join(options_of(self.arguments).get("--model", []))


@strict
@dataclass
class Corpus:
    """A part of a table."""

    name: str  # also of the folder of its runs
    split: str  # training, validation and test documents, in words
    arguments: str = ""  # options of all its runs; without `--dataset` or files, the corpus of that name
    encoder: str = ""  # pretrained encoder of the rows that need one
    published: dict[str, list[str]] = field(default_factory=dict)  # by row, a number for each metric of the table
    notes: str = ""  # remarks on the published numbers, in Markdown


@strict
@dataclass
class Table:
    """A table of a paper, or the user's own."""

    title: str
    paper: str  # source of the published numbers
    seeds: list[int]  # the first one chooses the learning rates
    metrics: list[str]  # columns, of `results.METRICS`
    systems: list[System]
    corpora: list[Corpus]
    arguments: str = ""  # options of all runs

    def __post_init__(self) -> None:
        names = {key: [part.name for part in getattr(self, key)] for key in ("systems", "corpora")}
        for key, values in {**names, "seeds": self.seeds, "metrics": self.metrics}.items():
            if not values or len(set(values)) < len(values):
                raise UserInputError(f"{key}: name at least one, each once")
        for name in names["systems"] + names["corpora"]:
            if name in ("", "..") or Path(name).name != name or not name.isprintable():
                raise UserInputError(f"{name!r}: its runs go to a folder of that name; leave out slashes")
        wrong = [name for name in self.metrics if name not in METRICS] + [n for n in self.seeds if not is_seed(n)]
        if wrong:
            raise UserInputError(f"{wrong[0]}: metrics are {', '.join(METRICS)}; seeds are {SEED_RANGE}")
        pretrained = {"", *(system.name for system in self.systems if system.pretraining)}
        for system in self.systems:
            if system.starts_from not in pretrained:
                raise UserInputError(f"systems: {system.name}: starts_from: no row with a pretraining has this name")
        models = [system.model for system in self.systems]
        with error_in("arguments"):
            check_options(self.arguments, models)
        for corpus in self.corpora:
            with error_in(f"corpora: {corpus.name}"):
                check_options(corpus.arguments, models)
                for row, numbers in corpus.published.items():
                    if row not in names["systems"] or len(numbers) != len(self.metrics):
                        raise UserInputError(f"published: {row}: give a row of the table a number for each metric")


def table_names() -> list[str]:
    """Return the names of the papers' tables."""
    return sorted(path.stem for path in TABLES.glob("*.toml") if path != SYSTEMS)


def load_table(name: str) -> Table:
    """Load one of `table_names()`, or a TOML file, whose `systems` are those of `systems.toml` or its `definitions`."""
    path = TABLES / f"{name}.toml" if name in table_names() else Path(name)
    if not path.is_file():
        raise UserInputError(f"there is no table {name}; known: {', '.join(table_names())}; or name a .toml file")
    with error_in(str(path)):
        content, systems = read_toml(path), []
        definitions = {**read_toml(SYSTEMS), **content.pop("definitions", {})}
        for row in content.get("systems", []):
            with error_in(f"systems: {row}"):
                if row not in definitions:
                    raise UserInputError(f"there is no such system; known: {', '.join(definitions)}")
                systems.append(System(name=row, **definitions[row]))
        with error_in("corpora"):
            corpora = [Corpus(**entry) for entry in content.get("corpora", [])]
        return Table(**{**content, "systems": systems, "corpora": corpora})


def read_toml(path: Path) -> dict:
    """Read a TOML file, also one with a byte order mark."""
    return tomllib.loads(path.read_text("utf-8-sig"))
