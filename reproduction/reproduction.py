# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""All runs of a table, and its page. The folders of the runs are the only state."""

import shlex
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from time import monotonic

from filelock import FileLock

from labelwise.commands.train import option_names
from labelwise.datasets_scripts import UserInputError
from labelwise.datasets_scripts.loading import find_builder
from labelwise.reproduction.page import AWAITS_NAME, choose_learning_rate, format_table, read_records
from labelwise.reproduction.runs import Run, format_rate
from labelwise.reproduction.tables import Corpus, System, check_options, load_table
from labelwise.runs.progress import logger
from labelwise.runs.writing import check_folder, open_file


class Reproduction:
    """One call of `labelwise reproduce`; `ReproduceArguments` describes the arguments.

    Raises:
        UserInputError: The table or a part of it does not exist, or an option does not fit it.
    """

    def __init__(
        self,
        table: str,
        output_dir: str,
        corpus: list[str] | None = None,
        system: list[str] | None = None,
        seeds: list[int] | None = None,
        **options: str | int | None,
    ) -> None:
        self.table, self.runs, self.options = load_table(table), Path(output_dir), options
        self.page = self.runs / f"{Path(table).stem}.md"
        self.seeds = seeds or self.table.seeds
        self.corpora = _select("--corpus", corpus, self.table.corpora)
        self.systems = _select("--system", system, self.table.systems)
        check_folder("--output_dir", output_dir)
        try:
            check_options(options.get("train_arguments", ""), [system.model for system in self.systems])
        except UserInputError as error:
            raise UserInputError(f"--train_arguments: {error}") from error

    def __call__(self, dry_run: bool = False) -> None:
        """Train what is not done and write the page after each run, or print the commands.

        Raises:
            UserInputError: A command is refused, or a folder contains another run, before anything is run; or runs have
                failed, after all others have ended.
        """
        awaits = {corpus.name: self._check(corpus) for corpus in self.corpora}
        self.corpora = [corpus for corpus in self.corpora if not awaits[corpus.name]]
        if dry_run:
            self._print_commands()
        for name, reason in awaits.items():
            if reason:
                logger.info(f"{name} awaits {reason}")
            if not dry_run:
                self._write(self.runs / name / AWAITS_NAME, lambda reason=reason: reason)
        if dry_run:
            return
        self._write_page()
        failed = self._train_all()
        logger.info(str(self.page))
        if failed:
            lines = "; ".join(f"{name}: {line}" for name, line in failed.items())
            raise UserInputError(f"{len(failed)} runs failed, the same command tries them again: {lines}")

    def _make_runs(self, corpus: Corpus, system: System, *seeds: int) -> dict[float | None, list[Run]]:
        return {
            rate: [Run(self.runs, self.table, corpus, system, rate, seed, **self.options) for seed in seeds]
            for rate in system.learning_rates or [None]
        }

    def _check(self, corpus: Corpus) -> str:
        """Check the commands on a corpus, and that their folders contain no other runs.

        Returns:
            `str`: What is missing for any run; empty if nothing is.
        """
        for system in self.systems:
            if not (self.options.get("encoder") or corpus.encoder) and "--encoder" in option_names(system.model):
                return f"an encoder: {system.name} needs a pretrained one, name it with --encoder"
        seeds = dict.fromkeys([*self.seeds, *self.table.seeds])  # the page shows the mean of all of them
        runs = [run for row in self.systems for group in self._make_runs(corpus, row, *seeds).values() for run in group]
        runs = {run.name: run for later in runs for run in (later.needs, later) if run}
        for run in {run.system.name: run for run in reversed(runs.values())}.values():  # of each row, the first
            data_args = run.parse().data_args
            run.command()
        try:
            documents = {split: len(rows) for split, rows in data_args.load().items()}
            absent = [split for split in ("train", "test") if not documents.get(split)]
            builder = find_builder(data_args.dataset, data_args.data_dir, data_args.config_name, data_args.split_seed)
            reason = absent and ((builder and builder.missing()) or f"{data_args.name} has no {absent[0]} documents")
        except UserInputError as error:
            reason = str(error)
        if reason:  # without this machine's folder
            folder = f"{Path(self.options.get('data_dir') or '.').resolve()}/"
            return f"the text: {' '.join(reason.split()).replace(folder, '')}"
        for run in runs.values():
            run.check(documents)
        return ""

    def _plan(self) -> tuple[list[Run], list[Run]]:
        """Return the runs that are known by now, and those at a learning rate that is still to be chosen."""
        runs, later = [], []
        for corpus in self.corpora:
            for system in self.systems:
                # The table's first seed chooses; the lowest one does if that one is neither asked for nor done.
                row = self._make_runs(corpus, system, self.table.seeds[0], min(self.seeds))
                is_first = self.table.seeds[0] in self.seeds or all(run.results for run, _ in row.values())
                tried = {rate: group[0 if is_first else 1] for rate, group in row.items()}
                found = {rate: run.results for rate, run in tried.items()}
                is_known = len(tried) == 1 or all(found.values())
                chosen = choose_learning_rate(found) if all(found.values()) else next(iter(tried))
                first = tried[chosen].seed
                others = self._make_runs(corpus, system, *(seed for seed in self.seeds if seed != first))[chosen]
                runs += [*tried.values(), *(others if is_known else [])]
                later += [] if is_known else others
        return list({run.name: run for other in runs for run in (other.needs, other) if run}.values()), later

    def _print_commands(self) -> None:
        runs, later = self._plan()
        for run in runs:
            print(shlex.join(run.command()) + ("  # done" if run.results else ""))
        for run in later:
            rates = ", ".join(map(format_rate, run.system.learning_rates))
            name = f"{run.corpus.name}/{run.system.name}, seed {run.seed}"
            print(f"# {name}: at the learning rate that validation chooses ({rates})")

    def _train_all(self) -> dict[str, str]:
        """Train what is not done, and return the last line of each run that failed."""
        started, failed = monotonic(), {}
        while True:
            runs, later = self._plan()
            pending = [run for run in runs if not run.results and run.name not in failed]
            ready = [run for run in pending if run.needs is None or run.needs.results]
            if not ready:
                return failed | {run.name: f"needs {run.needs.name}" for run in pending}
            number = f"{len(runs) - len(pending) + 1}/{len(runs) + len(later)}"
            left = f"{_estimate(runs, pending + later)}, {round((monotonic() - started) / 60)} min used"
            for run in [*ready, None]:
                if run is None:
                    logger.info("other processes have all remaining runs; waiting for them")
                with (run or ready[0]).lock(wait=run is None) as lock:
                    run = run or ready[0]
                    if lock is None or run.results:  # another process has it, or had it
                        continue
                    logger.info(f"{run.name} ({number}, {left})")
                    line = run.train(lock)
                    if line:
                        failed[run.name] = line
                        logger.info(f"{run.name} failed: {line}")
                break
            self._write_page()

    def _write_page(self) -> None:
        self._write(
            self.page,
            lambda: (
                format_table(
                    self.table, {part.name: read_records(self.runs / part.name) for part in self.table.corpora}
                )
                + "\n"
            ),
        )

    def _write(self, path: Path, make_text: Callable[[], str]) -> None:
        """Write a file that belongs to no run; other processes wait."""
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(self.page.with_suffix(".lock")), open_file("--output_dir", str(path)) as file:
            file.write(make_text())


def _estimate(done: list[Run], pending: list[Run]) -> str:
    """Return how long the rest takes, from the finished runs of each row, or else of all."""
    times = [(run.system.name, run.results["wall_time_seconds"]) for run in done if run.results]
    if not times:
        return "time left unknown before the first has ended"
    means = {run.system.name: [time for name, time in times if name == run.system.name] for run in pending}
    seconds = sum(mean(means[run.system.name] or [time for _, time in times]) for run in pending)
    return f"about {seconds / 3600:.1f} h left"


def _select(option: str, names: list[str] | None, parts: list) -> list:
    """Return the parts of a table that were named; all, if none was."""
    known = {part.name: part for part in parts}
    unknown = [name for name in names or [] if name not in known]
    if unknown:
        raise UserInputError(f"{option} {unknown[0]}: the table has {', '.join(known)}")
    return [part for name, part in known.items() if names is None or name in names]
