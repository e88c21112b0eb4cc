# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""All runs of a table, and its page. The folders of the runs are the only state."""

import shlex
from argparse import Namespace
from pathlib import Path
from time import monotonic

from filelock import FileLock

from ..commands.train import option_names
from ..datasets_scripts.loading import find_builder
from ..errors import UserInputError
from ..runs.progress import logger
from ..runs.writing import check_folder, open_file
from .page import AWAITS_NAME, choose_learning_rate, format_table, read_records
from .runs import Run, format_rate
from .tables import Corpus, System, check_options, load_table, part


class Reproduction:
    """One call of `labelwise reproduce`.

    Args:
        name (`str`): The table.
        args (`Namespace`): The fields of `ReproduceArguments`.
    """

    def __init__(self, name: str, args: Namespace) -> None:
        self.table, self.args, self.runs = load_table(name), args, Path(args.output_dir)
        self.page = self.runs / f"{Path(name).stem}.md"
        self.seeds = args.seeds or self.table.seeds
        self.corpora = _select("--corpus", args.corpus, self.table.corpora)
        self.systems = _select("--system", args.system, self.table.systems)
        check_folder("--output_dir", args.output_dir)
        with part("--train_arguments"):
            check_options(args.train_arguments, [system.model for system in self.systems])

    def __call__(self) -> None:
        """Train what is not done and write the page after each run, or print the commands.

        Raises:
            UserInputError: A command is refused, or a folder contains another run, before anything is run; or runs have
                failed, after all others have ended.
        """
        awaits = {corpus.name: self._check(corpus) for corpus in self.corpora}
        self.corpora = [corpus for corpus in self.corpora if not awaits[corpus.name]]
        if self.args.dry_run:
            return self._print_commands(awaits)
        for name, reason in awaits.items():
            (self.runs / name).mkdir(parents=True, exist_ok=True)
            with self._lock(), open_file("--output_dir", str(self.runs / name / AWAITS_NAME)) as file:
                file.write(reason)
            if reason:
                logger.info(f"{name} awaits {reason}")
        self._write_page()
        failed = self._train_all()
        logger.info(str(self.page))
        if failed:
            lines = "; ".join(f"{name}: {line}" for name, line in failed.items())
            raise UserInputError(f"{len(failed)} runs failed, the same command tries them again: {lines}")

    def _make_runs(self, corpus: Corpus, system: System, *seeds: int) -> dict[float | None, list[Run]]:
        args = (self.args.encoder, self.args.data_dir, self.args.train_arguments, self.args.num_processes)
        rates = system.learning_rates or [None]
        return {
            rate: [Run(self.runs, self.table, corpus, system, rate, seed, *args) for seed in seeds] for rate in rates
        }

    def _check(self, corpus: Corpus) -> str:
        """Check commands and folders of a corpus, and return what is missing for any run; empty if nothing is."""
        for system in self.systems:
            if not (self.args.encoder or corpus.encoder) and "--encoder" in option_names(system.model):
                return f"an encoder: {system.name} needs a pretrained one, name it with --encoder"
        seeds = dict.fromkeys([*self.seeds, *self.table.seeds])  # the page shows the mean of all of them
        groups = [group for system in self.systems for group in self._make_runs(corpus, system, *seeds).values()]
        runs = _with_needs([run for group in groups for run in group])
        for run in {run.system.name: run for run in reversed(runs)}.values():  # the first of each row
            run.command()
            data = run.parse().data_args
        try:
            documents = {split: len(rows) for split, rows in data.load().items()}
            absent = [split for split in ("train", "test") if not documents.get(split)]
            builder = find_builder(data.dataset, data.data_dir, data.config_name, data.split_seed) if absent else None
            reason = absent and ((builder and builder.missing()) or f"{data.name} has no {absent[0]} documents")
        except UserInputError as error:
            reason = " ".join(str(error).split())
        if reason:  # without this machine's folder
            return f"the text: {reason}".replace(f"{Path(self.args.data_dir or '.').resolve()}/", "")
        for run in runs:
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
                chosen = choose_learning_rate(found) if all(found.values()) else next(iter(tried))
                others = [seed for seed in self.seeds if seed != tried[chosen].seed]
                is_known = len(tried) == 1 or all(found.values())
                runs += tried.values()
                (runs if is_known else later).extend(self._make_runs(corpus, system, *others)[chosen])
        return _with_needs(runs), later

    def _print_commands(self, awaits: dict[str, str]) -> None:
        runs, later = self._plan()
        for run in runs:
            print(shlex.join(run.command()) + ("  # done" if run.results else ""))
        for run in later:
            name, rates = f"{run.corpus.name}/{run.system.name}", ", ".join(map(format_rate, run.system.learning_rates))
            print(f"# {name}, seed {run.seed}: at the learning rate that validation chooses ({rates})")
        for name in filter(awaits.get, awaits):
            print(f"# {name} awaits {awaits[name]}")

    def _train_all(self) -> dict[str, str]:
        """Train what is not done, and return the last line of each run that failed."""
        started, failed = monotonic(), {}
        while True:
            runs, later = self._plan()
            pending = [run for run in runs if not run.results and run.name not in failed]
            ready = [run for run in pending if run.needs is None or run.needs.results]
            if not ready:
                return failed | {run.name: f"needs {run.needs.name}" for run in pending}
            told = (
                f"{len(runs) - len(pending) + 1}/{len(runs) + len(later)}, {(monotonic() - started) / 60:.0f} min used"
            )
            for i, run in enumerate([*ready, ready[0]]):
                if i == len(ready):
                    logger.info("other processes have all remaining runs; waiting for them")
                with run.lock(wait=i == len(ready)) as lock:
                    if lock is None or run.results:  # another process has it, or had it
                        continue
                    logger.info(f"{run.name} ({told})")
                    line = run.train(lock)
                    if line:
                        failed[run.name] = line
                        logger.info(f"{run.name} failed: {line}")
                break
            self._write_page()

    def _lock(self) -> FileLock:
        """Return the lock of what belongs to no run."""
        return FileLock(self.page.with_suffix(".lock"))

    def _write_page(self) -> None:
        with self._lock():  # records that were read first must not be written last
            records = {corpus.name: read_records(self.runs / corpus.name) for corpus in self.table.corpora}
            with open_file("--output_dir", str(self.page)) as file:
                file.write(format_table(self.table, records) + "\n")


def _with_needs(runs: list[Run]) -> list[Run]:
    """Return runs and the runs that they need before them, each once."""
    return list({run.name: run for other in runs for run in (other.needs, other) if run}.values())


def _select(option: str, names: list[str] | None, parts: list) -> list:
    """Return the parts of a table that were named; all, if none was."""
    known = {part.name: part for part in parts}
    unknown = [name for name in names or [] if name not in known]
    if unknown:
        raise UserInputError(f"{option} {unknown[0]}: the table has {', '.join(known)}")
    return [part for name, part in known.items() if names is None or name in names]
