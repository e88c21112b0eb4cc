# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Speed and memory of `labelwise predict` from file to file.

Usage: `python -m benchmarks.serving --models FOLDER ... [--dataset NAME --data_dir PATH] [--output_file FILE]`

Each model reads a tenth of the rows and all of them, in processes of its own. The rows are the training texts of a
corpus, repeated in turn, each with a number as its id. Time is that of the whole command without its imports: the model
is loaded, texts are read, and labels and all scores are written. Memory is the largest that is resident and not of a
file.
"""

import argparse
import csv
import json
import subprocess
import sys
import tempfile
from itertools import cycle, islice
from pathlib import Path
from statistics import median

import torch

from labelwise.commands import predict
from labelwise.errors import UserInputError
from labelwise.runs.answer_files import FORMATS
from labelwise.runs.data import DataArguments
from labelwise.runs.writing import check_file

from .memory import sample_memory
from .recording import describe, save_measurement
from .tables import serving_table
from .timing import seconds


def main(argv: list[str] | None = None) -> int:
    """Measure all models, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.serving", description=__doc__.split("\n")[0])
    parser.add_argument("--models", nargs="+", default=[], metavar="FOLDER", help="trained models, one row each")
    parser.add_argument("--dataset", default="support_tickets", help="corpus whose training texts are read")
    parser.add_argument("--data_dir", metavar="PATH", help="folder with the files of the corpus")
    parser.add_argument("--rows", type=int, default=200_000, help="rows of the larger file")
    parser.add_argument("--repeats", type=int, default=3, help="processes per file; medians are reported")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=["jsonl"], help="formats of the output")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    parser.add_argument("--predict", nargs=3, help=argparse.SUPPRESS)  # in a process of its own
    args = parser.parse_args(argv)
    if args.predict:
        print(json.dumps(measure_prediction(*args.predict)))
        return 0
    if not args.models:
        parser.error("name the --models")
    try:
        check_file("--output_file", args.output_file)
        measurement = measure(args)
    except UserInputError as error:
        print(f"benchmarks.serving: error: {error}", file=sys.stderr)
        return 2
    save_measurement(measurement, args.output_file)
    print(serving_table(measurement))
    return 0


def measure(args: argparse.Namespace) -> dict:
    """Measure each model with each format of the output.

    Args:
        args (`argparse.Namespace`): Options of the command line.

    Returns:
        `dict`: The measurement, with one row per model and format.

    Raises:
        UserInputError: The corpus does not exist.
    """
    texts = DataArguments(dataset=args.dataset, data_dir=args.data_dir).load(required=["train"])["train"]["text"]
    words = sum(len(text.split()) for text in texts) / len(texts)
    work = {"corpus": args.dataset, "words": words, "documents": args.rows, "repeats": args.repeats}
    measurement = {**describe(torch.device("cpu")), "quick": args.rows < 200_000, **work, "rows": []}
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder) / f"{number}.csv" for number in (args.rows // 10, args.rows)]
        for file in files:
            write_texts(file, list(texts), int(file.stem))
        for model in args.models:
            for output_format in args.formats:
                small, large = (_repeat(model, file, output_format, args.repeats) for file in files)
                row = {
                    "model": Path(model).name,
                    "format": output_format,
                    "documents": args.rows,
                    "seconds": large["seconds"],
                    "texts_per_second": args.rows / large["seconds"],
                    "peak_mib_tenth": small["peak_mib"],
                    "peak_mib": large["peak_mib"],
                }
                measurement["rows"].append(row)
    return measurement


def write_texts(path: Path, texts: list[str], number: int) -> None:
    """Write a CSV file of texts and ids; texts are repeated in turn."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        writer.writerows(enumerate(islice(cycle(texts), number)))


def _repeat(model: str, file: Path, output_format: str, repeats: int) -> dict[str, float]:
    print(f"{model}, {output_format}: {int(file.stem):,} rows", file=sys.stderr)
    output = file.with_name(f"answers.{output_format}")
    command = [sys.executable, "-m", "benchmarks.serving", "--predict", model, str(file), str(output)]
    runs = [json.loads(subprocess.check_output(command, stderr=subprocess.DEVNULL)) for _ in range(repeats)]
    return {key: median(run[key] for run in runs) for key in runs[0]}


def measure_prediction(model: str, file: str, output: str) -> dict[str, float]:
    """Run `labelwise predict`; return the time, and the largest resident memory."""
    command = ["--model_name_or_path", model, "--input", file, "--output_file", output]
    with sample_memory() as sampled:
        took = seconds(lambda: predict.main(command), torch.device("cpu"))
    return {"seconds": took, "peak_mib": max(sampled)}


if __name__ == "__main__":
    sys.exit(main())
