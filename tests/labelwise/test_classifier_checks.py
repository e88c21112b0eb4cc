# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What is no list of texts is refused in one line, before anything is read."""

import numpy as np
import pytest
import torch
from datasets import Dataset
from pandas import DataFrame, Series
from scipy import sparse

from labelwise import MultiLabelClassifier, UserInputError

from ..tiny_corpus import make_documents

TEXTS = [document["text"] for document in make_documents(24, seed=0)]
LABELS = [document["labels"] for document in make_documents(24, seed=0)]
WRONG = [
    (None, "texts is of type NoneType: give a list of strings"),
    (5, "texts is of type int: give a list of strings"),
    ({"text": TEXTS}, "texts is of type dict: give a list of strings"),
    ("the money", "texts is one string: give a list of strings"),
    (DataFrame({"text": TEXTS}), "texts is a DataFrame: give its column of texts"),
    (Dataset.from_dict({"text": TEXTS}), "texts is a Dataset: give its column of texts"),
    (np.ones((24, 4)), r"texts is an array of shape \(24, 4\): give a list of strings"),
    (np.array(TEXTS)[:, None], r"texts is an array of shape \(24, 1\): give a list of strings"),
    (np.array("money"), r"texts is an array of shape \(\): give a list of strings"),
    (torch.ones(24, 4), r"texts is an array of shape \(24, 4\): give a list of strings"),
    (sparse.csr_array(np.ones((24, 4))), r"texts is an array of shape \(24, 4\): give a list of strings"),
]


@pytest.fixture(scope="module")
def classifier() -> MultiLabelClassifier:
    return MultiLabelClassifier("br", min_frequency=1).fit(TEXTS, LABELS)


@pytest.mark.parametrize(("texts", "told"), WRONG)
def test_what_cannot_be_predicted(classifier, texts, told):
    for predict in (classifier.predict, classifier.predict_proba):
        with pytest.raises(UserInputError, match=f"^{told}$"):
            predict(texts)


@pytest.mark.parametrize(("texts", "told"), WRONG)
def test_what_cannot_be_learned_or_measured(classifier, texts, told):
    untrained = MultiLabelClassifier("br")
    with pytest.raises(UserInputError, match=f"^train: {told}$"):
        untrained.fit(texts, LABELS)
    with pytest.raises(UserInputError, match=f"^validation: {told}$"):
        untrained.fit(TEXTS, LABELS, validation=(texts, LABELS))
    with pytest.raises(UserInputError, match=f"^test: {told}$"):
        classifier.evaluate(texts, LABELS)


@pytest.mark.parametrize("number", [2, 3])
def test_texts_without_labels(number):
    with pytest.raises(UserInputError, match=r"^train: texts without labels: give texts and labels"):
        MultiLabelClassifier("br").fit(TEXTS[:number])


def test_a_text_that_is_no_string(classifier):
    with pytest.raises(UserInputError, match=r"^text 2: the text is missing \(null\), not a string"):
        classifier.predict(["money", None])


@pytest.mark.parametrize("form", [tuple, iter, np.array, Series, lambda texts: np.array(texts, dtype=object)])
def test_any_list_of_texts(classifier, form):
    expected = classifier.predict(TEXTS)
    assert len({tuple(labels) for labels in expected}) > 1
    assert classifier.predict(form(TEXTS)) == expected
    np.testing.assert_array_equal(classifier.predict_proba(form(TEXTS)), classifier.predict_proba(TEXTS))
    refitted = MultiLabelClassifier("br", min_frequency=1).fit(form(TEXTS), LABELS)
    assert refitted.predict(TEXTS) == expected


def test_no_texts(classifier):
    assert classifier.predict([]) == classifier.predict(iter([])) == []
