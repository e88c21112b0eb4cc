# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The tables of an audit, of a corpus with planted faults."""

import json

import numpy as np
import pytest

from labelwise.analysis.audit import AuditSettings, make_audit
from labelwise.analysis.audit_findings import find_problems
from labelwise.analysis.duplicates import find_duplicates
from labelwise.analysis.text_lengths import measure_lengths, word_counter

from .made_up import make_documents

TEXTS = ["one two three", "four five", "four  five", "", "six seven eight nine", "one two three", "ten"]
LABELS = [["a"], ["a", "b"], ["a"], ["b"], [], ["B"], ["a"]]
SPLITS = ["train"] * 5 + ["test"] * 2


def audit(splits=SPLITS, probabilities_DL=None, min_documents=2):
    documents = make_documents(TEXTS, LABELS, splits, unknown=[(0, "b")])
    lengths = measure_lengths(TEXTS, word_counter(TEXTS, 3))
    settings = AuditSettings("made up", min_documents, 0.7, "" if probabilities_DL is None else "somewhere")
    return make_audit(documents, find_duplicates(TEXTS), lengths, settings, probabilities_DL)


def test_checks():
    checks = audit().checks.astype(float)
    expected = {
        "documents": (5, 2),
        "labels_per_document": (1, 1),
        "unlabelled": (1, 0),
        "unknown_labels": (1, 0),
        "labels_without_documents": (1, 1),
        "blank_texts": (1, 0),
        "mean_words": (11 / 5, 2),
        "max_words": (4, 3),
        "documents_cut": (1, 0),
        "share_of_documents_cut": (1 / 5, 0),
        "share_of_words_lost": (1 / 11, 0),
        "same_text": (1, 0),
        "same_text_in_train": (0, 1),
        "conflict": (3, 1),
    }
    for check, (train, test) in expected.items():
        assert checks.loc[check, ["train", "test"]].tolist() == pytest.approx([train, test]), check
    assert checks.loc["documents", "all"] == 7


def test_documents_with_unknown_labels_are_not_without_labels():
    documents = make_documents(["x", "y", "z"], [["a", "b"], [], []], unknown=[(1, "a"), (1, "b")])
    lengths = measure_lengths(documents.texts, word_counter(documents.texts, 3))
    found = make_audit(documents, find_duplicates(documents.texts), lengths, AuditSettings("x", 1, 0.7))
    assert found.incomplete["id"].tolist() == ["d2"]
    assert found.checks.loc["unlabelled", "all"] == 1


def test_rare_and_near_equal_labels():
    found = audit()
    assert found.labels["label"].tolist() == ["a", "b", "B"]
    assert found.rare == ["B"]  # by training documents
    assert found.label_names[["label", "other"]].to_numpy().tolist() == [["B", "b"]]
    assert found.together_LL.tolist() == [[4, 1, 0], [1, 2, 0], [0, 0, 1]]


def test_problems_are_told():
    told = find_problems(audit())
    assert "Documents with a blank text: 1 of 7 (14.3 %)." in told
    assert any(sentence.startswith("Evaluation documents with the text of a training") for sentence in told)
    assert any("1 of 2 (50.0 %)" in sentence for sentence in told)
    assert "Labels with fewer than 2 training documents: 1 of 3 (33.3 %)." in told
    assert "Pairs of labels with nearly equal names: 1." in told
    assert find_problems(audit(["test"] * 7, min_documents=1))[0].startswith("Documents with a blank text")


def test_without_training_documents():
    found = audit(["test"] * 7)
    assert "same_text_in_train" not in found.checks.index
    assert found.rare == ["B"]
    json.dumps(found.to_json())


def test_probabilities():
    pytest.importorskip("cleanlab", reason="label errors need the extra `audit`")
    probabilities_DL = np.full((7, 3), 0.2)
    probabilities_DL[:5] = np.nan
    found = audit(probabilities_DL=probabilities_DL)
    assert found.label_errors.empty  # labels with so few documents are not checked
    assert found.num_unchecked == 3
    assert found.micro_f1 == 0
    assert found.checks.loc["scored_documents"].tolist() == [0, 2, 2]


def test_json_has_whole_numbers_and_no_texts():
    numbers = audit().to_json()
    text = json.dumps(numbers, allow_nan=False)
    assert "six seven" not in text and "d4" not in text
    assert numbers["checks"]["train"]["documents"] == 5
    assert isinstance(numbers["checks"]["train"]["documents"], int)
    assert numbers["rare_labels"] == ["B"]
    assert "label_errors" not in numbers
