# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Numbers in messages."""

import pytest

from labelwise.wording import counted, counted_of


@pytest.mark.parametrize(("number", "told"), [(0, "0 labels"), (1, "1 label"), (2, "2 labels"), (1200, "1,200 labels")])
def test_counted(number, told):
    assert counted(number, "label") == told


def test_verbs():
    assert counted(1, "label has", "labels have") == "1 label has"
    assert counted(2, "label has", "labels have") == "2 labels have"


@pytest.mark.parametrize(
    ("number", "total", "told"),
    [(1, 1, "1 of 1 text is"), (1, 3, "1 of 3 texts is"), (2, 3000, "2 of 3,000 texts are")],
)
def test_the_verb_is_that_of_the_part(number, total, told):
    assert counted_of(number, total, "text", "is", "are") == told
