# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What a label column contains: names, ids, or one 0 or 1 per label. One rule for files and objects in memory.

The rule looks at all rows of a split:

- Strings are names. Cells that are all lists (or objects) as Python, JSON or NumPy print them are read as lists.
- Lists with only 0 and 1 (and null or -100), all of the same length, are *indicators*: one number per label.
- Lists of integers are *ids*, unless they are only 0 and 1 and one of them repeats a number. If such a list is among
  lists of the same length with larger numbers, the user has to choose.
- Objects say for each label by name whether it applies.

Where two readings fit, such as lists of two numbers that are all [0, 1] or [1, 0], the user has to choose.
"""

import json
import logging
from collections.abc import Sequence
from typing import Any

from ...errors import UserInputError
from ...wording import counted
from ..documents import describe
from .label_values import is_indicator, is_missing, parse_literal

logger = logging.getLogger(__name__)

# Values that say that a label does not apply, and that it does.
_OPPOSITES = (("0", "1"), ("0.0", "1.0"), ("false", "true"), ("no", "yes"), ("f", "t"), ("n", "y"))
_CHOICES = "label_format names, ids or indicators sets it"


class Cell:
    """One value of a label column, taken apart.

    Args:
        value (`Any`): The value, of the types of JSON.
        separator (`str`, *optional*): Separator of names inside a string.
        keeps_strings (`bool`): Whether a string is never a list, whatever it looks like.

    Attributes:
        kind (`str`): `"missing"`, `"string"`, `"split"` (a string with the separator), `"literal"` (a list inside a
            string), `"list"`, `"number"`, `"object"` or `"other"`.
        items (`list`): Names or numbers; empty for an object.
        states (`dict`): Of an object, what it says of each label.
    """

    __slots__ = ("items", "kind", "states", "value")

    def __init__(self, value: Any, separator: str | None, keeps_strings: bool) -> None:
        self.value, self.items, self.states = value, [], {}
        if is_missing(value):
            self.kind = "missing"
        elif isinstance(value, str):
            literal = None if keeps_strings else parse_literal(value)
            if literal is not None:
                self.kind = "literal"
                self._take(literal)
            else:
                parts = value.split(separator) if separator else [value]
                self.kind = "split" if len(parts) > 1 else "string"
                self.items = [part.strip() for part in parts if part.strip()]
        elif isinstance(value, list):
            self.kind = "list"
            self._take(value)
        elif isinstance(value, dict):
            self.kind = "object"
            self._take(value)
        elif separator and isinstance(value, int) and not isinstance(value, bool):
            self.kind, self.items = "string", [str(value)]  # Excel makes a number of a single id
        elif isinstance(value, (bool, int, float)):
            self.kind, self.items = "number", [value]
        else:
            self.kind = "other"

    def _take(self, contents: list | dict) -> None:
        if isinstance(contents, dict):
            self.kind, self.states = "object", contents
        else:
            self.items = [item.strip() if isinstance(item, str) else item for item in contents]


class LabelProfile:
    """What the rows of one split have in their label column.

    Args:
        name (`str`): Name of the column and of the file or split, for messages.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.kinds: dict[str, tuple[str, Any]] = {}  # kind of cell -> first place and value
        self.types: dict[str, tuple[str, Any]] = {}  # kind of item -> first place and row
        self.lengths: dict[int, str] = {}  # number of items -> first place; two at most
        self.repeats: tuple[str, Any] | None = None  # first row of 0 and 1 with a number twice

    def add(self, cell: Cell, where: str) -> None:
        """Take a row into account."""
        self.kinds.setdefault(cell.kind, (where, cell.value))
        for item in cell.items:
            if item == "" or not isinstance(item, (str, int, float, type(None))):
                raise UserInputError(f"{where}: label {item!r} is {describe(item)}; expected a name or a label id")
            self.types.setdefault(_type(item), (where, cell.value))
        if cell.items or cell.kind in ("list", "literal"):
            if len(self.lengths) < 2:
                self.lengths.setdefault(len(cell.items), where)
            if self.repeats is None and len(set(map(str, cell.items))) < len(cell.items) and _is_binary(cell.items):
                self.repeats = (where, cell.value)

    def decide(self, given: str | None, names: Sequence[str] | None, before: str | None, separator: str | None) -> str:
        """Return how the column is read, and report what was detected.

        Args:
            given (`str`, *optional*): Value of `label_format`.
            names (`Sequence[str]`, *optional*): Names of all labels, if they are known.
            before (`str`, *optional*): How the training split was read; it decides where several readings fit.
            separator (`str`, *optional*): Value of `label_separator`.

        Returns:
            `str`: `"names"`, `"ids"`, `"indicators"` or `"objects"`.

        Raises:
            UserInputError: Several readings fit, or none.
        """
        self._check_kinds(separator)
        if "literal" in self.kinds and given is None:
            _, example = next(iter(self.types.values()), self.kinds["literal"])
            logger.warning(
                f"{self.name}: cells such as {_show(example)} are read as lists (label_format strings: as names)"
            )
        if "object" in self.kinds:
            return "objects"
        if given == "indicators" and (len(self.lengths) != 1 or 0 in self.lengths):
            self._raise_lengths()
        if given is not None:
            return "names" if given == "strings" else given
        fitting = self._fitting(names)
        if before in fitting:
            return before
        if before == "indicators" and self.types and {*self.types} <= {"0/1", "0/1 float", "unknown"}:
            self._raise_lengths()
        if len(fitting) > 1 or (fitting == {"indicators"} and names is None and self._is_one_column()):
            self._raise_ambiguous(fitting)
        if not fitting:
            self._raise_unfit()
        (reading,) = fitting
        if reading != "names":
            _, value = next(iter(self.types.values()))
            what = "label ids" if reading == "ids" else "one 0 or 1 per label"
            logger.warning(f"{self.name}: labels such as {_show(value)} are read as {what} (label_format sets it)")
        return reading

    def _check_kinds(self, separator: str | None) -> None:
        """Check that the kinds of cells go together."""
        if "other" in self.kinds:
            where, value = self.kinds["other"]
            raise UserInputError(f"{where}: the labels are {describe(value)}; expected a list of names, or a string")
        for one, two in (("literal", "string"), ("literal", "split")):
            if one in self.kinds and two in self.kinds:
                (here, example), (there, other) = self.kinds[one], self.kinds[two]
                raise UserInputError(
                    f"{here}: the labels {_show(example)} look like a list, but those of {there}, {_show(other)}, do "
                    "not; write all in one way, or set label_format strings to read each cell as names"
                )
        if "literal" in self.kinds and separator:
            where, value = self.kinds["literal"]
            raise UserInputError(
                f"{where}: the labels {_show(value)} look like a list, but label_separator {separator!r} was given; "
                "leave it out, or set label_format strings to split the cells"
            )
        others = [kind for kind in self.kinds if kind not in ("object", "missing")]
        if "object" in self.kinds and others:
            (here, _), (there, value) = self.kinds["object"], self.kinds[others[0]]
            raise UserInputError(
                f"{there}: the labels {_show(value)} are no object, but those of {here} are; write all in one way"
            )

    def _fitting(self, names: Sequence[str] | None) -> set[str]:
        """Return the readings that fit."""
        types, lengths = {*self.types}, {*self.lengths}
        if not types:
            return {"names"}
        fitting = set()
        one_length = len(lengths) == 1 and (names is None or lengths == {len(names)})
        if types <= {"name", "0/1 word"}:
            listed = not self.kinds.keys() & {"string", "split"}
            if types == {"name", "0/1 word"} or "name" in types or not one_length or (listed and lengths == {1}):
                return {"names"}
            return {"indicators"} if self.repeats else {"names", "indicators"}
        if (types <= {"0/1", "0/1 float", "unknown"} or types == {"0/1 word", "unknown"}) and one_length:
            fitting.add("indicators")
        if types <= {"0/1", "id"} and not (self.repeats and (one_length or "id" not in types)):
            fitting.add("ids")
        return fitting

    def _is_one_column(self) -> bool:
        """Return whether each row has one 0 or 1, and no list."""
        return {*self.lengths} == {1} and not self.kinds.keys() & {"list", "literal"}

    def _raise_ambiguous(self, fitting: set[str]) -> None:
        where, value = next(iter(self.types.values()))
        if self._is_one_column():
            column = self.name.rpartition("column '")[2].rstrip("'")
            two = fitting - {"indicators"}
            said = {str(value).strip().lower() for _, value in self.types.values()}
            one, other = next((pair for pair in _OPPOSITES if said & {*pair}), _OPPOSITES[0])
            raise UserInputError(
                f"{self.name}: contains only {one} and {other}, which {'may say' if two else 'says'} "
                f"whether one label '{column}' applies{', or be two labels' if two else ''}; give label_columns "
                f"{column}{f' for the one, label_format {min(two)} for the other' if two else ''}"
            )
        one, two = sorted(fitting)
        raise UserInputError(
            f"{where}: the labels {_show(value)} may be {one} or {two}, and all rows fit both; set label_format {one} "
            f"or {two}"
        )

    def _raise_unfit(self) -> None:
        types = self.types
        what = next((what for kind, what in (("name", "names"), ("id", "label ids")) if kind in types), None)
        if "unknown" in types and what:
            (where, value), (other, _) = types["unknown"], types["name" if what == "names" else "id"]
            raise UserInputError(
                f"{where}: the labels {_show(value)} have an entry that is missing, but those of {other} are {what}; "
                "list the unknown ones in a column unknown_labels"
            )
        if "name" in types or "0/1 word" in types:
            name = types.get("name") or types["0/1 word"]
            number = next(place for kind, place in types.items() if kind not in ("name", "0/1 word"))
            raise UserInputError(
                f"{number[0]}: the labels {_show(number[1])} are numbers, but those of {name[0]}, {_show(name[1])}, "
                "are names; write all in one way"
            )
        if bad := types.get("number"):
            raise UserInputError(
                f"{bad[0]}: the labels {_show(bad[1])} are neither names, label ids, nor only 0, 1 and (if unknown) "
                f"null or -100; correct them ({_CHOICES})"
            )
        if "id" in types:
            raise UserInputError(
                f"{types['id'][0]}: the labels {_show(types['id'][1])} are label ids, but those of {self.repeats[0]}, "
                f"{_show(self.repeats[1])}, are one 0 or 1 per label, or name a label twice; correct them, or set "
                "label_format ids"
            )
        self._raise_lengths()

    def _raise_lengths(self) -> None:
        """Fail because lists of 0 and 1 have not one number per label."""
        (one, here), *others = self.lengths.items() or [(0, self.name)]
        if others:
            (two, there) = others[0]
            told = f"{there}: {counted(two, 'number')} of 0 and 1, but {one} in {here}"
        else:
            told = f"{here}: {counted(one, 'number')} of 0 and 1, which is not the number of labels"
        raise UserInputError(f"{told}; give one number per label in each row ({_CHOICES})")


def _is_binary(items: list) -> bool:
    return all(_type(item) in ("0/1", "0/1 word", "0/1 float", "unknown") for item in items)


def _type(item: Any) -> str:
    """Return what an item of a list may be."""
    if isinstance(item, str):
        return "0/1 word" if is_indicator(item) else "name"
    if item is None:
        return "unknown"
    if isinstance(item, (bool, float)):
        return "0/1 float" if item in (0, 1) else "unknown" if item == -100 else "number"
    return "0/1" if item in (0, 1) else "unknown" if item == -100 else "id" if item > 0 else "number"


def _show(value: Any) -> str:
    shown = " ".join(value.split()) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
