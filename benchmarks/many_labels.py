# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Curves of time and memory by number of labels: br, lw-lstm and lw-encoder, over all labels and sampled negatives.

Usage: `python -m benchmarks.many_labels [--curves NAME ...] [--quick] [--output_file FILE]`

Each point runs in its own process, to measure its peak memory. Documents are random; lw-lstm and lw-encoder read
128 tokens of 8 at a time, and br is fitted to 1,000 of 100 words and five labels each.
"""

import argparse
import sys
from functools import partial
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import torch
from datasets import Dataset, disable_progress_bars
from transformers import PreTrainedModel
from transformers.utils import logging

from labelwise import (
    LinearTrainer,
    LinearTrainingArguments,
    LWLSTMConfig,
    LWLSTMForSequenceClassification,
    TfidfLinearConfig,
    WordTokenizer,
    make_linear_model,
)
from labelwise.errors import UserInputError
from labelwise.modeling.label_loss import sum_per_document
from labelwise.runs.writing import check_file
from labelwise.trainer.negatives import SampledNegatives

from .curves import REPEATS, measure_cost, memory_mib, print_point, run_point
from .label_wise_encoder import make_batches, make_random_model
from .recording import describe, read_alike, save_measurement
from .tables import curve_tables
from .timing import seconds

MODULE = "benchmarks.many_labels"
LABELS = (28, 90, 1_000, 10_000, 50_000)
NEGATIVES = 500
VOCABULARY, WORDS = 3_000, 100  # of br


def br_point(num_labels: int, quick: bool) -> dict:
    """Measure the fitting of br in this process, and its predictions in batches of 64."""
    random, number = np.random.default_rng(0), 50 if quick else 1_000
    documents = Dataset.from_dict(
        {
            "input_ids": list(random.zipf(1.3, (number, WORDS)) % VOCABULARY + 3),
            "labels": [_multi_hot(random.integers(0, num_labels, 5), num_labels) for _ in range(number)],
        }
    )
    model = make_linear_model(TfidfLinearConfig(vocab_size=VOCABULARY + 3, num_labels=num_labels), documents)
    with TemporaryDirectory() as folder:
        settings = LinearTrainingArguments(
            folder, eval_strategy="no", load_best_model_at_end=False, disable_tqdm=True, report_to=[]
        )
        tokenizer = WordTokenizer.train_from_iterator(["word"], min_frequency=1)
        trainer = LinearTrainer(model, settings, train_dataset=documents, processing_class=tokenizer)
        fitting = seconds(trainer.train, model.device)
    ids_BT = torch.tensor(documents[:64]["input_ids"])
    with torch.inference_mode():
        model(ids_BT)
        inference = median(seconds(partial(model, ids_BT), model.device) for _ in range(REPEATS))
    return {
        "labels": num_labels,
        "ngrams": model.config.num_ngrams,
        "fitting_seconds": fitting,
        "inference_documents_per_second": len(ids_BT) / inference,
        "peak_MiB": memory_mib("VmHWM"),
    }


def _multi_hot(ids: np.ndarray, num_labels: int) -> np.ndarray:
    numbers_L = np.zeros(num_labels, dtype=np.int8)
    numbers_L[ids] = 1
    return numbers_L


def _make_lw_lstm(num_labels: int, quick: bool) -> LWLSTMForSequenceClassification:
    sizes = {"hidden_size": 8, "embedding_size": 8, "vocab_size": 100} if quick else {"vocab_size": 30_000}
    return LWLSTMForSequenceClassification(LWLSTMConfig(num_labels=num_labels, classifier="label_wise", **sizes))


def _all_point(make: partial, num_labels: int, quick: bool) -> dict:
    """Measure training steps and inference over all labels."""
    model = make(num_labels, quick)
    return {"labels": num_labels, **measure_cost(model, make_batches(model, 8, 128, quick))}


def _sampled_point(make: partial, num_labels: int, quick: bool) -> dict:
    """Measure training steps over the labels of a batch and sampled negatives."""
    model: PreTrainedModel = make(num_labels, quick)
    sampled, batches = SampledNegatives(NEGATIVES, sum_per_document), []
    for batch in make_batches(model, 8, 128, quick):
        with sampled.drawn(batch) as drawn:
            batches.append(drawn)
    cost = measure_cost(model, batches)
    return {"labels": num_labels, **{name: cost[name] for name in cost if name.startswith("training")}}


CURVES = {
    "br": ("br, fitted by one process to 1,000 documents", br_point, LABELS),
    **{
        f"{name}{suffix}": (f"{name}, {what}", partial(measure, make), LABELS)
        for name, make in (("lw-lstm", _make_lw_lstm), ("lw-encoder", make_random_model))
        for suffix, what, measure in (
            ("", "all labels", _all_point),
            ("-negatives", f"{NEGATIVES} sampled negatives", _sampled_point),
        )
    },
}


def main(argv: list[str] | None = None) -> int:
    """Measure the curves, print their tables, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser(f"python -m {MODULE}", description=__doc__.split("\n")[0])
    parser.add_argument("--curves", nargs="+", choices=list(CURVES), default=list(CURVES), metavar="NAME")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, and the first two points of each curve")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write to; its other curves are kept")
    parser.add_argument("--point", nargs=2, metavar=("CURVE", "VALUE"), help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    disable_progress_bars()
    if args.point:
        return print_point(CURVES, *args.point, args.quick)
    try:
        _measure(args)
    except UserInputError as error:
        print(f"{MODULE}: error: {error}", file=sys.stderr)
        return 2
    return 0


def _measure(args: argparse.Namespace) -> None:
    check_file("--output_file", args.output_file)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    measurement = {"quick": args.quick, **describe(device)}
    earlier = read_alike(args.output_file, measurement, "curves")
    measurement["curves"] = earlier["curves"] if earlier else {}
    for name in args.curves:
        title, _, values = CURVES[name]
        points = [run_point(MODULE, name, value, args.quick) for value in (values[:2] if args.quick else values)]
        measurement["curves"][name] = {"title": title, "points": points}
        save_measurement(measurement, args.output_file)
    print(curve_tables(measurement))


if __name__ == "__main__":
    sys.exit(main())
