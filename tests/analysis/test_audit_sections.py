# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Sections of the report."""

import numpy as np
import pytest

from labelwise.analysis.audit_sections import make_sections, shorten

from .test_audit import audit


def by_title(found):
    return {section.title: section for section in make_sections(found)}


def test_sections():
    sections = by_title(audit())
    assert list(sections) == [
        "Findings",
        "Documents",
        "Lengths",
        "Duplicates",
        "Labels",
        "Labels that apply together",
        "Near-equal label names",
    ]
    assert sections["Documents"].checks.loc["without labels"].tolist() == ["1 (20.0 %)", "0", "1 (14.3 %)"]
    assert sections["Lengths"].checks.loc["words lost"].tolist() == ["9.1 %", "0.0 %", "6.7 %"]
    assert sections["Documents"].table["id"].tolist() == ["d3", "d4"]
    assert "Documents of test: 1 with the text of one in train." in sections["Duplicates"].sentences
    assert sections["Duplicates"].table["labels"].tolist() == ["a", "B", "a, b", "a"]
    assert sections["Near-equal label names"].table["documents of other"].tolist() == ["2"]
    for section in sections.values():
        assert section.table is None or all(isinstance(cell, str) for cell in section.table.to_numpy().flat)


def test_label_errors():
    pytest.importorskip("cleanlab", reason="label errors need the extra `audit`")
    section = by_title(audit(probabilities_DL=np.full((7, 3), 0.2)))["Label errors"]
    assert "Probabilities come from somewhere" in section.sentences[0]
    assert section.checks.loc["documents checked"].tolist() == ["5", "2", "7"]
    assert section.table.empty


def test_labels_that_always_go_together_are_named():
    from labelwise.analysis.audit import AuditSettings, make_audit
    from labelwise.analysis.duplicates import find_duplicates
    from labelwise.analysis.text_lengths import measure_lengths, word_counter

    from .made_up import make_documents

    texts = ["x one", "y two", "z three"]
    documents = make_documents(texts, [["a", "b"], ["a", "b"], ["c"]])
    lengths = measure_lengths(texts, word_counter(texts, 3))
    found = make_audit(documents, find_duplicates(texts), lengths, AuditSettings("x", 1, 0.7))
    assert any(
        "without each other: a and b." in sentence
        for sentence in by_title(found)["Labels that apply together"].sentences
    )


def test_shorten():
    assert shorten("a \n b") == "a b"
    assert shorten("a" * 300) == "a" * 200 + " …"
