# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The runs of a table: one `labelwise train` each, in a folder of its own.

`run.json` in the folder says what the run is, from the moment it begins: its `system`, `corpus`, `learning_rate`, `seed`,
the `options` that define it, and its `command`. `results.json` is added by `labelwise train` when the run has ended.
The name of a folder is for people; nothing is read from it.
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

import torch
from filelock import lock_descriptor

from labelwise.commands import train
from labelwise.datasets_scripts import UserInputError
from labelwise.reproduction.tables import Corpus, System, Table
from labelwise.runs.checkpoints import PRETRAINING_FOLDER
from labelwise.runs.comparison import describe_difference, describe_documents, options_of, settings_of, words_of
from labelwise.runs.results import load_results
from labelwise.runs.writing import open_file

RUN_NAME = "run.json"
LOG_NAME = "train.log"


def read_run(folder: Path) -> dict | None:
    """Return the results of a run, and under `"run"` the content of its `run.json`; that alone before the run has ended.

    Raises:
        UserInputError: One of the files is corrupted, or `run.json` is missing.
    """
    path, results = folder / RUN_NAME, load_results(folder)
    if not results and not path.is_file():
        return None
    try:
        return {**(results or {}), "run": json.loads(path.read_text("utf-8"))}
    except (OSError, ValueError) as error:
        raise UserInputError(f"{path} cannot be read ({error}); restore it, or move the folder away") from error


