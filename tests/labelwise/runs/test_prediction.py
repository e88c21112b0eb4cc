# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Batches of prediction: how many texts they have, and how they are padded."""

import pytest
from transformers import AutoTokenizer

from labelwise import MultiLabelClassifier, UserInputError
from labelwise.runs.prediction import cut_batches, iterate_logits


def sizes(lengths, batch_size, num_labels=3):
    return [len(lengths[rows]) for rows in cut_batches(lengths, batch_size, num_labels)]


def test_short_texts_come_in_larger_batches():
    assert sizes([500] * 5, 2) == [2, 2, 1]
    assert sizes([64] * 5, 2) == [2, 2, 1]
    assert sizes([16] * 20, 2) == [8, 8, 4]
    assert sizes([100, 100, 90, 16, 16, 16], 2) == [2, 2, 2]
    assert sizes([], 2) == []


def test_a_batch_of_many_labels_is_not_enlarged():
    assert sizes([1] * 300, 2, num_labels=30_000) == [2] * 150


@pytest.mark.parametrize("batch_size", [0, -1, 0.2, "8", None, True])
def test_a_batch_has_a_number_of_texts(model, batch_size):
    classifier = MultiLabelClassifier.from_pretrained(model)
    told = f"batch_size {batch_size!r}: must be a whole number > 0"
    for measure in (classifier.predict, classifier.predict_proba):
        with pytest.raises(UserInputError, match=told):
            measure(["money"], batch_size=batch_size)
    with pytest.raises(UserInputError, match=told):
        classifier.evaluate(["money"], [["bank"]], batch_size=batch_size)


@pytest.mark.parametrize("side", ["left", "right"])
def test_padding_is_the_tokenizer_s(model, side):
    tokenizer = AutoTokenizer.from_pretrained(model)
    tokenizer.padding_side = side
    texts = ["money and the ball", "soup", "", "the ball"]
    classifier = MultiLabelClassifier.from_pretrained(model).model
    batches = []
    classifier.register_forward_pre_hook(lambda _, arguments, batch: batches.append(batch), with_kwargs=True)
    list(iterate_logits(classifier, tokenizer, [(text, {}) for text in texts], 8))
    (batch,) = batches
    rows = sorted(tokenizer(texts)["input_ids"], key=lambda ids: -len(ids))
    expected = tokenizer.pad({"input_ids": rows}, return_tensors="pt")
    assert batch.keys() == expected.keys()
    assert all(batch[name].equal(expected[name]) for name in expected)
