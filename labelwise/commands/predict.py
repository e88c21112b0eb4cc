# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise predict`: label sets and probabilities, one JSON object a line."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import torch
from transformers.utils.logging import tqdm

from labelwise import decode
from labelwise.datasets_scripts import DataError
from labelwise.datasets_scripts.files import READERS, read_records
from labelwise.datasets_scripts.lines import read_lines
from labelwise.datasets_scripts.records import check_text

from .arguments import CommandParser, check_numbers
from .checkpoint import load_classifier, load_config_and_tokenizer
from .output import open_file

# Texts read ahead, so that batches hold texts of like length and memory stays bounded whatever the input.
_BLOCK = 4096


@dataclass
class PredictArguments:
    """What is labelled, and where the labels go."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained model."})
    input: str = field(
        metadata={"help": "JSONL, CSV or Parquet file, any other file with a text a line, or - for standard input."}
    )
    output_file: str | None = field(default=None, metadata={"help": "JSONL file to write; standard output without."})
    text_column: str = field(default="text", metadata={"help": "Column with the text."})
    batch_size: int = field(default=64, metadata={"help": "Texts of a batch."})

    def __post_init__(self):
        check_numbers(self, ["batch_size"], lambda number: number > 0, "above 0")


def main(argv: list[str]) -> None:
    (args,) = CommandParser(PredictArguments, prog="labelwise predict").parse(argv)
    with open_file("--output_file", args.output_file) as file:
        for prediction in run(args):
            file.write(json.dumps(prediction, ensure_ascii=False) + "\n")


def run(args: PredictArguments) -> Iterator[dict]:
    """Loads the model and labels the input; see `predict`.

    Raises:
        DataError: The model or the input does not exist or cannot be read.
    """
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path)
    texts = read_standard_input() if args.input == "-" else read_texts(args.input, args.text_column)
    first = next(texts, None)  # before the weights are loaded
    if first is None:
        raise DataError(f"--input {args.input}: holds no text")
    model = load_classifier(args.model_name_or_path, config).eval()
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    texts = tqdm(chain([first], texts), desc="Predicting", unit="text")
    yield from predict(model, tokenizer, texts, args.batch_size)


def read_texts(source: str, text_column: str) -> Iterator[str]:
    """The texts of a file, in order.

    Args:
        source (`str`): A file of documents by its suffix; any other suffix is a text a line.
        text_column (`str`): Column with the text.

    Raises:
        DataError: The file is missing or malformed, or a text is none.
    """
    path = Path(source).expanduser()
    if path.suffix.lower() not in READERS:
        if not path.is_file():
            raise DataError(f"--input {source}: {'is a folder' if path.is_dir() else 'no such file'}; check the path")
        yield from (line.rstrip("\r\n") for _, line in read_lines(path))
        return
    for record in read_records(path, [text_column]):
        yield check_text(record.row[text_column], record.where)


def read_standard_input() -> Iterator[str]:
    """The lines of standard input, a text each.

    Raises:
        DataError: A line is not UTF-8.
    """
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            yield line.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise DataError(
                f"standard input line {number}: not UTF-8 ({error.reason} at byte {error.start})"
            ) from error


@torch.inference_mode()
def predict(model, tokenizer, texts: Iterable[str], batch_size: int) -> Iterator[dict]:
    """Labels and probabilities of each text, in order.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        texts (`Iterable[str]`): Read a block at a time.
        batch_size (`int`): Texts of a batch.

    Yields:
        `dict`: `labels`, the names of the labels that hold, and `scores`, every label's probability by name.
    """
    names = [model.config.id2label[index] for index in range(model.config.num_labels)]
    texts = iter(texts)
    while block := list(islice(texts, _BLOCK)):
        input_ids = tokenizer(block, truncation=True)["input_ids"]
        order = sorted(range(len(block)), key=lambda i: -len(input_ids[i]))
        predictions = [{}] * len(block)
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            batch = tokenizer.pad({"input_ids": [input_ids[i] for i in rows]}, return_tensors="pt").to(model.device)
            logits = model(**batch).logits.float().cpu()
            holds = decode(logits, model.config.thresholds).tolist()
            for row, probabilities, held in zip(rows, logits.sigmoid().tolist(), holds, strict=True):
                predictions[row] = {
                    "labels": [name for name, holds_here in zip(names, held, strict=True) if holds_here],
                    "scores": dict(zip(names, [round(p, 6) for p in probabilities], strict=True)),
                }
        yield from predictions
