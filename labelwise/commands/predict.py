# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise predict`: write label sets and probabilities, one JSON object per line."""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils.logging import tqdm

from ..datasets_scripts.files import READERS, read_records
from ..datasets_scripts.lines import read_lines
from ..datasets_scripts.records import check_text
from ..errors import UserInputError
from ..modeling.thresholding import predict_labels
from ..runs.loading import check_label_tokens, load_config_and_tokenizer, load_for_inference
from ..runs.options import CommandParser, check_numbers
from ..runs.prediction import iterate_logits
from ..runs.writing import open_file


@dataclass
class PredictArguments:
    """Model, input and output of predictions."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained model."})
    input: str = field(
        metadata={"help": "JSONL, CSV or Parquet file, any other file with one text per line, or - for standard input."}
    )
    output_file: str | None = field(
        default=None, metadata={"help": "JSONL file to write; defaults to standard output."}
    )
    text_column: str = field(default="text", metadata={"help": "Column of the text."})
    known_labels_column: str | None = field(
        default=None,
        metadata={"help": "Column of known labels: a list of names, or an object of true and false by name."},
    )
    label_by_label: bool = field(
        default=False, metadata={"help": "Predict one label at a time, the most confident first (lm-mtc; slower)."}
    )
    batch_size: int = field(default=64, metadata={"help": "Texts per batch."})

    def __post_init__(self) -> None:
        check_numbers(self, ["batch_size"], lambda number: number > 0, "> 0")


def main(argv: list[str]) -> None:
    (args,) = CommandParser(PredictArguments, prog="labelwise predict").parse(argv)
    with open_file("--output_file", args.output_file) as file:
        for prediction in run(args):
            file.write(json.dumps(prediction, ensure_ascii=False) + "\n")


def run(args: PredictArguments) -> Iterator[dict]:
    """Load the model and yield the predictions of `predict` for the input.

    Args:
        args (`PredictArguments`): The options.

    Raises:
        UserInputError: The model or the input does not exist or cannot be read.
    """
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path, args.label_by_label)
    if args.known_labels_column:
        check_label_tokens(args.model_name_or_path, config, "--known_labels_column")
    if args.input == "-":
        documents = ((text, {}) for text in read_standard_input())
    else:
        documents = read_documents(args.input, args.text_column, args.known_labels_column, config)
    first = next(documents, None)  # read before the weights, which take longer
    if first is None:
        raise UserInputError(f"--input {args.input}: contains no text")
    model = load_for_inference(args.model_name_or_path, config)
    documents = tqdm(chain([first], documents), desc="Predicting", unit="text")
    yield from predict(model, tokenizer, documents, args.batch_size)


def read_documents(
    source: str, text_column: str, known_labels_column: str | None, config: PreTrainedConfig
) -> Iterator[tuple[str, dict[str, bool]]]:
    """Yield the texts of a file in order, each with its known labels.

    Args:
        source (`str`): A JSONL, CSV or Parquet file, or a file of any other suffix with one text per line.
        text_column (`str`): Column of the text.
        known_labels_column (`str`, *optional*): Column of known labels.
        config (`PreTrainedConfig`): Configuration of the model, with the names of the labels.

    Raises:
        UserInputError: The file is missing or malformed, a text is no string, or a known label is none of the model's.
    """
    path = Path(source).expanduser()
    if path.suffix.lower() not in READERS:
        if not path.is_file():
            raise UserInputError(
                f"--input {source}: {'is a folder' if path.is_dir() else 'no such file'}; check the path"
            )
        if known_labels_column:
            raise UserInputError(f"--input {source}: lines of text have no column '{known_labels_column}'; use JSONL")
        yield from ((line.rstrip("\r\n"), {}) for _, line in read_lines(path))
        return
    columns = [text_column, *([known_labels_column] if known_labels_column else [])]
    for record in read_records(path, columns):
        text = check_text(record.row[text_column], record.where)
        yield text, _read_known(record.row[known_labels_column], record.where, config) if known_labels_column else {}


def _read_known(value: Any, where: str, config: PreTrainedConfig) -> dict[str, bool]:
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        value = dict.fromkeys(value, True)
    if not isinstance(value, dict) or not all(is_set in (True, False) for is_set in value.values()):
        raise UserInputError(f"{where}: known labels must be a list of names, or an object of true and false by name")
    unknown = [name for name in value if name not in config.label2id]
    if unknown:
        raise UserInputError(f"{where}: {unknown[0]!r} is none of the model's labels: {', '.join(config.label2id)}")
    return value


def read_standard_input() -> Iterator[str]:
    """Yield the lines of standard input, one text each.

    Raises:
        UserInputError: A line is not UTF-8.
    """
    for number, line in enumerate(sys.stdin.buffer, start=1):
        try:
            yield line.decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise UserInputError(
                f"standard input line {number}: not UTF-8 ({error.reason} at byte {error.start})"
            ) from error


def predict(
    model: PreTrainedModel,
    tokenizer: PreTrainedTokenizerBase,
    documents: Iterable[tuple[str, dict[str, bool]]],
    batch_size: int,
) -> Iterator[dict[str, Any]]:
    """Yield the labels and probabilities of each text, in order.

    Args:
        model (`PreTrainedModel`): A classifier in evaluation mode.
        tokenizer (`PreTrainedTokenizerBase`): Its tokenizer.
        documents (`Iterable[tuple[str, dict[str, bool]]]`): Texts, each with the labels that are known, whether they
            apply, by name (for models with label tokens, which complete the rest).
        batch_size (`int`): Number of texts of a batch.

    Yields:
        `dict`: `labels`, the names of the predicted labels, and `scores`, every label's probability by name. A known
        label is as it was given, with the probability 1 or 0.
    """
    names = model.config.label_names
    for block, logits_BL in iterate_logits(model, tokenizer, documents, batch_size):
        predicted = predict_labels(logits_BL, model.config.thresholds).tolist()
        for (_, known), probabilities, row in zip(block, logits_BL.sigmoid().tolist(), predicted, strict=True):
            is_predicted = dict(zip(names, row, strict=True)) | known
            scores = dict(zip(names, [round(p, 6) for p in probabilities], strict=True))
            yield {
                "labels": [name for name in names if is_predicted[name]],
                "scores": scores | {name: float(is_true) for name, is_true in known.items()},
            }
