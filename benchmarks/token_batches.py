# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Batches of as many tokens against batches of as many documents: documents per second, and the score they reach.

Usage: `python -m benchmarks.token_batches --data_dir PATH --encoder FOLDER [--systems NAME ...] [--output_file FILE]`

Both trainings of a row have the same documents of GoEmotions, seed and epochs, and nearly as many batches: a batch of
tokens has as many as a batch of documents has on average. Seconds are those of the processor over all threads, so that
other work on the machine counts little. The score is micro-F1 at the global threshold that is best on the validation
documents.
"""

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import torch
from datasets import disable_progress_bars
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments, set_seed
from transformers.trainer_callback import PrinterCallback
from transformers.utils import logging

from labelwise.datasets_scripts import load_corpus
from labelwise.errors import UserInputError
from labelwise.families import family_of_model
from labelwise.hub.markdown import make_table
from labelwise.runs.writing import check_file
from labelwise.trainer.multi_label_trainer import MultiLabelTrainer
from labelwise.trainer.preprocessing import label_names, preprocess
from labelwise.trainer.token_batches import count_tokens

from .recording import describe, save_measurement
from .starts import tuned_micro_f1

CORPUS = "goemotions"


class System(NamedTuple):
    """A system, its options, and how much it is trained."""

    options: dict[str, Any]
    documents: int
    epochs: int
    documents_per_batch: int


SYSTEMS = {
    "cnn": System({"embedding_size": 64}, 10_000, 4, 32),
    "lw-lstm": System({"embedding_size": 64, "hidden_size": 48, "num_hidden_layers": 1}, 4_000, 4, 32),
    "bert": System({"max_length": 64}, 600, 1, 16),
}


class ProcessorClock(TrainerCallback):
    """The seconds of the processor that a training takes."""

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        self.begin = time.process_time()

    def on_train_end(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        self.seconds = time.process_time() - self.begin


def main(argv: list[str] | None = None) -> int:
    """Measure, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0, or 2 after an error in the input, which is printed in one line.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.token_batches", description=__doc__.split("\n")[0])
    parser.add_argument("--data_dir", required=True, metavar="PATH", help="folder with the folder of GoEmotions")
    parser.add_argument("--encoder", required=True, metavar="FOLDER", help="encoder of bert")
    parser.add_argument("--systems", nargs="+", choices=[*SYSTEMS], default=[*SYSTEMS], help="systems to train")
    parser.add_argument("--seeds", nargs="+", type=int, default=[42, 43], help="seeds of the trainings")
    parser.add_argument("--threads", type=int, default=1, help="threads of torch")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    disable_progress_bars()
    torch.set_num_threads(args.threads)
    try:
        check_file("--output_file", args.output_file)
        rows = [row for name in args.systems for seed in args.seeds for row in measure(name, seed, args)]
    except UserInputError as error:
        print(f"benchmarks.token_batches: error: {error}", file=sys.stderr)
        return 2
    save_measurement({**describe(torch.device("cpu")), "rows": rows}, args.output_file)
    print(table(rows))
    return 0


def measure(name: str, seed: int, args: argparse.Namespace) -> list[dict[str, Any]]:
    """Train a system with batches of documents, then with batches of tokens, and return what was measured of each."""
    system, kind = SYSTEMS[name], family_of_model(name)
    family = kind(model=name, **({"encoder": args.encoder} if name == "bert" else {}), **system.options)
    corpus = load_corpus(CORPUS, data_dir=str(Path(args.data_dir) / CORPUS))
    names = label_names(corpus)
    rows = corpus["train"].shuffle(seed=0).select(range(system.documents))
    tokenizer = family.make_tokenizer(list(rows["text"]), names, None)
    train = preprocess(rows, tokenizer)
    validation = preprocess(corpus["validation"].shuffle(seed=0).select(range(1000)), tokenizer)
    tokens = round(count_tokens(train).mean() * system.documents_per_batch)
    found = []
    for batches in ({"per_device_train_batch_size": system.documents_per_batch}, {"tokens_per_batch": tokens}):
        set_seed(seed)
        model = family.make_model(family.make_config(tokenizer, names), tokenizer, train, seed)
        clock = ProcessorClock()
        with TemporaryDirectory() as folder:
            training = kind.training_arguments(
                folder,
                seed=seed,
                num_train_epochs=system.epochs,
                eval_strategy="no",
                save_strategy="no",
                load_best_model_at_end=False,
                disable_tqdm=True,
                report_to="none",
                **batches,
            )
            settings = family.trainer_arguments(tokenizer, model.config)
            callbacks = [*settings.pop("callbacks", []), clock]
            trainer = MultiLabelTrainer(
                model, training, train_dataset=train, processing_class=tokenizer, callbacks=callbacks, **settings
            )
            trainer.remove_callback(PrinterCallback)
            trainer.train()
            predicted = trainer.predict(validation)
        row = {
            "system": name,
            "seed": seed,
            **batches,
            "documents": system.documents,
            "epochs": system.epochs,
            "steps": trainer.state.global_step,
            "documents_per_second": system.documents * system.epochs / clock.seconds,
            "micro_f1": tuned_micro_f1(predicted)["tuned_micro_f1"],
        }
        print(row, file=sys.stderr, flush=True)
        found.append(row)
    return found


def table(rows: list[dict[str, Any]]) -> str:
    """Return the measurement as a Markdown table."""
    head = ["system", "documents, epochs", "seed", "batches", "steps", "documents per processor second", "micro-F1"]
    lines = []
    for row in rows:
        tokens = row.get("tokens_per_batch")
        batches = f"{tokens} tokens" if tokens else f"{row['per_device_train_batch_size']} documents"
        amount = f"{row['documents']:,}, {row['epochs']}"
        trained = [row["system"], amount, str(row["seed"]), batches, str(row["steps"])]
        lines.append([*trained, f"{row['documents_per_second']:.1f}", f"{100 * row['micro_f1']:.1f}"])
    return make_table(head, lines)


if __name__ == "__main__":
    sys.exit(main())
