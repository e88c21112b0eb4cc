# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""SGM against its equations, written out for one document, and set-RNN against the sum over all orders."""

import math
from itertools import chain, combinations, permutations

import pytest
import torch
from torch import nn

from labelwise import SGMConfig, SGMForSequenceClassification, SGMModel, predict_labels

END = 4  # the labels are 0 to 3
IDS = torch.tensor([[5, 6, 7, 2, 8, 9, 2, 0], [10, 11, 2, 0, 0, 0, 0, 0], [12, 13, 14, 15, 16, 17, 2, 18], [0] * 8])
SETS = list(chain.from_iterable(combinations(range(END), number) for number in range(END + 1)))


def build(model_class=SGMForSequenceClassification, seed=0, **settings):
    torch.manual_seed(seed)
    small = {"vocab_size": 60, "embedding_size": 6, "hidden_size": 5, "num_labels": END, "max_words": 7}
    model = model_class(SGMConfig(**{**small, "initializer_range": 1.0, **settings})).eval()
    for parameter in model.parameters():
        nn.init.normal_(parameter)
    return model


def words(ids, limit=7):
    return [word for word in ids if word not in (0, 2)][:limit]


@pytest.mark.parametrize("num_hidden_layers", [1, 2])
def test_the_encoder_is_a_bidirectional_lstm(num_hidden_layers):
    model = build(SGMModel, num_hidden_layers=num_hidden_layers)
    states, lengths = model.read(IDS)
    final = model(IDS).last_hidden_state
    assert lengths.tolist() == [5, 2, 7, 0] and final.shape == (4, 1, 10)
    for document, ids in enumerate(IDS.tolist()[:3]):
        expected, (hidden, _) = model.rnn(model.embeddings(torch.tensor(words(ids)))[None])
        torch.testing.assert_close(states[document, : len(words(ids))], expected[0])
        assert states[document, len(words(ids)) :].eq(0).all()
        torch.testing.assert_close(final[document, 0], torch.cat([hidden[-2, 0], hidden[-1, 0]]))
    assert final[3].eq(0).all()


def by_the_equations(model, ids, labels):
    """Distribution of each step, the labels given (Eqs. 2-13)."""
    head, embed = model.head, model.head.label_embeddings
    h = model.sgm.rnn(model.sgm.embeddings(torch.tensor(words(ids)))[None])[0][0]
    half = h.shape[1] // 2
    s, cell = torch.cat([h[-1, :half], h[0, half:]]), torch.zeros(2 * half)
    c = torch.zeros(2 * half)
    y, distributions = None, []
    for step, last in enumerate([END, *labels]):
        g = embed.weight[last]
        if model.config.global_embedding and y is not None:
            mean = sum(y[i] * embed.weight[i] for i in range(END + 1))  # Eq. 11
            gate = torch.sigmoid(head.gate_of_label.weight @ g + head.gate_of_mean.weight @ mean)  # Eq. 13
            g = (1 - gate) * g + gate * mean  # Eq. 12
        s, cell = head.cell(torch.cat([g, c]), (s, cell))  # Eq. 7
        e = torch.stack([head.score.weight[0] @ torch.tanh(head.query.weight @ s + head.key.weight @ h_i) for h_i in h])
        c = e.softmax(0) @ h  # Eqs. 4-6
        o = head.output(torch.tanh(head.from_state.weight @ s + head.from_context.weight @ c))  # Eq. 8
        mask = torch.tensor([-math.inf if i in labels[:step] else 0.0 for i in range(END + 1)])  # Eq. 10
        y = torch.softmax(o + mask, 0)  # Eq. 9
        distributions.append(y)
    return distributions


@pytest.mark.parametrize("global_embedding", [False, True])
def test_the_loss_is_that_of_the_equations(global_embedding):
    model = build(global_embedding=global_embedding)
    labels = torch.tensor([[1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]])
    expected = 0.0
    for ids, row in zip(IDS.tolist(), labels, strict=False):
        sequence = row.nonzero().flatten().tolist()
        distributions = by_the_equations(model, ids, sequence)
        expected -= sum(y[label].log() for y, label in zip(distributions, [*sequence, END], strict=True)) / 3
    torch.testing.assert_close(model(IDS[:3], labels=labels).loss, expected)


# Set-RNN


def set_model(**settings):
    return build(objective="set", **{"num_beams": 24, **settings})


def set_prob(model, document, labels):
    """The sum over all orders, each by itself."""
    total = 0.0
    for order in permutations(labels):
        distributions = by_the_equations(model, document, list(order))
        total += math.prod(y[label] for y, label in zip(distributions, [*order, END], strict=True))
    return total


