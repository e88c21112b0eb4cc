# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Speed of trained models from the texts of a test split to label sets, all through the same `predict`.

Usage: `python -m benchmarks.decoding --models FOLDER ... --dataset goemotions --data_dir PATH [--output_file FILE]`

In each round, the models run one after the other, so that a temporary slowdown of the machine affects all; results are
medians over the rounds. Tokenization and `predict_labels` are measured, loading of the corpus and the models is not.
"""

import argparse
import sys
from pathlib import Path
from statistics import median

import torch
from datasets import disable_progress_bars
from transformers.utils import logging

from labelwise.errors import UserInputError
from labelwise.runs.answers import predict
from labelwise.runs.data import DataArguments
from labelwise.runs.loading import load_classifier, load_config_and_tokenizer
from labelwise.runs.writing import check_file

from .recording import describe, save_measurement
from .tables import decoding_table
from .timing import seconds


def main(argv: list[str] | None = None) -> int:
    """Measure the models, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.decoding", description=__doc__.split("\n")[0])
    parser.add_argument("--models", nargs="+", required=True, metavar="FOLDER", help="trained models, one row each")
    parser.add_argument("--dataset", default="goemotions", help="corpus with the test split to read")
    parser.add_argument("--data_dir", metavar="PATH", help="folder with the files of the corpus")
    parser.add_argument("--batch_size", type=int, default=64, help="texts per batch")
    parser.add_argument("--repeats", type=int, default=5, help="measured rounds, must be >= 3")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    if args.repeats < 3:
        parser.error("--repeats must be >= 3")
    try:
        measurement = measure_decoding(args)
    except UserInputError as error:
        print(f"benchmarks.decoding: error: {error}", file=sys.stderr)
        return 2
    save_measurement(measurement, args.output_file)
    print(decoding_table(measurement))
    return 0


def measure_decoding(args: argparse.Namespace) -> dict:
    """Measure each model.

    Args:
        args (`argparse.Namespace`): Options of the command line.

    Returns:
        `dict`: The measurement, with one row per model: name of its folder, parameters, seconds, texts per second.

    Raises:
        UserInputError: A model or the corpus does not exist or does not fit.
    """
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    disable_progress_bars()
    check_file("--output_file", args.output_file)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    models = {}
    for folder in args.models:
        config, tokenizer = load_config_and_tokenizer(folder)
        models[Path(folder).name] = load_classifier(folder, config).to(device).eval(), tokenizer
    corpus = DataArguments(dataset=args.dataset, data_dir=args.data_dir)
    names = config.label_names  # of any model, because only the texts are used
    documents = [(text, {}) for text in corpus.load_split("test", names)["text"]]
    measurement = describe(device)

    def run(name: str, some: list[tuple[str, dict]]) -> None:
        model, tokenizer = models[name]
        for _ in predict(model, tokenizer, some, args.batch_size):
            pass

    for name in models:
        run(name, documents[: args.batch_size])  # warm-up
    times = {name: [] for name in models}
    for number in range(args.repeats):
        for name in models:
            print(f"round {number + 1} of {args.repeats}: {name}", file=sys.stderr)
            times[name].append(seconds(lambda name=name: run(name, documents), device))
    rows = [
        {
            "model": name,
            "parameters": models[name][0].num_parameters(),
            "seconds": median(times[name]),
            "texts_per_second": len(documents) / median(times[name]),
        }
        for name in models
    ]
    work = {"corpus": args.dataset, "documents": len(documents), "batch_size": args.batch_size, "repeats": args.repeats}
    return {**measurement, **work, "rows": sorted(rows, key=lambda row: row["seconds"])}


if __name__ == "__main__":
    sys.exit(main())
