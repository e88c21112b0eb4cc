# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""CSV and JSON have the same numbers, and say per label how far to trust them."""

import json

import numpy as np

from labelwise.analysis.explanation_tables import to_json, to_rows

from .explanations import MadeUp, lay_out


def make() -> MadeUp:
    words = lay_out(["dear", "tax", "law"], np.array([0, 0, -1]))
    return MadeUp.of(words, ["joy", "anger"], np.array([[1 / 3, -2.0, 0.0], [0.0, 0.25, 0.0]]))


def test_rows():
    rows = list(to_rows(make()))
    assert len(rows) == 6
    assert rows[0] == {
        "label": "joy",
        "logit": 0.0,
        "probability": 0.5,
        "predicted": True,
        "largest": 2.0,
        "trust": "trust joy: 2",
        "word": "dear",
        "number": 0.33333333,
    }
    assert rows[2]["number"] is None  # cut off
    assert [row["trust"] for row in rows[3:]] == ["trust anger: 0.25"] * 3


def test_json_has_what_the_rows_have():
    found = json.loads(json.dumps(to_json(make())))
    assert {name: found[name] for name in ("text", "method", "description", "caveat")} == {
        "text": "dear tax law",
        "method": "made up",
        "description": "numbers",
        "caveat": "It is made up.",
    }
    rows = [
        {**{name: value for name, value in label.items() if name != "entries"}, **entry}
        for label in found["labels"]
        for entry in label["entries"]
    ]
    assert rows == list(to_rows(make()))
