# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise quickstart`: from texts to predictions on the included corpus, in minutes and offline."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import datasets
import numpy as np
import torch

from ..commands import train
from ..datasets_scripts import load_corpus
from ..json_text import dump_json
from ..runs.checkpoints import check_output_dir
from ..runs.locking import lock_folder
from ..runs.options import CommandParser
from ..runs.progress import logger
from ..trainer.metrics import score
from ..trainer.preprocessing import label_matrix, label_names

SHAPE = "--model lw-lstm --dataset support_tickets --hidden_size 64 --embedding_size 64 --train_embeddings"
PRETRAINING = "--pretraining_steps 150 --pretraining_batch_size 64 --freeze_encoder --num_train_epochs 4"
FINE_TUNING = "--dataset support_tickets --num_train_epochs 6 --lr_scheduler_type constant --train_embeddings"

# A user's program.
RELOAD = """
import json
import sys
import labelwise
from transformers import AutoModelForSequenceClassification, AutoTokenizer

model = AutoModelForSequenceClassification.from_pretrained(sys.argv[1], trust_remote_code=False)
tokenizer = AutoTokenizer.from_pretrained(sys.argv[1], trust_remote_code=False)
for text in sys.argv[2:]:
    logits = model(**tokenizer([text], truncation=True, return_tensors="pt")).logits
    predicted = labelwise.predict_labels(logits, model.config.thresholds)[0].nonzero().flatten().tolist()
    print(json.dumps({"text": text, "labels": [model.config.id2label[k] for k in predicted]}))
"""

UNSEEN = (
    "You charged my card twice this month and I would like the money back.",
    "The parcel came late, and the screen was cracked when I opened the box.",
    "Someone from another country signed in to my account, and now my password is refused.",
    "It would be great if reports could be exported to a spreadsheet.",
)


@dataclass
class QuickstartArguments:
    """Output of the quickstart."""

    output_dir: str = field(default="labelwise-quickstart", metadata={"help": "Folder of the trained model."})
    overwrite: bool = field(default=False, metadata={"help": "Replace the model of an earlier quickstart."})


def main(argv: list[str]) -> None:
    (args,) = CommandParser(QuickstartArguments, prog="labelwise quickstart").parse(argv)
    with lock_folder("--output_dir", args.output_dir):
        run(args)


def run(args: QuickstartArguments) -> None:
    """Train, evaluate and reload the model, and print the results.

    Args:
        args (`QuickstartArguments`): The options.

    Raises:
        UserInputError: The folder contains a model that is not to be replaced.
    """
    output_dir = Path(args.output_dir)
    check_output_dir(output_dir, args.overwrite, resume=False)
    torch.set_num_threads(1)  # a model as small as this trains slower on several threads
    replace = ["--overwrite"] if args.overwrite else []

    def stage(options: str, folder: Path) -> dict:
        return train.run([*options.split(), "--output_dir", str(folder), *replace])

    logger.info("1/3 and 2/3  label-wise pre-training, then a classifier on the frozen encoders (+PT)")
    frozen = stage(f"{SHAPE} {PRETRAINING}", output_dir / "frozen")
    logger.info("3/3  fine-tuning everything (+PT+FT)")
    tuned = stage(f"--model_name_or_path {output_dir / 'frozen'} {FINE_TUNING}", output_dir)

    baseline, labels = most_frequent_baseline(load_corpus("support_tickets"))
    micro_f1 = {
        "most_frequent_labels": baseline,
        "+PT": frozen["metrics_at_tuned_thresholds"]["test"]["micro_f1"],
        "+PT+FT": tuned["metrics_at_tuned_thresholds"]["test"]["micro_f1"],
    }
    logger.info("\ntest micro-F1, of the models at their tuned thresholds")
    logger.info(f"  {baseline:.3f}  the same for every ticket: {', '.join(labels)}")
    for name in ("+PT", "+PT+FT"):
        logger.info(f"  {micro_f1[name]:.3f}  {name}")
    logger.info(f"\nSaved in {output_dir}. A new process loads it through the Auto classes and labels:\n")
    answers = label_in_new_process(output_dir, UNSEEN)
    for answer in answers:
        logger.info(f"{answer['text']}\n    -> {', '.join(answer['labels']) or 'no label'}")
    print(dump_json({"model": str(output_dir), "test_micro_f1": micro_f1, "answers": answers}))


def label_in_new_process(model: Path, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Label texts by a program that knows only the folder of the model.

    Args:
        model (`Path`): The folder.
        texts (`Sequence[str]`): The texts.

    Returns:
        `list[dict]`: For each text, `text` and `labels`.
    """
    run = subprocess.run(
        [sys.executable, "-c", RELOAD, str(model), *texts],
        env={**os.environ, "HF_HUB_DISABLE_PROGRESS_BARS": "1"},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=True,
    )
    return [json.loads(line) for line in run.stdout.splitlines()]


def most_frequent_baseline(corpus: datasets.DatasetDict) -> tuple[float, list[str]]:
    """Return the test micro-F1 of predicting the same labels for every document, and these labels.

    They are the most frequent ones, as many as give the highest micro-F1 on the training documents.

    Args:
        corpus (`datasets.DatasetDict`): With the splits `train` and `test`.
    """
    names = label_names(corpus)
    true = {split: label_matrix(corpus[split]) == 1 for split in corpus}
    ranked = true["train"].sum(axis=0).argsort()[::-1]

    def micro_f1(split: str, number: int) -> float:
        predicted = np.zeros_like(true[split])
        predicted[:, ranked[:number]] = True
        return score(predicted, true[split], np.ones_like(predicted), "micro_f1")

    number = max(range(1, len(names) + 1), key=lambda number: micro_f1("train", number))
    return micro_f1("test", number), [names[k] for k in ranked[:number]]
