# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page of a table says what its numbers are of."""

import json
from pathlib import Path

import pytest

from labelwise.reproduction.page import Records, format_table
from labelwise.reproduction.tables import Corpus, System, Table

RECORDED = Path(__file__).parents[2] / "docs" / "results" / "reuters21578" / "cnn.json"


@pytest.fixture
def page():
    """Writes the page of a table whose rows `cnn` and `lstm` have two learning rates, from runs by their names."""
    result = json.loads(RECORDED.read_text("utf-8"))
    systems = [System(name, f"--model {name}", [1e-3, 3e-4]) for name in ("cnn", "lstm")]
    corpus = Corpus("reuters21578", "all stories", published={"cnn": ["50.0"]}, notes="The 50.0 is a misprint.\n")

    def write(metrics: tuple[str, ...] = ("micro_f1",), **runs: dict) -> str:
        table = Table("Mine", "a paper", [1], list(metrics), systems, [corpus])
        records = {}
        for name, facts in runs.items():
            command = ["labelwise", "train", "--model", name.split(",")[0], "--dataset", "reuters21578"]
            rate = facts.pop("rate", None)
            command += ["--learning_rate", rate] if rate else []
            system = name.split(",")[0]
            run = {"system": system, "learning_rate": float(rate or 1e-3), "seed": facts.get("seed", 1)}
            records[name] = {**result, "command": command, **facts, "run": run}
        return format_table(table, {"reuters21578": Records(records)})

    return write


PART, WHOLE = {"train": 200, "test": 97}, {"train": 11357, "test": 4868}


def test_documents_of_the_runs(page):
    text = page(cnn={"documents": PART}, lstm={"documents": PART})
    assert "#### reuters21578: all stories\n\nDocuments of the runs: 200 train, 97 test.\n\n| row |" in text


def test_runs_on_different_documents(page):
    runs = {"cnn": {"documents": PART}, "cnn, learning rate 3e-4": {"documents": WHOLE}, "lstm": {"documents": WHOLE}}
    lines = page(**runs).splitlines()
    i = lines.index("Documents of the runs, which are not the same for all:")
    assert lines[i + 2 : i + 4] == ["- `cnn`: 200 train, 97 test", "- `cnn`, `lstm`: 11,357 train, 4,868 test"]


def test_old_runs_do_not_say_their_documents(page):
    assert "Documents" not in page(cnn={"documents": None})
    assert "Documents of the runs: 200 train, 97 test." in page(cnn={"documents": None}, lstm={"documents": PART})


def test_subset_accuracy_is_the_papers_accuracy(page):
    assert "| row | accuracy | accuracy, tuned | accuracy, published |" in page(metrics=("subset_accuracy",))


def test_notes_stand_under_the_numbers(page):
    head, _, notes = page(cnn={}).partition("| lstm | not run |")
    assert "50.0" in head and "\n\nThe 50.0 is a misprint.\n\n" in notes


def test_settings_of_every_seed(page):
    other = ["labelwise", "train", "--model", "cnn", "--dataset", "reuters21578", "--num_train_epochs", "9"]
    shared = ["labelwise", "train", "--model", "lstm", "--dataset", "reuters21578"]
    shared += ["--per_device_train_batch_size", "8"]  # a quarter of the family's own
    runs = {"cnn": {}, "cnn, seed 2": {"seed": 2, "command": other}, "lstm": {"command": shared, "num_processes": 4}}
    _, _, settings = page(**runs).partition("Settings that are not the table's:\n\n")
    assert settings.splitlines() == [
        "- `cnn, seed 1`, `lstm`: `no --learning_rate 3e-4`",
        "- `cnn, seed 2`: `--num_train_epochs 9; no --learning_rate 3e-4`",
    ]


@pytest.mark.parametrize(
    ("tried", "told"),
    [
        (["1e-3", "3e-4"], ""),
        (["1e-3"], "no --learning_rate 3e-4"),
        ([None], "no --learning_rate 3e-4"),  # the system's own
        (["3e-4"], "no --learning_rate 1e-3"),
        (["5e-2"], "--learning_rate 5e-2, not 1e-3 3e-4"),
        (["1e-3", "5e-2"], "--learning_rate 5e-2, not 3e-4"),
        (["1e-3", "3e-4", "5e-2"], "--learning_rate 5e-2"),
    ],
)
def test_learning_rates_that_are_not_the_tables(page, tried, told):
    runs = {"cnn" + (f", learning rate {rate}" if i else ""): {"rate": rate} for i, rate in enumerate(tried)}
    _, _, settings = page(**runs).partition("Settings that are not the table's:\n\n")
    assert settings == (f"- `cnn`: `{told}`" if told else "")
