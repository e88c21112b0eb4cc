# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Values of a label column or of a column of 0 and 1: what one cell says."""

import ast
import json
import math
import re
from functools import lru_cache
from typing import Any

import numpy as np

_TRUE, _FALSE = {"1", "1.0", "true", "yes", "t", "y"}, {"0", "0.0", "false", "no", "f", "n"}
# What NumPy prints: ['tax' 'law'], [0 1 0], [0. 1. nan]
_QUOTED = r"""'[^']*'|"[^"]*\""""
_NUMPY_STRINGS = re.compile(rf"\[\s*(?:{_QUOTED})(?:\s+(?:{_QUOTED}))+\s*\]")
_NUMBER = r"(?:-?\d+\.?\d*|nan|True|False)"
_NUMPY_NUMBERS = re.compile(rf"\[\s*{_NUMBER}(?:\s+{_NUMBER})+\s*\]")
# What Python prints of a missing value in a list, outside of quotes: [1.0, nan]
_NAN = re.compile(r"(?<=[\[(,: ])nan(?=[,\])}])")
# What Python prints of an array, and of a scalar of NumPy in a list: array(['tax'], dtype=object), np.str_('tax')
_ARRAY = re.compile(r"(?:array|frozenset)\(([\[{].*[\]}])(?:,\s*dtype=[^)]*)?\)", re.DOTALL)
_NUMPY_SCALAR = re.compile(rf"np\.\w+\(({_QUOTED}|-?[\d.]+|True|False)\)")
# The types of `pandas.NA` and `pandas.NaT`, by name: values are read without pandas too.
_PANDAS_NULLS = ("NAType", "NaTType")
_EMPTY = {"set()", "frozenset()", "array([])"}


def is_null(value: Any) -> bool:
    """Return whether a value is None, NaN or `pandas.NA`."""
    if value is None or type(value).__name__ in _PANDAS_NULLS:
        return True
    return isinstance(value, (float, np.floating)) and math.isnan(value)


def is_missing(value: Any) -> bool:
    """Return whether a value is None, NaN, `pandas.NA` or a blank string."""
    return is_null(value) or (isinstance(value, str) and not value.strip())


def read_indicator(value: Any) -> int | None:
    """Read a value that says whether one label applies.

    Args:
        value (`Any`): 0 or 1 as a number or a string; true, false, yes, no and their first letters in any case.

    Returns:
        `int`: 1 if it applies, 0 if not; `None` if this is unknown: the value is missing or -100.

    Raises:
        ValueError: It says something else.
    """
    if is_missing(value):
        return None
    if isinstance(value, str):
        word = value.strip().lower()
        if word in ("-100", "-100.0"):
            return None
        if word in _TRUE or word in _FALSE:
            return int(word in _TRUE)
    elif isinstance(value, (bool, int, float, np.number, np.bool_)):
        if value in (0, 1):
            return int(value)
        if value == -100:
            return None
    raise ValueError(value)


def is_indicator(value: Any) -> bool:
    """Return whether a value is what `read_indicator` reads."""
    try:
        read_indicator(value)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def parse_literal(cell: str) -> list | dict | None:
    """Read a string that is a list, a set or an object as Python, JSON, NumPy or pandas write it.

    Args:
        cell (`str`): Cell of a CSV file.

    Returns:
        `list` or `dict`: Its contents, not to be changed; `None` if the string is something else.
    """
    cell = cell.strip()
    if cell in _EMPTY:
        return []
    if found := _ARRAY.fullmatch(cell):
        cell = found[1]
    cell = _NUMPY_SCALAR.sub(r"\1", cell)
    if not cell or (cell[0], cell[-1]) not in {("[", "]"), ("{", "}"), ("(", ")")}:
        return None
    if _NUMPY_STRINGS.fullmatch(cell):  # as Python, the strings would become one
        return [part[1:-1] for part in re.findall(_QUOTED, cell)]
    if _NUMPY_NUMBERS.fullmatch(cell):
        return [_read_number(part) for part in cell[1:-1].split()]
    for read in (json.loads, ast.literal_eval, lambda cell: ast.literal_eval(_NAN.sub("None", cell))):
        try:
            value = read(cell)
            if isinstance(value, (dict, list, tuple, set)):
                return to_plain(value)
        except (ValueError, SyntaxError, RecursionError, MemoryError, TypeError):
            continue
    return None


def _read_number(part: str) -> float | int | None:
    if part in ("True", "False"):
        return part == "True"
    return None if part == "nan" else float(part) if "." in part else int(part)


def to_plain(value: Any) -> Any:
    """Return a value of a label column with the types of JSON: no array, no set, no NaN, no type of NumPy."""
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (set, frozenset)):
        value = sorted(value, key=str)
    if isinstance(value, (list, tuple)):
        return [to_plain(None if is_missing(item) and not isinstance(item, str) else item) for item in value]
    if isinstance(value, dict):
        return {str(name): to_plain(None if is_missing(item) else item) for name, item in value.items()}
    return value
