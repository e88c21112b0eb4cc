# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Planted documents are found by the label they were planted for."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from labelwise import LWLSTMModel
from labelwise.analysis.neighbours import label_shares, nearest, similarities


class Planted:
    """A label's representation is the word at its place, label 0's the first, as a one-hot vector of length 2."""

    device = torch.device("cpu")

    def __init__(self, num_representations: int = 2):
        self.num_representations = num_representations

    def __call__(self, input_ids, attention_mask):
        words = input_ids[:, : self.num_representations]
        return SimpleNamespace(last_hidden_state=2 * torch.nn.functional.one_hot(words, 60).float())


def test_each_label_has_its_own_neighbours(word_tokenizer):
    texts = ["w1 w9 w3 w4", "w5 w2", "w1 w2", "w2 w1"]
    found, is_label_wise = similarities(Planted(), word_tokenizer, "w1 w2", texts, [0, 1], batch_size=3)
    assert found.tolist() == [[1, 0], [0, 1], [1, 1], [0, 0]]
    assert is_label_wise
    assert similarities(Planted(), word_tokenizer, "w1 w2", texts, [1])[0].tolist() == [[0], [1], [1], [0]]


def test_one_representation_in_all_gives_one_column(word_tokenizer):
    found, is_label_wise = similarities(Planted(1), word_tokenizer, "w1", ["w1", "w2"], [0, 1])
    assert found.tolist() == [[1], [0]]
    assert not is_label_wise


@pytest.mark.parametrize("label_wise", [False, True])
def test_equals_the_cosine_of_the_model(word_tokenizer, make_config, label_wise):
    model = LWLSTMModel(make_config(label_wise=label_wise)).eval()
    texts = ["w3", "w1 w2 w3", "w9 w8. w7", ""]
    found, _ = similarities(model, word_tokenizer, "w1 w2", texts, [2, 0], batch_size=2)
    labels = [2, 0] if label_wise else [0]
    for row, text in zip(found, texts, strict=True):
        with torch.no_grad():
            a, b = (
                model(torch.tensor([word_tokenizer(one)["input_ids"]], dtype=torch.long)).last_hidden_state[0, labels]
                for one in ("w1 w2", text)
            )
        np.testing.assert_allclose(row, torch.cosine_similarity(a, b, dim=-1), atol=1e-5)


def test_nearest_first_and_ties_in_order():
    assert nearest(np.array([0.1, 0.9, 0.5, 0.9]), 3) == [1, 3, 2]


def test_shares():
    shares = label_shares(np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0], [1, 1, 0]]), ["b", "a", "never"])
    assert list(shares.items()) == [("b", 0.75), ("a", 0.5)]
    assert list(label_shares(np.array([[1, 1]]), ["b", "a"])) == ["a", "b"]


def test_shares_are_of_documents_of_which_a_label_is_known():
    labels = np.array([[1, -100, 1], [-100, -100, 0], [0, -100, 0]], dtype=np.int8)
    assert label_shares(labels, ["a", "b", "c"]) == {"a": 0.5, "c": 1 / 3}
