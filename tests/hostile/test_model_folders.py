# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Folders whose configuration, tokenizer and weights do not fit together: refused in one line before anything large is
allocated, or harmless, with the answers of the sound model."""

import io
import json
import os
from contextlib import redirect_stdout
from functools import cache
from pathlib import Path

import labelwise_cli as cli
import pytest

from labelwise import MultiLabelClassifier

from ..tiny_corpus import write_jsonl
from . import config_faults, tokenizer_and_weight_faults
from .config_faults import SYSTEMS

TEXTS = [
    "money and a loan. The coach said: goal!",
    "bread",
    "zyzzyva qwertz never seen before",
    "",
    "one soup, two soups. " * 40,
]
FAULTS = config_faults.FAULTS | tokenizer_and_weight_faults.FAULTS
CASES = [(system, fault) for fault, (_, systems) in FAULTS.items() for system in systems]
ONCE = [(systems[-1], fault) for fault, (_, systems) in FAULTS.items()]
# Linear models are fitted from scratch. Non-finite weights are found when they are read, after the documents, which a
# training tells of.
TRAINED = [
    (system, fault)
    for system, fault in CASES
    if system in ("lw-lstm", "lm-mtc", "lw-encoder") and not fault.startswith("a weight is ")
]
# One fault of each file, which is told before anything that a command lacks.
TOLD_BY_ALL = {
    "num_hidden_layers is 1000000000": "num_hidden_layers",
    "ids beyond the embedding": "the tokenizer of",
    "weights are int64": "has values of the type I64",
}
COMMANDS = [
    "predict --text x",
    "evaluate DATA",
    "train DATA --output_dir out",
    "tune-thresholds --mode global DATA",
    "calibrate DATA",
    "add-labels --labels ../new.json --output_dir out",
    "export --output_dir out",
    "push --repo_id ann/x",
    "analyse neighbours --labels bank --document 0 DATA",
    "explain --text money --output_dir out",
    "audit --output_dir out DATA",
    "figure label-attention --output_dir out DATA",
]


@pytest.fixture(scope="session")
def sound(tmp_path_factory, data, bert) -> dict[str, Path]:
    """A folder of each system, trained when it is first asked for."""

    class Folders(dict):
        def __missing__(self, system: str) -> Path:
            folder = self[system] = tmp_path_factory.mktemp("sound") / system
            options = f"{SYSTEMS[system].replace('BERT', bert)} --tune_thresholds none"
            options += "" if system == "br" else " --num_train_epochs 2 --per_device_train_batch_size 8"
            assert cli.main(f"train --model {system} {data} {options} --output_dir {folder}".split()) == 0
            return folder

    return Folders()


@pytest.fixture
def spoilt(sound, tmp_path):
    """`spoilt(system, fault)`: a copy of a sound folder by hard links, with one fault."""

    def make(system: str, fault: str) -> Path:
        folder = tmp_path / "model"
        folder.mkdir()
        for path in sound[system].iterdir():
            if path.is_file():
                os.link(path, folder / path.name)
        FAULTS[fault][0](folder)
        return folder

    return make


@pytest.fixture(scope="session")
def texts(tmp_path_factory) -> Path:
    return write_jsonl(tmp_path_factory.mktemp("texts") / "texts.jsonl", [{"text": text} for text in TEXTS])


@pytest.fixture(scope="session")
def answers(sound):
    """`answers(command, system)`: what a command prints about the sound model, line by line."""

    @cache
    def ask(command: str, system: str) -> list[dict]:
        with redirect_stdout(io.StringIO()) as told:
            assert cli.main(f"{command} --model_name_or_path {sound[system]}".split()) == 0
        return [json.loads(line) for line in told.getvalue().splitlines()]

    return ask


def same_answers(told: str, expected: list[dict], fault: str) -> None:
    """The labels are those of the sound model, and so are the numbers, to the precision of the weights."""
    found = [json.loads(line) for line in told.splitlines()]
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one.keys() == other.keys()
        for name, value in one.items():
            assert value == (other[name] if name == "labels" else pytest.approx(other[name], abs=precision(fault)))


def precision(fault: str) -> float:
    return 0.02 if fault.startswith("dtype") else 1e-4


def ids(value: str) -> str:
    return "".join(character if character.isalnum() or character in "-._ '" else "_" for character in value)[:60]


@pytest.mark.parametrize(("system", "fault"), CASES, ids=ids)
def test_predict(ends_well, spoilt, answers, texts, system, fault):
    command, folder = f"predict --input {texts}", spoilt(system, fault)
    expected = answers(command, system)
    ends_well(f"{command} --model_name_or_path {folder}", lambda told: same_answers(told, expected, fault))


@pytest.mark.parametrize(("system", "fault"), ONCE, ids=ids)
def test_evaluate(ends_well, spoilt, answers, files, system, fault):
    command, folder = f"evaluate --test_file {files / 'test.jsonl'}", spoilt(system, fault)
    expected = answers(command, system)
    ends_well(f"{command} --model_name_or_path {folder}", lambda told: same_answers(told, expected, fault))


@pytest.mark.parametrize(("system", "fault"), TRAINED, ids=ids)
def test_train(ends_well, spoilt, data, system, fault):
    folder = spoilt(system, fault)

    def check(told: str) -> None:
        assert all(0 <= value <= 1 for value in json.loads(told).values() if isinstance(value, float))
        MultiLabelClassifier.from_pretrained("out").predict(TEXTS)

    ends_well(f"train --model_name_or_path {folder} {data} --num_train_epochs 1 --output_dir out", check)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.split()[0])
@pytest.mark.parametrize("fault", TOLD_BY_ALL, ids=ids)
def test_all_commands(ends_well, hub, spoilt, data, tmp_path, command, fault):
    folder = spoilt("lw-lstm", fault)
    (tmp_path / "new.json").write_text('["travel"]')
    told = ends_well(f"{command.replace('DATA', data)} --model_name_or_path {folder}")
    assert TOLD_BY_ALL[fault] in told and str(folder) in told


@pytest.mark.parametrize(("system", "fault"), ONCE, ids=ids)
def test_python(raises_well, spoilt, answers, texts, system, fault):
    folder = spoilt(system, fault)
    expected = [[*row["scores"].values()] for row in answers(f"predict --input {texts}", system)]

    def check(classifier: MultiLabelClassifier) -> None:
        found = classifier.predict_proba(TEXTS)
        assert found.tolist() == [pytest.approx(row, abs=precision(fault)) for row in expected]

    raises_well(lambda: MultiLabelClassifier.from_pretrained(folder), check)
