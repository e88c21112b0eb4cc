# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Resident memory over a long training, with the cache of compiled primitives of oneDNN as it is and smaller.

Usage: `python -m benchmarks.training_memory [--output_file FILE]`

oneDNN, which torch computes with on a CPU, keeps what it has compiled for each shape, up to
`ONEDNN_PRIMITIVE_CACHE_CAPACITY` entries. Batches of texts have ever new shapes, so the cache fills slowly. Each curve
is of one `labelwise train` in a process of its own: small models, the embedded corpus, an evaluation and a checkpoint
every 2,000 steps. Memory is what is resident and not of a file.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import product

import torch

from labelwise.commands import train
from labelwise.errors import UserInputError
from labelwise.runs.training import TrainingRun
from labelwise.runs.writing import check_file
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer

from .curves import MemoryOverTraining
from .recording import describe, read_alike, save_measurement
from .tables import training_memory_table

CACHE = "ONEDNN_PRIMITIVE_CACHE_CAPACITY"
CAPACITIES = (1024, 16)  # oneDNN's own, and one that is soon full
_EVERY = 500  # steps between two measurements
WARM_UP_STEPS = 5_000  # after which memory should not grow
_OPTIONS = (
    "--dataset support_tickets --word_vectors random --embedding_size 8 --per_device_train_batch_size 8 "
    "--eval_strategy steps --eval_steps 2000 --save_strategy steps --save_steps 2000 --tune_thresholds none"
)
MODELS = {"lw-lstm": "--hidden_size 8 --num_hidden_layers 1", "cnn": "--kernel_sizes 2 3 --num_filters 8"}


class MeasuredRun(TrainingRun):
    """A training that measures its memory."""

    def _make_trainer(self) -> MultiLabelTrainer:
        trainer = super()._make_trainer()
        self.memory = MemoryOverTraining(_EVERY)
        trainer.add_callback(self.memory)
        return trainer


def measure_training(model: str, steps: int) -> dict:
    """Train in this process.

    Args:
        model (`str`): One of `MODELS`.
        steps (`int`): Number of training steps.

    Returns:
        `dict`: The command, steps per second, and the memory in MiB after every 500 steps.
    """
    with tempfile.TemporaryDirectory() as folder:
        options = f"--model {model} {MODELS[model]} {_OPTIONS} --max_steps {steps} --disable_tqdm true"
        argv = [*options.split(), "--output_dir", folder]
        args = train.make_parser(train.choose_family(argv)).parse(argv)
        run = MeasuredRun(*args, command=["labelwise", "train", *argv])
        start = time.perf_counter()
        run()
        seconds = time.perf_counter() - start
    return {
        "command": f"labelwise train {options}",
        "steps_per_second": steps / seconds,
        "resident_mib": run.memory.resident_mib,
    }


def main(argv: list[str] | None = None) -> int:
    """Measure all curves, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.training_memory", description=__doc__.split("\n")[0])
    parser.add_argument("--models", nargs="+", choices=list(MODELS), default=list(MODELS), metavar="NAME")
    parser.add_argument("--capacities", nargs="+", type=int, default=CAPACITIES, help="entries of the cache")
    parser.add_argument("--steps", type=int, default=50_000, help="training steps of each curve")
    parser.add_argument(
        "--output_file", metavar="FILE", help="JSON file to write the measurement to; its other curves are kept"
    )
    parser.add_argument("--train", choices=list(MODELS), help=argparse.SUPPRESS)  # in a process of its own
    args = parser.parse_args(argv)
    if args.train:
        print(json.dumps(measure_training(args.train, args.steps)))
        return 0
    steps = {"steps": args.steps, "every_steps": _EVERY, "warm_up_steps": min(WARM_UP_STEPS, args.steps)}
    measurement = {**describe(torch.device("cpu")), "quick": args.steps < 50_000, **steps, "rows": []}
    try:
        check_file("--output_file", args.output_file)
        for model, capacity in product(args.models, args.capacities):
            point = {"model": model, "capacity": capacity, **_run(model, capacity, args.steps)}
            earlier = read_alike(args.output_file, measurement)
            kept = [
                row for row in (earlier or measurement)["rows"] if (row["model"], row["capacity"]) != (model, capacity)
            ]
            measurement["rows"] = sorted([*kept, point], key=lambda row: (row["model"], -row["capacity"]))
            save_measurement(measurement, args.output_file)  # after each curve, as all take a while
    except UserInputError as error:
        print(f"benchmarks.training_memory: error: {error}", file=sys.stderr)
        return 2
    print(training_memory_table(measurement))
    return 0


def _run(model: str, capacity: int, steps: int) -> dict:
    command = [sys.executable, "-m", "benchmarks.training_memory", "--train", model, "--steps", str(steps)]
    run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, CACHE: str(capacity)})
    if run.returncode:
        raise UserInputError(f"the training of {model} failed: {run.stderr.strip().splitlines()[-1]}")
    return json.loads(run.stdout.splitlines()[-1])


if __name__ == "__main__":
    sys.exit(main())
