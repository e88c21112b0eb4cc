# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The runs of a table: one `labelwise train` each, in a folder of its own.

`run.json` in the folder says from the beginning what the run is; `labelwise train` adds `results.json` at the end.
Together they are the record of the run. The name of the folder is for people; nothing is read from it.
"""

import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from ..commands import train
from ..errors import UserInputError, error_in
from ..json_text import dump_json
from ..runs.checkpoints import PRETRAINING_FOLDER
from ..runs.comparison import describe_difference, describe_documents, format_rate, options_of, settings_of, words_of
from ..runs.locking import hold_folder
from ..runs.processes import execute, git_revision, last_line
from ..runs.results import load_results
from ..runs.writing import open_file
from ..secret_tokens import hide_tokens
from .tables import Corpus, System, Table

RUN_NAME = "run.json"
LOG_NAME = "train.log"
_ROOT = Path(__file__).resolve().parents[1]


def read_run(folder: Path) -> dict | None:
    """Return `results.json`, empty before the run has ended, with `run.json` as its `"run"`; `None` without either."""
    path, results = folder / RUN_NAME, load_results(folder) or {}
    if not results and not path.is_file():
        return None
    try:
        return {**results, "run": json.loads(path.read_text("utf-8"))}
    except (OSError, ValueError) as error:
        raise UserInputError(f"{path} cannot be read ({error}); restore it, or move the folder away") from error


@dataclass
class Run:
    """A run of a table."""

    runs: Path  # folder of all runs
    table: Table
    corpus: Corpus
    system: System
    learning_rate: float | None  # `None` for a system without any
    seed: int
    data_dir: str | None = None  # folder that contains a folder for each corpus

    def __post_init__(self) -> None:
        is_later = self.learning_rate not in (None, *self.system.learning_rates[:1])
        self.name = f"{self.corpus.name}/{self.system.name}"
        self.name += f", learning rate {format_rate(self.learning_rate)}" if is_later else ""
        self.name += f", seed {self.seed}" if self.seed != self.table.seeds[0] else ""
        self.folder = self.runs / self.name
        self.needs = None  # the run whose pre-training this one starts from
        source = self.system.name if self.system.pretraining and is_later else self.system.starts_from
        for system in self.table.systems:
            if system.name == source:
                self.needs = replace(self, system=system, learning_rate=next(iter(system.learning_rates), None))

    @cached_property
    def options(self) -> dict[str, list[str]]:
        """Options of `labelwise train` but for the folder's: those of the row, and the shared ones that it has."""
        return self._options(self.needs)

    def _options(self, needs: "Run | None") -> dict[str, list[str]]:
        """Return the options of a run that starts from the pre-training of another one, or of a new model."""
        shared = options_of(self.corpus.arguments)
        if not shared.keys() & {"--dataset", "--train_file", "--validation_file", "--test_file"}:
            shared = {"--dataset": [self.corpus.name], **shared}
        data_dir = Path(self.data_dir or "", *shared.get("--dataset", []))
        if self.data_dir and "--dataset" in shared and data_dir.is_dir():
            shared["--data_dir"] = [str(data_dir)]
        shared |= options_of(self.table.arguments)
        shared |= {"--encoder": [self.corpus.encoder or "-"], "--disable_tqdm": ["True"]}
        options = options_of(self.system.arguments)
        if needs:
            options["--model_name_or_path"] = [str(needs.folder / PRETRAINING_FOLDER)]
        else:
            options |= options_of(self.system.pretraining)
        known = train.option_names(self.system.model, from_checkpoint=needs is not None)
        options |= {option: values for option, values in shared.items() if option in known}
        options |= {"--learning_rate": [format_rate(self.learning_rate)]} if self.learning_rate is not None else {}
        return options | {"--seed": [str(self.seed)]}

    def parse(self) -> train.TrainingRun:
        """Read the options as `labelwise train` does; a pre-training that the run starts from need not exist yet."""
        options = self._options(None)
        if self.needs:
            options |= options_of(self.needs.system.pretraining)
        with error_in(self.name):
            return train.parse([*words_of(options), "--output_dir", str(self.folder), "--resume"])

    def command(self) -> list[str]:
        """Return the command that begins or resumes the run."""
        return ["labelwise", "train", *words_of(self.options), "--output_dir", str(self.folder), "--resume"]

    def facts(self) -> dict:
        """Return the content of `run.json`."""
        facts = {"system": self.system.name, "corpus": self.corpus.name, "learning_rate": self.learning_rate}
        options = shlex.join(words_of(settings_of(self.command())))
        # An installed package may lie in a checkout of something else.
        revision = git_revision(_ROOT) if (_ROOT / ".git").exists() else "unknown"
        return {**facts, "seed": self.seed, "options": options, "command": self.command(), "revision": revision}

    @property
    def results(self) -> dict | None:
        """The content of `results.json`; `None` before the run has ended."""
        return load_results(self.folder)

    def difference(self, record: dict, documents: dict[str, int] | None = None) -> str:
        """Describe in what a record is not of this run; empty if it is. Documents are compared if they are given."""
        found, wanted = map(_settings, (record["run"], self.facts()))
        if documents and "documents" in record:
            found["documents"] = [describe_documents(record["documents"])]
            wanted["documents"] = [describe_documents(documents)]
        return describe_difference(found, wanted)

    def check_record(self, documents: dict[str, int]) -> None:
        """Refuse a folder that contains a run with other settings or documents."""
        record = read_run(self.folder)
        if record and (difference := self.difference(record, documents)):
            raise UserInputError(
                f"{self.folder} contains a run with other settings ({difference}): repeat those settings, name "
                "another --output_dir, or move the folder away"
            )

    @contextmanager
    def lock(self, wait: bool) -> Iterator[BinaryIO | None]:
        """Lock the folder of the run, and yield the lock file; `None` if another process has the lock and `wait` is
        false.

        The training gets the lock file as standard input, and thus keeps the lock on POSIX, even if this process is
        killed: no second training joins an orphaned one. On Windows, the lock ends with this process.
        """
        with hold_folder("--output_dir", self.folder, wait=wait) as file:
            yield file

    def train(self, lock: BinaryIO) -> str:
        """Begin or resume the run in a process of its own; return the last line of its log if it fails."""
        with open_file("--output_dir", str(self.folder / RUN_NAME)) as file:
            file.write(hide_tokens(dump_json(self.facts(), indent=2)) + "\n")
        path = self.folder / LOG_NAME
        with path.open("ab") as log:
            code = execute([sys.executable, "-m", "labelwise_cli", *self.command()[1:]], lock, log)
        if code < 0:
            return f"ended by signal {-code}; 9 may be the system's, for lack of memory"
        return "" if code == 0 and self.results else last_line(path) or f"exit status {code}"


def _settings(run: dict) -> dict[str, list[str]]:
    """Return what defines a run, of the content of its `run.json`."""
    rate, seed = format_rate(run["learning_rate"]), str(run["seed"])
    return {"row": [run["system"]], **options_of(run["options"]), "--learning_rate": [rate], "--seed": [seed]}
