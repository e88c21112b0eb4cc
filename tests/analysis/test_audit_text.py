# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The report in a terminal."""

import pandas as pd

from labelwise.analysis.audit_sections import Section
from labelwise.analysis.audit_text import printable, to_text


def test_report():
    checks = pd.DataFrame({"train": ["5", "1,000 (2.0 %)"]}, index=["documents", "cut"])
    table = pd.DataFrame({"label": list("abcdefghijkl"), "documents": ["7"] * 12, "text": ["secret"] * 12})
    lines = to_text("Audit of x", [Section("Lengths", checks, ["It is so."], "Labels", "l.csv", table)]).splitlines()
    assert lines[:4] == ["Audit of x", "", "Lengths", "======="]
    assert "documents              5" in lines
    assert "cut        1,000 (2.0 %)" in lines
    assert "It is so." in lines
    assert "a              7" in lines
    assert lines[-1] == "… 2 more in l.csv"
    assert not any("secret" in line for line in lines)


def test_no_control_characters():
    table = pd.DataFrame({"label": ["\x1b[31mred\nline"]})
    text = to_text("x", [Section("y", pd.DataFrame(), ["\x07"], "z", "l.csv", table)])
    assert "\x1b" not in text and "\x07" not in text
    assert printable("a\x1bb") == "a\ufffdb"
