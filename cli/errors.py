# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The error of a wrong command line, which is found before anything is imported."""

from collections.abc import Iterable


class CommandLineError(ValueError):
    """An option or a path is wrong. The message is one line: what is wrong, and what to do."""


def suggest(word: str, known: Iterable[str]) -> str:
    """Return a question that names the known word most like an unknown one, for the end of its message, if any is."""
    from difflib import get_close_matches  # only errors need it

    near = get_close_matches(word, list(known), n=1)
    return f"; did you mean {near[0]}?" if near else ""
