# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The runs of a table: one `labelwise train` each, in a folder of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

import torch
from filelock import FileLock, Timeout
from huggingface_hub.dataclasses import strict

from labelwise.commands.train import option_names, parse
from labelwise.datasets_scripts import UserInputError
from labelwise.reproduction.tables import Corpus, System, Table, make_strict
from labelwise.runs.base_run import check_training_arguments
from labelwise.runs.checkpoints import PRETRAINING_FOLDER
from labelwise.runs.results import RESULTS_NAME, load_results
from labelwise.runs.settings import describe_difference, describe_documents, options_of, settings_of, words_of
from labelwise.runs.training import TrainingRun
from labelwise.runs.writing import open_file

RUN_NAME = "run.json"
LOG_NAME = "train.log"
LOCK_NAME = "run.lock"


@strict
@dataclass
class RunRecord:
    """Facts of a run, written to `run.json` when it begins; `learning_rate` is `None` where training has none."""

    system: str
    corpus: str
    learning_rate: int | float | None
    seed: int
    options: dict[str, list[str]]
    command: list[str]


def read_record(folder: Path) -> RunRecord | None:
    """Read `run.json`; return `None` where there is none.

    Raises:
        UserInputError: It is corrupted.
    """
    path = folder / RUN_NAME
    if not path.is_file():
        return None
    try:
        return make_strict(RunRecord, str(path), json.loads(path.read_text("utf-8")))
    except ValueError as error:
        raise UserInputError(f"{path} is corrupted ({error}); restore it, or move the folder away") from error


