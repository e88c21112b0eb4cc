# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""How many documents of a label its own threshold needs: k, the `prior_documents` of `tune_thresholds`.

Usage: `python -m benchmarks.threshold_shrinkage [--data_dir PATH] [--output_file FILE]`

A system is trained once per corpus. Its validation documents are cut in half at random, again for each seed: thresholds
are tuned on one half, and F1 is measured on the other.
"""

import argparse
import sys
import time
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import torch
from datasets import disable_progress_bars

from labelwise.errors import UserInputError
from labelwise.hub.markdown import make_table
from labelwise.modeling.thresholding import predict_labels
from labelwise.runs.data import DataArguments
from labelwise.runs.out_of_fold import make_classifier
from labelwise.runs.prediction import iterate_logits
from labelwise.runs.writing import check_file
from labelwise.trainer.metrics import score
from labelwise.trainer.preprocessing import label_matrix
from labelwise.trainer.thresholds import tune_thresholds

from .recording import describe, save_measurement

PRIORS = (0, 5, 10, 20, 40, 80)
METRICS = {"macro_f1": "macro-F1", "micro_f1": "micro-F1"}
_GLOBAL = "one for all labels"


def main(argv: list[str] | None = None) -> int:
    """Measure, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.threshold_shrinkage", description=__doc__.split("\n")[0])
    parser.add_argument("--corpora", nargs="+", default=["reuters21578", "goemotions", "gaic"], help="corpora")
    parser.add_argument("--data_dir", metavar="PATH", help="folder with a folder of files for each corpus")
    parser.add_argument("--system", default="br", help="system to train")
    parser.add_argument("--seeds", nargs="+", type=int, default=list(range(20)), help="seeds of the halves")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    disable_progress_bars()
    try:
        check_file("--output_file", args.output_file)
        measurement = {**describe(torch.device("cpu")), "system": args.system, "seeds": args.seeds}
        measurement["corpora"] = [
            measure(name, args.data_dir and str(Path(args.data_dir, name)), args.system, args.seeds)
            for name in args.corpora
        ]
    except UserInputError as error:
        print(f"benchmarks.threshold_shrinkage: error: {error}", file=sys.stderr)
        return 2
    save_measurement(measurement, args.output_file)
    print(shrinkage_table(measurement))
    return 0


def measure(name: str, data_dir: str | None, system: str, seeds: list[int]) -> dict:
    """Train on a corpus, and measure F1 with thresholds that were tuned on other documents.

    Args:
        name (`str`): Name of the corpus.
        data_dir (`str`, *optional*): Folder with its files.
        system (`str`): System to train.
        seeds (`list[int]`): Seeds of the halves.

    Returns:
        `dict`: Numbers of documents and labels, `seconds`, and in `scores`, by kind of thresholds and metric, the
        score of each seed.

    Raises:
        UserInputError: The corpus or the system does not exist.
    """
    started = time.monotonic()
    corpus = DataArguments(dataset=name, data_dir=data_dir).load(required=["validation"])
    classifier = make_classifier(system).fit(corpus["train"], validation=corpus["validation"])
    texts = [(text, {}) for text in corpus["validation"]["text"]]
    blocks = iterate_logits(classifier.model, classifier.tokenizer, texts, batch_size=64)
    logits = torch.cat([logits for _, logits in blocks])
    labels = label_matrix(corpus["validation"])
    scores: dict[str, dict[str, list[float]]] = {}
    for seed in seeds:
        tuned, other = np.array_split(np.random.default_rng(seed).permutation(len(labels)), 2)
        found = {_GLOBAL: tune_thresholds(logits[tuned], labels[tuned])}
        for prior in PRIORS:
            found[f"k = {prior}"] = tune_thresholds(logits[tuned], labels[tuned], "per-label", prior_documents=prior)
        for kind, thresholds in found.items():
            predicted = predict_labels(logits[other], thresholds).numpy()
            for metric in METRICS:
                value = score(predicted, labels[other] == 1, labels[other] >= 0, metric)
                scores.setdefault(kind, {}).setdefault(metric, []).append(value)
    return {
        "corpus": name,
        "training_documents": len(corpus["train"]),
        "validation_documents": len(labels),
        "labels": labels.shape[1],
        "seconds": time.monotonic() - started,
        "scores": scores,
    }


def shrinkage_table(measurement: dict) -> str:
    """Return the measurement as Markdown: F1 in percent, mean and standard deviation over the halves."""
    corpora = measurement["corpora"]
    head = ["thresholds", *(f"{corpus['corpus']} {name}" for corpus in corpora for name in METRICS.values())]
    kinds = [_GLOBAL, *(f"k = {prior}" for prior in PRIORS)]
    rows = [
        [kind, *(_spread(corpus["scores"][kind][metric]) for corpus in corpora for metric in METRICS)] for kind in kinds
    ]
    facts = [
        f"{corpus['corpus']}: {corpus['training_documents']:,} training and {corpus['validation_documents']:,} "
        f"validation documents, {corpus['labels']} labels, {corpus['seconds']:.0f} s"
        for corpus in corpora
    ]
    seeds = measurement["seeds"]
    facts.append(
        f"{measurement['system']}; {len(seeds)} random halves (seeds {min(seeds)} to {max(seeds)}); "
        f"{measurement['machine']}, {measurement['threads']} threads, load {measurement['load_before']:.1f} before; "
        f"revision {measurement['git_revision']}"
    )
    return "\n".join([make_table(head, rows), "", *(f"- {fact}." for fact in facts)])


def _spread(values: list[float]) -> str:
    shown = f"{100 * mean(values):.1f}"
    return f"{shown} ± {100 * stdev(values):.1f}" if len(values) > 1 else shown


if __name__ == "__main__":
    sys.exit(main())
