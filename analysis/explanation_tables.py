# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""An explanation as numbers: rows for CSV, an object for JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from .explanation import Explanation

_DIGITS = 8  # the terms of a linear model must still sum to the logit


def to_rows(explanation: Explanation) -> Iterator[dict[str, Any]]:
    """Yield the numbers, one row per label and word; for linear models, one per label and term of its logit.

    Columns: `label`, `logit`, `probability` and `predicted`, the measures and the sentence that say how far the numbers
    can be trusted (alike in all rows of a label), and those of the method's `entries`. A cell is `None` where there is
    no such number, as for words cut off.

    Args:
        explanation (`Explanation`): From `explain`.
    """
    for row in range(len(explanation.answers)):
        summary = summarize(explanation, row)
        for entry in explanation.entries(row):
            yield {**summary, **_round(entry)}


def to_json(explanation: Explanation) -> dict[str, Any]:
    """Return the text, the method, and for each label what `to_rows` has, the entries as a list.

    Args:
        explanation (`Explanation`): From `explain`.
    """
    return {
        "text": explanation.words.text,
        "method": explanation.method,
        "description": explanation.description,
        "caveat": explanation.caveat,
        "labels": [
            {**summarize(explanation, row), "entries": [_round(entry) for entry in explanation.entries(row)]}
            for row in range(len(explanation.answers))
        ],
    }


def summarize(explanation: Explanation, row: int) -> dict[str, Any]:
    """Return what is said of a label as a whole: logit, probability, whether it is predicted, and how far the numbers
    of its words can be trusted."""
    answer = _round(asdict(explanation.answers[row]))
    return {**answer, **_round(explanation.measures(row)), "trust": explanation.trust(row)}


def _round(numbers: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: round(float(value), _DIGITS) if isinstance(value, float) else value for name, value in numbers.items()
    }
