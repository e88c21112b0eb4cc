# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Names of labels and columns in messages: each can be told from the next, and a message stays one line."""

from collections.abc import Sequence

_LONGEST = 60


def clip(name: str) -> str:
    """Return a name without what comes after 60 characters."""
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def shorten(names: Sequence[str], number: int = 10) -> str:
    """Return the first names, joined by commas.

    Args:
        names (`Sequence[str]`): The names. Those that contain a comma, or what cannot be seen, are put in quotes.
        number (`int`, *optional*, defaults to 10): Number of names, after which the others are left out.
    """
    return ", ".join(map(_told, names[:number])) + (", …" if len(names) > number else "")


def _told(name: str) -> str:
    name = clip(name)
    is_plain = bool(name) and name.isprintable() and "," not in name and name == name.strip()
    return name if is_plain else repr(name)
