# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The runs of a table: one `labelwise train` each, in a folder of its own.

`run.json` in the folder says what the run is, from the moment it begins: its `system`, `corpus`, `learning_rate`,
`seed`, the `options` that define it, and its `command`. `labelwise train` adds `results.json` when the run has ended.
Together they are the record of the run. The name of the folder is for people; nothing is read from it.
"""

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from filelock import lock_descriptor

from ..commands import train
from ..errors import UserInputError
from ..runs.checkpoints import PRETRAINING_FOLDER
from ..runs.comparison import describe_difference, describe_documents, options_of, settings_of, words_of
from ..runs.results import load_results
from ..runs.writing import open_file
from .tables import Corpus, System, Table

RUN_NAME = "run.json"
LOG_NAME = "train.log"


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
    encoder: str = ""  # in place of the corpus's
    data_dir: str | None = None  # folder that contains a folder for each corpus
    train_arguments: str = ""  # further options, for the rows that have them
    num_processes: int = 1  # that share the batches

    def __post_init__(self) -> None:
        is_later = self.learning_rate not in (None, *self.system.learning_rates[:1])
        self.name = f"{self.corpus.name}/{self.system.name}"
        self.name += f", learning rate {format_rate(self.learning_rate)}" if is_later else ""
        self.name += f", seed {self.seed}" if self.seed != self.table.seeds[0] else ""
        self.folder = self.runs / self.name
        self.needs = None  # the run whose pre-training this one starts from
        source = next((other for other in self.table.systems if other.name == self.system.starts_from), None)
        if self.system.pretraining and is_later:
            source = self.system
        if source:
            self.needs = replace(self, system=source, learning_rate=next(iter(source.learning_rates), None))

    @cached_property
    def options(self) -> dict[str, list[str]]:
        """Options of `labelwise train` but for the folder's: those of the row, and the shared ones that it has."""
        shared = options_of(self.corpus.arguments)
        if not shared.keys() & {"--dataset", "--train_file", "--validation_file", "--test_file"}:
            shared = {"--dataset": [self.corpus.name], **shared}
        data_dir = Path(self.data_dir or "", *shared.get("--dataset", []))
        if self.data_dir and "--dataset" in shared and data_dir.is_dir():
            shared["--data_dir"] = [str(data_dir)]
        shared |= options_of(self.table.arguments) | options_of(self.train_arguments)
        shared |= {"--encoder": [self.encoder or self.corpus.encoder or "-"], "--disable_tqdm": ["True"]}
        options = options_of(self.system.arguments)
        if self.needs:
            options["--model_name_or_path"] = [str(self.needs.folder / PRETRAINING_FOLDER)]
        else:
            options |= options_of(self.system.pretraining)
        known = train.option_names(self.system.model)
        options |= {option: values for option, values in shared.items() if option in known}
        options |= {"--learning_rate": [format_rate(self.learning_rate)]} if self.learning_rate is not None else {}
        return options | {"--seed": [str(self.seed)]}

    def parse(self) -> train.TrainingRun:
        """Read the options as `labelwise train` does; a pre-training that the run starts from need not exist yet."""
        options = dict(self.options)
        if self.needs:
            del options["--model_name_or_path"]
            options |= options_of(self.needs.system.pretraining)
        try:
            return train.parse([*words_of(options), "--output_dir", str(self.folder), "--resume"])
        except UserInputError as error:
            raise UserInputError(f"{self.name}: {error}") from error

    def command(self) -> list[str]:
        """Return the command that begins or resumes the run; each of several processes gets its share of a batch."""
        options = dict(self.options)
        if self.num_processes > 1:
            run, known = self.parse(), train.option_names(self.system.model)
            sizes = {**vars(run.model_args), **vars(run.training_args)}
            pretrains = ["--pretraining_batch_size"] if "--pretraining_steps" in options else []
            for option in known.intersection(["--per_device_train_batch_size", *pretrains]):
                share, rest = divmod(sizes[option[2:]], self.num_processes)
                if rest:
                    raise UserInputError(
                        f"{option} {sizes[option[2:]]}: {self.num_processes} processes cannot share it"
                    )
                options[option] = [str(share)]
        return ["labelwise", "train", *words_of(options), "--output_dir", str(self.folder), "--resume"]

    def facts(self) -> dict:
        """Return the content of `run.json`; the batches in its options are those of all processes together."""
        facts = {"system": self.system.name, "corpus": self.corpus.name, "learning_rate": self.learning_rate}
        options = settings_of(["labelwise", "train", *words_of(self.options)])
        return {**facts, "seed": self.seed, "options": shlex.join(words_of(options)), "command": self.command()}

    @property
    def results(self) -> dict | None:
        """The content of `results.json`; `None` before the run has ended."""
        return load_results(self.folder)

    def check(self, documents: dict[str, int]) -> None:
        """Raise `UserInputError` if the folder contains a run of another row, with other settings or documents."""
        record = read_run(self.folder)
        if record is None:
            return
        runs = (record["run"], self.facts())
        found, wanted = ({"row": [run["system"]], **options_of(run["options"])} for run in runs)
        if "documents" in record:
            found["documents"], wanted["documents"] = (
                [describe_documents(n)] for n in (record["documents"], documents)
            )
        difference = describe_difference(found, wanted)
        if difference:
            raise UserInputError(
                f"{self.folder} contains a run with other settings ({difference}): repeat those settings, name another "
                "--output_dir, or move the folder away"
            )

    @contextmanager
    def lock(self, wait: bool) -> Iterator[BinaryIO | None]:
        """Lock the run, and yield the lock file; `None` if another process has the lock and `wait` is false.

        The training gets the empty lock file as standard input. On POSIX, it and its processes thus keep the lock until
        the last one has ended, even if this process is killed: no second training joins an orphaned one. On Windows,
        the lock ends with this process.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "run.lock").open("a+b") as file:
            yield file if lock_descriptor(file.fileno(), blocking=wait) else None

    def train(self, lock: BinaryIO) -> str:
        """Begin or resume the run in processes of its own; return the last line of its log if it fails."""
        with open_file("--output_dir", str(self.folder / RUN_NAME)) as file:
            file.write(json.dumps(self.facts(), indent=2, ensure_ascii=False) + "\n")
        launch = [sys.executable, "-m"]
        if self.num_processes > 1:
            launch += ["torch.distributed.run", "--standalone", "--nproc-per-node", str(self.num_processes), "-m"]
        path = self.folder / LOG_NAME
        with path.open("ab") as log:
            code = _execute([*launch, "labelwise_cli", *self.command()[1:]], lock, log)
        if code == 0 and self.results:
            return ""
        return (path.read_text("utf-8", errors="replace").strip() or "no output").split("\n")[-1]


def format_rate(rate: float | None) -> str:
    """Return a learning rate in short, such as 3e-4; `-` for none."""
    mantissa, _, exponent = f"{rate or 0:e}".partition("e")
    return "-" if rate is None else f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def _execute(command: list[str], lock: BinaryIO, log: BinaryIO) -> int:
    return subprocess.run(command, stdin=lock, stdout=log, stderr=log).returncode
