# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise evaluate`: the metrics of a trained model, as one JSON object on standard output."""

import json
from dataclasses import dataclass, field

from labelwise.runs.data import DataArguments
from labelwise.runs.options import CommandParser, check_numbers
from labelwise.runs.prediction import predict_split
from labelwise.runs.results import METRICS
from labelwise.runs.writing import check_file, open_file


@dataclass
class EvaluateArguments:
    """What is measured, and where the numbers go."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained model."})
    split: str = field(default="test", metadata={"help": "Part to measure on: train, validation or test."})
    label_by_label: bool = field(
        default=False, metadata={"help": "Decide one label at a time, the most confident first (lm-mtc; slower)."}
    )
    batch_size: int = field(default=64, metadata={"help": "Documents of a batch."})
    output_file: str | None = field(default=None, metadata={"help": "File that gets the JSON object too."})

    def __post_init__(self):
        check_numbers(self, ["batch_size"], lambda number: number > 0, "above 0")


def main(argv: list[str]) -> None:
    args, data_args = CommandParser([EvaluateArguments, DataArguments], prog="labelwise evaluate").parse(argv)
    check_file("--output_file", args.output_file)
    text = json.dumps(evaluate(args, data_args))
    if args.output_file:
        with open_file("--output_file", args.output_file) as file:
            file.write(text + "\n")
    print(text)


def evaluate(args: EvaluateArguments, data_args: DataArguments) -> dict:
    """Measures a model on one split.

    Returns:
        `dict`: The six metrics as fractions, and `threshold`.

    Raises:
        UserInputError: The model or the data does not exist or does not fit.
    """
    config, prediction = predict_split(
        args.model_name_or_path, data_args, args.split, args.batch_size, args.label_by_label
    )
    return {**{name: prediction.metrics[f"test_{name}"] for name in METRICS}, "threshold": config.thresholds}
