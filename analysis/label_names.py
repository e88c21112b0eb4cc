# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Labels whose names are nearly equal: often one label, written in two ways."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import combinations

import pandas as pd

EQUAL = "equal but for case, spaces and punctuation"
# Letters of two names that differ in one: `corn` and `coin`, `heat` and `wheat` are two words each. A name without each
# of its letters takes the square of its length; beyond a sentence, a letter is no name's typing error.
_SHORTEST, _LONGEST = 5, 200


def find_near_equal_names(names: Sequence[str]) -> pd.DataFrame:
    """Find labels whose names are nearly equal.

    Args:
        names (`Sequence[str]`): Names of the labels.

    Returns:
        `pd.DataFrame`: `label`, `other` and `difference`, the pairs that are surely equal first. One letter that
            differs is not looked for in names of more than 200 letters.
    """
    pairs: dict[tuple[int, int], str] = {}
    for difference, keys in (
        (EQUAL, lambda name: [simplify(name)]),
        ("equal but for the order of words", lambda name: [" ".join(sorted(_words(name)))]),
        ("singular and plural", lambda name: ["".join(map(_singular, _words(name)))]),
    ):
        for pair in _sharing_a_key(names, keys):
            pairs.setdefault(pair, difference)
    for one, two in _sharing_a_key(names, _with_one_letter_less):
        if _differ_in_one_letter(simplify(names[one]), simplify(names[two])):
            pairs.setdefault((one, two), "one letter differs")
    rows = [(names[one], names[two], difference) for (one, two), difference in pairs.items()]
    return pd.DataFrame(rows, columns=["label", "other", "difference"])


def simplify(name: str) -> str:
    """Return a name without case, white space and punctuation, in Unicode's compatibility form.

    A name of punctuation only keeps it.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(filter(str.isalnum, folded)) or folded.strip()


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", name).casefold())


def _singular(word: str) -> str:
    for plural, singular in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh"), ("ss", "ss")):
        if word.endswith(plural) and len(word) > len(plural) + 1:
            return word.removesuffix(plural) + singular
    return word.removesuffix("s") if len(word) > 3 else word


def _with_one_letter_less(name: str) -> list[str]:
    """Return the name, and the name without each of its letters: names that differ in one letter share one of these."""
    name = simplify(name)
    if not _SHORTEST <= len(name) <= _LONGEST:
        return []
    return [name, *{name[:place] + name[place + 1 :] for place in range(len(name))}]


def _differ_in_one_letter(one: str, two: str) -> bool:
    """Return whether one letter, and no digit, is added, left out, replaced, or swapped with its neighbour."""
    while one and two and one[0] == two[0]:
        one, two = one[1:], two[1:]
    while one and two and one[-1] == two[-1]:
        one, two = one[:-1], two[:-1]
    if any(map(str.isdigit, one + two)):
        return False
    return (len(one) <= 1 and len(two) <= 1) or (len(one) == 2 and one == two[::-1])


def _sharing_a_key(names: Sequence[str], keys: Callable[[str], list[str]]) -> list[tuple[int, int]]:
    """Return the pairs of names that have a key in common, in the order of the names."""
    by_key = defaultdict(list)
    for number, name in enumerate(names):
        for key in filter(None, keys(name)):
            by_key[key].append(number)
    return sorted({pair for numbers in by_key.values() for pair in combinations(numbers, 2)})
