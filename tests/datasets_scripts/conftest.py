# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Fixtures of the corpus tests."""

import datasets
import pytest

from labelwise.datasets_scripts.own_data.options import LabelOptions
from labelwise.datasets_scripts.own_data.reading import Source, SplitReader
from labelwise.datasets_scripts.own_data.sources import Record


@pytest.fixture(autouse=True)
def no_progress_bars():
    datasets.disable_progress_bars()


@pytest.fixture(scope="session")
def real_cache(tmp_path_factory):
    """Return one cache for all tests on real corpora, so that each is built once."""
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def cache(tmp_path):
    return str(tmp_path / "cache")


@pytest.fixture
def read_rows(tmp_path):
    """`read_rows(rows, split="train", columns=None, **options)`: the reader of the rows of a split, which it has read.

    Of a row that is no dict, the labels are given.
    """

    def read(rows, split="train", columns=None, names=None, has_names=False, **options):
        rows = [row if isinstance(row, dict) and "text" in row else {"labels": row} for row in rows]
        records = [Record(f"{split} row {i}", {"text": f"text {i}", **row}) for i, row in enumerate(rows, start=1)]
        source = Source(split, lambda: iter(records), names, has_names)
        reader = SplitReader(split, source, LabelOptions(**options), columns, tmp_path / f"{split}.rows")
        reader.read()
        return reader

    return read
