# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Tables, and the sections of a page. What cards do with odd text is in `test_cards.py`."""

import pytest

from labelwise.hub.markdown import fill_section, make_table

PAGE = "Above.\n<!-- begin a -->\n{}\n<!-- end a -->\nBelow.\n"


def test_make_table():
    assert make_table(["row", "score"], [["x", "1"], ["y", ""]]) == "| row | score |\n|---|---|\n| x | 1 |\n| y |  |"
    assert make_table(("row",), []) == "| row |\n|---|"


def test_a_section_is_filled_and_the_rest_stays():
    assert fill_section(PAGE.format("old\nlines"), "a", "new") == PAGE.format("new")
    with pytest.raises(ValueError, match="unpack"):
        fill_section(PAGE, "b", "new")
