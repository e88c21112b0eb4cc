# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
from collections import Counter

import pytest

from labelwise.datasets_scripts.label_lists import LabelLists
from labelwise.datasets_scripts.own_data.label_reports import check_states, report_alike, report_unseen
from labelwise.errors import UserInputError


def messages(caplog):
    found = [record.getMessage() for record in caplog.records]
    caplog.clear()
    return found


def test_names_that_look_alike_are_told(caplog):
    report_alike(["Tax", "law", "tax", "la\u200bw", "caf\u00e9", "cafe\u0301", "ｔａｘ", "tax law"])
    what = "labels that differ only by case, Unicode form or invisible characters"
    assert messages(caplog) == [
        f"{what}: 'Tax' and 'tax' and 'ｔａｘ'; 'law' and 'la\\u200bw'; 'caf\\xe9' and 'cafe\\u0301'"
    ]
    report_alike(["tax", "taxes", "a-b", "ab", "1", "10"])
    assert messages(caplog) == []


def report(reader, names, has_known_labels=True):
    report_unseen(reader, Counter(names), "here", "training", ["a", "b", "c"], has_known_labels)


def test_unseen_labels_are_named_in_one_line(read_rows):
    names = ["rare", "a\nb", "x" * 100]
    with pytest.raises(UserInputError, match=r"^here: 'rare', 'a\\nb', 'x{59}…': 3 labels \(3 times in all\) are not"):
        report(read_rows([["a"]], "test"), names)


@pytest.mark.parametrize(("names", "known"), [(["0", "1"], ["bug", "billing"]), (["bug"], ["0", "1"])])
def test_names_in_one_split_and_numbers_in_another(read_rows, names, known):
    with pytest.raises(UserInputError, match=r"(are|is) not among the 2 of training; write labels as names"):
        report_unseen(read_rows([["a"]], "validation"), Counter(names), "here", "training", known, False)


@pytest.mark.parametrize("split", ["train", "test"])
def test_numbers_that_may_be_ids_of_label_names(read_rows, split):
    def refused(unseen, names):
        with pytest.raises(UserInputError) as error:
            reader = read_rows([["a"]], split, label_names=names)
            report_unseen(reader, Counter(unseen), "here", "label_names", names, False)
        return str(error.value)

    told = refused(["0", "2"], ["a", "b", "c"])
    advice = "numbers are read as names here; set label_format ids to read ids, or write names in all splits"
    advice += ", or set unseen_labels ignore or miss" if split == "test" else ""
    assert told == f"here: '0', '2': 2 labels (2 times in all) are not among the 3 of label_names; {advice}"
    for unseen, names in ((["3"], ["a", "b", "c"]), (["0"], ["1", "2"]), (["00"], ["a", "b"])):
        assert "label_format ids" not in refused(unseen, names)


@pytest.mark.parametrize("choice", ["error", "ignore"])
def test_columns_that_are_found_may_be_no_labels(read_rows, choice):
    """A column of 0 and 1 that only a test file has may say something else."""
    reader = read_rows([{"text": "x", "a": 1}], "test", columns=["a"], label_columns="auto", unseen_labels=choice)
    advice = r"correct them, or name the label columns \(label_columns auto takes all columns of 0 and 1\)"
    with pytest.raises(UserInputError, match=advice):
        report(reader, ["roof"], has_known_labels=False)


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
