# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The beam search against every sequence there is, the loss against its formula, and what scores promise."""

import math
from itertools import permutations

import pytest
import torch

from labelwise import (
    CNNRNNConfig,
    CNNRNNForSequenceClassification,
    SGMConfig,
    SGMForSequenceClassification,
    predict_labels,
)
from labelwise.modeling.label_sequences import LabelDecoder, beam_search, label_logits, masked_log_softmax

END = 4  # the labels are 0 to 3
SMALL = {"vocab_size": 60, "embedding_size": 6, "num_labels": END, "max_words": 14, "initializer_range": 1.0}
IDS = torch.tensor([[5, 6, 7, 2, 8, 9, 2, 0], [10, 11, 2, 0, 0, 0, 0, 0], [12, 13, 14, 15, 16, 17, 2, 18], [0] * 8])
NETWORKS = {
    "sgm": (SGMForSequenceClassification, SGMConfig, {"hidden_size": 5}),
    "sgm-ge": (SGMForSequenceClassification, SGMConfig, {"hidden_size": 5, "global_embedding": True}),
    "cnn-rnn": (CNNRNNForSequenceClassification, CNNRNNConfig, {"num_filters": 5, "decoder_hidden_size": 7}),
}
SEQUENCES = [labels for number in range(END + 1) for labels in permutations(range(END), number)]


@pytest.fixture(params=NETWORKS)
def build(request):
    """`build(**settings)`: a model in evaluation mode whose weights all matter."""
    model_class, config_class, own = NETWORKS[request.param]

    def make(**settings):
        torch.manual_seed(0)
        model = model_class(config_class(**{**SMALL, **own, **settings})).eval()
        for parameter in model.parameters():
            torch.nn.init.normal_(parameter)
        return model

    return make


def read(model, ids=IDS):
    """Memory and state of documents before their first label."""
    if isinstance(model, SGMForSequenceClassification):
        return model.head.start(*model.sgm.read(ids))
    return model.head.start(model.cnn_rnn(ids).last_hidden_state)


def log_prob(model, document, labels, masked=()):
    """Of one sequence of one document, step by step."""
    memory, state = read(model, IDS[document : document + 1])
    total, last, gone = 0.0, END, set(masked)
    for label in (*labels, END):
        masked_11L = torch.tensor([[[other in gone for other in range(END)]]])
        log_probs_11V, state = model.head.step(memory, state, torch.tensor([[last]]), masked_11L)
        total = total + log_probs_11V[0, 0, label]
        last, gone = label, gone | {label}
    return total


def found(beams, document):
    """Log-probabilities by sequence, without those that are not there."""
    rows = zip(beams.labels_BKS[document].tolist(), beams.log_probs_BK[document].tolist(), strict=True)
    return {tuple(label for label in labels if label != END): value for labels, value in rows if value > -math.inf}


def search(model, num_beams, max_labels=END):
    masked = torch.zeros(len(IDS), END, dtype=torch.bool)
    return beam_search(model.head, *read(model), masked, num_beams, max_labels)


# The softmax


def test_masked_softmax():
    logits = torch.tensor([[[1.0, 2.0, 100.0, 4.0, 5.0]]])
    probs = masked_log_softmax(logits, torch.tensor([[[False, False, True, False]]])).exp()
    assert probs[0, 0, 2] == 0
    torch.testing.assert_close(probs[0, 0, [0, 1, 3, 4]], torch.tensor([1.0, 2.0, 4.0, 5.0]).softmax(0))
    ended = masked_log_softmax(logits, torch.ones(1, 1, 4, dtype=torch.bool))  # nothing but the end is left
    assert ended.exp().tolist() == [[[0, 0, 0, 0, 1]]]


@torch.no_grad()
def test_no_label_is_emitted_twice(build):
    """However much the network wants to."""
    model = build()
    model.head.output.bias.data += torch.tensor([9.0, 0.0, 0.0, 0.0, -9.0])
    beams = search(model, 100)
    for document in range(len(IDS)):
        for labels in found(beams, document):
            assert len(set(labels)) == len(labels)
    assert beams.log_probs_BK.isfinite().sum(dim=1).tolist() == [len(SEQUENCES)] * len(IDS)


# The search


