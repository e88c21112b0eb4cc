# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page of a table says what its numbers are of."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from labelwise.reproduction.page import format_table
from labelwise.reproduction.tables import Corpus, System, Table
from labelwise.runs.results import METRICS

RECORDED = Path(__file__).parents[2] / "docs" / "results" / "reuters21578" / "cnn.json"


@pytest.fixture
def page(tmp_path: Path) -> Callable[..., str]:
    """`page(run, ...)`: the page of a table whose rows `cnn` and `lstm` have two learning rates.

    A run is its row, and facts: its rate, seed, further options, documents.
    """
    result = json.loads(RECORDED.read_text("utf-8"))
    rows = [System(name, f"--model {name}", [1e-3, 3e-4]) for name in ("cnn", "lstm")]
    corpus = Corpus("reuters21578", "all stories", published={"cnn": ["50.0"]}, notes="The 50.0 is a misprint.\n")
    table = Table("Mine", "a paper", [1], ["subset_accuracy"], rows, [corpus])

    def write(*runs: tuple[str, dict]) -> str:
        folder = tmp_path / corpus.name
        folder.mkdir()
        for i, (row, facts) in enumerate(runs):
            run = {"system": row, "learning_rate": facts.pop("rate", 1e-3), "seed": facts.pop("seed", 1)}
            run |= {"revision": facts.pop("revision")} if "revision" in facts else {}
            run["options"] = f"--model {row} --dataset reuters21578 {facts.pop('options', '')}"
            record = {"run": run} if facts.pop("unfinished", False) else {**result, **facts, "run": run}
            (folder / f"run {i}.json").write_text(json.dumps(record))
        return format_table(table, tmp_path)

    return write


PART, WHOLE = {"train": 200, "test": 97}, {"train": 11357, "test": 4868}


def test_documents_of_the_runs(page: Callable[..., str]) -> None:
    text = page(("cnn", {"documents": PART}), ("lstm", {"documents": PART}))
    assert "## reuters21578\n\nall stories.\n\nDocuments of the runs: 200 train, 97 test.\n\n| row |" in text


def test_runs_on_different_documents(page: Callable[..., str]) -> None:
    other = {"documents": WHOLE}
    lines = page(("cnn", {"documents": PART}), ("cnn", {"rate": 3e-4, **other}), ("lstm", other)).splitlines()
    i = lines.index("Documents of the runs, which are not the same for all:")
    assert lines[i + 2 : i + 4] == ["- `cnn`: 200 train, 97 test", "- `cnn`, `lstm`: 11,357 train, 4,868 test"]


def test_notes_are_under_the_numbers(page: Callable[..., str]) -> None:
    head, _, notes = page(("cnn", {})).partition("| lstm | not run |")
    assert "50.0" in head and "\n\nThe 50.0 is a misprint.\n\n" in notes


def test_the_papers_word_for_subset_accuracy(page: Callable[..., str]) -> None:
    assert "| row | accuracy | accuracy, tuned | accuracy, published | seeds |" in page(("cnn", {}))


def test_unfinished_runs(page: Callable[..., str]) -> None:
    text = page(("cnn", {}), ("lstm", {"unfinished": True}))
    assert "| lstm | unfinished, see train.log |" in text


def test_mean_over_seeds(page: Callable[..., str]) -> None:
    zero, untuned = dict.fromkeys(METRICS, 0), {"threshold_tuning": None, "metrics_at_tuned_thresholds": None}
    metrics = [{"validation": zero, "test": {**zero, "subset_accuracy": x}} for x in (0.5, 0.6)]
    runs = [("cnn", {"seed": i, "metrics": found, **untuned}) for i, found in enumerate(metrics)]
    assert "| cnn | 55.00 ± 7.07 | - | 50.0 | 2 | 1e-3 (untried 3e-4) |" in page(*runs)


def test_settings_of_every_seed(page: Callable[..., str]) -> None:
    text = page(("cnn", {}), ("cnn", {"seed": 2, "options": "--num_train_epochs 9"}), ("lstm", {}))
    settings = text.partition("Settings that are not the table's")[2].partition(":\n\n")[2].partition("\n\n### Runs")[0]
    assert settings.splitlines() == ["- `cnn, seed 2`: `--num_train_epochs 9`"]


def test_all_metrics_and_the_command_of_each_run(page: Callable[..., str]) -> None:
    tuned = {"options": "--loss asl", "command": ["labelwise", "train", "--loss", "asl"], "stopped_by": "max_minutes"}
    text = page(
        ("cnn", {}), ("cnn", {"seed": 2, "metrics_at_tuned_thresholds": None, "threshold_tuning": None, **tuned})
    )
    head, _, *rows = text.partition("### Runs\n\n")[2].splitlines()
    columns = dict(zip(*[[cell.strip() for cell in line.split("|")[1:-1]] for line in (head, rows[2])], strict=True))
    result = json.loads(RECORDED.read_text("utf-8"))
    assert [row.split(" | ")[:2] for row in rows[:3]] == [
        ["| cnn", "0.5"],
        ["| cnn", "global, micro_f1"],
        ["| cnn, seed 2", "0.5"],
    ]
    for metric in ("micro_f1", "macro_f1", "one_error", "subset_accuracy", "micro_jaccard"):
        assert columns[metric] == f"{100 * result['metrics']['test'][metric]:.2f}"
    assert columns["stopped by"] == "time" and columns["parameters"] == f"{result['num_parameters']:,}"
    assert f"{result['machine']}; revision not recorded; python " in text
    assert "- cnn, seed 2: `labelwise train --loss asl`" in text


def test_runs_that_say_their_revision_replace_the_others(page: Callable[..., str]) -> None:
    text = page(("cnn", {"seed": 2}), ("cnn", {"seed": 1, "revision": "0123456789ab"}))
    assert "revision 0123456789ab" in text and "revision not recorded" not in text and "seed 2" not in text


def test_a_corpus_without_runs_is_one_line(page: Callable[..., str], tmp_path: Path) -> None:
    assert page().endswith("\n\n## Not run\n\n- reuters21578 (all stories): not run")


@pytest.mark.parametrize(
    ("tried", "told"),
    [
        ([1e-3, 3e-4], "1e-3 (not 3e-4)"),
        ([3e-4], "3e-4 (untried 1e-3)"),
        ([5e-2], "5e-2 (untried 1e-3, untried 3e-4, not the table's: 5e-2)"),
        ([1e-3, 5e-2], "1e-3 (not 5e-2, untried 3e-4, not the table's: 5e-2)"),
        ([1e-3, 3e-4, 5e-2], "1e-3 (not 3e-4, not 5e-2, not the table's: 5e-2)"),
    ],
)
def test_learning_rates(page: Callable[..., str], tried: list[float], told: str) -> None:
    assert f"| {told} |" in page(*(("cnn", {"rate": rate}) for rate in tried))
