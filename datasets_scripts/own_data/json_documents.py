# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Reader of JSON files: one object per line, an array of objects, or objects one after another."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ...errors import UserInputError
from ..lines import decode_start, read_lines, read_pieces
from ..streams import read_start
from .options import FileOptions, Tell

_ADVICE = "write one object per line, or one array of objects"


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"the key '{next(key for key in keys if keys.count(key) > 1)}' occurs twice")
    return made


_DECODER = json.JSONDecoder(object_pairs_hook=_make_object)


def read_json(path: Path, options: FileOptions, tell: Tell) -> Iterator[tuple[str, dict]]:
    """Yield the objects of a JSON file; the first bytes tell whether lines, an array or longer objects.

    Args:
        path (`Path`): File to read.
        options (`FileOptions`): The options; `encoding` counts.
        tell (`Callable`): Function that is told what was detected.

    Yields:
        `tuple[str, dict]`: Place of the object, and the object.

    Raises:
        UserInputError: The file is broken, or contains something else than objects.
    """
    start = decode_start(read_start(path), options.encoding).lstrip("\ufeff \t\r\n")
    if not start.startswith("[") and (not start.startswith("{") or ends_in_first_line(start)):
        yield from read_json_lines(read_lines(path, options.encoding), str(path))
        return
    kind = "one array of objects" if start.startswith("[") else "objects of several lines each"
    if path.name.removesuffix(".gz").endswith("l"):
        tell(f"{path}: is read as {kind}, not as one object per line")
    for number, value in enumerate(read_values(read_pieces(path, options.encoding), str(path)), start=1):
        yield f"{path} item {number}", _check_object(value, f"{path} item {number}")


def ends_in_first_line(start: str) -> bool:
    """Return whether the first line is one whole JSON value, or as long as all that is known."""
    line, end, _ = start.partition("\n")
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        # A line such as `{` or `{"text": "x",` continues; anything else is broken, and is reported as a line.
        return not (end and line.rstrip().endswith(("{", "[", ",", ":")))
    return True


def read_json_lines(lines: Iterable[tuple[int, str]], name: str) -> Iterator[tuple[str, dict]]:
    """Yield the objects of lines with one JSON object each; blank lines are skipped.

    Args:
        lines (`Iterable[tuple[int, str]]`): Numbers and lines.
        name (`str`): Name of the file, for messages.
    """
    for number, line in lines:
        if not line.strip():
            continue
        where = f"{name} line {number}"
        try:
            value = _DECODER.decode(line.rstrip())
        except (ValueError, RecursionError) as error:
            at = f" at character {error.pos + 1}" if isinstance(error, json.JSONDecodeError) else ""
            raise UserInputError(f"{where}: broken JSON ({_reason(error)}{at}); {_ADVICE}") from error
        yield where, _check_object(value, where)


def read_values(pieces: Iterable[str], name: str) -> Iterator[Any]:
    """Yield the values of an array, or values one after another; only a piece of the text is in memory.

    Args:
        pieces (`Iterable[str]`): The text, in pieces of any length.
        name (`str`): Name of the file, for messages.

    Raises:
        UserInputError: The JSON is broken.
    """
    pieces = iter(pieces)
    text = next((text for piece in pieces if (text := piece.lstrip("\ufeff \t\r\n"))), "")
    is_array = text.startswith("[")
    position, number, ended = int(is_array), 0, False
    while True:
        position = _skip(text, position)
        if ended and position < len(text):
            raise UserInputError(f"{name}: broken JSON (text after the end of the array); {_ADVICE}")
        if is_array and number and text.startswith(",", position):
            position = _skip(text, position + 1)
        elif is_array and text.startswith("]", position):
            position, ended = position + 1, True
            continue
        error = None
        if position < len(text):
            try:
                value, end = _DECODER.raw_decode(text, position)
                position, number = end, number + 1
                yield value
                continue
            except (ValueError, RecursionError) as caught:
                error = caught
        more = next(pieces, None)
        if error and (more is None or not _may_continue(error, text)):
            raise UserInputError(f"{name} item {number + 1}: broken JSON ({_reason(error)}); {_ADVICE}") from error
        if more is None:
            break
        text, position = text[position:] + more, 0
    if is_array and not ended:
        raise UserInputError(f"{name}: broken JSON (the array has no end); {_ADVICE}")


def _reason(error: Exception) -> str:
    """Return what is wrong, without the line of the piece of text that was decoded."""
    return error.msg if isinstance(error, json.JSONDecodeError) else str(error)


def _skip(text: str, position: int) -> int:
    """Return the position of the next character that is no whitespace."""
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _may_continue(error: Exception, text: str) -> bool:
    """Return whether more text could mend a value that cannot be read yet."""
    if not isinstance(error, json.JSONDecodeError):
        return False
    return error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip()) - 8


def _check_object(value: Any, where: str) -> dict:
    if not isinstance(value, dict):
        raise UserInputError(f"{where}: a JSON {type(value).__name__}, not an object; {_ADVICE}")
    return value