@torch.no_grad()
@pytest.mark.parametrize("max_labels", [1, 2, END])
def test_a_wide_beam_finds_every_sequence(build, max_labels):
    model = build()
    beams = search(model, 70, max_labels)
    for document in range(len(IDS)):
        expected = {labels: log_prob(model, document, labels) for labels in SEQUENCES if len(labels) <= max_labels}
        assert found(beams, document) == pytest.approx({labels: p.item() for labels, p in expected.items()}, abs=1e-5)
    assert (beams.log_probs_BK.exp().sum(dim=1) <= 1 + 1e-5).all()
    if max_labels == END:
        torch.testing.assert_close(beams.log_probs_BK.exp().sum(dim=1), torch.ones(len(IDS)))


@torch.no_grad()
@pytest.mark.parametrize("num_beams", [1, 2, 3, 7])
def test_a_narrow_beam_finds_sequences_with_their_probability(build, num_beams):
    beams = search(build(), num_beams)
    every = search(build(), 70)
    assert beams.log_probs_BK.shape == (len(IDS), num_beams)
    assert beams.log_probs_BK.diff(dim=1).le(0).all()
    for document in range(len(IDS)):
        expected = found(every, document)
        for labels, value in found(beams, document).items():
            assert value == pytest.approx(expected[labels], abs=1e-5)


@torch.no_grad()
def test_a_search_of_one_set_finds_its_orders_only(build):
    model = build()
    wanted = torch.tensor([[True, True, False, True], [False] * 4, [False, False, True, False], [True] * 4])
    masked = torch.zeros_like(wanted)
    beams = beam_search(model.head, *read(model), masked, 30, END, wanted_BL=wanted)
    for document, row in enumerate(wanted):
        labels = row.nonzero().flatten().tolist()
        expected = {order: log_prob(model, document, order).item() for order in permutations(labels)}
        assert found(beams, document) == pytest.approx(expected, abs=1e-5)


@torch.no_grad()
def test_finished_documents_are_dropped(build, monkeypatch):
    model = build()
    model.head.output.bias.data[END] += 50
    rows = []
    step = model.head.step
    monkeypatch.setattr(
        model.head,
        "step",
        lambda memory, state, last, masked: rows.append(last.shape) or step(memory, state, last, masked),
    )
    search(model, 1)
    assert rows == [(4, 1)]  # no longer sequence can be as probable as none
    rows.clear()
    model.head.output.bias.data[END] -= 100
    search(model, 2)
    assert rows == [(4, 1), *[(4, 2)] * 4]


