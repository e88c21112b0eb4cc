# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Options of `MultiLabelClassifier` by what they belong to: the model, the training, the run or the data."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from ..errors import UserInputError
from ..families import Family
from ..trainer.argument_checks import check_finite_numbers
from .data import READING_OPTIONS
from .training import TrainArguments


def sort_options(family: type[Family], given: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return options by what they belong to.

    Args:
        family (`type[Family]`): Family of the model.
        given (`dict[str, Any]`): Options by name.

    Returns:
        `dict[str, dict[str, Any]]`: Those of the `"model"`, the `"training"`, the `"run"` and the `"data"`.

    Raises:
        UserInputError: An option is unknown, for which similar names are suggested, its value is none of its choices,
            or a number is not finite.
    """
    check_finite_numbers(given)
    refused = family.training_arguments.refused()
    kinds = {
        "model": {part.name for part in fields(family)} - {"model"},
        "training": {part.name for part in fields(family.training_arguments) if part.init} - refused.keys(),
        "run": {part.name for part in fields(TrainArguments)},
        "data": {*READING_OPTIONS},
    }
    owners = (family, family.training_arguments, TrainArguments)
    choices = {part.name: part.metadata.get("choices") for owner in owners for part in fields(owner)}
    parts: dict[str, dict[str, Any]] = {kind: {} for kind in kinds}
    for name, value in given.items():
        kind = next((kind for kind, names in kinds.items() if name in names), None)
        if kind is None and name in refused:
            raise UserInputError(f"--{name}: {refused[name]}")
        if kind is None:
            near = get_close_matches(name, set().union(*kinds.values()))
            system = ", ".join(family.systems)
            raise UserInputError(
                f"unknown option {name} of {system}" + (f"; did you mean {' or '.join(near)}?" if near else "")
            )
        if choices.get(name) and value is not None and value not in choices[name]:
            advice = "; a loss object is `model.loss_function` for MultiLabelTrainer" if name == "loss" else ""
            raise UserInputError(f"--{name} {value}: must be one of {', '.join(choices[name])}{advice}")
        parts[kind][name] = value
    return parts


@contextmanager
def keyword_errors() -> Iterator[None]:
    """Name options as keywords in errors; the command line writes them with dashes. Commands, in backticks, stay."""
    try:
        yield
    except UserInputError as error:
        parts = str(error).split("`")
        parts[::2] = [re.sub(r"--(?=[A-Za-z])", "", part) for part in parts[::2]]
        error.args = ("`".join(parts),)
        raise


def describe_call(parameters: Mapping[str, Any], options: Mapping[str, Any], has_validation: bool) -> str:
    """Return a training as an expression, for its record; scikit-learn's `repr` would cut long ones.

    Args:
        parameters (`Mapping[str, Any]`): Those of `MultiLabelClassifier`.
        options (`Mapping[str, Any]`): Those of its `fit`.
        has_validation (`bool`): Whether `fit` was given validation documents.
    """
    made_with = [f"{name}={value!r}" for name, value in parameters.items() if value is not None]
    data = ["texts", "labels", *(["validation=validation"] if has_validation else [])]
    fitted_with = [*data, *(f"{name}={value!r}" for name, value in options.items())]
    return f"MultiLabelClassifier({', '.join(made_with)}).fit({', '.join(fitted_with)})"
