# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A tiny corpus in the user's own files, tiny models trained on it, and the command line as a function."""

import json
import random
from pathlib import Path

import labelwise_cli as cli
import pytest

WORDS = {
    "bank": ["money", "loan", "account", "credit", "interest"],
    "sport": ["ball", "goal", "team", "match", "coach"],
    "food": ["bread", "soup", "apple", "cheese", "rice"],
}
# Metrics and predictions of most tests are those at 0.5; tests of thresholds set others.
TINY = (
    "--hidden_size 8 --embedding_size 8 --min_frequency 1 --num_train_epochs 2 --per_device_train_batch_size 8 "
    "--learning_rate 2e-2 --tune_thresholds none"
)
TINY_FROM_CHECKPOINT = TINY.replace("--min_frequency 1 ", "")  # it brings its vocabulary
# The options of the fixture `model`: in so few steps, a warm-up would leave a model as it starts.
TINY_LSTM = f"{TINY} --warmup_steps 0 --num_hidden_layers 2"
PRETRAINING = "--pretraining_steps 3 --pretraining_batch_size 8"


def make_documents(number: int, seed: int) -> list[dict]:
    """Documents of two sentences; each label that holds gives three words."""
    rng = random.Random(seed)
    documents = []
    for _ in range(number):
        labels = [label for label in WORDS if rng.random() < 0.5]
        words = ["the", "a", *(word for label in labels for word in rng.sample(WORDS[label], 3))]
        rng.shuffle(words)
        documents.append({"text": f"{' '.join(words[:3])}. {' '.join(words[3:])}.", "labels": labels})
    return documents


def write_jsonl(path: Path, rows: list) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture(scope="session")
def files(tmp_path_factory) -> Path:
    """Folder with train.jsonl, validation.jsonl and test.jsonl."""
    folder = tmp_path_factory.mktemp("files")
    for seed, (split, number) in enumerate({"train": 48, "validation": 16, "test": 16}.items()):
        write_jsonl(folder / f"{split}.jsonl", make_documents(number, seed))
    return folder


@pytest.fixture(scope="session")
def data(files) -> str:
    """The options that name the files."""
    return " ".join(f"--{split}_file {files / split}.jsonl" for split in ("train", "validation", "test"))


@pytest.fixture(scope="session")
def model(files, data) -> Path:
    """A trained LW-LSTM; tests only read it."""
    folder = files / "model"
    assert cli.main(f"train {data} {TINY_LSTM} --output_dir {folder}".split()) == 0
    return folder


@pytest.fixture(scope="session")
def pretrained(files, data) -> Path:
    """A pre-trained HLW-LSTM with a classifier on its frozen encoders, `pretraining` in it; tests only read it."""
    folder = files / "pretrained"
    command = f"train --model hlw-lstm {data} {TINY} {PRETRAINING} --freeze_encoder --output_dir {folder}"
    assert cli.main(command.split()) == 0
    return folder


@pytest.fixture
def refused(capsys, tmp_path, monkeypatch):
    """Runs a command that should be refused; gives its one line.

    It runs in an empty folder and must leave nothing there.
    """
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def run(command: str) -> str:
        capsys.readouterr()
        code = cli.main(command.split())
        told = capsys.readouterr()
        assert code == 2, told.err
        assert "Traceback" not in told.err
        (line,) = [line for line in told.err.splitlines() if line.startswith("labelwise ")]
        assert line == told.err.splitlines()[-1]
        assert told.out == ""
        assert list(folder.iterdir()) == []
        head, _, message = line.partition(": error: ")
        assert head == f"labelwise {command.split()[0]}"
        return message

    return run
