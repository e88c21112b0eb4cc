# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Options that are numbers, far too small, too large, or no whole ones: refused by name, or with a sound result."""

import json
import math
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import labelwise_cli as cli
import pytest
from safetensors.torch import load_file

from .answers import check_answers
from .number_cases import EXTREME, PARTS
from .test_options import names_one

# What is told of the documents or the training before an error.
NOTICES = (
    r".* documents; .* words|.*threads?.*|.*pre-training.*|.*skip-gram.*|.*attention dropout.*|.*: all texts .*"
    r"|(eval_)?loss .*|embeddings have .*|distilling .*|.* documents? in .* sequences?; .* unknown"
)


@pytest.fixture
def fill(distinct, bert, request, tmp_path):
    """`fill(text)`: the words of a command, with what those in capitals stand for."""

    given: dict[str, Callable[[], str]] = {
        "MODEL": lambda: str(request.getfixturevalue("model")),
        "COPY": lambda: str(shutil.copytree(request.getfixturevalue("model"), tmp_path / "copy")),
        "DATA": lambda: distinct,
        "BERT": lambda: bert,
    }

    def words(text: str) -> list[str]:
        # In one pass: the folder of a test is called after its command, which has these names.
        return re.sub("|".join(given), lambda name: given[name[0]](), text).split()

    return words


def check(words: list[str], told: str) -> None:
    """The result on standard output is JSON without NaN, its metrics are fractions, and a model that was written is
    finite and predicts."""
    if words[0] == "predict":
        check_answers(told, 1)
        return
    result = json.loads(told, parse_constant=pytest.fail)
    for value in numbers_of(result):
        assert math.isfinite(value)
    if words[0] in ("train", "evaluate"):
        for name, value in metrics_of(result).items():
            assert 0 <= value <= 1, name
    if words[0] in ("train", "pretrain-encoder"):
        weights = load_file("out/model.safetensors")
        assert all(weight.isfinite().all() for weight in weights.values() if weight.is_floating_point())
    if words[0] == "train":
        assert cli.main(["predict", "--model_name_or_path", "out", "--text", "money", "--output_file", "answers"]) == 0
        check_answers(Path("answers").read_text("utf-8"), 1)


def numbers_of(part: Any) -> list[float]:
    if isinstance(part, dict | list):
        return [number for one in (part.values() if isinstance(part, dict) else part) for number in numbers_of(one)]
    return [part] if isinstance(part, float) else []


def metrics_of(result: dict) -> dict[str, float]:
    return {name: value for name, value in result.items() if re.search("f1|loss|error|accuracy|jaccard", name)} | {
        name: value for part in result.values() if isinstance(part, dict) for name, value in metrics_of(part).items()
    }


@pytest.mark.parametrize(("command", "option", "value"), EXTREME, ids=lambda text: text.split(" --output")[0][:40])
def test_extreme(ends_well, fill, command, option, value):
    words = [*fill(command), f"--{option}", value]
    told = ends_well(words, lambda out: check(words, out), NOTICES)
    known = ("the memory is too small", "training has diverged in step ", "cannot be calibrated on")
    assert told is None or names_one(told, [f"--{option}", value]) or any(part in told for part in known)


@pytest.mark.parametrize(("command", "option"), PARTS)
def test_part(ends_well, command, option):
    assert f"--{option}" in ends_well([*command.split(), f"--{option}=0.5"])
