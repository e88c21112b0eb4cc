# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""How long commands take to answer, against `import torch`.

Usage: `python -m benchmarks.startup [--repeats 5] [--output_file FILE]`

Each is a process of its own, and each round starts all of them, so that other work on the machine slows all alike. The
row of `PreTrainedModel` is what every program with a model of transformers takes, with or without labelwise.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import torch
from labelwise_cli import COMMANDS

from labelwise import MultiLabelClassifier, load_corpus

from .recording import describe, save_measurement
from .tables import startup_table

TORCH = "import torch"
PREDICT = "predict --model_name_or_path br --input texts.txt"
IMPORTS = (TORCH, "from transformers import PreTrainedModel", "import labelwise")
TEXTS = "Please refund the 20 euros.\nThe app crashes at start.\nHow do I cancel?\n"
# What is asked for, and the status that the process exits with.
WRONG = {
    "train --model nosuch": 2,
    "train --nosuch": 2,
    "train --model cnn --mlm_weight 0.1": 2,
    "train --train_file nowhere.csv": 2,
    "train --model bert --encoder ./nowhere --dataset gaic": 2,
    "predict --model_name_or_path ./nowhere --input -": 2,
}


def main(argv: list[str] | None = None) -> int:
    """Measure, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.startup", description=__doc__.split("\n")[0])
    parser.add_argument("--repeats", type=int, default=5, help="rounds; medians are reported")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    measurement = {**describe(torch.device("cpu")), "repeats": args.repeats}
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(make_work(Path(folder)), args.repeats, Path(folder))
    measurement["rows"] = rows
    save_measurement(measurement, args.output_file)
    print(startup_table(measurement))
    return 0


def make_work(folder: Path) -> dict[str, tuple[list[str], int]]:
    """Train a TF-IDF model, and return what is measured: arguments of Python, and the expected exit status, by name."""
    train = load_corpus("support_tickets")["train"]
    names = train.features["labels"].feature.names
    labels = [[names[i] for i in row] for row in train["labels"]]
    MultiLabelClassifier("br", tune_thresholds="none").fit(list(train["text"]), labels).save_pretrained(folder / "br")
    (folder / "texts.txt").write_text(TEXTS, "utf-8")
    work = {code: (["-c", code], 0) for code in IMPORTS}
    helps = {"--help": 0, **{f"{name} --help": 0 for name in COMMANDS}, "train --help all": 0}
    for command, status in {**helps, **WRONG, PREDICT: 0}.items():
        work[f"labelwise {command}"] = (["-m", "labelwise_cli", *command.split()], status)
    return work


def measure(work: dict[str, tuple[list[str], int]], repeats: int, folder: Path) -> list[dict]:
    """Return a row for each piece of work, with the seconds, and the ratio to `import torch`; medians of rounds."""
    seconds: dict[str, list[float]] = {name: [] for name in work}
    for number in range(repeats + 1):
        print(f"round {number} of {repeats}", file=sys.stderr)
        for name, (arguments, status) in work.items():
            started = time.perf_counter()
            run = subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True)
            if run.returncode != status:
                raise RuntimeError(f"{name} exited with {run.returncode}: {run.stderr[-500:]}")
            if number:  # the first round reads the files into the cache of the system
                seconds[name].append(time.perf_counter() - started)
    reference = median(seconds[TORCH])
    return [
        {"work": name, "seconds": median(took), "ratio": median(took) / reference} for name, took in seconds.items()
    ]


if __name__ == "__main__":
    sys.exit(main())
