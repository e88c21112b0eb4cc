# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Time of `labelwise predict` shared by one, two and more processes of the CPU, from file to file, start included.

Usage: `python -m benchmarks.processes [--processes 1 2] [--documents 40000] [--output_file FILE]`

Each process has one thread. The model is the untrained CNN of `benchmarks.evaluating` with 20 labels, or that of
`--model`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

from .evaluating import make_model, write_documents
from .recording import describe, save_measurement

_CONFIGURATION = Path(__file__).parents[1] / "examples" / "accelerate" / "ddp.yaml"


def main(argv: list[str] | None = None) -> int:
    """Measure, print, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.processes", description=__doc__.split("\n")[0])
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2], help="numbers of processes")
    parser.add_argument("--documents", type=int, default=40_000, help="texts of 20 words to label")
    parser.add_argument("--model", metavar="FOLDER", help="trained model, in place of the untrained CNN")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    measurement = {**describe(torch.device("cpu")), "documents": args.documents, "rows": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = args.model or str(folder / "model")
        if args.model is None:
            make_model(folder / "model", 20)
        write_documents(folder / "texts.jsonl", args.documents, 20)
        for processes in args.processes:
            seconds = measure(folder, model, processes)
            measurement["rows"].append({"processes": processes, "seconds": round(seconds, 1)})
            first = measurement["rows"][0]["seconds"]
            print(f"{processes} processes: {seconds:.1f} s, {first / seconds:.2f} times the speed of the first row")
    save_measurement(measurement, args.output_file)
    return 0


def measure(folder: Path, model: str, processes: int) -> float:
    """Return the seconds of one run, and check that all texts were labelled."""
    output = folder / f"{processes}.jsonl"
    launcher = f"accelerate.commands.launch --config_file {_CONFIGURATION} --num_processes {processes} -m labelwise_cli"
    predict = f"predict --model_name_or_path {model} --input {folder / 'texts.jsonl'} --output_file {output}"
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", *launcher.split(), *predict.split()],
        check=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    seconds = time.perf_counter() - begun
    if len(output.read_bytes().splitlines()) != len((folder / "texts.jsonl").read_bytes().splitlines()):
        raise RuntimeError(f"{processes} processes did not label all texts")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
