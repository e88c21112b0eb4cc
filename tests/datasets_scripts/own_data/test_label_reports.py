# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import pytest

from labelwise.datasets_scripts.label_lists import LabelLists
from labelwise.datasets_scripts.own_data.label_reports import check_states, report_alike, report_separator, shorten
from labelwise.errors import UserInputError


def messages(caplog):
    found = [record.getMessage() for record in caplog.records]
    caplog.clear()
    return found


def test_a_long_list_is_shortened():
    assert shorten(["a", "b"]) == "a, b"
    assert shorten(list("abcdef"), 3) == "a, b, c, …"
    assert shorten([]) == ""


def test_names_that_look_alike_are_told(caplog):
    report_alike(["Tax", "law", "tax", "la\u200bw", "caf\u00e9", "cafe\u0301", "ｔａｘ", "tax law"])
    what = "labels that differ only by case, Unicode form or invisible characters"
    assert messages(caplog) == [
        f"{what}: 'Tax' and 'tax' and 'ｔａｘ'; 'law' and 'la\\u200bw'; 'café' and 'cafe\u0301'"
    ]
    report_alike(["tax", "taxes", "a-b", "ab", "1", "10"])
    assert messages(caplog) == []


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


def check(labels, unknown=None, missing_labels="error"):
    unknown = [[] for _ in labels] if unknown is None else unknown
    lists = (LabelLists.from_rows(labels), LabelLists.from_rows(unknown))
    check_states("train", ["x", "y", "z"], *lists, missing_labels)


def test_labels_of_no_document_and_of_all_are_told(caplog):
    check([[0, 1], [0, 2], [0]])
    assert messages(caplog) == ["train: 1 label has no negative document: x"]
    check([[0, 1], [2]], [[2], [1]])  # what is unknown is no negative
    told = messages(caplog)
    assert told == ["train: 2 labels have no negative document: y, z"]
    check([[0], []], [[1], [2]])
    assert messages(caplog) == ["train: 2 labels have no positive document: y, z"]
    check([[0, 1], [2]])
    assert messages(caplog) == []


def test_a_corpus_without_any_negative_is_refused(caplog):
    labels, unknown = [[0], [1], [2]], [[1, 2], [0, 2], [0, 1]]
    with pytest.raises(UserInputError, match=r"train: no document says that a label does not apply: .* in 3 of 3 doc"):
        check(labels, unknown)
    check(labels, unknown, missing_labels="unknown")
    assert messages(caplog) == ["train: 3 labels have no negative document: x, y, z"]
