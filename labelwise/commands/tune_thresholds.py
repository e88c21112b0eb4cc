# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise tune-thresholds`: fits `config.thresholds` of a trained model on validation documents."""

import json
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from transformers.utils import CONFIG_NAME

from labelwise.datasets_scripts import UserInputError
from labelwise.hub.cards import update_card
from labelwise.runs.data import DataArguments
from labelwise.runs.options import CommandParser, check_numbers
from labelwise.runs.prediction import predict_split
from labelwise.runs.results import load_results, save_results
from labelwise.runs.writing import check_file, open_file
from labelwise.trainer.threshold_tuning import cross_validate_thresholds
from labelwise.trainer.thresholds import MODES, TUNABLE_METRICS, tune_thresholds


@dataclass
class TuneThresholdsArguments:
    """Which thresholds are fitted, and to what."""

    model_name_or_path: str = field(metadata={"help": "Folder of a trained model, which gets the thresholds."})
    mode: str = field(default="global", metadata={"help": "One threshold, or one per label.", "choices": list(MODES)})
    metric: str = field(default="micro_f1", metadata={"help": "What is maximised.", "choices": list(TUNABLE_METRICS)})
    split: str = field(default="validation", metadata={"help": "Only validation documents may choose thresholds."})
    batch_size: int = field(default=64, metadata={"help": "Documents of a batch."})

    def __post_init__(self):
        check_numbers(self, ["batch_size"], lambda number: number > 0, "above 0")
        if self.split != "validation":
            reason = {
                "test": "the test score would no longer tell how good the model is",
                "train": "the model knows these documents, and is surer of them than of others",
            }.get(self.split, "there is no such use of a split")
            raise UserInputError(f"--split {self.split}: thresholds are fitted on validation documents only: {reason}")


def main(argv: list[str]) -> None:
    args, data_args = CommandParser([TuneThresholdsArguments, DataArguments], prog="labelwise tune-thresholds").parse(
        argv
    )
    print(json.dumps(run(args, data_args, ["labelwise", "tune-thresholds", *argv])))


def run(args: TuneThresholdsArguments, data_args: DataArguments, command: list[str]) -> dict:
    """Fits the thresholds and writes them into the folder of the model: config, results and card.

    Args:
        args (`TuneThresholdsArguments`), data_args (`DataArguments`): What the options set.
        command (`list[str]`): The command line, for the record.

    Returns:
        `dict`: `thresholds`, and what `cross_validate_thresholds` returns.

    Raises:
        UserInputError: The model is not a folder or does not fit the data; nothing has been written then.
    """
    folder = Path(args.model_name_or_path)
    if not folder.is_dir():
        raise UserInputError(
            f"{folder} is not a local folder, and thresholds are written into one; for a model of the Hub, "
            f"`hf download {shlex.quote(str(folder))} --local-dir FOLDER` first"
        )
    check_file("--model_name_or_path", str(folder / CONFIG_NAME))
    results = load_results(folder)
    if results and results["dataset"] == data_args.name and results["split_seed"] != data_args.split_seed:
        raise UserInputError(
            f"--split_seed {data_args.split_seed}: the model was trained with {results['split_seed']}, "
            "so these validation documents may be ones it was trained on; pass that seed"
        )
    config, prediction = predict_split(args.model_name_or_path, data_args, args.split, args.batch_size)
    number = len(prediction.predictions)
    if results and results["dataset"] == data_args.name and results["documents"].get("validation", number) != number:
        raise UserInputError(
            f"the model was trained with {results['documents']['validation']:,} validation documents of "
            f"{data_args.name}, and these are {number:,}, which may be ones it was trained on; pass the options of its "
            "data, or --validation_file alone"
        )
    if number < 2:
        raise UserInputError(
            f"{data_args.name} has one validation document, which is too few to fit thresholds; give more"
        )
    found = (prediction.predictions, prediction.label_ids)
    config.thresholds = tune_thresholds(*found, args.mode, args.metric)
    record = cross_validate_thresholds(*found, config.thresholds, args.mode, args.metric)
    _write_thresholds(folder / CONFIG_NAME, config.thresholds)
    if results:
        results["threshold"] = config.thresholds
        results["threshold_tuning"] = {**record, "dataset": data_args.name, "command": command}
        results["metrics_at_tuned_thresholds"] = None  # those of a run were at other thresholds
        save_results(results, folder)
        update_card(folder, config, results)
    return {"thresholds": config.thresholds, **record}


def _write_thresholds(path: Path, thresholds: float | list[float]) -> None:
    """Changes the thresholds and nothing else; loading and saving the config would rewrite all of it."""
    config = json.loads(path.read_text("utf-8"))
    config["thresholds"] = thresholds
    with open_file("--model_name_or_path", str(path)) as file:
        file.write(json.dumps(config, indent=2, sort_keys=True) + "\n")
