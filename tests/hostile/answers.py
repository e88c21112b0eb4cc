# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What `predict` writes, checked."""

import json

import pytest

from ..tiny_corpus import WORDS


def check_answers(text: str, number: int) -> None:
    """There is one answer a line, as JSON with finite scores."""
    rows = [json.loads(line, parse_constant=pytest.fail) for line in text.splitlines()]
    assert len(rows) == number
    for row in rows:
        assert {*row["labels"]} <= {*WORDS}
        assert all(0 <= score <= 1 for score in row.get("scores", {}).values())
