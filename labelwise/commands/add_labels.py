# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise add-labels`: give a trained model further labels, and train it on documents of these."""

import argparse
from pathlib import Path
from typing import Any

from ..errors import UserInputError
from ..families import FAMILIES, Family, GradientFamily, family_of_model
from ..hub.cards import update_card
from ..json_text import dump_json
from ..runs.base_run import discard_old_run
from ..runs.checkpoints import check_output_dir
from ..runs.label_addition_run import AddedLabelsDataArguments, AddLabelsArguments, AddLabelsRun, load_with_labels
from ..runs.loading import load_config_and_tokenizer
from ..runs.locking import lock_folder
from ..runs.options import CommandParser
from ..runs.progress import hide_bars
from ..runs.results import load_results, save_results
from ..runs.training import TrainArguments
from ..runs.writing import make_files
from ..trainer.training_arguments import MultiLabelTrainingArguments
from .train import print_results

# Options that have an effect where nothing is trained.
_WITHOUT_TRAINING = ("model_name_or_path", "labels", "output_dir", "overwrite", "seed")


def main(argv: list[str]) -> None:
    family = choose_family(argv)
    args, data_args, training_args, run_args = make_parser(family).parse(argv)
    command = ["labelwise", "add-labels", *argv]
    if training_args.disable_tqdm:
        hide_bars()
    if not data_args.is_named:
        check_trains_nothing(argv)
        print(dump_json(write_model(args, training_args, run_args.overwrite, command)))
        return
    source = {"model_name_or_path": args.model_name_or_path} if issubclass(family, GradientFamily) else {}
    print_results(AddLabelsRun(args, family(**source), data_args, training_args, run_args, command=command)())


def make_parser(family: type[Family]) -> CommandParser:
    """Make the parser of `labelwise add-labels` for a model of a family."""
    parts = [AddLabelsArguments, AddedLabelsDataArguments, family.training_arguments, TrainArguments]
    return CommandParser(parts, left_out=family.training_arguments.refused(), prog="labelwise add-labels")


def choose_family(argv: list[str]) -> type[Family]:
    """Return the family of the model; any, if none is named, which the parser will say.

    Raises:
        UserInputError: There is no such model.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--model_name_or_path", "--model-name-or-path")
    named, _ = parser.parse_known_args(argv)
    if not named.model_name_or_path:
        return family_of_model(None)
    return FAMILIES[load_config_and_tokenizer(named.model_name_or_path)[0].model_type]


def check_trains_nothing(argv: list[str]) -> None:
    """Check that no option is of a training, for which there are no documents.

    Raises:
        UserInputError: One is.
    """
    for word in argv:
        name = word.partition("=")[0]
        if name.startswith("--") and name.removeprefix("--").replace("-", "_") not in _WITHOUT_TRAINING:
            raise UserInputError(f"{name}: nothing is trained without --train_file or --dataset; leave it out")


def write_model(
    args: AddLabelsArguments, training_args: MultiLabelTrainingArguments, overwrite: bool, command: list[str]
) -> dict[str, Any]:
    """Write a model with further labels that nothing has trained yet, its tokenizer, and its record and card.

    Args:
        args (`AddLabelsArguments`): The model and the labels.
        training_args (`MultiLabelTrainingArguments`): `output_dir` and `seed` are read.
        overwrite (`bool`): Whether the contents of the folder may be replaced.
        command (`list[str]`): The command line, for the record.

    Returns:
        `dict`: `added_labels` and `num_labels`.

    Raises:
        UserInputError: Labels cannot join, or the folder cannot be written. Nothing is written.
    """
    folder = Path(training_args.output_dir)
    with lock_folder("--output_dir", folder):
        return _write_model(args, training_args, overwrite, command)


def _write_model(
    args: AddLabelsArguments, training_args: MultiLabelTrainingArguments, overwrite: bool, command: list[str]
) -> dict[str, Any]:
    folder = Path(training_args.output_dir)
    check_output_dir(folder, overwrite, resume=False)
    results = load_results(args.model_name_or_path)
    model, tokenizer = load_with_labels(args, training_args.seed)
    config = model.config
    told = {"added_labels": config.label_names[config.label_slices[-1]], "num_labels": config.num_labels}
    if overwrite:
        discard_old_run(training_args)
    with make_files("--output_dir", folder) as unfinished:
        model.save_pretrained(unfinished)
        tokenizer.save_pretrained(unfinished)
        if results:  # without, it is no folder of a training
            added = {"labels": told["added_labels"], "command": command}
            results = {
                **results,
                "num_labels": config.num_labels,
                "threshold": config.thresholds,
                "added_labels": added,
            }
            save_results(results, unfinished)
            update_card(unfinished, config, results, folder)
    return told
