# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise predict`: write label sets and probabilities, one JSON object per line."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from transformers import PreTrainedConfig, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils.logging import tqdm

from ..datasets_scripts.own_data.label_values import parse_literal, to_plain
from ..datasets_scripts.own_data.options import FileOptions
from ..datasets_scripts.own_data.reading import read_text
from ..datasets_scripts.own_data.sources import read_source
from ..errors import UserInputError
from ..modeling.thresholding import predict_labels
from ..runs.loading import check_label_tokens, load_config_and_tokenizer, load_for_inference
from ..runs.options import CommandParser, check_numbers
from ..runs.prediction import iterate_logits
from ..runs.progress import logger
from ..runs.threshold_messages import NoLabels
from ..runs.writing import open_file


@dataclass
class PredictArguments(FileOptions):
    """Model, input and output of predictions."""

    model_name_or_path: str = field(kw_only=True, metadata={"help": "Folder or Hub id of a trained model."})
    input: str = field(
        kw_only=True,
        metadata={
            "help": "CSV, TSV, JSON, JSONL, Parquet or Excel file, a folder or pattern of them, a file with one text "
            "per line, or - for standard input."
        },
    )
    output_file: str | None = field(
        default=None, metadata={"help": "JSONL file to write; defaults to standard output."}
    )
    known_labels_column: str | None = field(
        default=None,
        metadata={"help": "Column of known labels: a list of names, or an object of true and false by name."},
    )
    label_by_label: bool = field(
        default=False, metadata={"help": "Predict one label at a time, the most confident first (lm-mtc; slower)."}
    )
    batch_size: int = field(default=64, metadata={"help": "Texts per batch."})

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.input_format == "folder":
            raise UserInputError("input_format folder is for training: name a file, a folder or pattern of files, or -")
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
    documents = read_documents(args, config)
    first = next(documents, None)  # read before the weights, which take longer
    if first is None:
        raise UserInputError(f"--input {args.input}: contains no text")
    model = load_for_inference(args.model_name_or_path, config)
    documents = tqdm(chain([first], documents), desc="Predicting", unit="text")
    yield from predict(model, tokenizer, documents, args.batch_size)


def read_documents(args: PredictArguments, config: PreTrainedConfig) -> Iterator[tuple[str, dict[str, bool]]]:
    """Yield the texts of the input in order, each with its known labels.

    Args:
        args (`PredictArguments`): The options.
        config (`PreTrainedConfig`): Configuration of the model, with the names of the labels.

    Raises:
        UserInputError: The input is missing or malformed, a text is no string, or a known label is none of the model's.
    """
    known = args.known_labels_column
    for where, row in read_source(args.input, args, [*args.text_column, *([known] if known else [])]):
        text = read_text(row, args.text_column, where)
        if known and known not in row:
            raise UserInputError(f"{where}: no column '{known}'; there are: {', '.join(row)}")
        yield text, _read_known(to_plain(row[known]), where, config) if known else {}


def _read_known(value: Any, where: str, config: PreTrainedConfig) -> dict[str, bool]:
    if isinstance(value, str):
        value = parse_literal(value)
    if isinstance(value, list) and all(isinstance(name, str) for name in value):
        value = dict.fromkeys(value, True)
    if not isinstance(value, dict) or not all(is_set in (True, False) for is_set in value.values()):
        raise UserInputError(f"{where}: known labels must be a list of names, or an object of true and false by name")
    unknown = [name for name in value if name not in config.label2id]
    if unknown:
        raise UserInputError(f"{where}: {unknown[0]!r} is none of the model's labels: {', '.join(config.label2id)}")
    return value


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
    no_labels = NoLabels(model.config.thresholds)
    for block, logits_BL in iterate_logits(model, tokenizer, documents, batch_size):
        no_labels.update(logits_BL)
        predicted = predict_labels(logits_BL, model.config.thresholds).tolist()
        for (_, known), probabilities, row in zip(block, logits_BL.sigmoid().tolist(), predicted, strict=True):
            is_predicted = dict(zip(names, row, strict=True)) | known
            scores = dict(zip(names, [round(p, 6) for p in probabilities], strict=True))
            yield {
                "labels": [name for name in names if is_predicted[name]],
                "scores": scores | {name: float(is_true) for name, is_true in known.items()},
            }
    if line := no_labels.explain():
        logger.warning(line)
