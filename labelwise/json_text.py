# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""JSON that every reader accepts: Python writes `NaN` and `Infinity`, which are no JSON."""

import json
import math
from typing import Any


def dump_json(value: Any, **settings: Any) -> str:
    """Return a value as JSON, with `null` in place of numbers that are not finite, such as undefined metrics.

    Args:
        value: What `json.dumps` takes.
        settings: As in `json.dumps`; characters beyond ASCII are kept by default.
    """
    settings = {"ensure_ascii": False, "allow_nan": False, **settings}
    try:
        return json.dumps(value, **settings)
    except ValueError:
        return json.dumps(_without_nan(value), **settings)


def _without_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {_without_nan(key): _without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
