# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The paper index names code that exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = (ROOT / "docs/paper_index.md").read_text().split("\n## ")[1:]
PAPERS = {paper.split(":")[0]: paper for paper in PAPERS if ":" in paper.split("\n")[0]}
ROW = re.compile(r"^\| ([^|]+) \| `([\w/]+\.py)` \| `(.+)` \|$", re.M)
ROWS = [row for paper in PAPERS.values() for row in ROW.findall(paper)]


@pytest.mark.parametrize(("paper", "equations"), [("LW-PT", range(1, 18)), ("LM-MTC", [*range(1, 7), 8])])
def test_every_equation_has_a_row(paper, equations):
    numbers = set()
    for what, _, _ in ROW.findall(PAPERS[paper]):
        if what.startswith("Eq"):
            for first, last in re.findall(r"(\d+)(?:-(\d+))?", what.split(" of ")[0]):
                numbers.update(range(int(first), int(last or first) + 1))
    assert set(equations) <= numbers


@pytest.mark.parametrize(("what", "file", "code"), ROWS, ids=[row[0] for row in ROWS])
def test_the_code_of_a_row_stands_in_its_file_once(what, file, code):
    assert (ROOT / file).read_text().count(code) == 1
