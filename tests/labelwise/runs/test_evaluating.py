# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""A model measured block by block, and the counts of training labels."""

import numpy as np
import pytest
import torch

from labelwise import MultiLabelClassifier, UserInputError
from labelwise.datasets_scripts import from_lists
from labelwise.runs import evaluating
from labelwise.runs.evaluating import find_training_counts

TEXTS = [
    "money and loan",
    "a ball",
    "the team lost money",
    "bread",
    "a goal for money",
    "the coach",
    "soup",
    "loan",
] * 3
LABELS = [["bank"], ["sport"], ["bank", "sport"], [], ["bank", "sport"], ["sport"], [], ["bank"]] * 3


@pytest.fixture(scope="module")
def classifier():
    return MultiLabelClassifier("br", min_frequency=1, min_df=1).fit(TEXTS, LABELS)


def test_blocks_of_any_size_give_the_same(monkeypatch, classifier):
    whole = classifier.evaluate(TEXTS, LABELS, metrics="all")
    for pairs, documents in ((1, 1024), (12, 1024), (2**22, 5)):
        monkeypatch.setattr(evaluating, "_BLOCK_PAIRS", pairs)
        monkeypatch.setattr(evaluating, "_BLOCK_DOCUMENTS", documents)
        assert classifier.evaluate(TEXTS, LABELS, metrics="all") == pytest.approx(whole)


def test_in_python_as_on_the_command_line(classifier):
    assert list(classifier.evaluate(TEXTS, LABELS))[-1] == "threshold"
    found = classifier.evaluate(TEXTS, LABELS, metrics=["psp_at_1", "lrap"])
    assert len(found) == 6 + 2 + 1 and found["lrap"] > 0.9
    with pytest.raises(ValueError, match="nosuch is no further metric"):
        classifier.evaluate(TEXTS, LABELS, metrics="nosuch")


def test_unknown_labels_are_left_out(classifier):
    """As if those documents were not there, where they have no other label."""
    matrix = np.array([[int(name in labels) for name in classifier.classes_] for labels in LABELS])
    more = np.vstack([matrix, np.full((2, 2), -100)])
    found = classifier.evaluate([*TEXTS, "money", "ball"], more, metrics="all", label_names=["bank", "sport"])
    assert found == pytest.approx(classifier.evaluate(TEXTS, matrix, metrics="all", label_names=["bank", "sport"]))


def test_blank_texts_are_told(classifier, caplog):
    """`predict` gives them no label, whatever the model says."""
    classifier.evaluate([*TEXTS, " "], [*LABELS, []])
    assert "1 of 25 texts is blank: the metrics count what the model predicts there" in caplog.text


def test_logits_that_are_no_numbers(classifier):
    model = classifier.model
    bias = model.head.bias.detach().clone()
    with torch.no_grad():
        model.head.bias.fill_(float("nan"))
    try:
        with pytest.raises(UserInputError, match="logits of the model are not numbers"):
            classifier.evaluate(TEXTS, LABELS)
    finally:
        with torch.no_grad():
            model.head.bias.copy_(bias)


def test_training_counts(classifier, caplog):
    train = from_lists({"train": (TEXTS[:8], LABELS[:8]), "validation": (TEXTS, LABELS)})["train"]
    caplog.clear()
    results = {"label_counts": {"bank": 7, "sport": 5}, "documents": {"train": 30, "test": 2}}
    assert find_training_counts("all", results, train, "…") == ({"bank": 7, "sport": 5}, 30)
    assert find_training_counts(["psp_at_3"], {"documents": {}}, train, "…") == ({"bank": 4, "sport": 4}, 8)
    assert find_training_counts(["lrap"], results, train, "…") is None
    assert find_training_counts(None, results, train, "…") is None
    assert caplog.messages == []
    assert find_training_counts(["all"], None, None, "do this") is None
    (told,) = caplog.messages
    assert told == (
        "psp_at_1, psp_at_3, psp_at_5 are left out: the number of training documents of each label is unknown; do this"
    )
    with pytest.raises(UserInputError, match=r"psp_at_3 cannot be computed: .* is unknown; do this"):
        find_training_counts(["all", "psp_at_3"], None, None, "do this")


def test_results_have_the_counts(classifier):
    counts, number = classifier.results_["label_counts"], classifier.results_["documents"]["train"]
    assert set(counts) == {"bank", "sport"} and 0 < counts["bank"] < number < len(TEXTS)
