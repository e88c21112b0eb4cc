# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Time and memory of `labelwise evaluate` with many documents and labels.

Usage: `python -m benchmarks.evaluating [--documents 20000] [--labels 30000] [--output_file FILE]`

Each row is a process of its own. Memory is the largest that is resident, libraries included; the first row, of a tenth
of the documents, says how much of it does not depend on their number. The model is a CNN that was not trained: its
scores are made up, and it predicts about 40 of 30,000 labels for a document. A document has 5, with the frequencies of
Zipf's law.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from labelwise import CNNConfig, CNNForSequenceClassification, WordTokenizer

from .recording import describe, save_measurement
from .tables import evaluating_table

_LABELS_PER_DOCUMENT = 5
_WORDS = [f"word{i}" for i in range(2000)]
WORK = {"six": [], "all, and the report": ["--metrics", "all", "--report"]}


def main(argv: list[str] | None = None) -> int:
    """Measure, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.evaluating", description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=20_000, help="documents to evaluate on")
    parser.add_argument("--labels", type=int, default=30_000, help="labels of the model")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    measurement = {**describe(torch.device("cpu")), "labels": args.labels}
    with tempfile.TemporaryDirectory() as folder:
        make_model(Path(folder) / "model", args.labels)
        rows = [measure(Path(folder), "six", args.documents // 10, args.labels)]
        rows += [measure(Path(folder), work, args.documents, args.labels) for work in WORK]
    measurement["rows"] = rows
    save_measurement(measurement, args.output_file)
    print(evaluating_table(measurement))
    return 0


def make_model(folder: Path, num_labels: int) -> None:
    """Save a model and its tokenizer; its logits have a mean of -4.5 and a deviation of 1.5."""
    torch.manual_seed(0)
    tokenizer = WordTokenizer.train_from_iterator([" ".join(_WORDS)], min_frequency=1)
    names = {i: f"label {i}" for i in range(num_labels)}
    config = CNNConfig(vocab_size=len(tokenizer), embedding_size=32, num_filters=32, kernel_sizes=[2], id2label=names)
    model = CNNForSequenceClassification(config).eval()
    linear = next(part for part in model.head.modules() if isinstance(part, torch.nn.Linear))
    with torch.inference_mode():
        torch.nn.init.zeros_(linear.bias)
        logits = model(torch.randint(3, len(tokenizer), (256, 20))).logits
        linear.weight *= 1.5 / logits.std()
        linear.bias -= 4.5
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def write_documents(path: Path, num_documents: int, num_labels: int) -> None:
    """Write texts of 20 words, and labels with about the frequencies of Zipf's law."""
    rng = np.random.default_rng(0)
    with path.open("w", encoding="utf-8") as file:
        for _ in range(num_documents):
            ranks = np.exp(rng.random(_LABELS_PER_DOCUMENT) * np.log(num_labels)).astype(int) - 1
            labels = [f"label {i}" for i in sorted(set(ranks.tolist()))]
            file.write(json.dumps({"text": " ".join(rng.choice(_WORDS, 20)), "labels": labels}) + "\n")


def measure(folder: Path, work: str, num_documents: int, num_labels: int) -> dict:
    """Run the command; return its time and its largest resident memory."""
    print(f"{work}: {num_documents:,} documents", file=sys.stderr)
    path = folder / f"{num_documents}.jsonl"
    write_documents(path, num_documents, num_labels)
    options = [*WORK[work], *([str(folder / "report")] if "report" in work else [])]
    # The training file gives the numbers that propensity-scored precision needs.
    data = ["--train_file", str(path), "--validation_file", str(path), "--test_file", str(path)]
    command = [sys.executable, "-m", "labelwise_cli", "evaluate", "--model_name_or_path", str(folder / "model")]
    started = time.monotonic()
    with subprocess.Popen([*command, *data, *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        printed = json.loads(process.stdout.read() or "{}")
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if "micro_f1" not in printed:
        raise RuntimeError(f"labelwise evaluate failed with status {process.returncode}")
    return {
        "metrics": work,
        "documents": num_documents,
        "seconds": time.monotonic() - started,
        "peak_mib": usage.ru_maxrss / 1024,
    }


if __name__ == "__main__":
    sys.exit(main())