@dataclass
class Run:
    """A run of a table.

    Args:
        runs (`Path`): Folder of all runs.
        table (`Table`), corpus (`Corpus`), system (`System`): What the run is of.
        learning_rate (`float`, *optional*): Learning rate; `None` for a system without any.
        seed (`int`): Seed.
        encoder (`str`, *optional*): Pretrained encoder in place of the corpus's.
        data_dir (`str`, *optional*): Folder that contains a folder for each corpus.
        train_arguments (`str`, *optional*): Further options, for the rows that have them.
        num_processes (`int`, *optional*, defaults to 1): Number of processes that share the batches.
    """

    runs: Path
    table: Table
    corpus: Corpus
    system: System
    learning_rate: float | None
    seed: int
    encoder: str = ""
    data_dir: str | None = None
    train_arguments: str = ""
    num_processes: int = 1

    @cached_property
    def name(self) -> str:
        """CORPUS/ROW, with learning rate and seed if they are not the table's first."""
        name = f"{self.corpus.name}/{self.system.name}"
        if self.learning_rate not in (None, *self.system.learning_rates[:1]):
            name += f", learning rate {format_rate(self.learning_rate)}"
        return name + ("" if self.seed == self.table.seeds[0] else f", seed {self.seed}")

    @property
    def folder(self) -> Path:
        """The folder of the run."""
        return self.runs / self.name

    @cached_property
    def needs(self) -> "Run | None":
        """The run whose pre-training this one starts from."""
        source = next((other for other in self.table.systems if other.name == self.system.starts_from), None)
        if self.system.pretraining and self.learning_rate not in (None, *self.system.learning_rates[:1]):
            source = self.system
        return source and replace(self, system=source, learning_rate=next(iter(source.learning_rates), None))

    @cached_property
    def options(self) -> dict[str, list[str]]:
        """The options of `labelwise train` that the row has, but for those that name the folder."""
        options = options_of(self.corpus.arguments)
        if not options.keys() & {"--dataset", "--train_file", "--validation_file", "--test_file"}:
            options = {"--dataset": [self.corpus.name], **options}
        data_dir = Path(self.data_dir or "", *options.get("--dataset", []))
        if self.data_dir and data_dir.is_dir():
            options["--data_dir"] = [str(data_dir)]
        options |= options_of(self.table.arguments) | options_of(self.train_arguments)
        options |= {"--encoder": [self.encoder or self.corpus.encoder or "-"], "--disable_tqdm": ["True"]}
        if self.learning_rate is not None:
            options["--learning_rate"] = [format_rate(self.learning_rate)]
        known = train.option_names(self.system.model)
        start = {"--model_name_or_path": [str(self.needs.folder / PRETRAINING_FOLDER)]} if self.needs else {}
        start = start or options_of(self.system.pretraining)
        options = {option: values for option, values in options.items() if option in known}
        return {**options_of(self.system.arguments), **start, **options, "--seed": [str(self.seed)]}

    @cached_property
    def parsed(self) -> train.TrainingRun:
        """The options as `labelwise train` reads them; a pre-training that the run starts from need not exist yet.

        Raises:
            UserInputError: An option is refused.
        """
        options = self.options
        if self.needs:
            options = {**options, **options_of(self.needs.system.pretraining)}
            del options["--model_name_or_path"]
        try:
            return train.parse(self._command(options)[2:])
        except UserInputError as error:
            raise UserInputError(f"{self.name}: {error}") from error

    @property
    def command(self) -> list[str]:
        """The command that begins or resumes the run. Each process gets its share of a batch.

        Raises:
            UserInputError: A batch cannot be shared.
        """
        options = dict(self.options)
        if self.num_processes > 1:
            sizes = {**vars(self.parsed.model_args), **vars(self.parsed.training_args)}
            names = {"--per_device_train_batch_size"} & train.option_names(self.system.model)
            for option in [*names, *(["--pretraining_batch_size"] if "--pretraining_steps" in options else [])]:
                share, rest = divmod(sizes[option[2:]], self.num_processes)
                if rest:
                    raise UserInputError(
                        f"{option} {sizes[option[2:]]}: {self.num_processes} processes cannot share it"
                    )
                options[option] = [str(share)]
        return self._command(options)

    def _command(self, options: dict[str, list[str]]) -> list[str]:
        return ["labelwise", "train", *words_of(options), "--output_dir", str(self.folder), "--resume"]

    def facts(self) -> dict:
        """Return the content of `run.json`."""
        options = shlex.join(words_of(settings_of(self._command(self.options))))
        facts = {"system": self.system.name, "corpus": self.corpus.name, "learning_rate": self.learning_rate}
        return facts | {"seed": self.seed, "options": options, "command": self.command}

    @property
    def results(self) -> dict | None:
        """The content of `results.json`; `None` before the run has ended."""
        return load_results(self.folder)

    def check(self, documents: dict[str, int]) -> None:
        """Check that the folder contains no run of another row, with other settings, or on other documents.

        Args:
            documents (`dict[str, int]`): Number of documents of each split of the corpus.

        Raises:
            UserInputError: It does.
        """
        record = read_run(self.folder)
        if record is None:
            return
        found, wanted = (
            {"row": [run["system"]], **options_of(run["options"])} for run in (record["run"], self.facts())
        )
        difference = describe_difference(found, wanted)
        if difference:
            raise UserInputError(
                f"{self.folder} contains a run with other settings ({difference}): "
                "name another --output_dir, repeat those settings, or move the folder away"
            )
        if record.get("documents", documents) != documents:
            raise UserInputError(
                f"{self.folder} contains a run on other documents ({describe_documents(record['documents'])}; the corpus "
                f"has {describe_documents(documents)}): name another --output_dir, or move the folder away"
            )

    @contextmanager
    def lock(self, wait: bool) -> Iterator[BinaryIO | None]:
        """Lock the run, and yield the lock file; `None` if another process has the lock and `wait` is false.

        The training gets the empty lock file as standard input. On POSIX, it and its own processes thus keep the lock
        until the last one has ended, even if this process is killed: no second training joins an orphaned one. On
        Windows, the lock ends with this process.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "run.lock").open("a+b") as file:
            yield file if lock_descriptor(file.fileno(), blocking=wait) else None

    def train(self, lock: BinaryIO) -> str:
        """Begin or resume the run in a process of its own, or several.

        Args:
            lock (`BinaryIO`): The file from `lock`.

        Returns:
            `str`: The last line of its log if it failed; empty if it ended well.
        """
        with open_file("--output_dir", str(self.folder / RUN_NAME)) as file:
            file.write(json.dumps(self.facts(), indent=2, ensure_ascii=False) + "\n")
        launch = [sys.executable, "-m"]
        if self.num_processes > 1:
            launch += ["accelerate.commands.launch", "--num_processes", str(self.num_processes)]
            launch += ["--mixed_precision", "no", "--main_process_port", "0"]
            launch += [*([] if torch.accelerator.is_available() else ["--cpu"]), "-m"]
        path = self.folder / LOG_NAME
        with path.open("ab") as log:
            code = _execute([*launch, "labelwise_cli", *self.command[1:]], lock, log)
        if code == 0 and self.results is not None:
            return ""
        lines = path.read_text("utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "no output")


def format_rate(rate: float | None) -> str:
    """Return a learning rate in short, such as 3e-4; `-` for none."""
    mantissa, _, exponent = f"{rate or 0:e}".partition("e")
    return "-" if rate is None else f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def _execute(command: list[str], lock: BinaryIO, log: BinaryIO) -> int:
    return subprocess.run(command, stdin=lock, stdout=log, stderr=log).returncode