@dataclass
class Run:
    """One run of a table.

    Args:
        folder (`Path`): CORPUS/NAME in the folder of all runs.
        record (`RunRecord`): What it is.
        needs (`Run`, *optional*): The run whose pre-training it starts from.
        num_processes (`int`, *optional*, defaults to 1): Processes that share its batches.
    """

    folder: Path
    record: RunRecord
    needs: "Run | None" = None
    num_processes: int = 1

    @property
    def name(self) -> str:
        return f"{self.record.corpus}/{self.folder.name}"

    @property
    def results(self) -> dict[str, Any] | None:
        """Contents of `results.json`; `None` before the run has ended."""
        return load_results(self.folder)

    def judge(self) -> TrainingRun:
        """Check the command as `labelwise train` does, and return what it parses to.

        Raises:
            UserInputError: An option is unknown, missing or out of range.
        """
        options = dict(self.record.options)
        if self.needs:  # has no checkpoint yet: check with the options of its pre-training instead
            del options["--model_name_or_path"]
            options |= {name: value for name, value in self.needs.record.options.items() if "--pretraining_" in name}
        try:
            training = parse([*words_of(options), "--output_dir", str(self.folder)])
            check_training_arguments(training.training_args)
        except UserInputError as error:
            raise UserInputError(f"{self.name}: {error}") from error
        return training

    def check(self, documents: dict[str, int]) -> None:
        """Refuse a folder that contains a run with other settings, or on other documents.

        Args:
            documents (`dict[str, int]`): Number of documents of each split, as the corpus is today.
        """
        if self.needs:
            self.needs.check(documents)
        found, results, advice = read_record(self.folder), self.results, "name another --output_dir"
        if found is None:
            if results:
                raise UserInputError(f"{self.folder} contains a model without {RUN_NAME}: {advice}")
            return
        processes = results.get("num_processes", 1) if results else self.num_processes
        difference = describe_difference(settings_of(found.command), settings_of(self.command_of(processes)))
        if (found.system, found.corpus) != (self.record.system, self.record.corpus):
            difference = f"row {found.system} on {found.corpus}"
        if difference:
            raise UserInputError(
                f"{self.folder} contains a run with other settings ({difference}): "
                f"{advice}, repeat those settings, or move the folder away"
            )
        if results and results["documents"] != documents:
            raise UserInputError(
                f"{self.folder} contains a run on other documents ({describe_documents(results['documents'])}; the "
                f"corpus has {describe_documents(documents)}): {advice}, or move the folder away"
            )

    @property
    def command(self) -> list[str]:
        """The command that begins the run, resumes it, or repeats it where it is done."""
        return self.command_of(self.num_processes)

    def command_of(self, num_processes: int) -> list[str]:
        """Return the command of each of several processes, whose batches together are the table's."""
        options = dict(self.record.options)
        if num_processes > 1:
            training = self.judge()
            batches = {"--per_device_train_batch_size": training.training_args.per_device_train_batch_size}
            if "--pretraining_steps" in options:
                batches["--pretraining_batch_size"] = training.model_args.pretraining_batch_size
            for option, size in batches.items():
                if size % num_processes:
                    raise UserInputError(f"{option} {size}: must be a multiple of {num_processes}, of the processes")
                options[option] = [str(size // num_processes)]
        return ["labelwise", "train", *words_of(options), "--output_dir", str(self.folder), "--resume"]

    @contextmanager
    def lock(self, wait: bool) -> Iterator[int | None]:
        """Hold the run for this process and the training that it starts.

        The descriptor goes to the training as its standard input. On POSIX, the lock is then freed when the last of
        these processes ends, however it ends: no one trains in a folder that the training of a killed `reproduce` still
        writes to. Windows frees the lock with `reproduce` itself; a training that outlives it has to be ended by hand.

        Args:
            wait (`bool`): Whether to wait for a process that has the run.

        Yields:
            `int`: The descriptor; `None` where another process has the run.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        descriptors: list[int] = []
        lock = FileLock(self.folder / LOCK_NAME, timeout=-1 if wait else 0, on_acquired=descriptors.append)
        try:
            lock.acquire()
        except Timeout:
            yield None
            return
        try:
            yield descriptors[0]
        finally:
            lock.release()

    def train(self, lock: int) -> bool:
        """Begin or resume the run, in one or several processes; return whether it ended well.

        Args:
            lock (`int`): The descriptor from `lock`.
        """
        record = {**asdict(self.record), "command": self.command}
        with open_file("--output_dir", str(self.folder / RUN_NAME)) as file:
            file.write(json.dumps(record, indent=2, ensure_ascii=False) + "\n")
        launch = [sys.executable, "-m"]
        if self.num_processes > 1:
            launch += ["accelerate.commands.launch", "--num_processes", str(self.num_processes)]
            launch += ["--mixed_precision", "no", "--main_process_port", "0"]
            launch += [*([] if torch.accelerator.is_available() else ["--cpu"]), "-m"]
        with (self.folder / LOG_NAME).open("ab") as log:
            code = execute([*launch, "labelwise_cli", *self.command[1:]], lock, log)
        return code == 0 and (self.folder / RESULTS_NAME).is_file()

    def last_line(self) -> str:
        """Return the last line of the log."""
        lines = (self.folder / LOG_NAME).read_text("utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "no output")


def execute(command: list[str], lock: int, log: BinaryIO) -> int:
    """Run a training to its end and return its exit status."""
    return subprocess.run(command, stdin=lock, stdout=log, stderr=log).returncode


@dataclass
class Plan:
    """What makes runs of a table: the folder of all runs, the table, and the options of `labelwise reproduce`."""

    folder: Path
    table: Table
    encoder: str = ""
    data_dir: str | None = None
    train_arguments: str = ""
    num_processes: int = 1

    def make_run(self, corpus: Corpus, system: System, rate: float | None, seed: int) -> Run:
        """Make one run.

        Args:
            corpus (`Corpus`), system (`System`): The row.
            rate (`float`, *optional*): Learning rate; `None` for a system without a grid.
            seed (`int`): Seed of `labelwise train`.
        """
        first_rate = next(iter(system.learning_rates), None)
        source = next((other for other in self.table.systems if other.name == system.starts_from), None)
        if source is None and system.pretraining and rate != first_rate:
            source = system
        needs, options = None, options_of(system.arguments)
        if source:
            needs = self.make_run(corpus, source, next(iter(source.learning_rates), None), seed)
            options["--model_name_or_path"] = [str(needs.folder / PRETRAINING_FOLDER)]
        else:
            options |= options_of(system.pretraining)
        known = option_names(system.model)
        shared = self._data_options(corpus) | options_of(self.table.arguments) | options_of(self.train_arguments)
        options |= {option: values for option, values in shared.items() if option in known}
        if "--encoder" in known:
            options["--encoder"] = [self.encoder or corpus.encoder or "-"]
        folder = system.name
        if rate is not None:
            options["--learning_rate"] = [format_rate(rate)]
            folder += "" if rate == first_rate else f", learning rate {format_rate(rate)}"
        options |= {"--seed": [str(seed)], "--disable_tqdm": ["True"]}
        folder += "" if seed == self.table.seeds[0] else f", seed {seed}"
        record = RunRecord(system.name, corpus.name, rate, seed, options, [])
        return Run(self.folder / corpus.name / folder, record, needs, self.num_processes)

    def _data_options(self, corpus: Corpus) -> dict[str, list[str]]:
        options = options_of(corpus.arguments)
        if not options.keys() & {"--dataset", "--train_file", "--validation_file", "--test_file"}:
            options = {"--dataset": [corpus.name], **options}
        if "--dataset" in options and self.data_dir and (Path(self.data_dir) / options["--dataset"][0]).is_dir():
            options["--data_dir"] = [str(Path(self.data_dir) / options["--dataset"][0])]
        return options


def format_rate(rate: float) -> str:
    """Return 0.0003 as 3e-4."""
    mantissa, exponent = f"{rate:e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"
