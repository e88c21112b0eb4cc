# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Speed of a training's evaluation, from the longest document to the shortest and in the order of the corpus.

Usage: `python -m benchmarks.evaluation_order --data_dir PATH --encoder FOLDER [--output_file FILE]`

Each round evaluates a model on the same validation documents in both orders, one right after the other; results are
medians over the rounds, of the ratios too. The models are not trained, which does not change how long they take.
"""

import argparse
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import torch
from datasets import disable_progress_bars
from torch.utils.data import Dataset
from transformers.trainer_callback import PrinterCallback
from transformers.utils import logging

from labelwise.datasets_scripts import load_corpus
from labelwise.errors import UserInputError
from labelwise.families import family_of_model
from labelwise.runs.writing import check_file
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.trainer.preprocessing import label_names, preprocess
from labelwise.trainer.training_arguments import MultiLabelTrainingArguments

from .recording import describe, save_measurement
from .tables import evaluation_order_table
from .timing import seconds

CORPORA = ("reuters21578", "goemotions")
MODELS = ("cnn", "lw-lstm", "bert")


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
    parser.add_argument("--data_dir", required=True, metavar="PATH", help="folder with one folder for each corpus")
    parser.add_argument("--encoder", required=True, metavar="FOLDER", help="encoder of bert")
    parser.add_argument("--corpora", nargs="+", choices=CORPORA, default=[*CORPORA], help="corpora to read")
    parser.add_argument("--models", nargs="+", choices=MODELS, default=[*MODELS], help="models, one row each a corpus")
    parser.add_argument("--documents", type=int, default=500, help="validation documents to read, the first ones")
    parser.add_argument("--repeats", type=int, default=3, help="measured rounds")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    disable_progress_bars()
    measurement = {**describe(torch.device("cpu")), "documents": args.documents, "repeats": args.repeats}
    try:
        check_file("--output_file", args.output_file)
        measurement["rows"] = [compare(corpus, model, args) for corpus in args.corpora for model in args.models]
    except UserInputError as error:
        print(f"benchmarks.evaluation_order: error: {error}", file=sys.stderr)
        return 2
    save_measurement(measurement, args.output_file)
    print(evaluation_order_table(measurement))
    return 0


def compare(corpus: str, model: str, args: argparse.Namespace) -> dict:
    """Return the seconds of a model on a corpus in both orders, and their ratio.

    Raises:
        UserInputError: The corpus or the encoder cannot be read.
    """
    print(f"{corpus}, {model}: {args.repeats} rounds", file=sys.stderr)
    given = {"encoder": args.encoder} if model == "bert" else {"word_vectors": "random"}
    family = family_of_model(model)(model=model, **given)
    splits = load_corpus(corpus, data_dir=str(Path(args.data_dir) / corpus))
    names = label_names(splits)
    tokenizer = family.make_tokenizer(list(splits["train"]["text"]), names, "en")
    texts = splits["validation"]
    documents = preprocess(texts.select(range(min(args.documents, len(texts)))), tokenizer)
    new = family.make_model(family.make_config(tokenizer, names), tokenizer, documents, seed=0)
    times = {name: [] for name in ORDERS}
    with TemporaryDirectory() as folder:
        settings = MultiLabelTrainingArguments(folder, use_cpu=True, disable_tqdm=True, report_to="none")
        parts = {"eval_dataset": documents, "processing_class": tokenizer}
        trainers = {name: order(new, settings, **parts) for name, order in ORDERS.items()}
        for trainer in trainers.values():
            trainer.remove_callback(PrinterCallback)
            trainer.predict(documents.select(range(1)))  # warm-up
        for _ in range(args.repeats):
            for name, trainer in trainers.items():
                times[name].append(seconds(lambda trainer=trainer: trainer.evaluate(), torch.device("cpu")))
    ratios = [other / own for own, other in zip(times["longest_first"], times["order_of_corpus"], strict=True)]
    medians = {name: median(measured) for name, measured in times.items()}
    return {"corpus": corpus, "model": model, **medians, "ratio": median(ratios)}


if __name__ == "__main__":
    sys.exit(main())
