# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What users read is in the words of CONTRIBUTING's glossary: README, docs, examples, help and messages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from labelwise_cli.parsing import OPTIONS_FILE

ROOT = Path(__file__).parents[2]
# From the glossary's right column what has no other meaning, and phrases of a laboratory's log.
BANNED = re.compile(
    r"\b(holds|nobody knows|not known|spoilt|go(es)? on with|from nothing|should be above|was not looked into"
    r"|was not found out|awaits the text)\b",
    re.I,
)
PAGES = [ROOT / "README.md", ROOT / "AGENTS.md", ROOT / "SECURITY.md", ROOT / "CHANGELOG.md"]
PAGES += [path for path in sorted((ROOT / "docs").rglob("*.md")) if "lab" not in path.parts]
PAGES += [path for path in sorted((ROOT / "examples").rglob("*")) if path.suffix in (".py", ".md", ".ipynb")]
PACKAGE = ("analysis", "cli", "configuration", "datasets_scripts", "hub", "labelwise", "modeling", "reproduction")
PACKAGE += ("tokenization", "trainer")


def find(text: str) -> list[str]:
    return [text[max(0, match.start() - 40) : match.end() + 40] for match in BANNED.finditer(" ".join(text.split()))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_pages(page: Path) -> None:
    assert find(page.read_text("utf-8")) == []


def test_help() -> None:
    assert find(OPTIONS_FILE.read_text("utf-8")) == []


def messages(code: str) -> Iterator[str]:
    """Yield the strings of a module, which become messages and pages; docstrings are for programmers."""
    tree = ast.parse(code)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


@pytest.mark.parametrize("folder", PACKAGE)
def test_messages(folder: str) -> None:
    found = {}
    for path in sorted((ROOT / folder).rglob("*.py")):
        banned = [phrase for message in messages(path.read_text("utf-8")) for phrase in find(message)]
        if banned:
            found[str(path.relative_to(ROOT))] = banned
    assert found == {}
