# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The paper index names code that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROWS = re.findall(r"^\| ([^|]+) \| `([\w/]+\.py)` \| `(.+)` \|$", (ROOT / "docs/paper_index.md").read_text(), re.M)


def test_every_equation_has_a_row():
    numbers = {int(n) for what, _, _ in ROWS for n in re.findall(r"\d+", what.split(",")[0]) if what.startswith("Eq")}
    ranges = re.findall(r"(\d+)-(\d+)", " ".join(what for what, _, _ in ROWS if what.startswith("Eq")))
    for first, last in ranges:
        numbers.update(range(int(first), int(last) + 1))
    assert set(range(1, 18)) <= numbers


@pytest.mark.parametrize(("what", "file", "code"), ROWS, ids=[row[0] for row in ROWS])
def test_the_code_of_a_row_stands_in_its_file_once(what, file, code):
    assert (ROOT / file).read_text().count(code) == 1
