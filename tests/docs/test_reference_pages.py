# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The pages made from the package have every public name, option, system and corpus; `make docs` checks the site."""

import re
import runpy
from pathlib import Path

import pytest
from labelwise_cli import COMMANDS

import labelwise
from labelwise.datasets_scripts import CORPORA
from labelwise.families.family import system_names

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(scope="module")
def module() -> dict:
    return runpy.run_path(str(DOCS / "reference_pages.py"))


@pytest.fixture(scope="module")
def pages(module) -> dict[str, str]:
    return module["make_pages"]()


def test_each_public_name_is_on_one_page(pages):
    documented = re.findall(r"^::: ([\w.]+)$", "\n".join(pages.values()), re.M)
    public = [getattr(labelwise, name) for name in labelwise.__all__]
    assert sorted(documented) == sorted(f"{name.__module__}.{name.__qualname__}" for name in public)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_option_is_on_the_page_of_its_command(command, module, pages):
    page = pages[f"reference/commands/{command}.md"]
    for name, described in module["OPTIONS"]["commands"].items():
        if name.split()[0] == command:
            for entry in described["options"]:
                assert f"| `{entry['flags'][0] if 'flags' in entry else entry['name']}` |" in page


def test_systems_and_corpora(pages):
    assert all(f"| `{name}` |" in pages["reference/systems.md"] for name in system_names())
    assert all(f"## {name}\n" in pages["reference/corpora.md"] for name in CORPORA)


def test_the_readme_is_one_page():
    readme = (DOCS.parent / "README.md").read_text("utf-8")
    assert len(readme.splitlines()) <= 120
    for path in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", readme):
        assert (DOCS.parent / path).exists(), path
