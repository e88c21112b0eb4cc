# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import re

import pytest

from labelwise.datasets_scripts.own_data.label_profile import Cell, LabelProfile
from labelwise.errors import UserInputError

NAME = "a.csv, column 'labels'"
NAMES = ["x", "y", "z"]


def decide(values, given=None, names=None, before=None, separator=None, keeps_strings=False):
    """Return the reading of a column with these values."""
    profile = LabelProfile(NAME)
    for number, value in enumerate(values, start=1):
        profile.add(Cell(value, separator, keeps_strings), f"row {number}")
    return profile.decide(given, names, before, separator)


def fault(values, **options):
    with pytest.raises(UserInputError) as error:
        decide(values, **options)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("value", "kind", "items"),
    [
        (None, "missing", []),
        (" ", "missing", []),
        (" tax ", "string", ["tax"]),
        ("tax; law", "string", ["tax; law"]),
        ("['tax ', 'law']", "literal", ["tax", "law"]),
        ([" tax", "law;"], "list", ["tax", "law;"]),
        ([], "list", []),
        ({"tax": 1}, "object", []),
        ("{'tax': 1}", "object", []),
        (3, "number", [3]),
        (True, "number", [True]),
        (b"tax", "other", []),
    ],
)
def test_cells(value, kind, items):
    cell = Cell(value, None, keeps_strings=False)
    assert (cell.kind, cell.items) == (kind, items)
    assert cell.states == ({"tax": 1} if kind == "object" else {})


def test_cells_with_a_separator():
    assert Cell(" a b ; c;; ", ";", False).items == ["a b", "c"]
    assert [Cell(value, ";", False).kind for value in ("a;b", "a;", "a", 7)] == ["split", "split", "string", "string"]
    assert Cell(["b;c"], ";", False).items == ["b;c"]  # lists are not split
    assert Cell(7, ";", False).items == ["7"]  # a spreadsheet makes a number of a single id
    assert (Cell(" ;; ", ";", False).kind, Cell(" ;; ", ";", False).items) == ("split", [])


def test_a_string_that_looks_like_a_list_may_stay_a_string():
    cell = Cell("['tax']", None, keeps_strings=True)
    assert (cell.kind, cell.items) == ("string", ["['tax']"])


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([["tax"], [], ["law", "tax"]], "names"),
        (["tax", "law"], "names"),
        (["tax", ["law"]], "names"),
        (["yes", "no", "maybe"], "names"),
        (["1", "2"], "names"),
        ([["yes"], ["no"]], "names"),
        ([["y"], ["n", "y"]], "names"),
        ([], "names"),
        ([[], None, []], "names"),
        ([[0, 1, 1], [1, 0, 0]], "indicators"),
        ([[0, 0], [0, 1]], "indicators"),
        ([[0.0, 1.0], [1.0, 0.0]], "indicators"),
        ([[True, False]], "indicators"),
        ([[1, None], [0, 1]], "indicators"),
        ([[1, -100, 0]], "indicators"),
        ([["0", "1", "1"], ["1", "0", "1"]], "indicators"),
        ([["y", "n", "n"]], "indicators"),
        ([[0, 1], [2]], "ids"),
        ([[0, 1], [1]], "ids"),
        ([[3, 5], [5, 3]], "ids"),
        ([[2, 2], [0, 1]], "ids"),
        ([0, 1, 2], "ids"),
        ([7, [1, 2]], "ids"),
        ([{"a": 1}, {}, None], "objects"),
    ],
)
def test_readings(values, expected):
    assert decide(values) == expected


def test_readings_are_the_same_for_lists_in_strings(caplog):
    assert decide(["['tax']", "[]"]) == "names"
    assert f"{NAME}: cells such as ['tax'] are read as lists (label_format strings: as names)" in caplog.text
    assert decide(["[0, 1, 1]", "[1, 0, 0]"]) == "indicators"
    assert decide(["[0, 7]"]) == "ids"
    assert decide(["{'a': 1}"]) == "objects"


def test_what_is_no_name_is_told(caplog):
    decide([["tax"]])
    assert not caplog.records
    decide([[0, 0, 1]])
    decide([[3], [5]])
    assert [record.getMessage() for record in caplog.records] == [
        f"{NAME}: labels such as [0, 0, 1] are read as one 0 or 1 per label (label_format sets it)",
        f"{NAME}: labels such as [3] are read as label ids (label_format sets it)",
    ]


