# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""`labelwise train`: train a classifier on a corpus or on your own files."""

import argparse
from dataclasses import fields
from typing import Any

from ..families import Family, family_of_model
from ..json_text import dump_json
from ..runs.data import DataArguments
from ..runs.loading import family_of_checkpoint
from ..runs.options import CommandParser
from ..runs.progress import hide_bars, logger
from ..runs.training import TrainArguments, TrainingRun


def main(argv: list[str]) -> None:
    print_results(run(argv))


def print_results(results: dict[str, Any] | None) -> None:
    """Print the metrics of a training; nothing in processes that have none."""
    if results:
        tuned = results["metrics_at_tuned_thresholds"]
        unseen = {name: results[name] for name in ("unseen_labels",) if name in results}
        print(dump_json({**results["metrics"], **({"at_tuned_thresholds": tuned} if tuned else {}), **unseen}))


def run(argv: list[str]) -> dict[str, Any] | None:
    """Run the options of `labelwise train`; see `TrainingRun`."""
    training = parse(argv)
    if training.training_args.disable_tqdm:
        hide_bars()
    family = training.model_args
    if family.model is None and family.model_name_or_path is None:
        logger.info(
            f"no --model: {family.system}, which needs no pretrained encoder and has its own attention for each label; "
            "`labelwise compare` measures which system fits your data"
        )
    return training()


def parse(argv: list[str]) -> TrainingRun:
    """Read the options of `labelwise train`, without reading any data.

    Raises:
        UserInputError: An option is unknown, missing or out of range.
    """
    args = make_parser(choose_family(argv)).parse(argv)
    return TrainingRun(*args, command=["labelwise", "train", *argv])


def make_parser(family: type[Family]) -> CommandParser:
    """Make the parser of `labelwise train` for a family."""
    parts = [family, DataArguments, family.training_arguments, TrainArguments]
    return CommandParser(parts, left_out=family.training_arguments.refused(), prog="labelwise train")


def option_names(model: str, from_checkpoint: bool = False) -> set[str]:
    """Return the options that `labelwise train --model MODEL` takes, such as `--hidden_size`.

    Args:
        model (`str`): The system.
        from_checkpoint (`bool`, *optional*, defaults to `False`): Leave out those that only a new model reads.

    Raises:
        UserInputError: There is no such model.
    """
    family = family_of_model(model)
    parts = (family, DataArguments, family.training_arguments, TrainArguments)
    left_out = {*family.training_arguments.refused(), *(family.of_new_models if from_checkpoint else ())}
    return {f"--{part.name}" for kind in parts for part in fields(kind) if part.name not in left_out}


def choose_family(argv: list[str]) -> type[Family]:
    """Return the family that `--model` names, or that the checkpoint of `--model_name_or_path` is of.

    Raises:
        UserInputError: There is no such model or checkpoint, or they are of different families.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--model")
    parser.add_argument("--model_name_or_path", "--model-name-or-path")
    named, _ = parser.parse_known_args(argv)
    if not named.model_name_or_path:
        return family_of_model(named.model)
    return family_of_checkpoint(named.model_name_or_path, named.model)
