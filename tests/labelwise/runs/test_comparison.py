# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Runs are compared by the options of their commands."""

import shlex

import pytest

from labelwise.errors import UserInputError
from labelwise.runs.comparison import (
    describe_difference,
    describe_documents,
    format_rate,
    given_options,
    options_of,
    settings_of,
    words_of,
)
from labelwise.runs.data import DataArguments
from labelwise.runs.options import CommandParser


def test_options_of() -> None:
    options = {"--seed": ["-1"], "--use_cpu": [], "--layers": ["1", "2"], "-h": []}
    assert options_of("--seed 3 --use-cpu --layers 1 2 --seed=-1 -h") == options
    assert options_of(words_of(options)) == options
    with pytest.raises(UserInputError, match="8 follows no option"):
        options_of("8 --seed 3")
    with pytest.raises(UserInputError, match="No closing quotation"):
        options_of('--seed "3')


def test_settings_of() -> None:
    command = "labelwise train --model_name_or_path here/own/lstm/pretraining --output_dir x --data_dir y --resume"
    assert settings_of(shlex.split(command)) == {"--model_name_or_path": ["lstm/pretraining"]}


def test_differences() -> None:
    found, wanted = options_of("--seed 3 --use_cpu --bf16"), options_of("--seed 4 --use_cpu --label 'a b'")
    assert describe_difference(found, wanted) == "--seed 3, not 4; --bf16; no --label 'a b'"
    assert describe_difference(found, found) == ""
    assert describe_difference(options_of("--bf16 false"), options_of("--bf16")) == "--bf16 false, not --bf16"
    assert describe_documents({"train": 1600, "test": 400}) == "1,600 train, 400 test"


@pytest.mark.parametrize(("rate", "text"), [(1e-3, "1e-3"), (3e-4, "3e-4"), (0.15, "1.5e-1"), (None, "-")])
def test_learning_rates(rate: float | None, text: str) -> None:
    assert format_rate(rate) == text


def test_given_options() -> None:
    """Those that another command is given are read there as here."""
    argv = "--train_file a.csv --delimiter tab --text_column title body --label_names x 'y z' --split_seed 0"
    (args,) = CommandParser(DataArguments).parse(shlex.split(argv))
    options = given_options(args)
    assert options.keys() == {"--train_file", "--delimiter", "--text_column", "--label_names"}
    again = shlex.split(shlex.join(words_of(options)))
    assert CommandParser(DataArguments).parse(again) == (args,)
