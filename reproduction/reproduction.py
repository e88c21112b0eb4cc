# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""All runs of a table, and its page. The folders of the runs are the only state."""

import shlex
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock

from ..commands.train import option_names
from ..errors import UserInputError, error_in
from ..runs.locking import lock_folder
from ..runs.progress import logger
from ..runs.writing import check_folder, open_file
from ..wording import counted
from .page import AWAITS_NAME, choose_by_validation, format_table
from .runs import Run
from .tables import Corpus, Table, check_options


class Reproduction:
    """All runs of a table and the page beside them; `args` are `ReproduceArguments`."""

    def __init__(self, table: Table, page: Path, args: Any) -> None:
        self.table, self.page, self.args, self.runs = table, page, args, page.parent
        self.lock = FileLock(page.with_suffix(".lock"))  # of what belongs to no run
        self.failed: dict[str, str] = {}  # the last line of each run that failed
        self.seeds = args.seeds or table.seeds
        self.systems = _select("--system", args.system, table.systems)
        corpora = _select("--corpus", args.corpus, table.corpora)
        self.corpora = [replace(corpus, encoder=args.encoder or corpus.encoder) for corpus in corpora]
        check_folder("--output_dir", args.output_dir)
        with error_in("--train_arguments"):
            check_options(args.train_arguments, [system.model for system in self.systems])
        changed = replace(table, arguments=f"{table.arguments} {args.train_arguments}")
        self.make_run = partial(Run, self.runs, changed, data_dir=args.data_dir)

    def __call__(self) -> list[dict[str, Any]]:
        """Train what is not done and write the page after each run, or list the commands.

        Returns:
            `list[dict]`: One dictionary with the `page`, the number of `runs` that are done, and what corpora that have
            none await (`awaits`); of a `dry_run`, one per run with its `command` and whether it is `done`, or with what
            it `awaits`.

        Raises:
            UserInputError: An option or the data does not fit, or a run failed; the others are trained then.
        """
        awaits = {corpus.name: self._check(corpus) for corpus in self.corpora}
        self.corpora = [corpus for corpus in self.corpora if not awaits[corpus.name]]
        if self.args.dry_run:
            return self._list_commands(awaits)
        with lock_folder("--output_dir", self.args.output_dir, shared=True):  # several processes share a table
            return self._train_and_write(awaits)

    def _train_and_write(self, awaits: dict[str, str]) -> list[dict[str, Any]]:
        for name, reason in awaits.items():
            (self.runs / name).mkdir(parents=True, exist_ok=True)
            with self.lock, open_file("--output_dir", str(self.runs / name / AWAITS_NAME)) as file:
                file.write(reason)
            if reason:
                logger.info(f"{name} is not run: {reason}")
        self.write_page()
        self.train_all()
        logger.info(str(self.page))
        if self.failed:
            failures = "; ".join(f"{name}: {line}" for name, line in self.failed.items())
            runs = counted(len(self.failed), "run")
            raise UserInputError(f"{runs} failed, the same command tries again: {failures}")
        missing = {name: reason for name, reason in awaits.items() if reason}
        return [{"page": str(self.page), "runs": len(self.plan()[0]), "awaits": missing}]

    def _check(self, corpus: Corpus) -> str:
        """Check commands and folders of a corpus, and return what is missing for any run; empty if nothing is."""
        for system in self.systems:
            if not corpus.encoder and "--encoder" in option_names(system.model):
                return f"an encoder: {system.name} needs a pretrained one, name it with --encoder"
        seeds = dict.fromkeys([*self.seeds, *self.table.seeds])  # the page shows the mean of all of them
        rows = [(system, rate) for system in self.systems for rate in system.learning_rates or [None]]
        runs = _with_needs([self.make_run(corpus, *row, seed) for row in rows for seed in seeds])
        for run in {run.system.name: run for run in reversed(runs)}.values():  # the first of each row
            data = run.parse().data_args
        try:
            documents = {split: len(rows) for split, rows in data.load(required=["train", "test"]).items()}
        except UserInputError as error:
            return f"missing text: {error}".replace(f"{Path(self.args.data_dir or '.').resolve()}/", "")
        for run in runs:
            run.check_record(documents)
        return ""

    def plan(self) -> tuple[list[Run], list[Run]]:
        """Return the runs that are known by now, and those at a learning rate that is still to be chosen."""
        runs, later = [], []
        for corpus, system in product(self.corpora, self.systems):
            run, rates = partial(self.make_run, corpus, system), system.learning_rates or [None]
            # The table's first seed chooses the rate; the lowest one does if that one is neither asked for nor done.
            first = self.table.seeds[0]
            if first not in self.seeds and not all(run(rate, first).results for rate in rates):
                first = min(self.seeds)
            found = {rate: run(rate, first).results for rate in rates}
            is_chosen = all(found.values())
            chosen = choose_by_validation(found) if is_chosen else rates[0]
            runs += [run(rate, first) for rate in rates]
            others = [run(chosen, seed) for seed in self.seeds if seed != first]
            (runs if is_chosen or len(rates) == 1 else later).extend(others)
        return _with_needs(runs), later

    def _list_commands(self, awaits: dict[str, str]) -> list[dict[str, Any]]:
        runs, later = self.plan()
        lines = [{"run": run.name, "command": shlex.join(run.command()), "done": bool(run.results)} for run in runs]
        lines += [
            {
                "run": f"{run.corpus.name}/{run.system.name}, seed {run.seed}",
                "awaits": "the learning rate that validation chooses",
            }
            for run in later
        ]
        return lines + [{"corpus": name, "awaits": reason} for name, reason in awaits.items() if reason]

    def train_all(self) -> None:
        """Train what is not done."""
        while True:
            runs, later = self.plan()
            pending = [run for run in runs if not run.results and run.name not in self.failed]
            ready = [run for run in pending if run.needs is None or run.needs.results]
            if not ready:
                self.failed |= {run.name: f"needs {run.needs.name}" for run in pending}
                return
            for i, run in enumerate([*ready, ready[0]]):
                if i == len(ready):
                    logger.info("other processes have all remaining runs; waiting for them")
                with run.lock(wait=i == len(ready)) as lock:
                    if lock is None or run.results:  # another process has it, or had it
                        continue
                    logger.info(f"{run.name} ({len(runs) - len(pending) + 1}/{len(runs) + len(later)})")
                    line = self.train(run, lock)
                    if line:
                        self.failed[run.name] = line
                        logger.info(f"{run.name} failed: {line}")
                break
            self.write_page()

    def train(self, run: Run, lock: BinaryIO) -> str:
        return run.train(lock)

    def write_page(self) -> None:
        with self.lock, open_file("--output_dir", str(self.page)) as file:  # no older page replaces a newer one
            file.write(format_table(self.table, self.runs) + "\n")


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
