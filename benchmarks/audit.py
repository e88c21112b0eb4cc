# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What `labelwise audit` finds of faults planted in the training documents of a corpus.

Usage: `python -m benchmarks.audit --dataset reuters21578 --data_dir PATH [--output_file FILE]`

Found label errors are counted against what was planted. The corpus has errors of its own, which count as wrong here, so
that precision is a lower bound. The plain ranking orders all pairs of a document and a label by the probability of what
is given, from the same out-of-fold probabilities; the audit's ranking has the same order, but those that cleanlab finds
come first. Chance is a random order.
"""

import argparse
import sys
import time
from statistics import mean

import numpy as np
import torch
from datasets import DatasetDict, disable_progress_bars
from sklearn.metrics import average_precision_score
from transformers.utils import logging

from labelwise.analysis.all_splits import AllSplits, join_splits
from labelwise.analysis.duplicates import disagree, find_duplicates
from labelwise.analysis.label_errors import check_cleanlab, find_label_errors, label_quality
from labelwise.analysis.label_names import find_near_equal_names
from labelwise.errors import UserInputError
from labelwise.runs.data import DataArguments
from labelwise.runs.out_of_fold import cross_validate_probabilities, make_classifier
from labelwise.runs.writing import check_file

from .audit_report import audit_tables
from .planted_faults import FLIPS, flip_labels, plant_copies, plant_names
from .recording import describe, save_measurement

SHARE = 0.05
SIMILARITIES = (0.7, 0.8, 0.9)


def main(argv: list[str] | None = None) -> int:
    """Plant faults, look for them, print the tables, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.audit", description=__doc__.split("\n")[0])
    parser.add_argument("--dataset", default="reuters21578", help="corpus to plant faults in")
    parser.add_argument("--data_dir", metavar="PATH", help="folder with the files of the corpus")
    parser.add_argument("--system", default="br", help="system that gives the out-of-fold probabilities")
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2], help="seeds of the faults, a run each")
    parser.add_argument("--copies", type=int, default=400, help="planted copies")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    try:
        measurement = measure_audit(args)
    except UserInputError as error:
        print(f"benchmarks.audit: error: {error}", file=sys.stderr)
        return 2
    save_measurement(measurement, args.output_file)
    print(audit_tables(measurement))
    return 0


def measure_audit(args: argparse.Namespace) -> dict:
    """Measure what is found of the faults, seed by seed.

    Args:
        args (`argparse.Namespace`): Options of the command line.

    Returns:
        `dict`: The measurement: `copies`, `names` and `label_errors`, each a list with one object per seed (and kind).

    Raises:
        UserInputError: The corpus does not exist, or cleanlab is missing.
    """
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    disable_progress_bars()
    check_file("--output_file", args.output_file)
    check_cleanlab()
    corpus = DataArguments(dataset=args.dataset, data_dir=args.data_dir).load(required=["train"])
    documents = join_splits(DatasetDict({"train": corpus["train"]}))
    measurement = {
        **describe(torch.device("cpu")),
        "corpus": args.dataset,
        "documents": len(documents.ids),
        "labels": len(documents.label_names),
        "system": args.system,
        "share": SHARE,
        "seeds": args.seeds,
        "copies": [],
        "names": [],
        "label_errors": [],
    }
    for seed in args.seeds:
        measurement["copies"] += measure_copies(documents, args.copies, seed)
        measurement["names"] += measure_names(documents.label_names, seed)
        for how in FLIPS:
            measurement["label_errors"].append(measure_label_errors(documents, how, args.system, seed))
            print(f"seed {seed}, {how}: done", file=sys.stderr)
    return measurement


def measure_copies(documents: AllSplits, number: int, seed: int) -> list[dict]:
    """Return the recall of planted copies, for each similarity."""
    planted = plant_copies(documents, number, seed)
    rows = []
    for similarity in SIMILARITIES:
        start = time.monotonic()
        duplicates = find_duplicates(planted.documents.texts, similarity)
        took = time.monotonic() - start
        same = duplicates.text_D[planted.source] == duplicates.text_D[planted.copy]
        near = duplicates.group_D[planted.source] == duplicates.group_D[planted.copy]
        pairs = np.stack([planted.source, planted.copy], axis=1)
        differ = np.array([disagree(planted.documents.labels_DL[pair]) for pair in pairs])
        before = find_duplicates(documents.texts, similarity).groups()
        rows.append(
            {
                "seed": seed,
                "similarity": similarity,
                "exact_copies_found": float(same[planted.is_exact].mean()),
                "changed_copies_found": float(near[~planted.is_exact].mean()),
                "conflicts_found": float((near & differ)[planted.has_other_labels].mean()),
                "agreeing_called_conflicts": float((near & differ)[~planted.has_other_labels].mean()),
                "groups_before_planting": sum(1 for _ in before),
                "seconds": took,
            }
        )
    return rows


def measure_names(names: list[str], seed: int) -> list[dict]:
    """Return the recall of other spellings of labels, by kind, and the pairs found of the labels as they are."""
    number = min(5, sum(sum(map(str.isalpha, name)) >= 5 for name in names))
    planted = plant_names(names, number, seed)
    before = len(find_near_equal_names(names))
    rows = []
    for kind in dict.fromkeys(kind for _, _, kind in planted):
        pairs = [(name, other) for name, other, its_kind in planted if its_kind == kind]
        found = find_near_equal_names([*names, *dict.fromkeys(other for _, other in pairs)])
        near = {frozenset(pair) for pair in zip(found["label"], found["other"], strict=True)}
        recall = mean(frozenset(pair) in near for pair in pairs)
        rows.append({"seed": seed, "kind": kind, "planted": len(pairs), "found": recall, "found_before": before})
    return rows


def measure_label_errors(documents: AllSplits, how: str, system: str, seed: int) -> dict:
    """Return precision and recall of planted label errors."""
    flipped_DL = flip_labels(documents.labels_DL, how, SHARE, seed)
    is_planted = (flipped_DL != documents.labels_DL).ravel()
    start = time.monotonic()
    probabilities_DL = cross_validate_probabilities(
        make_classifier(system),
        documents.texts,
        flipped_DL,
        documents.label_names,
        find_duplicates(documents.texts).group_D,
        seed=seed,
    )
    is_error_DL = find_label_errors(flipped_DL, probabilities_DL)
    took = time.monotonic() - start
    doubt = 1 - label_quality(flipped_DL, probabilities_DL).ravel()
    flagged = is_error_DL.ravel()
    ranking = doubt + flagged  # those that cleanlab finds come first
    number, found = int(is_planted.sum()), int(flagged.sum())
    return {
        "seed": seed,
        "how": how,
        "planted": number,
        "flagged": found,
        "seconds": took,
        "chance": _measures(is_planted, np.random.default_rng([seed, 1]).random(len(doubt)), found),
        "plain confidence": _measures(is_planted, doubt, found),
        "audit": _measures(is_planted, ranking, found),
    }


def _measures(is_planted: np.ndarray, scores: np.ndarray, found: int) -> dict[str, float]:
    """Return what a ranking finds: in its first `found` pairs, in its first as many as were planted, and on average."""
    number = int(is_planted.sum())
    order = np.argsort(-scores, kind="stable")
    hits = int(is_planted[order[:found]].sum())
    return {
        "precision": hits / max(found, 1),
        "recall": hits / number,
        "precision_at_planted": float(is_planted[order[:number]].mean()),
        "average_precision": float(average_precision_score(is_planted, scores)),
    }


if __name__ == "__main__":
    sys.exit(main())