@pytest.mark.parametrize(
    ("values", "two"),
    [
        ([[0, 1], [1, 0]], "ids or indicators"),
        ([[0], [1]], "ids or indicators"),
        ([["0", "1"], ["1", "0"]], "indicators or names"),
        ([["yes", "no"]], "indicators or names"),
    ],
)
def test_two_readings_leave_the_choice_to_the_user(values, two):
    told = f"may be {two}, and all rows fit both; set label_format {two}"
    assert re.match(rf"row 1: the labels \[.*\] {told}$", fault(values))
    for choice in two.split(" or "):
        assert decide(values, given=choice) == choice
        assert decide(values, before=choice) == choice  # as in training


def test_the_number_of_labels_decides_between_readings():
    assert decide([[0, 1], [1, 0]], names=NAMES) == "ids"
    assert decide([[0, 1, 1], [1, 0, 0]], names=NAMES) == "indicators"
    assert "the labels [0, 1] may be ids or indicators" in fault([[0, 1], [1, 0]], names=NAMES[:2])


def test_what_training_was_decides_only_where_it_fits():
    assert decide([[0, 2], [1, 0]], before="indicators") == "ids"
    assert decide([["tax"]], before="ids") == "names"


def test_one_column_of_0_and_1_may_be_one_label():
    assert "contains only 0 and 1, which may say whether one label 'labels' applies" in fault([0, 1])
    told = fault(["no", "Yes"])
    assert "contains only no and yes, which" in told
    assert "give label_columns labels for the one, label_format names for the other" in told
    assert "contains only 0.0 and 1.0, which says" in fault([-100, 1.0, 0.0])
    assert decide([0, 1], given="ids") == "ids"


def test_strings_are_names_if_the_user_says_so():
    assert decide(["yes", "no"], given="strings", keeps_strings=True) == "names"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([["tax"], [1]], 'row 2: the labels [1] are numbers, but those of row 1, ["tax"], are names; write all in one'),
        ([["tax", 1.5]], 'row 1: the labels ["tax", 1.5] are numbers'),
        ([["tax"], ["1"], [1]], "row 3: the labels [1] are numbers"),
        ([[0.5, 1]], "row 1: the labels [0.5, 1] are neither names, label ids, nor only 0, 1 and (if unknown) null"),
        ([[1], [-1]], "row 2: the labels [-1] are neither names, label ids"),
        ([[1.0, 2.0]], "row 1: the labels [1.0, 2.0] are neither"),
        (
            [[1, None], [2, 3]],
            "row 1: the labels [1, null] have an entry that is missing, but those of row 2 are label",
        ),
        ([[0, 1, 1], [1, 0]], "row 2: 2 numbers of 0 and 1, but 3 in row 1; give one number per label in each row"),
        ([[True], [True, False]], "row 2: 2 numbers of 0 and 1, but 1 in row 1"),
        ([[0, 1, 1], [2, 0, 1]], "row 2: the labels [2, 0, 1] are label ids, but those of row 1, [0, 1, 1], are one 0"),
        ([{"a": 1}, ["a"]], 'row 2: the labels ["a"] are no object, but those of row 1 are; write all in one way'),
        (["['tax']", "law"], "row 1: the labels ['tax'] look like a list, but those of row 2, law, do not"),
        ([b"tax"], "row 1: the labels are of type bytes; expected a list of names, or a string"),
        ([["tax", ""]], "row 1: label '' is an empty string; expected a name or a label id"),
        ([["tax", "  "]], "row 1: label '' is an empty string"),
        ([[["tax"]]], "row 1: label ['tax'] is of type list"),
    ],
)
def test_columns_that_are_refused(values, message):
    assert fault(values).startswith(message)


def test_rows_of_another_length_than_the_labels():
    assert fault([[1, 1, 0, 0]], names=NAMES).startswith(
        "row 1: 4 numbers of 0 and 1, which is not the number of labels"
    )


def test_a_separator_for_lists_in_strings():
    message = fault(["['tax', 'law']"], separator=",")
    assert message.startswith("row 1: the labels ['tax', 'law'] look like a list, but label_separator ',' was given")
    assert decide(["['tax', 'law']"], given="strings", separator=",", keeps_strings=True) == "names"


def test_long_labels_are_shortened_in_messages():
    assert f"the labels {'[' + '1.5, ' * 11 + '1...'} are neither" in fault([[1.5] * 1000])
