# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Fonts of this machine for a text; matplotlib draws empty boxes for missing characters, without an error."""

import unicodedata

from matplotlib import font_manager

DEFAULT = "DejaVu Sans"  # comes with matplotlib


def find_fonts(text: str) -> tuple[list[str], str]:
    """Find fonts that together have the characters of a text.

    Args:
        text (`str`): Any characters.

    Returns:
        `list[str]`: Names of the fonts, in the order in which to try them for each character.
        `str`: The characters that no font has.
    """
    missing = {c for c in text if not c.isspace() and unicodedata.category(c) not in ("Cc", "Cf")}
    missing -= _characters(font_manager.findfont(DEFAULT))
    names = [DEFAULT]
    if missing:
        covered = {path: missing & _characters(path) for path in sorted(font_manager.findSystemFonts())}
        while covered:
            best = max(covered, key=lambda path: len(covered[path] & missing))
            if not covered[best] & missing:
                break
            missing -= covered[best]
            font_manager.fontManager.addfont(best)  # matplotlib's list of fonts may be older
            names.append(font_manager.get_font(best).family_name)
    return names, "".join(sorted(missing))


def _characters(path: str) -> set[str]:
    try:
        return {chr(code) for code in font_manager.get_font(path).get_charmap()}
    except (OSError, RuntimeError):  # FreeType cannot read the font
        return set()
