# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts.own_data.label_separators import report_separator
from labelwise.errors import UserInputError


def messages(caplog):
    found = [record.getMessage() for record in caplog.records]
    caplog.clear()
    return found


@pytest.mark.parametrize("mark", [";", "|", ","])
def test_strings_that_contain_a_separator_are_told(read_rows, caplog, mark):
    names = ["a", "b", f"a{mark}b", f"b{mark}c", f"a{mark}c"]
    report_separator(read_rows(names), names)
    told = f"3 of 5 labels contain '{mark}', such as 'a{mark}b': each is read as one label"
    assert messages(caplog) == [f"train: {told}; if '{mark}' separates several, give label_separator '{mark}'"]


def test_another_separator_than_the_one_that_is_given_is_told(read_rows, caplog):
    names = ["a;b", "b;c", "a;c", "d"]
    report_separator(read_rows([f"{names[0]}|{names[1]}", "a;c|d"], label_separator="|"), names)
    (told,) = messages(caplog)
    assert told.startswith("train: 3 of 4 labels contain ';'")
    report_separator(read_rows([", ".join(names)], label_separator=";"), ["a, b", "b, c", "a, c"])
    (told,) = messages(caplog)
    assert told.startswith("train: 3 of 3 labels contain ','")


@pytest.mark.parametrize(
    ("values", "names"),
    [
        ([["a,b", "b,c", "a,c"]], ["a,b", "b,c", "a,c"]),  # lists need no separator
        (["a,b", "b,c", "d"], ["a,b", "b,c", "d"]),  # two names may contain a comma
        (["a,b"], [f"a,{i}" for i in range(4)] + [str(i) for i in range(37)]),  # less than a tenth
    ],
)
def test_names_with_commas_are_not_told(read_rows, caplog, values, names):
    report_separator(read_rows(values), names)
    assert messages(caplog) == []


def test_strings_beside_lists_need_a_separator(read_rows):
    names = ["a,b", "b,c", "a,c"]
    with pytest.raises(UserInputError, match=r"row 1: the labels are the string 'a,b', but those of train row 4 are a"):
        report_separator(read_rows([*names, ["a"]]), names)


@pytest.mark.parametrize("names", [["0 1 1", "1 0 0"], ["0,1", "1,1"], ["1; 0"]])
def test_rows_of_0_and_1_in_strings_need_a_separator(read_rows, names):
    with pytest.raises(
        UserInputError, match="look like one 0 or 1 per label: give label_separator, and label_names in"
    ):
        report_separator(read_rows(names), names)


def test_some_names_may_look_like_rows_of_0_and_1(read_rows, caplog):
    report_separator(read_rows(["0 1", "1 1", "none"]), ["0 1", "1 1", "none"])
    assert messages(caplog) == []


# Marks that names contain too

MARKS = ["\n", "\t", " & ", "/", "+", " "]


def told(read_rows, caplog, names, **options):
    """Return what is told of strings of labels."""
    caplog.clear()
    report_separator(read_rows(names, **options), names)
    return messages(caplog)


@pytest.mark.parametrize("mark", MARKS)
def test_labels_that_are_put_together_from_others_are_told(read_rows, caplog, mark):
    pairs = [mark.join(pair) for pair in (["door", "lift"], ["lift", "roof"], ["roof", "door"])]
    names = ["door", "lift", "roof", *pairs]
    (line,) = told(read_rows, caplog, names)
    assert line.startswith(f"train: 3 of 6 labels contain {mark!r}, such as {pairs[0]!r}: each is read")
    assert line.endswith(f"if {mark!r} separates several, give label_separator {mark!r}")
    assert told(read_rows, caplog, [";".join(names)], label_separator=";") == []  # as it splits
    report_separator(read_rows([mark.join(names)], label_separator=mark), names[:3])
    assert messages(caplog) == []


@pytest.mark.parametrize(
    "names",
    [
        ["New York", "New Jersey", "New Mexico", "York", "Mexico City"],
        ["red car", "blue car", "red bus", "blue bus"],  # no word is a label
        ["tax law", "tax return", "law school", "tax", "law"],
        ["food & drink", "health & beauty", "arts & crafts"],
        ["sport/football", "sport/tennis", "politics/uk", "sport", "politics"],
        ["C++", "C+", "a+", "a++"],
        ["customer\nservice", "two\nlines", "head\nfoot"],
    ],
)
def test_names_with_marks_are_not_told(read_rows, caplog, names):
    assert told(read_rows, caplog, names) == []


def test_such_a_mark_in_names_of_lists_is_no_error(read_rows, caplog):
    """Paths such as these may be names; a comma or semicolon would be refused."""
    names = ["a", "b", "c", "a/b", "b/c", "c/a"]
    report_separator(read_rows([*names[:3], ["a/b", "b/c"], ["c/a"]]), names)
    (line,) = messages(caplog)
    assert "3 of 6 labels contain '/'" in line


def test_the_mark_is_the_one_of_most_labels(read_rows, caplog):
    names = ["door", "lift", "roof", "door, lift", "lift, roof", "roof, door"]
    assert "contain ','" in told(read_rows, caplog, names)[0]  # each contains a space as well


# A separator that separates nothing


def test_a_separator_that_is_never_met_is_told_once(read_rows, caplog):
    names = ["a;b", "c", None]
    line = "train: label_separator '|' occurs in the labels of none of 3 rows"
    assert told(read_rows, caplog, ["a", "b", "c"], label_separator="|") == [line]
    assert told(read_rows, caplog, ["a|b", "b", "c"], label_separator="|") == []
    report_separator(read_rows(names, "test", label_separator="|"), ["a;b", "c"])
    assert messages(caplog) == []


def test_a_separator_beside_lists_is_told(read_rows, caplog):
    line = "train: label_separator ';' separates nothing, as the labels are lists"
    assert told(read_rows, caplog, [["a"], ["b;c"]], label_separator=";") == [line]


# Brackets


@pytest.mark.parametrize(
    ("names", "written"),
    [
        (["{door,lift}", "{door}", "{roof}"], '["door", "lift"]'),
        (["[door, lift, roof]", "[door]"], '["door", "lift", "roof"]'),
        (["[door;lift]"], '["door", "lift"]'),
    ],
)
def test_brackets_around_all_labels_are_told(read_rows, caplog, names, written):
    assert told(read_rows, caplog, names) == [
        f"train: labels such as '{names[0]}' are each read as one name; label_separator would leave the brackets: "
        f"write lists, such as {written}"
    ]
    assert told(read_rows, caplog, names, label_format="strings") == []


def test_brackets_that_a_separator_leaves_are_told(read_rows, caplog):
    report_separator(read_rows(["{door,lift}"], label_separator=","), ["{roof}", "{door", "lift}"])
    assert messages(caplog) == [
        "train: label_separator ',' leaves brackets in labels such as '{door' and 'lift}': write lists, such as "
        '["door", "lift"]'
    ]


@pytest.mark.parametrize(
    "names", [["[deleted]", "tax"], ["[deleted]", "[tax]"], ["{x}"], ["array[0]", "set{}"], ["a]", "b"]]
)
def test_some_names_may_have_brackets(read_rows, caplog, names):
    assert told(read_rows, caplog, names) == []
