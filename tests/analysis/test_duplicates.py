# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Planted copies and conflicts."""

import json

import numpy as np

from labelwise.analysis.duplicates import count_duplicates, count_shared, disagree, find_duplicates, list_duplicates

from .made_up import make_documents

NEWS = "The bank raised the price of every loan by two points on Monday, and its shares fell."
TEXTS = [
    NEWS,
    "A text of its own about soup.",
    NEWS.replace(" ", "\n "),  # 2: the same, with the same labels
    NEWS.replace("Monday", "Tuesday"),  # 3: almost the same, with other labels
    " \t",  # 4
    "",  # 5: blank texts have no duplicates
    NEWS,  # 6: test, the same, with other labels
    NEWS.replace("bank", "banks"),  # 7: test, almost the same
    "Something else about cheese.",
]
LABELS = [["a"], ["b"], ["a"], ["b"], ["a"], ["b"], ["a", "b"], ["a"], ["b"]]
SPLITS = ["train"] * 6 + ["test"] * 3


def rows_of(found) -> list[int]:
    return np.flatnonzero(found).tolist()


def test_kinds_of_duplicates():
    documents = make_documents(TEXTS, LABELS, SPLITS)
    duplicates = find_duplicates(TEXTS)
    found = count_duplicates(documents, duplicates)
    assert {kind: rows_of(rows) for kind, rows in found.items()} == {
        "same_text": [2],
        "same_text_in_train": [6],
        "near": [3, 6, 7],
        "near_in_train": [7],
        "conflict": [0, 2, 6],
        "near_conflict": [3, 7],
    }
    assert [rows.tolist() for rows in duplicates.same_text()] == [[0, 2, 6]]
    assert [rows.tolist() for rows in duplicates.groups()] == [[0, 2, 3, 6, 7]]
    assert count_shared(documents, duplicates).to_dict("index") == {
        "train": {"train": 0, "test": 2},
        "test": {"train": 1, "test": 0},
    }


def test_table():
    documents = make_documents([*TEXTS, "Soup, soup!", "soup soup"], [*LABELS, ["a"], ["a"]], [*SPLITS, "test", "test"])
    table = list_duplicates(documents, find_duplicates(documents.texts))
    assert table["id"].tolist() == ["d0", "d2", "d3", "d6", "d7", "d9", "d10"]
    assert table["group"].tolist() == [1] * 5 + [2] * 2
    assert table["differ"].tolist() == [True] * 5 + [False] * 2
    assert json.loads(table["labels"][3]) == ["a", "b"]
    assert table["similarity"][0] == table["similarity"][1] == 1
    assert 0.7 < table["similarity"][2] < 1
    assert table["text"][6] == "soup soup"


def test_unknown_labels_agree_with_all():
    assert disagree(np.array([[1, 0], [1, 1]]))
    assert not disagree(np.array([[1, 0], [1, -100], [-100, 0]]))
    documents = make_documents(["x y z"] * 2, [["a"], []], unknown=[(1, "a")])
    assert not count_duplicates(documents, find_duplicates(documents.texts))["conflict"].any()


def test_no_duplicates():
    documents = make_documents(["one", "", ""], [["a"], [], []])
    duplicates = find_duplicates(documents.texts)
    assert not any(rows.any() for rows in count_duplicates(documents, duplicates).values())
    assert list_duplicates(documents, duplicates).empty
    assert find_duplicates([]).text_D.shape == (0,)
