# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Options that are infinite or not a number are refused, whichever they are."""

import json

import pytest
from labelwise_cli.parsing import OPTIONS_FILE

from labelwise import LWLSTMConfig, MultiLabelClassifier, MultiLabelTrainingArguments
from labelwise.commands import train
from labelwise.errors import UserInputError

COMMANDS = json.loads(OPTIONS_FILE.read_text("utf-8"))["commands"]
REQUIRED = {
    "compare": "DATA --output_dir out",
    "pretrain-encoder": "DATA --output_dir out",
    "add-labels": "DATA --labels new --model_name_or_path MODEL --output_dir out",
    "audit": "DATA --output_dir out",
}


def numbers(command: str, model: str | None = None) -> list[str]:
    """Return the names of the options that are numbers with decimals."""
    options = [entry for entry in COMMANDS[command]["options"] if model in entry.get("models", [model])]
    return sorted({entry["name"] for entry in options if entry.get("type") == "float"})


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "1e999"])
@pytest.mark.parametrize("model", ["br", "lw-lstm", "lm-mtc", "reg-lstm", "cnn", "lw-encoder", "cnn-rnn"])
def test_train(bert, data, model, value):
    names = numbers("train", model)
    encoder = f"--encoder {bert}" if model in ("lm-mtc", "lw-encoder") else ""
    for name in names:
        with pytest.raises(UserInputError, match=name):
            train.parse([*f"--model {model} {encoder} {data} --output_dir out".split(), f"--{name}={value}"])
    assert len(names) > (0 if model == "br" else 10)


@pytest.mark.parametrize("command", [name for name in COMMANDS if name != "train" and numbers(name)])
def test_other_commands(refused, model, data, command):
    required = REQUIRED[command].replace("DATA", data).replace("MODEL", str(model))
    for name in numbers(command, "lw-lstm" if command == "add-labels" else None):
        for value in ("nan", "inf"):
            assert name in refused(f"{command} {required} --{name}={value}")


@pytest.mark.parametrize(
    "options", ['--lr_scheduler_kwargs={"power":NaN}', '--lr_scheduler_kwargs={"power":1e999}', "--optim_args=eps=nan"]
)
def test_numbers_within_options(refused, data, options):
    more = "--lr_scheduler_type polynomial" if "kwargs" in options else "--optim adagrad"
    assert "--" + options[2:].partition("=")[0] in refused(f"train {data} {more} {options} --output_dir out")


def test_python():
    nan = float("nan")
    with pytest.raises(UserInputError, match="weight_decay"):
        MultiLabelClassifier("lstm", weight_decay=nan).fit(["a b", "c d"] * 9, [["x"], ["y"]] * 9)
    with pytest.raises(UserInputError, match="max_grad_norm"):
        MultiLabelTrainingArguments("out", max_grad_norm=nan)
    with pytest.raises(ValueError, match="initializer_range"):
        LWLSTMConfig(initializer_range=float("inf"))
