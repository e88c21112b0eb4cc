# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents of `evaluate` and texts of `explain` that are odd or wrong: refused in one line, or answered."""

import csv
import json
import shlex
from pathlib import Path

import pytest

from .test_readers import NOTICES, ids

EVALUATED = {
    "a split that is none": ("--split nosuch", "SOUND"),
    "a split that is not given": ("--split validation", "SOUND"),
    "a metric that is none": ("--metrics nosuch", "SOUND"),
    "a metric twice": ("--metrics lrap lrap", "SOUND"),
    "no documents in a batch": ("--batch_size 0", "SOUND"),
    "a report in a file": ("--report SOUND", "SOUND"),
    "a report in /dev/null": ("--report /dev/null", "SOUND"),
    "a report in /proc": ("--report /proc/report", "SOUND"),
    "an empty name for a report": ("--report ''", "SOUND"),
    "a corpus too": ("--dataset aapd", "SOUND"),
    "an unseen label": ("", '{"text": "x", "labels": ["nosuch"]}'),
    "a label of another case": ("", '{"text": "x", "labels": ["Bank"]}'),
    "an id that is none": ("", '{"text": "x", "labels": [99]}'),
    "an unseen label as a miss": ("--unseen_labels miss", '{"text": "x", "labels": ["nosuch"]}'),
    "an unseen label left out": ("--unseen_labels ignore", '{"text": "x", "labels": ["nosuch"]}'),
    "all labels unknown": ("", '{"text": "x", "labels": [], "unknown_labels": ["bank", "food", "sport"]}'),
    "no labels": ("", '{"text": "x", "labels": []}'),
    "labels missing": ("", '{"text": "x"}'),
    "labels null": ("", '{"text": "x", "labels": null}'),
    "labels 7": ("", '{"text": "x", "labels": 7}'),
    "text missing": ("", '{"labels": ["bank"]}'),
    "text 7": ("", '{"text": 7, "labels": ["bank"]}'),
    "text blank": ("", '{"text": "", "labels": ["bank"]}'),
    "text invisible": ("", '{"text": "\u200b", "labels": ["bank"]}'),
    "text of 1 MB": ("", '{"text": "' + "money " * 170_000 + '", "labels": ["bank"]}'),
    "half a surrogate": ("", r'{"text": "\ud800", "labels": ["bank"]}'),
    "a broken line": ("", '{"text": '),
    "nothing": ("", ""),
    "other columns": ("--text_column body", '{"text": "x", "labels": ["bank"]}'),
    "a threshold": ("--threshold 0.5", '{"text": "x", "labels": ["bank"]}'),
}


@pytest.mark.parametrize("case", EVALUATED, ids=ids)
def test_evaluate(ends_well, either, files, tmp_path, case):
    options, row = EVALUATED[case]
    path = tmp_path / "test.jsonl"
    path.write_text((files / "test.jsonl").read_text() if row == "SOUND" else row and f"{row}\n", "utf-8")

    def check(told: str) -> None:
        found = json.loads(told, parse_constant=pytest.fail)
        assert all(0 <= value <= 1 for value in found.values() if isinstance(value, float))

    options = options.replace("SOUND", str(path))
    command = f"evaluate --model_name_or_path {either} --test_file {path}".split()
    ends_well([*command, *shlex.split(options)], check, NOTICES)


EXPLAINED = {
    "empty": "",
    "blank": " \t",
    "one word": "money",
    "an unknown word": "zyzzyva",
    "signs": "?!.,;",
    "NUL from a file": "a\0b",
    "lines": "money\n\nloan\r\nball",
    "invisible": "\u200b\u202emoney\u2066",
    "marks": "e" + "\u0301" * 1000,
    "emoji": "👩‍👩‍👧‍👦 money \U0001f1e9\U0001f1ea",
    "ideographs": "银行贷款利息",
    "markup": "<script>alert(1)</script> <img src=x onerror=alert(1)> money &amp;",
    "TeX": r"$\nosuch{ money $ ^ _ % \\",
    "a formula": "=cmd|' /C calc'!A0 money",
    "10 KB": "money " * 1_700,
    "a word of 100 KB": "m" * 100_000,
}


@pytest.mark.parametrize("case", EXPLAINED, ids=ids)
def test_explain(ends_well, either, tmp_path, case):
    path = tmp_path / "text.txt"
    path.write_text(EXPLAINED[case], "utf-8", newline="")

    def check(told: str) -> None:
        found = json.loads(told, parse_constant=pytest.fail)
        assert all(Path(file).is_file() for file in found["files"])
        json.loads(Path("out/explanation.json").read_text("utf-8"), parse_constant=pytest.fail)
        with open("out/explanation.csv", encoding="utf-8", newline="") as file:
            assert not any(cell.startswith("=") and len(cell) > 1 for row in csv.reader(file) for cell in row)
        page = Path("out/explanation.html").read_text("utf-8")
        assert "<script>alert" not in page and "<img src=x" not in page

    ends_well(
        f"explain --model_name_or_path {either} --text_file {path} --labels bank --output_dir out", check, NOTICES
    )


EXPLAIN_OPTIONS = {
    "a label that is none": "--text money --output_dir out --labels nosuch",
    "a blank label": "--text money --output_dir out --labels ''",
    "no text": "--output_dir out",
    "two texts": "--text money --text_file text.txt --output_dir out",
    "no file": "--text_file nosuch --output_dir out",
    "a folder as a file": "--text_file . --output_dir out",
    "no UTF-8": "--text_file no-utf-8.txt --output_dir out",
    "UTF-16": "--text_file utf-16.txt --output_dir out",
    "an empty name of a file": "--text_file '' --output_dir out",
    "no output": "--text money",
    "an empty output": "--text money --output_dir ''",
    "output in a file": "--text money --output_dir text.txt",
    "output below a file": "--text money --output_dir text.txt/out",
    "output in /dev/null": "--text money --output_dir /dev/null",
    "output in /proc": "--text money --output_dir /proc/out",
    "output with a long name": f"--text money --output_dir {'x' * 300}",
    "output with a long path": f"--text money --output_dir {'x/' * 3000}",
    "output in a loop": "--text money --output_dir loop",
}


@pytest.mark.parametrize("case", EXPLAIN_OPTIONS, ids=ids)
def test_explain_options(ends_well, either, case):
    Path("text.txt").write_text("money")
    Path("no-utf-8.txt").write_bytes(b"\xff\xfemoney")
    Path("utf-16.txt").write_bytes("money".encode("utf-16"))
    Path("loop").symlink_to("loop")
    assert ends_well(["explain", "--model_name_or_path", str(either), *shlex.split(EXPLAIN_OPTIONS[case])])
