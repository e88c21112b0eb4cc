# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page of a comparison."""

from labelwise.runs.comparison_page import format_comparison
from labelwise.runs.results import METRICS

SCORES = dict.fromkeys(METRICS, 0.5)
ROW = {"minutes": 1.25, "parameters": 12345, "texts_per_second": 1234.5, "metrics": {"validation": SCORES}}
SUMMARY = {
    "data": "my_file.csv",
    "documents": {"train": 1200, "validation": 100},
    "minutes": 2.5,
    "seed": 7,
    "machine": "a machine",
    "best": "cnn",
    "best_folder": "out/best",
    "command": ["labelwise", "compare", "--output_dir", "my out"],
    "systems": [
        {"model": "br", **ROW, "epochs": 0, "best_epoch": None, "stopped_by": None},
        {
            "model": "cnn",
            **ROW,
            "metrics": {"validation": SCORES, "test": {**SCORES, "macro_f1": 0.25}},
            "epochs": 6.04,
            "best_epoch": 3.0,
            "stopped_by": "early_stopping_patience",
        },
        {"model": "lstm", "error": "ended by signal 9"},
    ],
}


def test_what_stopped_a_training() -> None:
    row = SUMMARY["systems"][1]
    for stopped_by, told in (("max_minutes", "time"), ("callback", "a callback"), (None, "the last epoch")):
        page = format_comparison({**SUMMARY, "systems": [{**row, "stopped_by": stopped_by}]})
        assert f"| {told} " in page


def test_page() -> None:
    head, about, table, error, best, command = format_comparison(SUMMARY).split("\n\n")
    assert head == r"# my\_file.csv: which system?"
    assert about.startswith("1,200 train, 100 validation documents; --minutes 2.5; seed 7; a machine. ")
    names, _, *rows = ([cell.strip() for cell in line.split("|")[1:-1]] for line in table.splitlines())
    assert names[:4] == ["system", "validation micro-F1", "validation macro-F1", "test micro-F1"]
    br, cnn, lstm = (dict(zip(names, row, strict=True)) for row in rows)
    assert (br["validation macro-F1"], br["test macro-F1"], br["epochs"]) == ("50.00", "-", "-")
    assert (cnn["test macro-F1"], cnn["test Hamming loss"]) == ("25.00", "0.50000")
    assert [cnn[key] for key in ("epochs", "stopped by", "minutes", "parameters", "texts/s")] == [
        "6.0 (3.0)",
        "validation",
        "1.2",
        "12,345",
        "1,234",
    ]
    assert set(lstm.values()) == {"lstm", "-"}
    assert error == "`lstm`: ended by signal 9"
    assert best == "Best on validation (micro-F1 + macro-F1): `cnn`, in `out/best`."
    assert command == "```\nlabelwise compare --output_dir 'my out'\n```"
