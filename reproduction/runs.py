# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The runs of a table: one `labelwise train` each, in a folder of its own that tells how far it got."""

import fcntl
import shlex
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from labelwise.datasets_scripts import UserInputError
from labelwise.reproduction.options import family_of, options_of, options_of_family
from labelwise.reproduction.tables import Corpus, System, Table
from labelwise.runs.checkpoints import PRETRAINING_FOLDER
from labelwise.runs.results import load_results
from labelwise.runs.writing import open_file

COMMAND_NAME = "command.txt"
LOG_NAME = "train.log"
# What a run may have had otherwise without being another run.
NO_SETTINGS = ("--output_dir", "--resume", "--overwrite", "--data_dir", "--disable_tqdm")


@dataclass
class Run:
    """One run of a table.

    Args:
        folder (`Path`): CORPUS/NAME in the folder of all runs.
        corpus (`Corpus`), system (`System`), seed (`int`): What it is of.
        options (`dict[str, list[str]]`): Of `labelwise train`, without those that name the folder.
        needs (`Run`, *optional*): The run whose pre-training it starts from.
        num_processes (`int`, *optional*, defaults to 1): Processes that share its batches.

    Raises:
        UserInputError: A batch cannot be shared out.
    """

    folder: Path
    corpus: Corpus
    system: System
    seed: int
    options: dict[str, list[str]]
    needs: "Run | None" = None
    num_processes: int = 1

    def __post_init__(self):
        self.command_of(self.num_processes)

    @property
    def name(self) -> str:
        return f"{self.corpus.name}/{self.folder.name}"

    @property
    def command(self) -> list[str]:
        """What a user would type; it begins the run, goes on with it, or does it again where it is done."""
        return self.command_of(self.num_processes)

    def command_of(self, num_processes: int) -> list[str]:
        """What each of some processes is given, so that their batches together are the table's."""
        options = _share_batches(self.options, family_of(self.system.arguments), num_processes)
        words = [word for option, values in options.items() for word in (option, *values)]
        return ["labelwise", "train", *words, "--output_dir", str(self.folder), "--resume"]

    @property
    def results(self) -> dict | None:
        """What came out; `None` before the run has ended."""
        return load_results(self.folder)

    def check(self, documents: dict[str, int]) -> None:
        """Refuses a folder that holds a run with other settings, or on other documents.

        Args:
            documents (`dict[str, int]`): Of each split, as the corpus is today.

        Raises:
            UserInputError: It does.
        """
        results = self.results
        if results:
            command, planned = results["command"], self.command_of(processes_of(results))
        elif (self.folder / COMMAND_NAME).is_file():
            command, planned = shlex.split((self.folder / COMMAND_NAME).read_text("utf-8")), self.command
        else:
            return
        difference = describe_difference(settings_of(command), settings_of(planned))
        if difference:
            raise UserInputError(
                f"{self.folder} holds a run with other settings ({difference}): "
                "name another --output_dir, repeat those settings, or move the folder away"
            )
        if results and results["documents"] != documents:
            raise UserInputError(
                f"{self.folder} holds a run on other documents ({describe_documents(results['documents'])}; the corpus "
                f"has {describe_documents(documents)}): name another --output_dir, or move the folder away"
            )

    @contextmanager
    def lock(self, wait: bool):
        """Holds the run for this process and those that it starts, also beyond its own end: the system frees the lock
        when the last of them ends, however it ends.

        Args:
            wait (`bool`): Whether to wait for a process that holds it.

        Yields:
            `BinaryIO`: The log, which is what is locked; `None` where another process holds it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / LOG_NAME).open("ab") as log:
            try:
                fcntl.flock(log, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield None
                return
            yield log

    def train(self, log) -> bool:
        """Begins the run or goes on with it, in a process of its own, or several.

        Args:
            log (`BinaryIO`): What `lock` gave.

        Returns:
            `bool`: Whether it came to its end.
        """
        with open_file("--output_dir", str(self.folder / COMMAND_NAME)) as file:
            file.write(shlex.join(self.command) + "\n")
        launch = [sys.executable, "-m"]
        if self.num_processes > 1:
            launch += ["accelerate.commands.launch", "--num_processes", str(self.num_processes)]
            launch += ["--mixed_precision", "no"]
            launch += ["--main_process_port", "0", *([] if torch.accelerator.is_available() else ["--cpu"]), "-m"]
        command = [*launch, "labelwise_cli", *self.command[1:]]
        return _execute(command, log) == 0 and self.results is not None

    def last_line(self) -> str:
        """Of the log."""
        lines = (self.folder / LOG_NAME).read_text("utf-8", errors="replace").split("\n")
        return next((line.strip() for line in reversed(lines) if line.strip()), "no output")


def _execute(command: list[str], log) -> int:
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode


def make_run(
    runs: Path,
    table: Table,
    corpus: Corpus,
    system: System,
    rate: float | None,
    seed: int,
    encoder: str = "",
    data_dir: str | None = None,
    train_arguments: str = "",
    num_processes: int = 1,
) -> Run:
    """A run of a table.

    Args:
        runs (`Path`): Folder of all runs.
        table (`Table`), corpus (`Corpus`), system (`System`): What it is of.
        rate (`float`, *optional*): Learning rate; `None` for a system without a grid.
        seed (`int`): Of `labelwise train`.
        encoder (`str`, *optional*): In place of the corpus's own.
        data_dir (`str`, *optional*): Folder with a folder for each corpus.
        train_arguments (`str`, *optional*): Further options; they reach the systems that have them.
        num_processes (`int`, *optional*, defaults to 1): Processes that share its batches.

    Raises:
        UserInputError: There is no encoder, or a batch cannot be shared out.
    """
    more = {
        "encoder": encoder,
        "data_dir": data_dir,
        "train_arguments": train_arguments,
        "num_processes": num_processes,
    }
    family = family_of(system.arguments)
    first_rate = next(iter(system.learning_rates), None)
    source = next((other for other in table.systems if other.name == system.starts_from), None)
    if source is None and system.pretraining and rate != first_rate:
        source = system
    needs = None
    options = options_of(system.arguments)
    if source:
        needs = make_run(runs, table, corpus, source, next(iter(source.learning_rates), None), seed, **more)
        options["--model_name_or_path"] = [str(needs.folder / PRETRAINING_FOLDER)]
    else:
        options |= options_of(system.pretraining)
    data = data_options(corpus, data_dir)
    known = options_of_family(family)
    shared = {**data, **options_of(table.arguments), **options_of(train_arguments)}
    options |= {option: values for option, values in shared.items() if option in known}
    if "--encoder" in known:
        options["--encoder"] = [encoder or corpus.encoder]
        if not options["--encoder"][0]:
            raise UserInputError(f"{system.name} on {corpus.name} needs a pretrained encoder: name it with --encoder")
    folder = system.name
    if rate is not None:
        options["--learning_rate"] = [format_rate(rate)]
        folder += "" if rate == first_rate else f", learning rate {format_rate(rate)}"
    options |= {"--seed": [str(seed)], "--disable_tqdm": ["True"]}
    folder += "" if seed == table.seeds[0] else f", seed {seed}"
    return Run(runs / corpus.name / folder, corpus, system, seed, options, needs, num_processes)


def data_options(corpus: Corpus, data_dir: str | None) -> dict[str, list[str]]:
    """What names the documents, and the corpus's further options.

    Args:
        corpus (`Corpus`): A part of a table.
        data_dir (`str`, *optional*): Folder with a folder for each corpus.
    """
    options = options_of(corpus.arguments)
    if not options.keys() & {"--dataset", "--train_file", "--validation_file", "--test_file"}:
        options = {"--dataset": [corpus.name], **options}
    if "--dataset" in options and data_dir and (Path(data_dir) / options["--dataset"][0]).is_dir():
        options["--data_dir"] = [str(Path(data_dir) / options["--dataset"][0])]
    return options


def _share_batches(options: dict[str, list[str]], family: type, num_processes: int) -> dict[str, list[str]]:
    """Gives each process its share of a batch."""
    if num_processes == 1:
        return options
    options = dict(options)
    kinds = {"per_device_train_batch_size": family.training_arguments}
    if "--pretraining_steps" in options:
        kinds["pretraining_batch_size"] = family
    for name, kind in kinds.items():
        (given,) = options.get(f"--{name}", [str(getattr(kind, name))])
        if not given.isdecimal() or int(given) % num_processes:
            raise UserInputError(f"--{name} {given} cannot be shared by {num_processes} processes alike")
        options[f"--{name}"] = [str(int(given) // num_processes)]
    return options


def format_rate(rate: float) -> str:
    """0.0003 as 3e-4."""
    mantissa, exponent = f"{rate:e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def processes_of(results: dict) -> int:
    """How many processes shared the batches of a run; the oldest records do not say it, and are of one."""
    return results.get("num_processes", 1)


def settings_of(command: list[str]) -> dict[str, list[str]]:
    """What makes a run what it is, of its `labelwise train` command.

    Returns:
        `dict[str, list[str]]`: Its options; of the folder of a pre-training, only which run's it is.
    """
    settings = {option: values for option, values in options_of(command[2:]).items() if option not in NO_SETTINGS}
    if "--model_name_or_path" in settings:
        settings["--model_name_or_path"] = ["/".join(Path(settings["--model_name_or_path"][0]).parts[-2:])]
    return settings


def describe_documents(documents: dict[str, int]) -> str:
    """How many documents the splits have, in words."""
    return ", ".join(f"{number:,} {split}" for split, number in documents.items())


def describe_difference(found: dict[str, list[str]], wanted: dict[str, list[str]]) -> str:
    """What one run has otherwise than another, in words; empty where they are alike."""
    parts = [
        f"{shlex.join([option, *values])}" + (f", not {shlex.join(wanted[option])}" if option in wanted else "")
        for option, values in found.items()
        if wanted.get(option) != values
    ]
    parts += [f"no {shlex.join([option, *values])}" for option, values in wanted.items() if option not in found]
    return "; ".join(parts)
