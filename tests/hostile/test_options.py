# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Options that are wrong in every way: refused in one line that names them."""

import pytest

from .option_cases import FOREIGN, NO_VALUES, SYSTEMS, WRONG

LONG, DEEP = "x" * 300, "a/" * 3000
NO_PATHS = ["", LONG, DEEP, "é" * 200, "a\0b", "\ud800", "/dev/null/x", "/proc/x", "/proc/1/x", "/sys/x"]
PATHS = {  # options that name files and folders, with the rest of the command
    "train --output_dir": "--model br DATA",
    "train --train_file": "--model br --output_dir out",
    "train --validation_file": "--model br TRAIN --output_dir out",
    "train --test_file": "--model br TRAIN --output_dir out",
    "train --data_dir": "--model br --dataset reuters21578 --output_dir out",
    "train --model_name_or_path": "DATA --output_dir out",
    "train --encoder": "--model bert DATA --output_dir out",
    "train --word_vectors": "--model cnn DATA --output_dir out",
    "train --label_descriptions": "--model lw-encoder --encoder BERT DATA --output_dir out",
    "pretrain-encoder --output_dir": "DATA",
    "compare --output_dir": "DATA --models br",
    "audit --output_dir": "DATA",
    "datasets --to_parquet": "support_tickets",
    "predict --model_name_or_path": "--text x",
    "predict --input": "--model_name_or_path MODEL",
    "predict --output_file": "--model_name_or_path MODEL --text x",
    # Not `evaluate --output_file`: that /proc and /sys take no file is told at the end, after a line on the scores.
    "evaluate --report": "--model_name_or_path MODEL DATA --split validation",
    "explain --output_dir": "--model_name_or_path MODEL --text money",
    "explain --text_file": "--model_name_or_path MODEL --output_dir out",
    "export --output_dir": "--model_name_or_path MODEL",
    "add-labels --labels": "--model_name_or_path MODEL --output_dir out",
    "add-labels --output_dir": "--model_name_or_path MODEL --labels LABELS",
    "tune-thresholds --model_name_or_path": "DATA --mode global",
    "calibrate --model_name_or_path": "DATA",
    "push --model_name_or_path": "--repo_id ann/x",
    "figure label-correlation --output_dir": "DATA",
}


# What a command needs besides, so that numbers that are none are told first.
NEEDED = {
    "train": "DATA --output_dir out",
    "pretrain-encoder": "DATA --output_dir out",
    "add-labels": "DATA --model_name_or_path MODEL --labels LABELS --output_dir out",
    "compare": "DATA --models br --output_dir out",
    "audit": "DATA --output_dir out",
}


@pytest.fixture
def fill(distinct, bert, request, tmp_path):
    """`fill(text)`: the words of a command, with what those in capitals stand for."""

    def words(text: str) -> list[str]:
        text = (
            text.replace("DATA", distinct)
            .replace("TRAIN", distinct[: distinct.index(" --validation")])
            .replace("BERT", bert)
        )
        if "MODEL" in text:
            text = text.replace("MODEL", str(request.getfixturevalue("model")))
        if "LABELS" in text:
            (tmp_path / "labels.json").write_text('["travel"]')
            text = text.replace("LABELS", str(tmp_path / "labels.json"))
        return text.split()

    return words


def names_one(told: str, options: list[str]) -> bool:
    """Return whether a message names one of the options, or its value, or the sizes of a model that is too large."""
    names = [word.removeprefix("--") if word.startswith("--") else repr(word) for word in options]
    return any(name in told for name in names) or "lower the sizes of the model" in told


@pytest.mark.parametrize(("command", "option", "value"), NO_VALUES, ids=str)
def test_no_value(ends_well, fill, command, option, value):
    told = ends_well([*command.split(), f"--{option}={value}", *fill(NEEDED.get(command, ""))])
    assert f"--{option}" in told


@pytest.mark.parametrize(("system", "option"), FOREIGN, ids=str)
def test_option_of_other_systems(ends_well, fill, system, option):
    told = ends_well(fill(f"train --model {system} DATA {SYSTEMS[system]} --output_dir out --{option} 1"))
    assert told.startswith(f"--{option}: ")


@pytest.mark.parametrize(("system", "options"), WRONG, ids=str)
def test_wrong(ends_well, fill, hub, system, options):
    told = ends_well(fill(f"train --model {system} DATA {SYSTEMS[system]} --output_dir out {options}"))
    assert names_one(told, options.split())


@pytest.mark.parametrize("path", NO_PATHS, ids=lambda path: ascii(path)[:20])
@pytest.mark.parametrize("option", PATHS)
def test_no_path(ends_well, fill, hub, option, path):
    command, _, name = option.rpartition(" ")
    told = ends_well([*command.split(), name, path, *fill(PATHS[option])])
    assert name.removeprefix("--") in told or "is no UTF-8 text" in told or "name too long" in told
