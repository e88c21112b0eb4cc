# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Speed and memory of reading a user's own files, in each format.

Usage: `python -m benchmarks.reading [--rows 200000] [--output_file FILE]`

Each format is read in processes of its own: a tenth of the rows, and all of them. Memory is the largest that is
resident and not backed by a file: pages of the Arrow file that the rows become are given back when it is wanted. The
rows are made up: a text of 30 words on average and some of 50 labels.
"""

import argparse
import csv
import gzip
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from statistics import median

import torch

from labelwise.datasets_scripts import load_files

from .memory import sample_memory
from .recording import describe, save_measurement
from .tables import reading_table
from .timing import seconds

NUM_LABELS = 50
LABELS = [f"label {i}" for i in range(NUM_LABELS)]
INDICATORS = "CSV, 50 columns of 0 and 1"


def generate(num_rows: int) -> Iterator[tuple[str, list[str]]]:
    """Yield texts and labels."""
    rng = random.Random(0)
    words = [f"word{i}" for i in range(5_000)]
    for number in range(num_rows):
        text = " ".join([f"text {number}", *rng.choices(words, k=rng.randint(10, 50))])
        yield text, rng.sample(LABELS, k=rng.choice([0, 1, 1, 2, 3]))


def write_jsonl(path: Path, num_rows: int) -> None:
    """Write one object per line, compressed if the suffix says so."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"text": text, "labels": labels}) + "\n" for text, labels in generate(num_rows))


def write_json(path: Path, num_rows: int) -> None:
    """Write one array."""
    with path.open("w", encoding="utf-8") as file:
        for number, (text, labels) in enumerate(generate(num_rows)):
            file.write(("[" if number == 0 else ",") + json.dumps({"text": text, "labels": labels}))
        file.write("]")


def write_csv(path: Path, num_rows: int) -> None:
    """Write lists as pandas does."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t" if path.suffix == ".tsv" else ",")
        writer.writerows(chain([("text", "labels")], ((text, str(labels)) for text, labels in generate(num_rows))))


def write_indicators(path: Path, num_rows: int) -> None:
    """Write a column of 0 and 1 per label."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", *LABELS])
        for text, labels in generate(num_rows):
            writer.writerow([text, *(int(label in labels) for label in LABELS)])


def write_parquet(path: Path, num_rows: int) -> None:
    """Write Parquet in groups of 10,000 rows."""
    import pyarrow
    import pyarrow.parquet

    rows = generate(num_rows)
    schema = pyarrow.schema([("text", pyarrow.string()), ("labels", pyarrow.list_(pyarrow.string()))])
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:
        while group := [
            {"text": text, "labels": labels} for _, (text, labels) in zip(range(10_000), rows, strict=False)
        ]:
            writer.write_table(pyarrow.Table.from_pylist(group, schema))


def write_xlsx(path: Path, num_rows: int) -> None:
    """Write a sheet with the labels in one cell."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in chain([("text", "labels")], ((text, str(labels)) for text, labels in generate(num_rows))):
        sheet.append(row)
    book.save(path)


def write_folders(path: Path, num_rows: int) -> None:
    """Write a folder of text files per label."""
    for label in LABELS:
        (path / label).mkdir(parents=True)
    for number, (text, labels) in enumerate(generate(num_rows)):
        for label in labels:
            (path / label / f"{number}.txt").write_text(text, encoding="utf-8")


FORMATS: dict[str, tuple[str, Callable[[Path, int], None]]] = {
    "CSV, lists in cells": ("rows.csv", write_csv),
    INDICATORS: ("indicators.csv", write_indicators),
    "TSV": ("rows.tsv", write_csv),
    "JSON lines": ("rows.jsonl", write_jsonl),
    "JSON lines, gzip": ("rows.jsonl.gz", write_jsonl),
    "JSON, one array": ("rows.json", write_json),
    "Parquet": ("rows.parquet", write_parquet),
    "Excel": ("rows.xlsx", write_xlsx),
    "folder of class folders": ("folders", write_folders),
}


def main(argv: list[str] | None = None) -> int:
    """Measure all formats, print the table, and write the file if one is given.

    Args:
        argv (`list[str]`, *optional*): Options, defaults to those of the process.

    Returns:
        `int`: 0.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.reading", description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=200_000, help="rows of the larger file of each format")
    parser.add_argument("--repeats", type=int, default=3, help="processes per file; medians are reported")
    parser.add_argument("--formats", nargs="+", choices=list(FORMATS), default=list(FORMATS), help="formats to measure")
    parser.add_argument("--output_file", metavar="FILE", help="JSON file to write the measurement to")
    parser.add_argument("--read", metavar="PATH", help=argparse.SUPPRESS)  # in a process of its own
    args = parser.parse_args(argv)
    if args.read:
        print(json.dumps(read(Path(args.read))))
        return 0
    measurement = {**describe(torch.device("cpu")), "quick": args.rows < 200_000, "repeats": args.repeats}
    measurement["rows"] = [measure(name, args.rows, args.repeats) for name in args.formats]
    save_measurement(measurement, args.output_file)
    print(reading_table(measurement))
    return 0


def measure(name: str, num_rows: int, repeats: int) -> dict:
    """Measure one format: speed on all rows, and the growth of memory on them and on a tenth of them."""
    file, write = FORMATS[name]
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for part in (num_rows // 10, num_rows):
            print(f"{name}: {part:,} rows", file=sys.stderr)
            path = Path(folder) / str(part) / file
            path.parent.mkdir()
            write(path, part)
            command = [sys.executable, "-m", "benchmarks.reading", "--read", str(path)]
            runs = [json.loads(subprocess.check_output(command, stderr=subprocess.DEVNULL)) for _ in range(repeats)]
            found[part] = {key: median(run[key] for run in runs) for key in runs[0]}
    small, large = found.values()
    return {
        "format": name,
        "documents": large["documents"],
        "file_mib": large["file_mib"],
        "documents_per_second": large["documents"] / large["seconds"],
        "grown_mib_tenth": small["grown_mib"],
        "grown_mib": large["grown_mib"],
    }


def read(path: Path) -> dict:
    """Read a file as a training file; return the time, and by how much resident memory grew."""
    options = {"label_columns": ["auto"]} if path.name == FORMATS[INDICATORS][0] else {}
    corpus = {}
    with sample_memory() as sampled:
        took = seconds(lambda: corpus.update(load_files(path, **options)), torch.device("cpu"))
    files = [path] if path.is_file() else path.rglob("*.txt")
    return {
        "documents": sum(split.num_rows for split in corpus.values()),
        "seconds": took,
        "grown_mib": max(sampled) - sampled[0],
        "file_mib": sum(file.stat().st_size for file in files) / 2**20,
    }


if __name__ == "__main__":
    sys.exit(main())
