# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise tune-thresholds`: tune `config.thresholds` of a trained model on validation documents."""

from dataclasses import dataclass, field

from ..json_text import dump_json
from ..runs.data import DataArguments
from ..runs.options import CommandParser
from ..runs.validation_fit import ValidationArguments, locked_model, predict_validation
from ..trainer.thresholds import MODES, TUNABLE_METRICS, cross_validate_thresholds, tune_thresholds


@dataclass
class TuneThresholdsArguments(ValidationArguments):
    """Model, documents, and kind of thresholds to tune."""

    mode: str = field(
        default="global", metadata={"help": "One threshold for all labels, or one per label.", "choices": list(MODES)}
    )
    threshold_metric: str | None = field(
        default=None,
        metadata={
            "help": "Metric to maximize; by default micro_f1 for global, macro_f1 for per-label.",
            "choices": list(TUNABLE_METRICS),
        },
    )


def main(argv: list[str]) -> None:
    args, data_args = CommandParser([TuneThresholdsArguments, DataArguments], prog="labelwise tune-thresholds").parse(
        argv
    )
    print(dump_json(run(args, data_args, ["labelwise", "tune-thresholds", *argv])))


def run(args: TuneThresholdsArguments, data_args: DataArguments, command: list[str]) -> dict:
    """Tune the thresholds and write them to the folder of the model: config, results and card.

    Args:
        args (`TuneThresholdsArguments`): The options.
        data_args (`DataArguments`): The corpus.
        command (`list[str]`): The command line, for `results.json`.

    Returns:
        `dict`: `thresholds`, and the results of `cross_validate_thresholds`.

    Raises:
        UserInputError: The model is not a folder or does not fit the data. Nothing is written.
    """
    with locked_model(args):
        return _tune(args, data_args, command)


def _tune(args: TuneThresholdsArguments, data_args: DataArguments, command: list[str]) -> dict:
    folder = predict_validation(args, data_args)
    config, *found = folder.predicted.config, folder.predicted.predictions, folder.predicted.label_ids
    config.thresholds = tune_thresholds(*found, args.mode, args.threshold_metric)
    record = cross_validate_thresholds(*found, config.thresholds, args.mode, args.threshold_metric)
    facts = {
        "threshold": config.thresholds,
        "threshold_tuning": {**record, "dataset": data_args.name, "command": command},
        "metrics_at_tuned_thresholds": None,  # those of training used other thresholds
    }
    with folder.change(config, "thresholds", **facts):
        pass
    return {"thresholds": config.thresholds, **record}
