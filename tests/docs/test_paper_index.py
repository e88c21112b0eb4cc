# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The paper index names marks and definitions that exist."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = (ROOT / "docs/explanation/paper_index.md").read_text().split("\n## ")[1:]
PAPERS = {paper.split(":")[0]: paper for paper in PAPERS if ":" in paper.split("\n")[0]}
ROW = re.compile(r"^\| ([^|]+) \| `([\w/]+\.py)` \| `(.+)` \|$", re.M)
ROWS = [row for paper in PAPERS.values() for row in ROW.findall(paper)]


def definitions(body: list[ast.stmt], prefix: str = "") -> Iterator[str]:
    """Yield the dotted names of classes, functions and methods."""
    for node in body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            yield prefix + node.name
            if isinstance(node, ast.ClassDef):
                yield from definitions(node.body, f"{prefix}{node.name}.")


@pytest.mark.parametrize(("paper", "equations"), [("LW-PT", range(1, 18)), ("LM-MTC", range(1, 9))])
def test_every_equation_has_a_row(paper, equations):
    numbers = set()
    for what, _, _ in ROW.findall(PAPERS[paper]):
        if what.startswith("Eq"):
            for first, last in re.findall(r"(\d+)(?:-(\d+))?", what.split(" of ")[0]):
                numbers.update(range(int(first), int(last or first) + 1))
    assert set(equations) <= numbers


@pytest.mark.parametrize("what", [row[0] for row in ROWS if re.search(r"\bEqs?\. \d", row[0])])
def test_an_equation_has_a_mark_that_names_it(what):
    (mark,) = {mark for name, _, mark in ROWS if name == what}
    numbers = re.search(r"Eqs?\. (\d+(?:-\d+)?(?:, \d+)*)", what)[1]
    assert mark.startswith("# ") and re.search(rf"Eqs?\. {numbers}\b", mark)


@pytest.mark.parametrize(("what", "file", "mark"), ROWS, ids=[row[0] for row in ROWS])
def test_a_mark_is_in_its_file_once(what, file, mark):
    code = (ROOT / file).read_text()
    if mark.startswith("#"):
        found = re.findall(rf"{re.escape(mark)}(?:: .*)?$", code, re.M)
    else:
        found = [name for name in definitions(ast.parse(code).body) if name == mark]
    assert len(found) == 1
