# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise compare`: train several systems on your data within a given time, and keep the best.

The same command resumes a stopped comparison.
"""

import math
import shlex
import shutil
import time
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from transformers import TrainerState
from transformers.trainer import TRAINER_STATE_NAME

from ..datasets_scripts.own_data.sources import STANDARD_INPUT
from ..errors import UserInputError, error_in
from ..families.family import family_of_model, system_names
from ..json_text import dump_json
from ..reproduction.page import TUNED, choose_by_validation
from ..reproduction.reproduction import Reproduction
from ..reproduction.runs import LOG_NAME, RUN_NAME, Run, read_run
from ..reproduction.tables import RUN_OPTIONS, Corpus, System, Table, check_options
from ..runs.checkpoints import PRETRAINING_FOLDER
from ..runs.comparison import given_options, options_of, words_of
from ..runs.comparison_page import format_comparison
from ..runs.data import DataArguments
from ..runs.locking import lock_folder
from ..runs.options import SEED_RANGE, CommandParser, check_numbers, is_seed
from ..runs.progress import logger
from ..runs.results import describe_machine, save_results
from ..runs.speed import measure_texts_per_second
from ..runs.writing import open_file
from ..secret_tokens import hide_tokens
from .reproduce import ReproduceArguments
from .train import option_names

# By the minutes of an epoch on Reuters on two cores (docs/lab/lw-pt-table-2.md). Other systems follow.
_CHEAPEST_FIRST = (
    *(
        "br",
        "cc",
        "lp",
        "static",
        "cnn",
        "lstm",
        "han",
        "reg-lstm",
        "cnn-rnn",
        "magnet",
        "lw-lstm",
        "han-lg",
        "sgm",
        "sgm-ge",
    ),
    *("hlw-lstm", "set-rnn", "bert", "lw-encoder", "bert-mlm", "lm-mtc"),
)
_DEFAULT_MODELS, _DEFAULT_MODELS_OF_ENCODER = ["br", "cnn", "lw-lstm"], ["static", "bert", "lw-encoder", "lm-mtc"]
_SHARE = "--max_minutes"
# The default of 30 would take most of a share of a few minutes.
_SKIP_GRAM, _SKIP_GRAM_EPOCHS = "--skip_gram_epochs", "5"
# Options that `--train_arguments` may not set.
_RESERVED = RUN_OPTIONS | {"--model", "--model_name_or_path"} | {f"--{part.name}" for part in fields(DataArguments)}
_RUNS, _BEST = "runs", "best"  # folders
_SPEED = "texts_per_second"


@dataclass
class CompareArguments:
    """Systems to compare, and the time for them."""

    output_dir: str = field(metadata={"help": "Folder of the table, of the runs, and of the best model."})
    models: list[str] | None = field(
        default=None,
        metadata={
            "help": f"Systems to train, of {', '.join(system_names())}. By default {', '.join(_DEFAULT_MODELS)}, and "
            f"with --encoder also {', '.join(_DEFAULT_MODELS_OF_ENCODER)}."
        },
    )
    minutes: float = field(
        default=30.0, metadata={"help": "Minutes for all trainings; measuring each system comes on top."}
    )
    encoder: str = field(default="", metadata={"help": "Pretrained encoder of the systems that need one."})
    seed: int = field(default=42, metadata={"help": "Seed of all runs."})
    train_arguments: str = field(default="", metadata={"help": "Options of all runs that have them: '--bf16 --C 2'."})

    def __post_init__(self) -> None:
        check_numbers(self, ["minutes"], lambda number: 0 < number < math.inf, "> 0")
        check_numbers(self, ["seed"], is_seed, SEED_RANGE)
        if self.models is None:
            self.models = [*_DEFAULT_MODELS, *(_DEFAULT_MODELS_OF_ENCODER if self.encoder else [])]
        for model in self.models:
            if model not in system_names():
                raise UserInputError(f"--models {model}: must be some of {', '.join(system_names())}")
        order = {model: place for place, model in enumerate(_CHEAPEST_FIRST)}
        self.models = sorted(dict.fromkeys(self.models), key=lambda model: order.get(model, len(order)))
        readers = [model for model in self.models if "--encoder" in option_names(model)]
        if readers and not self.encoder:
            raise UserInputError(f"--models {readers[0]} needs --encoder, a folder or a Hub id of a pretrained encoder")
        if self.encoder and not readers:
            raise UserInputError(f"--encoder {self.encoder}: {', '.join(self.models)} read no encoder; leave it out")


def main(argv: list[str]) -> None:
    args, data_args = CommandParser(
        [CompareArguments, DataArguments], prog="labelwise compare", description=__doc__.partition("\n")[0]
    ).parse(argv)
    print(dump_json(Comparison(args, data_args, ["labelwise", "compare", *argv])()))


class Comparison(Reproduction):
    """The reproduction of a table that is made in memory: one corpus, a row for each system, one seed.

    A run gets an equal share of the time that is left when it begins. Its `run.json` says which, so that a resumed run
    has the same.

    Args:
        args (`CompareArguments`): The options.
        data_args (`DataArguments`): The data.
        command (`list[str]`): The command line, for the record.
    """

    def __init__(self, args: CompareArguments, data_args: DataArguments, command: list[str]) -> None:
        if STANDARD_INPUT in (data_args.train_file, data_args.validation_file, data_args.test_file):
            raise UserInputError("standard input can be read once, and each system reads the data: name a file")
        self.data_args, self.minutes, self.command = data_args, args.minutes, command
        self.started, self.used = time.monotonic(), 0.0  # seconds; those of runs that were finished before
        self.counted = math.inf  # when the last run would have ended if it took nothing but its own time
        with error_in("--train_arguments"):
            check_options(args.train_arguments, args.models, _RESERVED)
        page, given = Path(args.output_dir) / "compare.md", options_of(args.train_arguments)
        systems = [_make_system(model, given, page.parent / _RUNS / model) for model in args.models]
        corpus = Corpus(_RUNS, "all documents", shlex.join(words_of(given_options(data_args))), args.encoder)
        table = Table("Comparison", "", [args.seed], ["micro_f1", "macro_f1"], systems, [corpus])
        super().__init__(table, page, ReproduceArguments(args.output_dir))

    def __call__(self) -> dict[str, Any]:
        """Train what is not done, write the table after each run, and copy the best model.

        Returns:
            `dict[str, Any]`: The content of `compare.json`.

        Raises:
            UserInputError: The data cannot be read, an option does not fit, the folder contains other runs, or all runs
                failed.
        """
        with lock_folder("--output_dir", self.args.output_dir):
            return self._compare()

    def _compare(self) -> dict[str, Any]:
        runs, _ = self.plan()
        for run in runs:
            run.parse()
        corpus = self.data_args.load(required=["train", "validation"])
        self.documents = {split: len(rows) for split, rows in corpus.items()}
        self.texts = list((corpus.get("test") or corpus["validation"])["text"])
        for run in runs:
            run.check_record(self.documents)
        self.used = sum(run.results["wall_time_seconds"] for run in runs if run.results)
        self.runs.mkdir(parents=True, exist_ok=True)
        self.train_all()
        best = self._summarize()["best"]
        if best is None:
            failures = "; ".join(f"{name}: {line}" for name, line in self.failed.items())
            raise UserInputError(f"no system was trained: {failures}")
        _copy_model(self.runs / _RUNS / best, self.runs / _BEST)
        self.write_page()
        summary = self._summarize()
        logger.info(format_comparison(summary))
        return summary

    def train(self, run: Run, lock: BinaryIO) -> str:
        """Train a run, in its share of the time if it begins."""
        begun = time.monotonic()
        if _SHARE in option_names(run.system.model) and _SHARE not in run.options:
            left = 60 * self.minutes - self.used - (begun - self.started)
            if left <= 0:
                return f"no time is left of --minutes {self.minutes:g}; give more"
            waiting = [other for other in self.plan()[0] if not other.results and other.name not in self.failed]
            share = left / len(waiting)
            overhead = max(begun - self.counted, 0)  # of the last run; a process has to start, the speed is measured
            minutes = max((share - min(overhead, share / 2)) / 60, 0.01)
            run = replace(run, system=replace(run.system, arguments=f"{run.system.arguments} {_SHARE} {minutes:.2f}"))
        line = run.train(lock)
        if not line:
            self.counted = begun + run.results["wall_time_seconds"]
        return line

    def write_page(self) -> None:
        """Write the table as Markdown and as JSON."""
        summary = self._summarize()
        for path, text in (
            (self.page, format_comparison(summary)),
            (self.page.with_suffix(".json"), dump_json(summary, indent=2)),
        ):
            with self.lock, open_file("--output_dir", str(path)) as file:
                file.write(f"{hide_tokens(text)}\n")

    def _summarize(self) -> dict[str, Any]:
        runs, _ = self.plan()
        finished = {run.system.name: run.results for run in runs if run.results}
        best = self.runs / _BEST
        return {
            "data": self.data_args.name,
            "documents": self.documents,
            "seed": self.seeds[0],
            "minutes": self.minutes,
            "systems": [self._describe(run) for run in runs],
            "best": choose_by_validation(finished) if finished else None,
            "best_folder": str(best) if best.is_dir() else None,
            "machine": describe_machine(),
            "command": self.command,
        }

    def _describe(self, run: Run) -> dict[str, Any]:
        """Return a row: the metrics at the tuned threshold, and what they took; or why there are none."""
        results = run.results
        if not results:
            return {"model": run.system.name, "error": self.failed.get(run.name, "not trained yet")}
        if _SPEED not in results:
            results[_SPEED] = round(measure_texts_per_second(str(run.folder), self.texts), 1)
            save_results(results, run.folder)
        return {
            "model": run.system.name,
            "metrics": results[TUNED] or results["metrics"],
            "threshold": results["threshold"],
            "epochs": results["epochs"],
            "best_epoch": _best_epoch(run.folder),
            "stopped_by": results["stopped_by"],
            "minutes": round(results["wall_time_seconds"] / 60, 2),
            "parameters": results["num_parameters"],
            _SPEED: results[_SPEED],
            "folder": str(run.folder),
        }


def _make_system(model: str, given: dict[str, list[str]], folder: Path) -> System:
    """Make a row of the table.

    Args:
        model (`str`): The system.
        given (`dict[str, list[str]]`): Options of all runs that have them.
        folder (`Path`): Folder of the run; one that has begun keeps its share of the time.
    """
    known = option_names(model) - {f"--{name}" for name in family_of_model(model).systems[model]}
    options = {"--model": [model], "--tune_thresholds": ["global"]}
    if _SHARE in known:  # a linear model has no steps to stop at
        options["--early_stopping_patience"] = ["3"]
        record = read_run(folder)
        begun = options_of(record["run"]["options"]) if record else {}
        options |= {option: values for option, values in begun.items() if option == _SHARE}
    if _SKIP_GRAM in known and given.get("--word_vectors", ["skip-gram"]) == ["skip-gram"]:
        options[_SKIP_GRAM] = [_SKIP_GRAM_EPOCHS]
    options |= {option: values for option, values in given.items() if option in known}
    return System(model, shlex.join(words_of(options)))


def _best_epoch(folder: Path) -> float | None:
    """Return the epoch whose weights a run kept; `None` for a linear model."""
    state = TrainerState.load_from_json(str(folder / TRAINER_STATE_NAME))
    steps = {entry["step"]: entry["epoch"] for entry in state.log_history if "eval_loss" in entry}
    return steps.get(state.best_global_step)


def _copy_model(source: Path, target: Path) -> None:
    """Copy the model of a run, without what only its training needs, in place of an earlier copy."""
    with TemporaryDirectory(dir=target.parent) as folder:
        names = shutil.ignore_patterns("checkpoint-*", PRETRAINING_FOLDER, RUN_NAME, LOG_NAME, "*.lock")
        copy = shutil.copytree(source, Path(folder) / target.name, ignore=names)
        if target.exists():
            target.rename(Path(folder) / "replaced")
        copy.rename(target)
