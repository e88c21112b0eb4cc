# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Settings of each family on several corpora within the same minutes: what the defaults should be.

Usage: `python -m benchmarks.defaults --data_dir PATH [--encoder FOLDER] [--models NAME ...] [--corpora NAME ...]`

`GRID` has the settings, one change at a time to what `labelwise train` does without options. Each one is trained by a
`labelwise train` of its own within `--minutes`. A run finds an empty `HF_HOME`, as a first run on a new corpus does, so
its minutes include the word vectors. Encoders are trained on the English corpora only, as MiniLM is English; a linear
model, `br`, is fitted to each corpus for comparison.

Finished runs are in `--output_file`, and the same command resumes. After a change of the defaults, name another file.
"""

import argparse
import os
import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import torch
from datasets import disable_progress_bars

from labelwise.commands.train import option_names
from labelwise.datasets_scripts import CORPORA as BUILDERS
from labelwise.errors import UserInputError
from labelwise.reproduction.page import TUNED
from labelwise.reproduction.runs import Run
from labelwise.reproduction.tables import Corpus, System, Table
from labelwise.runs.comparison import options_of, settings_of, words_of
from labelwise.runs.writing import check_file
from labelwise.wording import counted

from .defaults_page import BASELINE, DEFAULT, defaults_page
from .recording import describe, read_alike, save_measurement
from .report import DOCS

CORPORA = {
    "reuters21578": "",
    "goemotions": "",
    "bdci_car2018": "",
    "cail2019_elements": "--config_name divorce",
}
METRICS = ("micro_f1", "macro_f1")
WORDS = {
    DEFAULT: "",
    "no warm-up": "--warmup_steps 0",
    "rate 1e-3": "--learning_rate 1e-3",
    "rate 1e-2": "--learning_rate 1e-2",
    "vectors of 5 passes": "--skip_gram_epochs 5",
    "5,000 words": "--vocab_size 5000",  # those that occur twice are 6,556 (CAIL divorce) to 19,977 (Reuters)
    "1,000 tokens a batch": "--tokens_per_batch 1000",
}
PAPER = "--learning_rate 1e-3 --warmup_steps 0 --hidden_size 256"
RECURRENT = {
    **WORDS,
    "trained vectors": "--train_embeddings true",
    "trained vectors of 5 passes": "--train_embeddings true --skip_gram_epochs 5",
    "width 256": "--hidden_size 256",
}
FLAT = {**RECURRENT, "2 layers": "--num_hidden_layers 2", "LW-PT": f"{PAPER} --num_hidden_layers 2"}
ENCODERS = {
    DEFAULT: "",
    "rate 1e-4": "--learning_rate 1e-4",
    "rate 2e-4": "--learning_rate 2e-4",
    "head 5e-4": "--head_learning_rate 5e-4",
    "rate 1e-4, head 1e-3": "--learning_rate 1e-4 --head_learning_rate 1e-3",
    "rate 2e-4, head 2e-3": "--learning_rate 2e-4 --head_learning_rate 2e-3",
    "2,000 tokens a batch": "--tokens_per_batch 2000",
}
GRID = {
    BASELINE: {DEFAULT: ""},
    "cnn": {
        **WORDS,
        "rate 1e-3, no warm-up": "--learning_rate 1e-3 --warmup_steps 0",
        "rate 1e-3, no warm-up, fixed vectors": "--learning_rate 1e-3 --warmup_steps 0 --train_embeddings false",
        "fixed vectors": "--train_embeddings false",
        "10 epochs": "--num_train_epochs 10",
    },
    "lstm": FLAT,
    "lw-lstm": FLAT,
    "hlw-lstm": {**RECURRENT, "20 words a sentence": "--max_words_per_sentence 20", "LW-PT": PAPER},
    "bert": {**ENCODERS, "128 tokens": "--max_length 128", "raw first state": "--pooler false"},
    "lm-mtc": {
        **ENCODERS,
        "compact": "--template compact",
        "compact, 256 tokens": "--template compact --max_length 256",
    },
    "lw-encoder": {
        DEFAULT: "",
        "rate 5e-5": "--learning_rate 5e-5",
        "rate 2e-4": "--learning_rate 2e-4",
        "head 4e-3": "--head_learning_rate 4e-3",
        "with MLM": "--mlm_weight 1",
    },
}
_KEY = ("corpus", "model", "setting", "seed")


def main(argv: list[str] | None = None) -> int:
    """Train what is not done, write the file after each run, and print the page.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0; 1 if a run failed, which the same command tries again; or 2 after an error in the input, which is
        printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.defaults", description=__doc__.split("\n")[0])
    settings = dict.fromkeys(name for grid in GRID.values() for name in grid)
    parser.add_argument("--data_dir", required=True, metavar="PATH", help="folder with one folder for each corpus")
    parser.add_argument("--encoder", metavar="FOLDER", help="pretrained English encoder of bert, lm-mtc and lw-encoder")
    parser.add_argument("--corpora", nargs="+", choices=[*CORPORA], default=[*CORPORA], help="corpora to train on")
    parser.add_argument("--models", nargs="+", choices=[*GRID], help="systems to train; by default all")
    parser.add_argument("--settings", nargs="+", choices=[*settings], default=[*settings], help="settings to train")
    parser.add_argument("--minutes", type=float, default=10, help="minutes of a run")
    parser.add_argument("--seeds", nargs="+", type=int, default=[42], help="seeds of the trainings")
    parser.add_argument(
        "--output_file",
        metavar="FILE",
        default=str(DOCS / "performance" / "defaults.json"),
        help="JSON file of the finished runs",
    )
    args = parser.parse_args(argv)
    args.command = shlex.join(["python", "-m", "benchmarks.defaults", *(sys.argv[1:] if argv is None else argv)])
    disable_progress_bars()
    try:
        measurement = sweep(args)
    except UserInputError as error:
        print(f"benchmarks.defaults: error: {error}", file=sys.stderr)
        return 2
    print(defaults_page(measurement))
    return 1 if measurement["failed"] else 0


