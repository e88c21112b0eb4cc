# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Resident memory of `labelwise train --streaming` while it reads a corpus that it never has in memory.

Usage: `python -m benchmarks.streaming [--documents 2000000] [--steps 1000] [--output_file FILE]`

The documents are generated: two of 20,000 made-up passages of 30 words each, so that their number alone makes the
corpus large; four files of Parquet. The model is small, as what is measured is the reading. The memory is that of the
process without pages of files (RssAnon), when a loss is logged.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.compute
import pyarrow.parquet
import torch

from .recording import describe, save_measurement

_PASSAGES, _WORDS, _VOCABULARY, _LABELS, _FILES = 20_000, 30, 2_000, 20, 4
_BATCH = 32


def main(argv: list[str] | None = None) -> int:
    """Measure, print, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.streaming", description=__doc__.split("\n")[0])
    parser.add_argument("--documents", type=int, default=2_000_000, help="documents of the corpus")
    parser.add_argument("--steps", type=int, default=1_000, help="training steps")
    parser.add_argument("--model", default="cnn", help="value of --model")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    args = parser.parse_args(argv)
    command = ["python", "-m", "benchmarks.streaming", "--documents", str(args.documents), "--steps", str(args.steps)]
    measurement = {**describe(torch.device("cpu")), "command": " ".join(command), "documents": args.documents}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        measurement["corpus_mib"] = round(write_corpus(folder, args.documents) / 2**20, 1)
        measurement |= train(folder, args.model, args.steps)
    save_measurement(measurement, args.output_file)
    first, last = measurement["memory_mib"][0], measurement["memory_mib"][-1]
    print(f"{args.documents:,} documents, {measurement['corpus_mib']:,} MiB of Parquet, {args.steps:,} steps")
    print(f"memory at the first log {first:,} MiB, at the last {last:,} MiB")
    return 0


def write_corpus(folder: Path, number: int, seed: int = 0) -> int:
    """Write training and validation documents, and return the bytes of the former in memory."""
    rng = np.random.default_rng(seed)
    words = np.array([f"word{i}" for i in range(_VOCABULARY)])
    passages = pyarrow.array([" ".join(row) for row in words[rng.integers(_VOCABULARY, size=(_PASSAGES, _WORDS))]])
    labels = pyarrow.array([[f"label{i}"] for i in range(_LABELS)])

    def draw(rows: int) -> pyarrow.Table:
        first, second = rng.integers(_PASSAGES, size=(2, rows))
        texts = pyarrow.compute.binary_join_element_wise(passages.take(first), passages.take(second), " ")
        return pyarrow.table({"text": texts, "labels": labels.take(first % _LABELS)})

    size = 0
    (folder / "train").mkdir()
    for file in range(_FILES):
        table = draw(number // _FILES)
        size += table.nbytes
        pyarrow.parquet.write_table(table, folder / "train" / f"{file}.parquet", row_group_size=10_000)
    pyarrow.parquet.write_table(draw(500), folder / "validation.parquet")
    return size


def train(folder: Path, model: str, steps: int) -> dict:
    """Train in a process of its own; return its memory at each log, and the time."""
    data = f"--train_file {folder / 'train'} --validation_file {folder / 'validation.parquet'} --streaming"
    settings = f"--max_steps {steps} --per_device_train_batch_size {_BATCH} --embedding_size 16 --word_vectors random"
    unevaluated = "--eval_strategy no --save_strategy no --load_best_model_at_end false"
    options = f"--model {model} {data} {settings} {unevaluated} --output_dir {folder / 'out'}"
    command = f"{sys.executable} -m labelwise_cli train {options}"
    begun, memory = time.perf_counter(), []
    process = subprocess.Popen(command.split(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    for line in process.stderr:
        if line.startswith("loss "):
            memory.append(_memory_mib(process.pid))
    if process.wait():
        raise RuntimeError(f"{command}: exit code {process.returncode}")
    return {"model": model, "steps": steps, "memory_mib": memory, "seconds": round(time.perf_counter() - begun, 1)}


def _memory_mib(process: int) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    (kib,) = [line.split()[1] for line in lines if line.startswith("RssAnon")]
    return round(int(kib) / 1024, 1)


if __name__ == "__main__":
    sys.exit(main())
