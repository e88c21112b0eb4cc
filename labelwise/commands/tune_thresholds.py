# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise tune-thresholds`: tune `config.thresholds` of a trained model on validation documents."""

import json
import shlex
from dataclasses import dataclass, field
from pathlib import Path

from transformers.utils import CONFIG_NAME

from ..errors import UserInputError
from ..hub.cards import update_card
from ..runs.data import DataArguments
from ..runs.options import CommandParser, check_numbers
from ..runs.prediction import predict_split
from ..runs.results import load_results, save_results
from ..runs.writing import check_file, open_file
from ..trainer.thresholds import MODES, TUNABLE_METRICS, cross_validate_thresholds, tune_thresholds


@dataclass
class TuneThresholdsArguments:
    """Model, documents, and kind of thresholds to tune."""

    model_name_or_path: str = field(metadata={"help": "Folder of the trained model to change."})
    mode: str = field(
        default="global", metadata={"help": "One threshold for all labels, or one per label.", "choices": list(MODES)}
    )
    metric: str = field(default="micro_f1", metadata={"help": "Metric to maximize.", "choices": list(TUNABLE_METRICS)})
    split: str = field(default="validation", metadata={"help": "Split to tune on; must be validation."})
    batch_size: int = field(default=64, metadata={"help": "Documents per batch."})

    def __post_init__(self) -> None:
        check_numbers(self, ["batch_size"], lambda number: number > 0, "> 0")
        if self.split != "validation":
            reason = {
                "test": "test metrics would be biased",
                "train": "the model is more confident on documents that it was trained on",
            }.get(self.split, "use --split validation")
            raise UserInputError(f"--split {self.split}: thresholds are tuned on validation documents only: {reason}")


def main(argv: list[str]) -> None:
    args, data_args = CommandParser([TuneThresholdsArguments, DataArguments], prog="labelwise tune-thresholds").parse(
        argv
    )
    print(json.dumps(run(args, data_args, ["labelwise", "tune-thresholds", *argv])))


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
    folder = Path(args.model_name_or_path)
    if not folder.is_dir():
        raise UserInputError(
            f"{folder} is not a local folder, to which thresholds are written; download a model of the Hub first: "
            f"`hf download {shlex.quote(str(folder))} --local-dir FOLDER`"
        )
    check_file("--model_name_or_path", str(folder / CONFIG_NAME))
    results = load_results(folder)
    if results and results["dataset"] == data_args.name and results["split_seed"] != data_args.split_seed:
        raise UserInputError(
            f"--split_seed {data_args.split_seed}: the model was trained with {results['split_seed']}, "
            "so its training documents may be among these validation documents; pass that seed"
        )
    split = predict_split(args.model_name_or_path, data_args, args.split, args.batch_size)
    config, number = split.config, len(split.predictions)
    if results and results["dataset"] == data_args.name and results["documents"].get("validation", number) != number:
        raise UserInputError(
            f"the model was trained with {results['documents']['validation']:,} validation documents of "
            f"{data_args.name}, not {number:,}, so its training documents may be among these; pass the options of its "
            "data, or only --validation_file"
        )
    if number < 2:
        raise UserInputError(
            f"{data_args.name} has one validation document, too few to tune thresholds; give at least two"
        )
    found = (split.predictions, split.label_ids)
    config.thresholds = tune_thresholds(*found, args.mode, args.metric)
    record = cross_validate_thresholds(*found, config.thresholds, args.mode, args.metric)
    _write_thresholds(folder / CONFIG_NAME, config.thresholds)
    if results:
        results["threshold"] = config.thresholds
        results["threshold_tuning"] = {**record, "dataset": data_args.name, "command": command}
        results["metrics_at_tuned_thresholds"] = None  # those of training used other thresholds
        save_results(results, folder)
        update_card(folder, config, results)
    return {"thresholds": config.thresholds, **record}


def _write_thresholds(path: Path, thresholds: float | list[float]) -> None:
    """Change only the thresholds of a config; loading and saving it would rewrite everything."""
    config = json.loads(path.read_text("utf-8"))
    config["thresholds"] = thresholds
    with open_file("--model_name_or_path", str(path)) as file:
        file.write(json.dumps(config, indent=2, sort_keys=True) + "\n")
