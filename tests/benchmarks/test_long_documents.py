# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents longer than a window: the page of a measurement, and files that are refused."""

from benchmarks.long_documents import long_documents_page, main


def make_row(seed, way, micro_f1):
    scores = {"documents": 154, "labels": 40, "micro_f1": micro_f1, "macro_f1": 0.5}
    return {"seed": seed, "way": way, "longer stories": scores, "other stories": {**scores, "documents": 2865}}


def test_page_has_means_of_seeds():
    rows = [make_row(seed, way, 0.7 + seed / 10) for seed in (0, 1) for way in ("all windows", "first window")]
    facts = {"machine": "x", "threads": 1, "git_revision": "abc", "processor_minutes": 20.4, "epochs": 4.0}
    page = long_documents_page({**facts, "window_size": 512, "longer": {"train": 409, "test": 154}, "rows": rows[:3]})
    assert [line for line in page.splitlines() if line.startswith(("| longer", "| other"))] == [
        "| longer stories | 154 | 40 | all windows | 75.0 ± 7.1 | 50.0 ± 0.0 | 2 |",
        "| longer stories | 154 | 40 | first window | 70.0 | 50.0 | 1 |",
        "| other stories | 2,865 | 40 | all windows | 75.0 ± 7.1 | 50.0 ± 0.0 | 2 |",
        "| other stories | 2,865 | 40 | first window | 70.0 | 50.0 | 1 |",
    ]


def test_a_file_that_cannot_be_written_is_told_first(capsys):
    assert main(["--data_dir", "nosuch", "--encoder", "nosuch", "--output_file", "/nosuch/folder/x.json"]) == 2
    assert "benchmarks.long_documents: error: --output_file" in capsys.readouterr().err
