# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What no font can write is told."""

from labelwise.analysis.fonts import DEFAULT, find_fonts


def test_latin_needs_one_font():
    assert find_fonts("Café \n\u200b €") == ([DEFAULT], "")


def test_what_is_missing_is_told():
    names, missing = find_fonts("a\U0010fffd")  # for private use: no font has it
    assert names == [DEFAULT]
    assert missing == "\U0010fffd"


def test_another_font_is_found(monkeypatch):
    monkeypatch.setattr("matplotlib.font_manager.findSystemFonts", lambda: ["/no/font", "/zh.ttf", "/zh2.ttf"])
    found = {"/zh.ttf": set("动力a"), "/zh2.ttf": set("动")}
    monkeypatch.setattr("labelwise.analysis.fonts._characters", lambda path: found.get(path, set("a")))
    added = []
    monkeypatch.setattr("matplotlib.font_manager.fontManager.addfont", added.append)
    get_font = type("Font", (), {"__init__": lambda self, path: None, "family_name": "Hei"})
    monkeypatch.setattr("matplotlib.font_manager.get_font", get_font)
    assert find_fonts("a动力油") == ([DEFAULT, "Hei"], "油")
    assert added == ["/zh.ttf"]
