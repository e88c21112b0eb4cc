# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Speed of a training's evaluation, from the longest document to the shortest and in the order of the corpus.

Usage: `python -m benchmarks.evaluation_order --models FOLDER ... --dataset NAME --data_dir PATH [--output_file FILE]`

Each round evaluates a model on validation documents in both orders, one right after the other; results are medians
over the rounds, of the ratios too. The rows of other corpora in the file are kept. Weights do not change how long an
evaluation takes, so that a training of one step is enough.
"""

import argparse
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import torch
from datasets import disable_progress_bars
from torch.utils.data import Dataset
from transformers.utils import logging

from labelwise.errors import UserInputError
from labelwise.runs.data import DataArguments
from labelwise.runs.loading import load_classifier, load_config_and_tokenizer
from labelwise.runs.writing import check_file
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.trainer.preprocessing import preprocess
from labelwise.trainer.training_arguments import MultiLabelTrainingArguments

from .recording import describe, read_alike, save_measurement
from .tables import evaluation_order_table
from .timing import seconds


class InTheirOrder(MultiLabelTrainer):
    """A trainer that evaluates documents in the order of the corpus."""

    def _sorts(self, documents: Dataset | None) -> bool:
        return False


ORDERS = {"longest_first": MultiLabelTrainer, "order_of_corpus": InTheirOrder}


def main(argv: list[str] | None = None) -> int:
    """Measure the models, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.evaluation_order", description=__doc__.split("\n")[0])
    parser.add_argument("--models", nargs="+", required=True, metavar="FOLDER", help="trained models, one row each")
    parser.add_argument("--dataset", default="goemotions", help="corpus with the validation split to read")
    parser.add_argument("--data_dir", metavar="PATH", help="folder with the files of the corpus")
    parser.add_argument("--documents", type=int, default=500, help="validation documents to read, the first ones")
    parser.add_argument("--repeats", type=int, default=3, help="measured rounds")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    try:
        measurement = measure(args)
    except UserInputError as error:
        print(f"benchmarks.evaluation_order: error: {error}", file=sys.stderr)
        return 2
    save_measurement(measurement, args.output_file)
    print(evaluation_order_table(measurement))
    return 0


def measure(args: argparse.Namespace) -> dict:
    """Measure each model.

    Args:
        args (`argparse.Namespace`): Options of the command line.

    Returns:
        `dict`: The measurement, with one row per model: seconds in both orders, and their ratio.

    Raises:
        UserInputError: A model or the corpus does not exist or does not fit, or the file is of another machine.
    """
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    disable_progress_bars()
    check_file("--output_file", args.output_file)
    measurement = {**describe(torch.device("cpu")), "quick": False, "repeats": args.repeats}
    earlier = read_alike(args.output_file, measurement)
    found = []
    for folder in args.models:
        print(f"{folder}: {args.repeats} rounds", file=sys.stderr)
        with TemporaryDirectory() as output_dir:
            found.append({"corpus": args.dataset, "model": Path(folder).name, **compare(folder, args, output_dir)})
    measured = {(row["corpus"], row["model"]) for row in found}
    others = [row for row in earlier["rows"] if (row["corpus"], row["model"]) not in measured] if earlier else []
    return {**measurement, "rows": [*others, *found]}


def compare(folder: str, args: argparse.Namespace, output_dir: str) -> dict:
    """Return the seconds of a model in both orders."""
    config, tokenizer = load_config_and_tokenizer(folder)
    model = load_classifier(folder, config)
    corpus = DataArguments(dataset=args.dataset, data_dir=args.data_dir)
    texts = corpus.load_split("validation", config.label_names)
    documents = preprocess(texts.select(range(min(args.documents, len(texts)))), tokenizer)
    settings = MultiLabelTrainingArguments(output_dir, use_cpu=True, disable_tqdm=True, report_to="none")
    parts = {"eval_dataset": documents, "processing_class": tokenizer}
    trainers = {name: order(model, settings, **parts) for name, order in ORDERS.items()}
    times = {name: [] for name in trainers}
    trainers["longest_first"].predict(documents.select(range(1)))  # warm-up
    for _ in range(args.repeats):
        for name, trainer in trainers.items():
            times[name].append(seconds(lambda trainer=trainer: trainer.evaluate(), torch.device("cpu")))
    ratios = [other / own for own, other in zip(times["longest_first"], times["order_of_corpus"], strict=True)]
    return {"documents": len(documents), **{name: median(of) for name, of in times.items()}, "ratio": median(ratios)}


if __name__ == "__main__":
    sys.exit(main())
