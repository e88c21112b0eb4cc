# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Training of a classifier over a frozen encoder: once over kept representations, and with `--frozen_dropout`.

Usage: `python -m benchmarks.frozen --model FOLDER --dataset reuters21578 --data_dir PATH [--output_file FILE]`, or
`--encoder FOLDER` in place of `--model`

The FOLDER of `--model` is the `pretraining` that `labelwise train --pretraining_steps` leaves. `--encoder` is a
pretrained encoder, over which lw-encoder trains context vectors and classifier (`--freeze_encoder`). Both ways train
the same new classifier for the same number of epochs in one process, one after the other. An epoch is its training and
its validation.
"""

import argparse
import sys
import time
from collections.abc import Callable
from functools import partial
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

from datasets import Dataset, disable_progress_bars
from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase, TrainerCallback, set_seed
from transformers.trainer_callback import PrinterCallback
from transformers.utils import logging

from labelwise import LabelWiseEncoderForSequenceClassification
from labelwise.errors import UserInputError
from labelwise.runs.data import DataArguments
from labelwise.runs.loading import load_config_and_tokenizer, load_to_train
from labelwise.runs.writing import check_file
from labelwise.tokenization.window_tokenizer import load_window_tokenizer
from labelwise.trainer.encoder_arguments import LabelWiseEncoderTrainingArguments
from labelwise.trainer.log_odds import start_at_log_odds
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.trainer.preprocessing import label_names, preprocess
from labelwise.trainer.training_arguments import MultiLabelTrainingArguments

from .recording import describe, save_measurement
from .tables import frozen_table

# The two ways, by the value of `frozen_dropout`.
WAYS = {"--frozen_dropout": True, "representations kept": False}


class EpochClock(TrainerCallback):
    """The seconds before the first epoch, and those of each epoch with its validation."""

    def __init__(self) -> None:
        self.times: list[float] = []

    def _note(self, *args: Any, **kwargs: Any) -> None:
        self.times.append(time.perf_counter())

    on_train_begin = on_evaluate = _note

    def on_epoch_begin(self, *args: Any, **kwargs: Any) -> None:
        if len(self.times) == 1:
            self._note()

    @property
    def once(self) -> float:
        return self.times[1] - self.times[0]

    @property
    def epochs(self) -> list[float]:
        return [end - begin for begin, end in zip(self.times[1:], self.times[2:], strict=False)]


def main(argv: list[str] | None = None) -> int:
    """Measure both ways, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.frozen", description=__doc__.split("\n")[0])
    below = parser.add_mutually_exclusive_group(required=True)
    below.add_argument("--model", metavar="FOLDER", help="label-wise pre-trained encoder without a classifier")
    below.add_argument("--encoder", metavar="FOLDER", help="pretrained encoder of lw-encoder")
    parser.add_argument("--dataset", default="reuters21578", help="corpus to train on")
    parser.add_argument("--config_name", help="version of the corpus; by default its first")
    parser.add_argument("--data_dir", metavar="PATH", help="folder with the files of the corpus")
    parser.add_argument("--epochs", type=int, default=3, help="epochs of each way")
    parser.add_argument(
        "--learning_rate", type=float, help="learning rate of what is trained, both ways; by default the family's"
    )
    parser.add_argument("--documents", type=int, help="documents of each split at most; by default all")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    try:
        measurement = measure_frozen(args)
    except UserInputError as error:
        print(f"benchmarks.frozen: error: {error}", file=sys.stderr)
        return 2
    save_measurement(measurement, args.output_file)
    print(frozen_table(measurement))
    return 0


def measure_frozen(args: argparse.Namespace) -> dict:
    """Measure both ways.

    Args:
        args (`argparse.Namespace`): Options of the command line.

    Returns:
        `dict`: The measurement, with one row per way: seconds before the first epoch, median seconds of an epoch,
        loss, micro- and macro-F1 of the last validation.

    Raises:
        UserInputError: The model or the corpus does not exist or does not fit.
    """
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    disable_progress_bars()
    check_file("--output_file", args.output_file)
    data = DataArguments(dataset=args.dataset, config_name=args.config_name, data_dir=args.data_dir)
    settings = MultiLabelTrainingArguments
    if args.encoder:
        corpus, settings = data.load(None), LabelWiseEncoderTrainingArguments
        tokenizer = load_window_tokenizer(args.encoder)[0]
        make = partial(LabelWiseEncoderForSequenceClassification.from_encoder, args.encoder, label_names(corpus))
    else:
        config, tokenizer = load_config_and_tokenizer(args.model)
        corpus, make = data.load(config.label_names), partial(_load, args.model)
    documents = {}
    for split in ("train", "validation"):
        rows = corpus[split]
        documents[split] = preprocess(rows.select(range(min(len(rows), args.documents or len(rows)))), tokenizer)
    # Over a frozen encoder, lw-encoder trains all at the rate of the head.
    rate, rows = "head_learning_rate" if args.encoder else "learning_rate", []
    for name, frozen_dropout in WAYS.items():
        print(name, file=sys.stderr)
        with TemporaryDirectory() as folder:
            arguments = settings(
                folder,
                **({} if args.learning_rate is None else {rate: args.learning_rate}),
                num_train_epochs=args.epochs,
                frozen_dropout=frozen_dropout,
                save_strategy="no",
                load_best_model_at_end=False,
                disable_tqdm=True,
                report_to="none",
            )
            clock, logs, config = train(make, arguments, tokenizer, documents)
        scores = [log for log in logs if "eval_micro_f1" in log][-1]
        rows.append(
            {
                "way": name,
                "seconds_once": clock.once,
                "seconds_per_epoch": median(clock.epochs),
                "loss": scores["eval_loss"],
                "micro_f1": scores["eval_micro_f1"],
                "macro_f1": scores["eval_macro_f1"],
            }
        )
    work = {
        "model": config.model_type,
        "hidden_size": config.hidden_size,
        "corpus": " ".join(filter(None, (args.dataset, args.config_name))),
        "documents": {split: len(rows) for split, rows in documents.items()},
        "epochs": args.epochs,
        "learning_rate": getattr(arguments, rate),
    }
    return {**describe(arguments.device), **work, "rows": rows}


def _load(model: str) -> PreTrainedModel:
    return load_to_train(model, load_config_and_tokenizer(model)[0])[0]


def train(
    make: Callable[[], PreTrainedModel],
    arguments: MultiLabelTrainingArguments,
    tokenizer: PreTrainedTokenizerBase,
    documents: dict[str, Dataset],
) -> tuple[EpochClock, list[dict], PreTrainedConfig]:
    """Train a new classifier over its frozen encoder.

    Returns:
        `tuple[EpochClock, list[dict], PreTrainedConfig]`: The times, the logs, and the configuration.
    """
    set_seed(42)
    classifier = make()
    start_at_log_odds(classifier, documents["train"])
    classifier.freeze_encoder()
    clock = EpochClock()
    trainer = MultiLabelTrainer(
        classifier,
        arguments,
        train_dataset=documents["train"],
        eval_dataset=documents["validation"],
        processing_class=tokenizer,
        callbacks=[clock],
    )
    trainer.remove_callback(PrinterCallback)
    trainer.train()
    return clock, trainer.state.log_history, classifier.config


if __name__ == "__main__":
    sys.exit(main())
