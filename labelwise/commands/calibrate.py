# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise calibrate`: fit `config.calibration` of a trained model on validation documents."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import torch
from transformers import PreTrainedConfig

from ..analysis.drawing import check_packages, save_picture
from ..analysis.reliability import draw_reliability
from ..csv_rows import write_table
from ..errors import UserInputError
from ..json_text import dump_json
from ..modeling.calibration import calibrate_logits
from ..runs.data import DataArguments
from ..runs.options import CommandParser
from ..runs.progress import logger
from ..runs.threshold_messages import describe_tuning
from ..runs.validation_fit import ValidationArguments, locked_model, predict_validation
from ..trainer.calibration import (
    METHODS,
    cross_validate_calibration,
    fit_calibration,
    measure_calibration,
    measure_reliability,
)
from ..trainer.thresholds import cross_validate_thresholds, tune_thresholds

FILE_NAME = "reliability"


@dataclass
class CalibrateArguments(ValidationArguments):
    """Model, documents, and method of calibration."""

    method: str | None = field(
        default=None,
        metadata={
            "help": "One temperature for all labels, or a scale and an offset per label (sigmoid, Platt); by default "
            "the one with the lower cross-validated log loss.",
            "choices": list(METHODS),
        },
    )


def main(argv: list[str]) -> None:
    args, data_args = CommandParser([CalibrateArguments, DataArguments], prog="labelwise calibrate").parse(argv)
    print(dump_json(run(args, data_args, ["labelwise", "calibrate", *argv])))


def run(args: CalibrateArguments, data_args: DataArguments, command: list[str]) -> dict[str, Any]:
    """Fit a calibration and write it to the folder of the model: config, results, card and reliability diagram.

    An earlier calibration is replaced. Thresholds that are not 0.5 are tuned anew on the same documents, as they were
    tuned before.

    Args:
        args (`CalibrateArguments`): The options.
        data_args (`DataArguments`): The corpus.
        command (`list[str]`): The command line, for `results.json`.

    Returns:
        `dict`: `method`, `documents`, `shared_labels` (the names of labels without a scale of their own), and `before`,
        `after` and `cross_validated`, the results of `measure_calibration`; `thresholds`, and their `threshold_tuning`.

    Raises:
        UserInputError: The model is not a folder, does not fit the data, or cannot be calibrated on it; or no method
            was named, and none lowers the cross-validated log loss. Nothing is written.
    """
    with locked_model(args):
        return _calibrate(args, data_args, command)


def _calibrate(args: CalibrateArguments, data_args: DataArguments, command: list[str]) -> dict[str, Any]:
    folder = predict_validation(args, data_args, calibrated=False)
    config, logits, labels = folder.predicted.config, folder.predicted.predictions, folder.predicted.label_ids
    methods = [args.method] if args.method else METHODS
    unseen = {method: cross_validate_calibration(logits, labels, method) for method in methods}
    scores = {method: measure_calibration(calibrated, labels) for method, calibrated in unseen.items()}
    method = min(methods, key=lambda method: scores[method]["log_loss"])
    before = measure_calibration(logits, labels)
    compared = ", ".join(f"{name} {score['log_loss']:.4f}" for name, score in scores.items())
    if scores[method]["log_loss"] >= before["log_loss"]:
        told = (
            f"the cross-validated log loss is no lower than without calibration, {before['log_loss']:.4f} ({compared})"
        )
        if args.method is None:
            raise UserInputError(f"{told}: the model was not changed; --method calibrates it anyway")
        logger.warning(told)
    elif args.method is None:
        logger.info(f"method {method}: the lower cross-validated log loss ({compared})")
    config.calibration = fit_calibration(logits, labels, method)
    calibrated = calibrate_logits(torch.as_tensor(logits), config.calibration)
    record = {
        "method": method,
        "documents": len(logits),
        "shared_labels": [config.label_names[label] for label in config.calibration.get("shared_labels", [])],
        "before": before,
        "after": measure_calibration(calibrated, labels),
        "cross_validated": scores[method],
    }
    tuning = tune_again(config, folder.results, calibrated, labels)
    tables = {"before": logits, "after": calibrated, "after, cross-validated": unseen[method]}
    tables = {name: measure_reliability(some, labels) for name, some in tables.items()}
    source = {"dataset": data_args.name, "command": command}
    facts = {
        "calibration": {**record, **source},
        "threshold": config.thresholds,
        "threshold_tuning": tuning and {**tuning, **source},
        "metrics_at_tuned_thresholds": None,  # those of training are of other probabilities
    }
    pictures = [f"{FILE_NAME}.{kind}" for kind in ("png", "svg")]
    with folder.change(config, "calibration", "thresholds", earlier=pictures, **facts) as unfinished:
        write_reliability(unfinished, tables, f"Reliability on validation: {data_args.name}")
    return {**record, "thresholds": config.thresholds, "threshold_tuning": tuning}


def tune_again(
    config: PreTrainedConfig, results: dict[str, Any] | None, logits: torch.Tensor, labels: np.ndarray
) -> dict[str, Any] | None:
    """Tune the thresholds of a configuration anew, in place, unless they are 0.5, untuned.

    Args:
        config (`PreTrainedConfig`): The configuration.
        results (`dict`, *optional*): Contents of `results.json`, which says how they were tuned.
        logits (`torch.Tensor` of shape `(documents, num_labels)`): Calibrated logits.
        labels (`np.ndarray` of shape `(documents, num_labels)`): 1, 0, or -100 where unknown.

    Returns:
        `dict`: The result of `cross_validate_thresholds`; `None` for thresholds that stay 0.5.
    """
    before = results and results.get("threshold_tuning")
    if before:
        mode, metric = before["mode"], before["metric"]
    elif config.thresholds == 0.5:
        return None
    else:
        mode, metric = "per-label" if isinstance(config.thresholds, list) else "global", None
        logger.warning(f"there is no record of how the thresholds were chosen: they are tuned anew ({mode})")
    config.thresholds = tune_thresholds(logits, labels, mode, metric)
    record = cross_validate_thresholds(logits, labels, config.thresholds, mode, metric)
    logger.info(f"tuned anew, as they apply to calibrated probabilities: {describe_tuning(config.thresholds, record)}")
    return record


def write_reliability(folder: Path, tables: dict[str, pd.DataFrame], title: str) -> None:
    """Write the reliability diagram: its table, and the picture if that can be drawn here.

    Args:
        folder (`Path`): Folder to write to.
        tables (`dict[str, pd.DataFrame]`): Tables of `measure_reliability` by name.
        title (`str`): Title of the picture.
    """
    figure = None
    try:
        check_packages()
        figure = draw_reliability(tables, title)
    except UserInputError as error:
        logger.warning(f"no picture of the reliability: {error}")
    write_table(pd.concat(tables, names=["probabilities"]), folder / f"{FILE_NAME}.csv")
    if figure is not None:
        save_picture(figure, folder, FILE_NAME)
