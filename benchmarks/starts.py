# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Where trainings start: epochs to the same validation score, with a start and without it.

Usage: `python -m benchmarks.starts --data_dir PATH --encoder FOLDER [--starts NAME ...] [--output_file FILE]`

Each start is switched on and off in trainings of the same documents and seeds, on documents drawn from a corpus. The
score is micro-F1 at the global threshold that is best on the validation documents, as at 0.5 a young classifier of rare
labels predicts nothing. It is measured several times an epoch. The score to reach is the lower one of the best scores
of the two trainings of a seed; a start gains the epochs by which it reaches this score earlier.

The losses of constant logits, 0 and the log-odds, on the training split of each corpus show where a loss should start.
"""

import argparse
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory

import torch
from datasets import Dataset, disable_progress_bars
from transformers import EvalPrediction, PreTrainedModel, PreTrainedTokenizerBase, set_seed
from transformers.trainer_callback import PrinterCallback
from transformers.trainer_utils import PredictionOutput
from transformers.utils import logging

from labelwise.datasets_scripts import load_corpus
from labelwise.errors import UserInputError
from labelwise.families import Family, family_of_model
from labelwise.hub.markdown import make_table
from labelwise.modeling.label_loss import binary_cross_entropy
from labelwise.runs.writing import check_file
from labelwise.trainer.log_odds import label_log_odds, start_at_log_odds
from labelwise.trainer.losses import LOSSES, make_loss
from labelwise.trainer.metrics import MultiLabelMetrics
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.trainer.preprocessing import label_names, multi_hot, preprocess
from labelwise.trainer.thresholds import tune_thresholds

from .recording import describe, save_measurement

CORPORA = ("reuters21578", "goemotions")
EVALUATIONS_PER_EPOCH = 4
VALIDATION_SHARE = 0.4  # validation documents for each one of training
RATE = 1e-4  # of an encoder
WORDS = {"learning_rate": 1e-3, "warmup_steps": 0, "per_device_train_batch_size": 32}
ENCODER = {"learning_rate": RATE, "warmup_steps": 0.1, "per_device_train_batch_size": 16}
RAW = {**ENCODER, "pooler": False}
COMPACT = {**ENCODER, "template": "compact", "mlm_weight": 0}
FASTER = {"head_learning_rate": 10 * RATE}


@dataclass(frozen=True)
class Case:
    """A start on one system: `without` and `with_` are what differs, options of the model or of the training."""

    start: str
    model: str
    corpus: str
    documents: int
    epochs: int
    options: dict
    without: dict
    with_: dict


READ = {"cnn": {"max_words": 80, "embedding_size": 64}, "lw-lstm": {"max_words": 60, "embedding_size": 64}}
CASES = [
    Case("log-odds", "cnn", "reuters21578", 1500, 4, {**WORDS, **READ["cnn"]}, {"log_odds": False}, {"log_odds": True}),
    Case(
        "log-odds",
        "lw-lstm",
        "reuters21578",
        800,
        4,
        {**WORDS, **READ["lw-lstm"], "hidden_size": 48, "num_hidden_layers": 1},
        {"log_odds": False},
        {"log_odds": True},
    ),
    Case("log-odds", "bert", "goemotions", 800, 3, RAW, {"log_odds": False}, {"log_odds": True}),
    Case("head rate", "bert", "goemotions", 800, 3, RAW, {"head_learning_rate": None}, FASTER),
    Case("pooler", "bert", "goemotions", 800, 3, ENCODER, {"pooler": False}, {"pooler": True}),
    Case("head rate", "lm-mtc", "goemotions", 400, 3, COMPACT, {"head_learning_rate": None}, FASTER),
]


def main(argv: list[str] | None = None) -> int:
    """Measure the starts, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.starts", description=__doc__.split("\n")[0])
    parser.add_argument("--data_dir", required=True, metavar="PATH", help="folder with one folder for each corpus")
    parser.add_argument("--encoder", required=True, metavar="FOLDER", help="encoder of bert and lm-mtc")
    parser.add_argument("--starts", nargs="+", choices=sorted({case.start for case in CASES}), help="starts to measure")
    parser.add_argument("--models", nargs="+", choices=sorted({case.model for case in CASES}), help="systems to train")
    parser.add_argument("--seeds", nargs="+", type=int, default=[42, 43, 44], help="seeds of the trainings")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    disable_progress_bars()
    measurement = {**describe(torch.device("cpu")), "seeds": args.seeds, "rows": []}
    trained: dict[tuple, list[list[float]]] = {}
    try:
        check_file("--output_file", args.output_file)
        measurement["constants"] = {corpus: losses_of_constants(corpus, args) for corpus in CORPORA}
        for case in CASES:
            if case.start in (args.starts or [case.start]) and case.model in (args.models or [case.model]):
                measurement["rows"].append(measure(case, args, trained))
                save_measurement(measurement, args.output_file)  # after each case, as all take a while
    except UserInputError as error:
        print(f"benchmarks.starts: error: {error}", file=sys.stderr)
        return 2
    print(table(measurement["rows"]), constants_table(measurement["constants"]), sep="\n\n")
    return 0