def multi_hot(sets):
    return torch.tensor([[label in labels for label in range(END)] for labels in sets])


def log_probs_of_sets(model, ids, sets):
    memory, state = model.head.start(*model.sgm.read(ids))
    sets = multi_hot(sets)
    return model.head.log_probs_of_sets(memory, state, sets, torch.zeros_like(sets))


@pytest.mark.parametrize("global_embedding", [False, True])
def test_set_probabilities_are_those_of_all_orders(global_embedding):
    model = set_model(global_embedding=global_embedding)
    for ids in IDS[:3]:
        found = log_probs_of_sets(model, ids.expand(len(SETS), -1), SETS).exp()
        expected = torch.stack([set_prob(model, ids.tolist(), labels) for labels in SETS])
        torch.testing.assert_close(found, expected)
        torch.testing.assert_close(found.sum(), torch.tensor(1.0))


def test_fewer_beams_than_orders_give_no_more_than_the_probability():
    exact = log_probs_of_sets(set_model(), IDS[:1].expand(len(SETS), -1), SETS)
    few = log_probs_of_sets(set_model(num_beams=3), IDS[:1].expand(len(SETS), -1), SETS)
    small = torch.tensor([math.factorial(len(labels)) <= 3 for labels in SETS])
    torch.testing.assert_close(few[small], exact[small])
    assert (few[~small] < exact[~small]).all()
    assert few.isfinite().all()


def test_the_set_loss_and_its_gradients():
    model = set_model(num_beams=30)  # more than there are orders
    labels = torch.tensor([[1, 0, 1, 1], [0, 0, 0, 0], [1, 1, 1, 1]])
    loss = model.train(False)(IDS[:3], labels=labels).loss
    sets = [row.nonzero().flatten().tolist() for row in labels]
    expected = -sum(set_prob(model, ids, one).log() for ids, one in zip(IDS[:3].tolist(), sets, strict=True)) / 3
    torch.testing.assert_close(loss, expected)
    parameters = list(model.parameters())
    for one, other in zip(
        torch.autograd.grad(loss, parameters), torch.autograd.grad(expected, parameters), strict=True
    ):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-3)


def test_unknown_labels_are_no_part_of_the_set_and_of_the_softmax():
    model = set_model()
    model.head.output.bias.data[2] = 20.0  # would take all of the probability
    known = torch.tensor([[1, 0, 0, 1]])
    unknown = torch.tensor([[1, 0, -100, 1]])
    assert model(IDS[:1], labels=known).loss > 10 > model(IDS[:1], labels=unknown).loss
    assert model(IDS[:1], labels=torch.full((1, END), -100)).loss == 0


@torch.no_grad()
def test_the_most_probable_set_is_predicted_not_that_of_the_most_probable_sequence():
    differ = 0
    for seed in range(8):
        by_set = build(objective="set", num_beams=70, seed=seed)
        by_sequence = build(num_beams=70, seed=seed)
        by_sequence.load_state_dict(by_set.state_dict())
        found = predict_labels(by_set(IDS).logits, 0.5)
        for document in range(len(IDS)):
            best = log_probs_of_sets(by_set, IDS[[document]].expand(len(SETS), -1), SETS).argmax()
            assert found[document].equal(multi_hot(SETS)[best])
        differ += found.ne(predict_labels(by_sequence(IDS).logits, 0.5)).any(dim=1).sum()
    assert differ > 0


@torch.no_grad()
def test_scores_of_sets_are_shares_of_their_probability():
    model = set_model(num_beams=70)
    probs = log_probs_of_sets(model, IDS[:1].expand(len(SETS), -1), SETS).exp()
    expected = (probs @ multi_hot(SETS).float() + multi_hot(SETS)[probs.argmax()]) / 2
    torch.testing.assert_close(model(IDS[:1]).logits[0].sigmoid(), expected)


@torch.no_grad()
@pytest.mark.parametrize("num_beams", [1, 2, 5])
def test_set_predictions_do_not_depend_on_neighbours(num_beams):
    model = set_model(num_beams=num_beams)
    together = model(IDS).logits
    for row in range(len(IDS)):
        torch.testing.assert_close(model(IDS[row : row + 1]).logits[0], together[row], atol=1e-5, rtol=1e-5)


def test_set_gradients_of_documents_of_no_words_are_finite():
    model = set_model().train()
    labels = torch.tensor([[1, 0, 1, 0], [0, 0, 0, 0]])
    model(torch.zeros(2, 3, dtype=torch.long), labels=labels).loss.backward()
    model(torch.ones(2, 3, dtype=torch.long), labels=labels).loss.backward()
    assert all(parameter.grad.isfinite().all() for parameter in model.head.parameters())
