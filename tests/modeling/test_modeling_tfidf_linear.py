# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""TF-IDF on hand-made documents, the chain, and label sets that predict_labels to one that was seen."""

import math

import pytest
import torch

from labelwise import TfidfLinearConfig, TfidfLinearForSequenceClassification, TfidfLinearModel, predict_labels
from labelwise.modeling.modeling_tfidf_linear import ngram_codes


def make(method="br", **settings):
    torch.manual_seed(0)
    shape = {"vocab_size": 10, "num_ngrams": 10, "num_labels": 3, "num_label_sets": 5}
    return TfidfLinearForSequenceClassification(TfidfLinearConfig(**{**shape, "method": method, **settings})).eval()


def test_codes_of_words_and_pairs():
    codes = ngram_codes(torch.tensor([[3, 4, 3], [5, 0, 0], [0, 0, 0]]), torch.tensor([3, 1, 0]), 10)
    assert codes.tolist() == [[3, 4, 3, 34, 43], [5, -1, -1, -1, -1], [-1] * 5]


def test_a_vector_by_hand():
    """Counts 2 and 1 of words 3 and 4, 1 of the pair (3, 4); (4, 3) and word 7 have no weight."""
    model = TfidfLinearModel(TfidfLinearConfig(vocab_size=10, num_ngrams=4))
    with torch.no_grad():
        model.ngrams.copy_(torch.tensor([3, 4, 6, 34]))
        model.idf.copy_(torch.tensor([1.0, 2.0, 5.0, 3.0]))
        (vector,) = model(torch.tensor([[3, 4, 2, 3, 7]])).last_hidden_state[0]
    norm = math.sqrt(2**2 + 2**2 + 3**2)
    assert vector.tolist() == pytest.approx([2 / norm, 2 / norm, 0, 3 / norm])


@pytest.mark.parametrize("method", ["br", "cc", "lp"])
def test_padding_anywhere_and_neighbours_change_nothing(method):
    model = make(method)
    ids = torch.tensor([[3, 4, 5, 3, 9]])
    alone = model(ids).logits[0]
    padded = torch.tensor([[0, 3, 4, 0, 5, 2, 3, 9, 0, 0], [8, 8, 8, 8, 8, 8, 8, 8, 8, 8]])
    torch.testing.assert_close(model(padded).logits[0], alone)
    # an id of padding is a word where the mask says so, and a word is none where it does not
    masked = torch.tensor([[7, 3, 4, 5, 3, 9]])
    torch.testing.assert_close(model(masked, torch.tensor([[0, 1, 1, 1, 1, 1]])).logits[0], alone)


@pytest.mark.parametrize("method", ["br", "cc", "lp"])
@pytest.mark.parametrize("ids", [torch.zeros(2, 0, dtype=torch.long), torch.zeros(2, 3, dtype=torch.long)], ids=str)
def test_documents_without_words(method, ids):
    model = make(method)
    output = model(ids, labels=torch.tensor([[1, 0, -100], [0, 1, 1]]))
    output.loss.backward()
    assert output.logits.isfinite().all()
    assert all(parameter.grad.isfinite().all() for parameter in model.parameters())


def test_a_chain_hands_decisions_on():
    """Order 2, 0, 1: label 2 holds and takes 5 from label 0, which then does not hold and gives nothing to label 1."""
    model = make("cc", chain_order=[2, 0, 1])
    with torch.no_grad():
        model.head.weight.zero_()
        model.head.bias.copy_(torch.tensor([1.0, -1.0, 2.0]))
        model.head.chain.copy_(torch.tensor([[9.0, 3.0, 9.0], [9.0, 9.0, 9.0], [-5.0, 0.5, 9.0]]))
    assert model(torch.tensor([[3]])).logits[0].tolist() == [-4.0, -0.5, 2.0]


class TestLabelPowerset:
    def test_only_label_sets_that_were_seen(self):
        model = make("lp", num_labels=6, num_label_sets=7, initializer_range=1.0)
        seen = torch.rand(7, 6) < 0.4
        with torch.no_grad():
            model.head.label_sets.copy_(seen)
            logits = model(torch.randint(3, 10, (500, 4))).logits
        answers = {tuple(row) for row in predict_labels(logits, 0.5).tolist()}
        assert answers <= {tuple(row) for row in seen.tolist()}
        assert len(answers) > 3

    @pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
    @pytest.mark.parametrize("margin", [0.0, 3.0, -1e30, 1e30])
    def test_sets_that_are_equally_good(self, dtype, margin):
        """The first of them, and not what they have in common."""
        model = make("lp").to(dtype)
        with torch.no_grad():
            model.head.label_sets.copy_(torch.tensor([[1, 1, 0], [0, 1, 1], [1, 0, 1], [0, 0, 0], [0, 0, 0]]))
            model.head.weight.zero_()
            model.head.bias.fill_(margin)
            assert predict_labels(model(torch.tensor([[3]])).logits, 0.5).tolist() == [[True, True, False]]

    def test_labels_in_all_sets_or_none(self):
        model = make("lp")
        with torch.no_grad():
            model.head.label_sets.copy_(torch.tensor([[1, 0, 0], [1, 1, 0], [1, 1, 0], [1, 0, 0], [1, 0, 0]]))
        logits = model(torch.tensor([[3, 4], [8, 9]])).logits
        assert (logits[:, 0] > 0).all() and (logits[:, 2] < 0).all() and logits.isfinite().all()

    def test_a_label_of_the_second_best_set_ranks_before_others(self):
        model = make("lp", num_label_sets=3)
        with torch.no_grad():
            model.head.weight.zero_()
            model.head.bias.copy_(torch.tensor([1.0, -2.0, -1.0]))  # the label sets {0}, {1}, {2}
        assert model(torch.tensor([[3]])).logits[0].tolist() == [2.0, -3.0, -2.0]
