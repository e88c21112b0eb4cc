# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""All runs of a table, one after the other, and its page after each."""

import shlex
from pathlib import Path
from statistics import mean
from time import monotonic
from typing import Any

from filelock import FileLock

from labelwise.commands.train import option_names
from labelwise.datasets_scripts import UserInputError
from labelwise.datasets_scripts.loading import find_builder
from labelwise.reproduction.page import AWAITS_NAME, choose_learning_rate, format_table, read_run_folders
from labelwise.reproduction.runs import Plan, Run, format_rate
from labelwise.reproduction.tables import (
    NAMING_OPTIONS,
    ROW_OPTIONS,
    RUN_OPTIONS,
    Corpus,
    System,
    check_options,
    load_table,
    located,
)
from labelwise.runs.progress import logger
from labelwise.runs.writing import check_folder, open_file


class Reproduction:
    """One call of `labelwise reproduce`.

    Args:
        args (`ReproduceArguments`): The options.
        name (`str`): The table.

    Raises:
        UserInputError: The table or a part of it does not exist, or options do not fit it.
    """

    def __init__(self, args: Any, name: str) -> None:
        self.table = load_table(name)
        self.dry_run = args.dry_run
        self.seeds = args.seeds or self.table.seeds
        self.folder = Path(args.output_dir)
        self.page = self.folder / f"{Path(name).stem}.md"
        self.corpora = _select("--corpus", args.corpus, self.table.corpora)
        self.systems = _select("--system", args.system, self.table.systems)
        check_folder("--output_dir", args.output_dir)
        if args.data_dir and not Path(args.data_dir).is_dir():
            raise UserInputError(f"--data_dir {args.data_dir} is not a folder; name one with a folder for each corpus")
        with located("--train_arguments"):
            reserved = RUN_OPTIONS | ROW_OPTIONS | NAMING_OPTIONS | {"--tune_thresholds"}
            check_options(args.train_arguments, reserved, self.systems)
        self.plan = Plan(self.folder, self.table, args.encoder, args.data_dir, args.train_arguments, args.num_processes)

    def __call__(self) -> None:
        """Run what is not done, and write the page after each run.

        Raises:
            UserInputError: A folder contains a run with other settings, before anything is run; or runs failed, after
                all others have ended.
        """
        awaits = {corpus.name: self._check(corpus) for corpus in self.corpora}
        self.corpora = [corpus for corpus in self.corpora if not awaits[corpus.name]]
        if self.dry_run:
            self._print_commands(awaits)
            return
        for name, reason in awaits.items():
            path = self.folder / name / AWAITS_NAME
            path.unlink(missing_ok=True)
            if reason:
                logger.info(f"{name} awaits {reason}")
                path.parent.mkdir(parents=True, exist_ok=True)
                with self._lock(), open_file("--output_dir", str(path)) as file:
                    file.write(reason + "\n")
        self.write_page()
        failed = self._train_all()
        logger.info(str(self.page))
        if failed:
            reasons = "; ".join(f"{name}: {line}" for name, line in failed.items())
            raise UserInputError(f"{len(failed)} runs failed, the same command tries them again: {reasons}")

    def _check(self, corpus: Corpus) -> str:
        """Check the commands and folders of a corpus; return what is missing for any run on it."""
        if not (self.plan.encoder or corpus.encoder):
            for system in self.systems:
                if "--encoder" in option_names(system.model):
                    return f"an encoder: {system.name} needs a pretrained one, name it with --encoder"
        for system in self.systems:
            first = self._grid(corpus, system, self.seeds[0])[0]
            for run in (first.needs or first, first):
                data = run.judge().data_args
                assert run.command  # batches can be shared
        try:
            documents = {split: len(rows) for split, rows in data.load().items()}
            absent = [split for split in ("train", "test") if not documents.get(split)]
            if absent:
                builder = find_builder(data.dataset, data.data_dir, data.config_name, data.split_seed)
                reason = (builder and builder.missing()) or f"{data.name} has no {absent[0]} documents"
                raise UserInputError(reason)
        except UserInputError as error:
            # The folder's path on this machine is no news to readers of the table.
            reason = " ".join(str(error).split()).replace(f"{Path(self.plan.data_dir or '.').resolve()}/", "")
            return f"the text: {reason}"
        for system in self.systems:
            for seed in dict.fromkeys([*self.seeds, *self.table.seeds]):  # all that the row's numbers may be of
                for run in self._grid(corpus, system, seed):
                    run.check(documents)
        return ""

    def _grid(self, corpus: Corpus, system: System, seed: int) -> list[Run]:
        return [self.plan.make_run(corpus, system, rate, seed) for rate in system.learning_rates or [None]]

    def _pending(self) -> tuple[list[Run], list[tuple[Corpus, System, int]]]:
        """Return the runs as far as they are known, and those whose learning rate is not chosen yet."""
        runs: dict[Path, Run] = {}
        later = []
        for corpus in self.corpora:
            for system in self.systems:
                # The table's first seed chooses; the lowest, where that one is neither asked for nor done.
                grid = self._grid(corpus, system, self.table.seeds[0])
                first = self.table.seeds[0]
                if first not in self.seeds and not all(run.results for run in grid):
                    first = min(self.seeds)
                    grid = self._grid(corpus, system, first)
                found = {run.record.learning_rate: run.results for run in grid}
                others = [seed for seed in self.seeds if seed != first]
                if len(grid) > 1 and not all(found.values()):
                    later += [(corpus, system, seed) for seed in others]
                else:
                    chosen = choose_learning_rate(found) if len(grid) > 1 else grid[0].record.learning_rate
                    grid += [self.plan.make_run(corpus, system, chosen, seed) for seed in others]
                for run in grid:
                    if run.needs:
                        runs.setdefault(run.needs.folder, run.needs)
                    runs.setdefault(run.folder, run)
        return list(runs.values()), later

    def _print_commands(self, awaits: dict[str, str]) -> None:
        """Print one command a line, as a shell takes it."""
        runs, later = self._pending()
        for run in runs:
            print(shlex.join(run.command) + ("  # done" if run.results else ""))
        for corpus, system, seed in later:
            rates = ", ".join(format_rate(rate) for rate in system.learning_rates)
            print(f"# {corpus.name}/{system.name}, seed {seed}: at the learning rate that validation chooses ({rates})")
        for name, reason in awaits.items():
            if reason:
                print(f"# {name} awaits {reason}")

    def _train_all(self) -> dict[str, str]:
        """Train what is not done; return the last line of each run that failed."""
        started = monotonic()
        failed: dict[str, str] = {}
        while True:
            runs, later = self._pending()
            pending = [run for run in runs if not run.results and run.name not in failed]
            ready = [run for run in pending if run.needs is None or run.needs.results]
            if not ready:
                return failed | {run.name: f"needs {run.needs.name}" for run in pending}
            number = f"{len(runs) - len(pending) + 1}/{len(runs) + len(later)}"
            progress = f"{number}, {_duration(monotonic() - started)} used{_estimate(runs, pending, later)}"
            for run in [*ready, None]:
                wait = run is None
                if wait:
                    logger.info("other processes have all remaining runs; waiting for them")
                run = run or ready[0]
                with run.lock(wait) as lock:
                    if lock is None or run.results:  # another process had it
                        continue
                    logger.info(f"{run.name} ({progress})")
                    if not run.train(lock):
                        failed[run.name] = run.last_line()
                        logger.info(f"{run.name} failed: {failed[run.name]}")
                break
            self.write_page()

    def write_page(self) -> None:
        """Write the page from the folders of the runs."""
        with self._lock():
            records = {corpus.name: read_run_folders(self.folder / corpus.name) for corpus in self.table.corpora}
            with open_file("--output_dir", str(self.page)) as file:
                file.write(format_table(self.table, records) + "\n")

    def _lock(self) -> FileLock:
        """Return the lock of the files that belong to no run."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return FileLock(self.page.with_suffix(".lock"))


def _estimate(runs: list[Run], pending: list[Run], later: list[tuple[Corpus, System, int]]) -> str:
    """Return the time left, from the finished runs of the same row, else of the corpus, else of all."""
    times: dict[tuple[str, ...], list[float]] = {}
    for run in runs:
        if run.results:
            for key in ((run.record.corpus, run.record.system), (run.record.corpus,), ()):
                times.setdefault(key, []).append(run.results["wall_time_seconds"])
    left = [(run.record.corpus, run.record.system) for run in pending]
    left += [(corpus.name, system.name) for corpus, system, _ in later]
    if not times:
        return ""
    seconds = sum(mean(times.get(key) or times.get(key[:1]) or times[()]) for key in left)
    return f", about {_duration(seconds)} left"


def _select(option: str, names: list[str] | None, parts: list[Any]) -> list[Any]:
    """Return the parts of a table that were named; all, if none was."""
    known = [part.name for part in parts]
    for name in names or []:
        if name not in known:
            raise UserInputError(f"{option} {name}: the table has {', '.join(known)}")
    return [part for part in parts if names is None or part.name in names]


def _duration(seconds: float) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
