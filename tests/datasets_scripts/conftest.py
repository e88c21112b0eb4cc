# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the corpus tests."""

from pathlib import Path

import datasets
import pytest

REAL = Path(__file__).parents[3] / "shared" / "data"


@pytest.fixture(autouse=True)
def no_progress_bars():
    datasets.disable_progress_bars()


@pytest.fixture(scope="session")
def real_data():
    """Return the folder with the real corpora, which are not part of the project."""
    if not REAL.is_dir():
        pytest.skip("the real corpora in ../shared/data are missing")
    return REAL


@pytest.fixture(scope="session")
def real_cache(tmp_path_factory):
    """Return one cache for all tests on real corpora, so that each is built once."""
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def cache(tmp_path):
    return str(tmp_path / "cache")
