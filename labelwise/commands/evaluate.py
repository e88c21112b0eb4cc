# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise evaluate`: print the metrics of a trained model as one JSON object."""

import json
from dataclasses import dataclass, field

from ..runs.data import DataArguments
from ..runs.measuring import describe_unseen, measure
from ..runs.options import CommandParser, check_numbers
from ..runs.prediction import predict_split
from ..runs.writing import check_file, open_file


@dataclass
class EvaluateArguments:
    """Model and split to evaluate, and output."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained model."})
    split: str = field(default="test", metadata={"help": "Split to evaluate on: train, validation or test."})
    label_by_label: bool = field(
        default=False, metadata={"help": "Predict one label at a time, the most confident first (lm-mtc; slower)."}
    )
    batch_size: int = field(default=64, metadata={"help": "Documents per batch."})
    output_file: str | None = field(default=None, metadata={"help": "File to write the JSON object to as well."})

    def __post_init__(self) -> None:
        check_numbers(self, ["batch_size"], lambda number: number > 0, "> 0")


def main(argv: list[str]) -> None:
    args, data_args = CommandParser([EvaluateArguments, DataArguments], prog="labelwise evaluate").parse(argv)
    check_file("--output_file", args.output_file)
    text = json.dumps(evaluate(args, data_args))
    if args.output_file:
        with open_file("--output_file", args.output_file) as file:
            file.write(text + "\n")
    print(text)


def evaluate(args: EvaluateArguments, data_args: DataArguments) -> dict:
    """Evaluate a model on one split.

    Args:
        args (`EvaluateArguments`): The options.
        data_args (`DataArguments`): The corpus.

    Returns:
        `dict`: The six metrics as fractions, `threshold`, and `unseen_labels` if the model has not all labels.

    Raises:
        UserInputError: The model or the data does not exist or does not fit.
    """
    found = predict_split(args.model_name_or_path, data_args, args.split, args.batch_size, args.label_by_label)
    thresholds, unseen = found.config.thresholds, data_args.unseen_labels
    metrics = measure(found.predictions, found.label_ids, thresholds, found.documents, unseen)
    told = describe_unseen(found.documents, unseen)
    return {**metrics, "threshold": thresholds, **({"unseen_labels": told} if told else {})}