def measure(case: Case, args: argparse.Namespace, trained: dict[tuple, list[list[float]]]) -> dict:
    """Train with and without a start, from each seed.

    Args:
        case (`Case`): The start.
        args (`argparse.Namespace`): Options of the command line.
        trained (`dict`): The scores of the trainings so far, by their settings; those of this case are added.

    Returns:
        `dict`: The case, and for each seed epochs and scores of both trainings, and the seconds of both trainings.
    """
    runs = []
    for seed in args.seeds:
        begin = time.perf_counter()
        scores = []
        for switched in (case.without, case.with_):
            settings = {"log_odds": True, "head_learning_rate": None, **case.options, **switched}
            key = (case.model, case.corpus, case.documents, case.epochs, seed, *sorted(settings.items()))
            if key not in trained:
                trained[key] = train(case, settings, seed, args)
            scores.append(trained[key])
        runs.append({"seed": seed, "scores": scores, "seconds": time.perf_counter() - begin})
        print(case.start, case.model, *epochs_to_same_score(*scores), file=sys.stderr)
    return {**asdict(case), "runs": runs}


def train(case: Case, settings: dict, seed: int, args: argparse.Namespace) -> list[list[float]]:
    """Train a new classifier as `labelwise train` does, and return epoch and score of each evaluation."""
    settings = {**settings}
    log_odds = settings.pop("log_odds")
    kind = family_of_model(case.model)
    training = {
        name: settings.pop(name) for name in [*settings] if name in kind.training_arguments.__dataclass_fields__
    }
    encoder = {"encoder": args.encoder, "max_length": 64} if case.model in ("bert", "lm-mtc") else {}
    family = kind(model=case.model, **encoder, **settings)
    tokenizer, documents, model = make(case, family, seed, args)
    if log_odds:
        start_at_log_odds(model, documents["train"])
    steps_per_epoch = case.documents // training["per_device_train_batch_size"]
    with TemporaryDirectory() as folder:
        trainer = MultiLabelTrainer(
            model,
            kind.training_arguments(
                folder,
                seed=seed,
                num_train_epochs=case.epochs,
                eval_strategy="steps",
                eval_steps=steps_per_epoch // EVALUATIONS_PER_EPOCH,
                save_strategy="no",
                load_best_model_at_end=False,
                metric_for_best_model="tuned_micro_f1",
                greater_is_better=True,
                disable_tqdm=True,
                report_to="none",
                **training,
            ),
            train_dataset=documents["train"],
            eval_dataset=documents["validation"],
            processing_class=tokenizer,
            compute_metrics=tuned_micro_f1,
            **family.trainer_arguments(tokenizer, model.config),
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()
    name = "eval_tuned_micro_f1"
    return [[log["epoch"], log[name]] for log in trainer.state.log_history if name in log]


def make(
    case: Case, family: Family, seed: int, args: argparse.Namespace
) -> tuple[PreTrainedTokenizerBase, dict[str, Dataset], PreTrainedModel]:
    """Make tokenizer, tokenized documents and model, as `TrainingRun` does."""
    corpus = load_corpus(case.corpus, data_dir=str(Path(args.data_dir) / case.corpus))
    names = label_names(corpus)
    train_rows = corpus["train"].shuffle(seed=0).select(range(case.documents))
    validation = corpus["validation"].shuffle(seed=0).select(range(int(VALIDATION_SHARE * case.documents)))
    tokenizer = family.make_tokenizer(list(train_rows["text"]), names, None)
    config = family.make_config(tokenizer, names)
    documents = {"train": preprocess(train_rows, tokenizer), "validation": preprocess(validation, tokenizer)}
    set_seed(seed)
    model = family.make_model(config, tokenizer, documents["train"], seed)
    family.freeze(model, tokenizer)
    return tokenizer, documents, model


def tuned_micro_f1(prediction: EvalPrediction | PredictionOutput) -> dict[str, float]:
    """Return micro-F1 at the global threshold that is best on the same documents."""
    logits, labels = prediction.predictions, prediction.label_ids
    found = MultiLabelMetrics().compute(
        predictions=logits, references=labels, thresholds=tune_thresholds(logits, labels, "global", "micro_f1")
    )
    return {"tuned_micro_f1": found["micro_f1"]}


def best(evaluations: list[list[float]]) -> float:
    """Return the best score of a training."""
    return max(score for _, score in evaluations)


def epochs_to_same_score(*trainings: list[list[float]]) -> list[float]:
    """Return the epoch in which each training first has the lowest one of their best scores."""
    wanted = min(map(best, trainings))
    return [next(epoch for epoch, score in evaluations if score >= wanted) for evaluations in trainings]


def losses_of_constants(corpus: str, args: argparse.Namespace) -> dict[str, list[float]]:
    """Return each loss on the training labels at the logits 0 and at the log-odds; labels without documents are left
    out, as some losses are undefined there."""
    documents = load_corpus(corpus, data_dir=str(Path(args.data_dir) / corpus))
    names = label_names(documents)
    labels_NL = torch.from_numpy(multi_hot(documents["train"]["labels"][:], len(names)))
    occurs_L = labels_NL.any(dim=0)
    labels_NL, names = labels_NL[:, occurs_L], [name for name, occurs in zip(names, occurs_L, strict=True) if occurs]
    found, log_odds_L = {}, label_log_odds(labels_NL)
    for name in LOSSES:
        dataset = Dataset.from_dict({"labels": labels_NL.tolist()})
        loss = binary_cross_entropy if name == "bce" else make_loss(name, dataset, names)
        constants = (torch.zeros_like(log_odds_L), log_odds_L)
        found[name] = [loss(logits_L.expand(labels_NL.shape), labels_NL).item() for logits_L in constants]
    return found


def constants_table(found: dict[str, dict[str, list[float]]]) -> str:
    """Return the losses of constants as a Markdown table."""
    head = [f"{corpus}, {where}" for corpus in found for where in ("0", "log-odds")]
    rows = [[name, *(f"{value:.2f}" for losses in found.values() for value in losses[name])] for name in LOSSES]
    return make_table(["loss", *head], rows)


def table(rows: list[dict]) -> str:
    """Return the measurement as a Markdown table; numbers of single seeds in brackets."""
    head = ["start", "system", "corpus, documents"]
    head += [f"{what} {how}" for what in ("epochs", "best score") for how in ("without", "with")]
    lines = []
    for row in rows:
        epochs = zip(*(epochs_to_same_score(*run["scores"]) for run in row["runs"]), strict=True)
        scores = zip(*((100 * best(part) for part in run["scores"]) for run in row["runs"]), strict=True)
        cells = [f"{mean(part):.2f} ({', '.join(f'{value:.2f}' for value in part)})" for part in (*epochs, *scores)]
        lines.append([row["start"], row["model"], f"{row['corpus']}, {row['documents']:,}", *cells])
    return make_table(head, lines)


if __name__ == "__main__":
    sys.exit(main())