def sweep(args: argparse.Namespace) -> dict[str, Any]:
    """Train what is not done.

    Args:
        args (`argparse.Namespace`): Options of the command line.

    Returns:
        `dict`: The measurement, with one row per finished run, and `failed`: the last line of each run that failed.

    Raises:
        UserInputError: An option or the data does not fit, or the file is of another machine or other minutes.
    """
    measurement = {**describe(torch.device("cpu")), "quick": False, "time_limit": args.minutes, "failed": {}}
    del measurement["git_revision"]  # that of each run is in its row
    check_file("--output_file", args.output_file)
    earlier = read_alike(args.output_file, measurement)
    measurement["rows"] = earlier["rows"] if earlier else []
    measurement["commands"] = [*dict.fromkeys([*(earlier["commands"] if earlier else []), args.command])]
    done = {_key(row): row["options"] for row in measurement["rows"]}
    runs = [run for run in plan(args) if done.get(_key(identify(run))) != options_line(run)]
    data = {run.corpus.name: run.parse().data_args for run in runs}  # checks the options of all
    for corpus in data.values():
        corpus.load(required=["train", "validation"])
    tell(f"{counted(len(runs), 'run')} to train, in about {timedelta(minutes=len(runs) * args.minutes)}")
    for number, run in enumerate(runs, start=1):
        found = train(run)
        if isinstance(found, str):
            measurement["failed"][run.name], told = found, f"failed: {found}"
        else:
            others = [row for row in measurement["rows"] if _key(row) != _key(found)]
            measurement["rows"] = [*others, found]
            told = ", ".join(f"{metric} {100 * found[metric]:.2f}" for metric in METRICS)
        save_measurement(measurement, args.output_file)
        tell(f"{number}/{len(runs)} {run.name}: {told}")
    return measurement


