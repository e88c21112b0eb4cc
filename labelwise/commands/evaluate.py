# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise evaluate`: print the metrics of a trained model as one JSON object, and report on each label."""

import sys
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
from accelerate import PartialState

from ..analysis.drawing import check_packages, save_picture
from ..analysis.label_report import NOT_DEFINED, draw_label_report, format_label_report, make_label_report
from ..csv_rows import write_table
from ..errors import UserInputError
from ..json_text import dump_json
from ..runs.data import DataArguments
from ..runs.evaluating import evaluate_model, find_training_counts
from ..runs.loading import load_config_and_tokenizer, load_for_inference
from ..runs.locking import lock_folder
from ..runs.measuring import Measurement
from ..runs.options import CommandParser, check_numbers
from ..runs.parts import start_processes
from ..runs.precision import DTYPES, check_dtype
from ..runs.progress import logger
from ..runs.results import load_results
from ..runs.writing import check_file, make_files, open_file
from ..trainer.metrics_names import choose_metrics


@dataclass
class EvaluateArguments:
    """Model and split to evaluate, and output."""

    model_name_or_path: str = field(metadata={"help": "Folder or Hub id of a trained model, or an exported folder."})
    split: str = field(default="test", metadata={"help": "Split to evaluate on: train, validation or test."})
    metrics: list[str] | None = field(
        default=None,
        metadata={"help": "Metrics beyond the six: all, or names (docs/reference/metrics.md), such as lrap ndcg_at_5."},
    )
    report: str | None = field(
        default=None,
        metadata={
            "help": "Folder of report.csv, .png and .svg: each label's metrics and the label it is confused with."
        },
    )
    label_by_label: bool = field(
        default=False, metadata={"help": "Predict one label at a time, the most confident first (lm-mtc; slower)."}
    )
    dtype: str = field(
        default="float32",
        metadata={
            "help": "Data type of matrix products; bfloat16 is faster on processors that support it.",
            "choices": list(DTYPES),
        },
    )
    batch_size: int = field(default=64, metadata={"help": "Documents per batch; more where they are short."})
    output_file: str | None = field(default=None, metadata={"help": "File to write the JSON object to as well."})

    def __post_init__(self) -> None:
        check_numbers(self, ["batch_size"], lambda number: number > 0, "> 0")
        try:
            choose_metrics(self.metrics, has_propensities=True)
        except ValueError as error:
            raise UserInputError(f"--metrics: {error}") from error


def main(argv: list[str]) -> None:
    args, data_args = CommandParser([EvaluateArguments, DataArguments], prog="labelwise evaluate").parse(argv)
    check_file("--output_file", args.output_file)
    is_main = start_processes().is_main_process
    with nullcontext() if args.report is None or not is_main else lock_folder("--report", args.report):
        _evaluate_and_report(args, data_args)


def _evaluate_and_report(args: EvaluateArguments, data_args: DataArguments) -> None:
    metrics, measurement = evaluate(args, data_args)
    if not PartialState().is_main_process:
        return
    if args.report is not None:
        table = make_label_report(measurement.label_names, measurement.thresholds, measurement.accumulator)
        report = write_report(table, f"{data_args.name}, {args.split}", Path(args.report))
        print(format_label_report(table, str(report)), file=sys.stderr)
    text = dump_json(metrics)
    if args.output_file:
        with open_file("--output_file", args.output_file) as file:
            file.write(text + "\n")
    print(text)


def evaluate(args: EvaluateArguments, data_args: DataArguments) -> tuple[dict[str, Any], Measurement]:
    """Evaluate a model on one split, which the processes of `accelerate launch` share.

    Args:
        args (`EvaluateArguments`): The options.
        data_args (`DataArguments`): The corpus.

    Returns:
        `dict`: The six metrics and those of `--metrics`, `threshold`, and `unseen_labels` if the model has not all
        labels.
        `Measurement`: What they come from.

    Raises:
        UserInputError: The model or the data does not exist or does not fit.
    """
    check_dtype(args.dtype, args.model_name_or_path)
    config, tokenizer = load_config_and_tokenizer(args.model_name_or_path, args.label_by_label, may_be_exported=True)
    with PartialState().main_process_first():
        corpus = data_args.load(config.label_names, required=[args.split])
    counts = find_training_counts(
        args.metrics,
        load_results(args.model_name_or_path) if args.metrics else None,
        corpus.get("train"),
        "give the training documents too (--train_file)",
    )
    model = load_for_inference(args.model_name_or_path, config, dtype=args.dtype)
    return evaluate_model(
        model,
        tokenizer,
        corpus[args.split],
        args.batch_size,
        data_args.unseen_labels,
        shared=True,
        metrics=args.metrics,
        training_counts=counts,
        by_label=args.report is not None,
    )


def write_report(table: pd.DataFrame, title: str, folder: Path) -> Path:
    """Write the report on each label: the table, and a picture if that can be drawn here; all files or none.

    Args:
        table (`pd.DataFrame`): From `make_label_report`.
        title (`str`): Title of the picture.
        folder (`Path`): Folder of the files.

    Returns:
        `Path`: The file of the table.

    Raises:
        UserInputError: The files cannot be written.
    """
    figure = None
    try:
        check_packages()
        figure = draw_label_report(table, title)
    except UserInputError as error:
        logger.warning(f"--report {folder}: no picture: {error}")
    with make_files("--report", folder, ["report.png", "report.svg"]) as unfinished:
        write_table(table, unfinished / "report.csv", index=False, na_rep=NOT_DEFINED)
        if figure is not None:
            save_picture(figure, unfinished, "report")
    return folder / "report.csv"