@torch.no_grad()
def test_neither_neighbours_nor_padding_change_logits(build):
    model = build(num_beams=3)
    together = model(IDS).logits
    wide = torch.cat([IDS, torch.zeros_like(IDS)], dim=1).roll(3, dims=1)
    torch.testing.assert_close(model(wide, attention_mask=(wide != 0).int()).logits, together, atol=1e-5, rtol=1e-5)
    for row in range(len(IDS)):
        torch.testing.assert_close(model(IDS[row : row + 1]).logits[0], together[row], atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize(
    "ids", [torch.zeros(2, 0, dtype=torch.long), torch.zeros(2, 3, dtype=torch.long), torch.ones(2, 3).long()]
)
def test_documents_of_no_and_of_unknown_words(build, ids):
    model = build().train()
    model(ids, labels=torch.tensor([[1, 0, 1, 0], [0, 0, 0, 0]])).loss.backward()
    for parameter in model.parameters():
        assert parameter.grad is None or parameter.grad.isfinite().all()
    assert model.eval()(ids).logits.isfinite().all()


# Scores


def test_scores_by_hand():
    log_probs = torch.tensor([[0.4, 0.2, 0.2, 0.0]]).log()
    sets = torch.tensor([[[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 1]]]).bool()
    scores = label_logits(log_probs, sets).sigmoid()[0].tolist()
    # Shares 6/8 and 4/8 of the found probability; the first label is in the best sequence.
    assert scores == pytest.approx([(0.75 + 1) / 2, 0.25, 0, 0], abs=2e-6)


@pytest.mark.parametrize("num_beams", [1, 2, 5, 30])
def test_scores_above_one_half_are_the_best_set(num_beams):
    generator = torch.Generator().manual_seed(0)
    sets = torch.rand(200, num_beams, 6, generator=generator) < 0.5
    log_probs = torch.randn(200, num_beams, generator=generator) * 3
    log_probs[:50] = -2.0  # all the same
    log_probs[50:90, 1:] = -math.inf
    logits = label_logits(log_probs, sets)
    assert logits.isfinite().all()
    best = sets[torch.arange(200), log_probs.argmax(dim=1)]
    assert predict_labels(logits, 0.5).equal(best) and predict_labels(logits.bfloat16(), 0.5).equal(best)


# The loss


@pytest.mark.parametrize("order", [None, [2, 0, 3, 1]])
def test_the_loss_is_that_of_the_labels_in_their_order(build, order):
    model = build(label_order=order)
    labels = torch.tensor([[1, 0, 1, 1], [0, 0, 0, 0], [0, 1, 0, 0], [1, 1, 1, 1]])
    sequences = [(0, 2, 3), (), (1,), (0, 1, 2, 3)] if order is None else [(2, 0, 3), (), (1,), (2, 0, 3, 1)]
    expected = -sum(log_prob(model, document, labels) for document, labels in enumerate(sequences)) / 4
    loss = model(IDS, labels=labels).loss
    torch.testing.assert_close(loss, expected)
    parameters = list(model.parameters())
    for one, other in zip(
        torch.autograd.grad(loss, parameters), torch.autograd.grad(expected, parameters), strict=True
    ):
        torch.testing.assert_close(one, other, atol=1e-5, rtol=1e-4)


def test_unknown_labels_are_no_part_of_sequence_and_softmax(build):
    model = build()
    labels = torch.tensor([[1, -100, 0, 1], [-100] * 4, [0, 1, 0, 0], [-100, 1, -100, 1]])
    sequences = [((0, 3), (1,)), ((), range(4)), ((1,), ()), ((1, 3), (0, 2))]
    expected = -sum(log_prob(model, document, *one) for document, one in enumerate(sequences)) / 4
    torch.testing.assert_close(model(IDS, labels=labels).loss, expected)
    assert log_prob(model, 1, (), range(4)) == 0


@pytest.mark.parametrize("objective", ["sequence", "set"])
def test_a_label_that_is_not_a_number_gives_such_a_loss(objective):
    """As in the other models, whose training stops then."""
    model = SGMForSequenceClassification(SGMConfig(**SMALL, hidden_size=5, objective=objective)).train()
    labels = torch.tensor([[1.0, 0.0, 0.0, 1.0]] * 4)
    assert model(IDS, labels=labels).loss.isfinite()
    labels[2, 1] = torch.nan
    assert model(IDS, labels=labels).loss.isnan()


def test_more_labels_than_are_predicted_still_have_a_loss(build):
    model = build(max_labels=1)
    output = model(IDS, labels=torch.ones(4, END))
    assert output.loss.isfinite()
    assert predict_labels(output.logits, 0.5).sum(dim=1).max() <= 1


def test_training_searches_only_without_labels(build):
    model = build().train()
    assert model(IDS, labels=torch.ones(4, END)).logits is None
    assert model(IDS).logits.shape == (4, END)
    assert not model(IDS).logits.requires_grad


@pytest.mark.parametrize("network", NETWORKS)
def test_it_learns_labels_that_words_tell(network):
    model_class, config_class, own = NETWORKS[network]
    torch.manual_seed(0)
    wide = {name: 8 * width for name, width in own.items() if name != "global_embedding"}
    model = model_class(config_class(**{**SMALL, **own, **wide, "embedding_size": 16, "dropout": 0.1})).train()
    labels = (torch.rand(40, END) < 0.4).int()
    ids = torch.where(labels.bool(), torch.arange(10, 14), torch.randint(20, 60, labels.shape))
    optimizer = torch.optim.Adam(model.parameters(), 1e-2)
    for _ in range(60):
        optimizer.zero_grad()
        model(ids, labels=labels).loss.backward()
        optimizer.step()
    assert predict_labels(model.eval()(ids).logits, 0.5).eq(labels).float().mean() > 0.95


def test_the_base_class_takes_no_step():
    decoder = LabelDecoder(SGMConfig(**SMALL), 6, 6)
    with pytest.raises(NotImplementedError):
        decoder.step((), (), None, None)
