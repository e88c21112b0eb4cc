# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Checkouts of the reference codes, replaced by a small stand-in."""

import sys

import pytest

from benchmarks import references
from benchmarks.references import LMMLCCode, LWPTCode
from labelwise.errors import UserInputError
from labelwise.runs.processes import git_revision


@pytest.mark.parametrize("code", [LWPTCode, LMMLCCode])
def test_a_folder_that_is_no_checkout(tmp_path, code):
    with pytest.raises(UserInputError, match=r"is not a checkout of .*, or leave the option out"):
        code(str(tmp_path))


def test_importing_leaves_generic_names_free(tmp_path, monkeypatch):
    monkeypatch.setattr(references, "NOT_NEEDED", ("not_installed", "json"))
    (tmp_path / "models").mkdir()
    (tmp_path / "models/__init__.py").write_text("")
    (tmp_path / "models/e2e.py").write_text("import not_installed\nimport json\nNAME = 'e2e'")
    (tmp_path / "models/pt.py").write_text("from . import e2e")
    path = list(sys.path)
    code = LWPTCode(str(tmp_path))
    assert code.e2e.NAME == "e2e"
    assert code.pt.e2e is code.e2e
    assert code.revision == "unknown" == git_revision(tmp_path)
    assert not {"models", "models.e2e", "models.pt", "not_installed"} & set(sys.modules)
    assert "json" in sys.modules  # installed, so it is neither replaced nor removed
    assert sys.path == path