def plan(args: argparse.Namespace) -> Iterator[Run]:
    """Yield the runs that were asked for, one system after the other, and the linear model before them."""
    systems = {(model, name): make_system(model, name, args.minutes) for model in GRID for name in GRID[model]}
    corpora = [Corpus(name, "as built", CORPORA[name], args.encoder or "") for name in CORPORA]
    table = Table("Defaults", "", args.seeds, [*METRICS], [*systems.values()], corpora)
    readers = [model for model in GRID if "--encoder" in option_names(model)]
    models = args.models or [model for model in GRID if args.encoder or model not in readers]
    if not args.encoder and set(models) & set(readers):
        raise UserInputError(f"--models {' '.join(models)}: name the encoder with --encoder")
    if args.encoder and not Path(args.encoder).is_dir():  # each run would download it anew
        raise UserInputError(f"--encoder {args.encoder}: no such folder")
    for model in dict.fromkeys([BASELINE, *models]):
        names = [name for name in GRID[model] if name in args.settings or model == BASELINE]
        seeds = [42] if model == BASELINE else args.seeds  # its fit is not random
        for seed, corpus, name in product(seeds, corpora, names):
            if corpus.name in args.corpora and (model not in readers or BUILDERS[corpus.name].LANGUAGE == "en"):
                system = systems[model, name]
                yield Run(Path(), table, corpus, system, next(iter(system.learning_rates), None), seed, args.data_dir)


def make_system(model: str, setting: str, minutes: float) -> System:
    """Make the row of a setting: its options, the time where the model is trained by steps, and one threshold."""
    options = options_of(GRID[model][setting])
    rates = [float(rate) for rate in options.pop("--learning_rate", [])]
    options = {"--model": [model], "--tune_thresholds": ["global"], **options}
    if "--max_minutes" in option_names(model):
        options["--max_minutes"] = [f"{minutes:g}"]
    return System(f"{model}, {setting}", shlex.join(words_of(options)), rates)


def identify(run: Run) -> dict[str, Any]:
    """Return what names a run in the file."""
    model, _, setting = run.system.name.partition(", ")
    return {"corpus": run.corpus.name, "model": model, "setting": setting, "seed": run.seed}


def options_line(run: Run) -> str:
    """Return the options that define a run, in one line."""
    return shlex.join(words_of(settings_of(run.command())))


def train(run: Run) -> dict[str, Any] | str:
    """Train a run in a folder of its own, and return its row; the last line of its log if it fails."""
    with TemporaryDirectory() as folder, patch.dict(os.environ, HF_HOME=str(Path(folder) / "cache")):
        run = replace(run, runs=Path(folder))
        before = _processor_seconds()
        with run.lock(wait=True) as lock:
            line = run.train(lock)
        if line:
            return line
        results, seconds = run.results, _processor_seconds() - before
    row = identify(run)
    return {
        **row,
        "arguments": GRID[row["model"]][row["setting"]],
        "options": options_line(run),
        "revision": run.facts()["revision"],
        "documents": results["documents"],
        **{metric: results[TUNED]["validation"][metric] for metric in METRICS},
        "epochs": results["epochs"],
        "stopped_by": results["stopped_by"],
        "parameters": results["num_parameters"],
        "minutes": results["wall_time_seconds"] / 60,
        "processor_minutes": seconds / 60,
    }


def tell(line: str) -> None:
    """Print a line of progress."""
    print(line, file=sys.stderr, flush=True)


def _key(row: dict[str, Any]) -> tuple:
    return tuple(row[name] for name in _KEY)


def _processor_seconds() -> float:
    """Return the seconds of the processor of all ended child processes."""
    times = os.times()
    return times.children_user + times.children_system


if __name__ == "__main__":
    sys.exit(main())
