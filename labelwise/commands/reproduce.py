# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise reproduce TABLE`: all runs of a table of the papers, and the table from their folders.

A row is trained at each of its learning rates with the first seed; validation chooses one, which the other seeds get.
Given again after it was stopped or killed, the command goes on where it was: a finished run is not done again, an
unfinished one goes on from its last whole checkpoint.

On several GPUs, either spread each run over N of them with `--num_processes N` (through `accelerate launch`; the batch
stays the table's), or, where a run does not fill a GPU, give the same command once per GPU, each with another
`CUDA_VISIBLE_DEVICES`: they take different runs.
"""

import fcntl
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from time import monotonic

from labelwise.commands.train import make_parser
from labelwise.datasets_scripts import UserInputError
from labelwise.datasets_scripts.loading import find_builder
from labelwise.reproduction.options import (
    DATA_OPTIONS,
    NAMING_OPTIONS,
    ROW_OPTIONS,
    RUN_OPTIONS,
    check_options,
    family_of,
    options_of,
    options_of_family,
)
from labelwise.reproduction.page import AWAITS_NAME, choose_learning_rate, format_table, read_run_folders
from labelwise.reproduction.runs import Run, data_options, format_rate, make_run
from labelwise.reproduction.tables import Corpus, System, load_table, table_names
from labelwise.runs.data import DataArguments
from labelwise.runs.options import CommandParser, check_numbers, is_seed
from labelwise.runs.progress import logger, show_progress
from labelwise.runs.writing import check_folder, open_file


@dataclass
class ReproduceArguments:
    """Which part of the table is run, where and how."""

    output_dir: str = field(metadata={"help": "Folder of the runs, and of the table."})
    data_dir: str | None = field(
        default=None, metadata={"help": "Folder with a folder for each corpus, called by its name."}
    )
    corpus: list[str] | None = field(default=None, metadata={"help": "Only these corpora of the table."})
    system: list[str] | None = field(default=None, metadata={"help": "Only these rows of the table."})
    seeds: list[int] | None = field(default=None, metadata={"help": "Seeds in place of the table's."})
    encoder: str = field(default="", metadata={"help": "Pretrained encoder in place of the table's."})
    num_processes: int = field(default=1, metadata={"help": "Processes, or GPUs, that each run is spread over."})
    train_arguments: str = field(
        default="",
        metadata={"help": "Further options of all runs that have them: --train_arguments='--bf16 --hidden_size 128'."},
    )
    dry_run: bool = field(default=False, metadata={"help": "Print the commands, and which are done; run none."})

    def __post_init__(self):
        check_numbers(self, ["num_processes"], lambda number: number > 0, "above 0")
        for seed in self.seeds or []:
            if not is_seed(seed) or self.seeds.count(seed) > 1:
                raise UserInputError(f"--seeds {seed}: seeds are from 0 to 2**32 - 1, each once")


def main(argv: list[str]) -> None:
    parser = CommandParser(ReproduceArguments, prog="labelwise reproduce", description=__doc__.partition("\n")[0])
    parser.add_argument("table", help=f"{', '.join(table_names())}, or a .toml file of your own.")
    args, named = parser.parse(argv)
    show_progress()
    Reproduction(args, named.table)()


class Reproduction:
    """One call of `labelwise reproduce`.

    Args:
        args (`ReproduceArguments`): What the options set.
        name (`str`): The table.

    Raises:
        UserInputError: The table or a part of it does not exist, or options do not fit it.
    """

    def __init__(self, args: ReproduceArguments, name: str):
        self.args = args
        self.table = load_table(name)
        self.seeds = args.seeds or self.table.seeds
        self.runs = Path(args.output_dir)
        self.page = self.runs / f"{Path(name).stem}.md"
        self.corpora = _select("--corpus", args.corpus, self.table.corpora)
        self.systems = _select("--system", args.system, self.table.systems)
        check_folder("--output_dir", args.output_dir)
        if args.data_dir and not Path(args.data_dir).is_dir():
            raise UserInputError(f"--data_dir {args.data_dir} is not a folder; name one with a folder for each corpus")
        reserved = RUN_OPTIONS | ROW_OPTIONS | NAMING_OPTIONS | {"--tune_thresholds"}
        try:
            check_options(args.train_arguments, reserved, [family_of(system.arguments) for system in self.systems])
        except UserInputError as error:
            raise UserInputError(f"--train_arguments: {error}") from error

    def __call__(self) -> None:
        """Runs what is not done, and writes the table after each run.

        Raises:
            UserInputError: A folder holds a run with other settings, before anything is run; or runs failed, after all
                others have ended.
        """
        found = {corpus.name: self._count_documents(corpus) for corpus in self.corpora}
        awaits = {name: reason for name, (_, reason) in found.items()}
        self.corpora = [corpus for corpus in self.corpora if not awaits[corpus.name]]
        for corpus in self.corpora:
            for system in self.systems:
                self._check(corpus, system, found[corpus.name][0])
        if self.args.dry_run:
            self._print_commands(awaits)
            return
        for name, reason in awaits.items():
            self._record_what_awaits(name, reason)
        self._write_page()
        failed = self._train_all()
        logger.info(str(self.page))
        if failed:
            told = "; ".join(f"{name}: {line}" for name, line in failed.items())
            raise UserInputError(f"{len(failed)} runs failed, the same command tries them again: {told}")

    # What is to be run

    def _make_run(self, corpus: Corpus, system: System, rate: float | None, seed: int) -> Run:
        args = self.args
        given = (args.encoder, args.data_dir, args.train_arguments, args.num_processes)
        return make_run(self.runs, self.table, corpus, system, rate, seed, *given)

    def _check(self, corpus: Corpus, system: System, documents: dict[str, int]) -> None:
        """Refuses options that `labelwise train` would refuse, and folders of the row with runs of other settings.

        Args:
            corpus (`Corpus`), system (`System`): The row.
            documents (`dict[str, int]`): Of each split of the corpus.
        """
        runs = [
            self._make_run(corpus, system, rate, seed)
            for seed in dict.fromkeys([*self.seeds, *self.table.seeds])  # all that the row's numbers may be of
            for rate in system.learning_rates or [None]
        ]
        for run in (runs[0].needs, runs[0]):
            if run:
                try:
                    make_parser(family_of(run.system.arguments), add_help=False).parse(run.command[2:])
                except UserInputError as error:
                    raise UserInputError(f"{run.name}: {error}") from error
        for run in runs:
            if run.needs:
                run.needs.check(documents)
            run.check(documents)

    def _choosing_seed(self, corpus: Corpus, system: System) -> int:
        """The seed whose runs choose the learning rate: the table's first; the lowest, where that one is neither asked
        for nor done."""
        first = self.table.seeds[0]
        done = (self._make_run(corpus, system, rate, first).results for rate in system.learning_rates or [None])
        return first if first in self.seeds or all(done) else min(self.seeds)

    def _plan(self) -> tuple[list[Run], list[tuple[Corpus, System, int]]]:
        """The runs as far as they are known, and those whose learning rate is not chosen yet."""
        runs: dict[Path, Run] = {}
        later = []

        def add(run: Run) -> Run:
            if run.needs:
                add(run.needs)
            return runs.setdefault(run.folder, run)

        for corpus in self.corpora:
            for system in self.systems:
                first = self._choosing_seed(corpus, system)
                others = [seed for seed in self.seeds if seed != first]
                rates = system.learning_rates or [None]
                grid = {rate: add(self._make_run(corpus, system, rate, first)) for rate in rates}
                found = {rate: run.results for rate, run in grid.items()}
                if len(rates) > 1 and not all(found.values()):
                    later += [(corpus, system, seed) for seed in others]
                else:
                    chosen = choose_learning_rate(found) if len(rates) > 1 else rates[0]
                    for seed in others:
                        add(self._make_run(corpus, system, chosen, seed))
        return list(runs.values()), later

    def _print_commands(self, awaits: dict[str, str]) -> None:
        """One a line, as a shell takes them."""
        runs, later = self._plan()
        for run in runs:
            print(shlex.join(run.command) + ("  # done" if run.results else ""))
        for corpus, system, seed in later:
            rates = ", ".join(format_rate(rate) for rate in system.learning_rates)
            print(f"# {corpus.name}/{system.name}, seed {seed}: at the learning rate that validation chooses ({rates})")
        for name, reason in awaits.items():
            if reason:
                print(f"# {name} awaits {reason}")

    # Corpora

    def _count_documents(self, corpus: Corpus) -> tuple[dict[str, int], str]:
        """The documents of each split, and what is missing for any run on them; empty where nothing is."""
        if not (self.args.encoder or corpus.encoder):
            needy = [row.name for row in self.systems if "--encoder" in options_of_family(family_of(row.arguments))]
            if needy:
                return {}, f"an encoder: {needy[0]} needs a pretrained one, name it with --encoder"
        options = data_options(corpus, self.args.data_dir)
        options |= options_of(self.table.arguments) | options_of(self.args.train_arguments)
        words = [word for option, values in options.items() if option in DATA_OPTIONS for word in (option, *values)]
        try:
            (data_args,) = CommandParser(DataArguments, prog="labelwise reproduce").parse(words)
        except UserInputError as error:
            raise UserInputError(f"corpus {corpus.name}: {error}") from error
        try:
            documents = {split: len(rows) for split, rows in data_args.load().items()}
            absent = [split for split in ("train", "test") if not documents.get(split)]
            if not absent:
                return documents, ""
            builder = find_builder(data_args.dataset, data_args.data_dir, data_args.config_name, data_args.split_seed)
            reason = (builder and builder.missing()) or f"{data_args.name} has no {absent[0]} documents"
        except UserInputError as error:
            reason = " ".join(str(error).split())
        # The folder's place on this machine says nothing to the readers of the table.
        place = str(Path(self.args.data_dir or ".").resolve())
        return {}, f"the text: {reason.replace(f'{place}/', '')}"

    def _record_what_awaits(self, name: str, reason: str) -> None:
        path = self.runs / name / AWAITS_NAME
        if not reason:
            path.unlink(missing_ok=True)
            return
        logger.info(f"{name} awaits {reason}")
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock(), open_file("--output_dir", str(path)) as file:
            file.write(reason + "\n")

    # Running

    def _train_all(self) -> dict[str, str]:
        """Trains what is not done.

        Returns:
            `dict[str, str]`: The last line of each run that failed.
        """
        started = monotonic()
        failed: dict[str, str] = {}
        while True:
            runs, later = self._plan()
            pending = [run for run in runs if not run.results and run.name not in failed]
            ready = [run for run in pending if run.needs is None or run.needs.results]
            if not ready:
                return failed | {run.name: f"needs {run.needs.name}" for run in pending}
            number = f"{len(runs) - len(pending) + 1}/{len(runs) + len(later)}"
            left = self._estimate(runs, pending, later)
            told = f"{number}, {_duration(monotonic() - started)} used, {left}"
            for run in [*ready, None]:
                wait = run is None
                if wait:
                    logger.info("other processes have all runs that are left; waiting for them")
                run = run or ready[0]
                with run.lock(wait) as log:
                    if log is None or run.results:  # another process had it
                        continue
                    logger.info(f"{run.name} ({told})")
                    if not run.train(log):
                        failed[run.name] = run.last_line()
                        logger.info(f"{run.name} failed: {failed[run.name]}")
                break
            self._write_page()

    def _estimate(self, runs: list[Run], pending: list[Run], later: list[tuple[Corpus, System, int]]) -> str:
        """How long the rest takes, from the finished runs of the same row, else of the corpus, else of all."""
        times: dict[tuple, list[float]] = {}
        for run in runs:
            if run.results:
                for key in ((run.corpus.name, run.system.name), (run.corpus.name,), ()):
                    times.setdefault(key, []).append(run.results["wall_time_seconds"])
        if not times:
            return "time left unknown before the first has ended"
        left = [(run.corpus.name, run.system.name) for run in pending]
        left += [(corpus.name, system.name) for corpus, system, _ in later]
        seconds = sum(mean(times.get(key) or times.get(key[:1]) or times[()]) for key in left)
        return f"about {_duration(seconds)} left"

    def _write_page(self) -> None:
        with self._lock():
            records = {corpus.name: read_run_folders(self.runs / corpus.name) for corpus in self.table.corpora}
            with open_file("--output_dir", str(self.page)) as file:
                file.write(format_table(self.table, records) + "\n")

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Holds what belongs to no run against the other processes of the table."""
        self.runs.mkdir(parents=True, exist_ok=True)
        with self.page.with_suffix(".lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _select(option: str, names: list[str] | None, parts: list) -> list:
    """Those parts of a table that were named; all, where none was."""
    known = [part.name for part in parts]
    unknown = [name for name in names or [] if name not in known]
    if unknown:
        raise UserInputError(f"{option} {unknown[0]}: the table has {', '.join(known)}")
    return [part for part in parts if names is None or part.name in names]


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min" if minutes else "0 min"
