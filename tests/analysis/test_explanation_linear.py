# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""What words add is exact: the terms sum to the logit, and their values are scikit-learn's TF-IDF."""

import numpy as np
import pytest
import torch
from sklearn.feature_extraction.text import TfidfVectorizer

from labelwise import MultiLabelClassifier
from labelwise.analysis.explain import explain

from ..tiny_corpus import make_documents

TEXT = "The ball a loan the BALL, a loan and zebra bread"
LABELS = ["bank", "food", "sport"]


@pytest.fixture(scope="module")
def fitted():
    """`fitted(method)`: a trained classifier."""
    documents = make_documents(60, 0)
    texts, labels = [row["text"] for row in documents], [row["labels"] for row in documents]
    models = {}

    def fit(method: str) -> MultiLabelClassifier:
        if method not in models:
            models[method] = MultiLabelClassifier(method).fit(texts, labels, validation=(texts, labels))
        return models[method]

    return fit


def explained(classifier, text=TEXT, labels=(0, 1, 2)):
    return explain(classifier.model, classifier.tokenizer, text, labels)


@pytest.mark.parametrize("method", ["br", "cc", "lp"])
@pytest.mark.parametrize("text", [TEXT, "ball", "zebra", "money loan account. soup, soup and money"])
def test_terms_sum_to_the_logit(fitted, method, text):
    found = explained(fitted(method), text)
    logits = fitted(method)._logits([text], 1)[0].tolist()
    for row in range(3):
        assert sum(term.contribution for term in found.terms[row]) == pytest.approx(logits[row], abs=2e-6)
        assert found.measures(row) == {"sum": pytest.approx(logits[row], abs=2e-6)}
        parts = [found.total(row, kind) for kind in ("word", "pair", "label", "bias")]
        assert sum(parts) == pytest.approx(logits[row], abs=2e-6)
        assert found.terms[row][-1].kind == "bias"
        # Words have all that words and pairs add, whatever the method.
        assert found.weights_KW[row].sum() == pytest.approx(parts[0] + parts[1])


def test_values_are_those_of_scikit_learn(fitted):
    classifier = fitted("br")
    found = explained(classifier)
    vectorizer = TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+|[^\w\s]", min_df=2)
    vectorizer.fit([row["text"] for row in make_documents(60, 0)])
    vector_F = vectorizer.transform([TEXT]).toarray()[0]
    expected = {name: vector_F[place] for name, place in vectorizer.vocabulary_.items() if vector_F[place]}
    terms = {term.name.lower(): term for term in found.terms[2][:-1]}
    assert {name: term.value for name, term in terms.items()} == pytest.approx(expected, abs=1e-6)
    assert (terms["ball"].kind, terms["ball"].count, terms["ball"].name) == ("word", 2, "ball")
    pairs = {name: term.count for name, term in terms.items() if term.kind == "pair"}
    assert pairs
    assert pairs == {name: TEXT.lower().replace(",", " ,").count(name) for name in expected if " " in name}
    assert "zebra" not in terms


def test_words_share_their_pairs(fitted):
    found = explained(fitted("br"))
    terms = {term.name: term for term in found.terms[2]}
    per_place = {name: term.contribution / term.count for name, term in terms.items()}
    neighbours = (per_place.get("The ball", 0) + per_place.get("ball a", 0)) / 2
    assert found.weights_KW[2, 1] == pytest.approx(per_place["ball"] + neighbours)
    zebra = [found.words.word(number) for number in range(len(found.words.spans))].index("zebra")
    assert found.weights_KW[2, zebra] == 0
    assert found.weights_KW[2, 1] > 0 > found.total(2, "bias")


def test_earlier_labels_of_a_chain(fitted):
    classifier = fitted("cc")
    model = classifier.model
    assert model.head.order == [0, 1, 2]
    found = explained(classifier, "money loan account bread soup apple")
    assert [answer.predicted for answer in found.answers] == [True, True, False]
    labels = [[(term.name, term.contribution) for term in terms if term.kind == "label"] for terms in found.terms]
    chain = model.head.chain.detach()
    assert labels[0] == []
    assert labels[1] == [("bank", float(chain[0, 1]))]
    assert labels[2] == [("bank", float(chain[0, 2])), ("food", float(chain[1, 2]))]
    told = f"earlier labels {chain[0, 2] + chain[1, 2]:+.3f} (bank {chain[0, 2]:+.3f}, food {chain[1, 2]:+.3f})"
    assert told in found.trust(2)
    # A label that was decided before, but is not predicted, adds nothing.
    assert not any(term.kind == "label" for term in explained(classifier, "the ball. a goal team").terms[1])


def test_chain_in_another_order(fitted):
    model = fitted("cc").model
    found = explained(fitted("cc"), "money loan account bread soup apple")
    order, model.head.order = model.head.order, [1, 0, 2]
    try:
        found = explained(fitted("cc"), "money loan account bread soup apple")
        assert [term.name for term in found.terms[0] if term.kind == "label"] == ["food"]
        assert not any(term.kind == "label" for term in found.terms[1])
        for row in range(3):
            assert found.total(row) == pytest.approx(found.answers[row].logit, abs=2e-6)
    finally:
        model.head.order = order


def test_label_sets_of_a_label_powerset(fitted):
    classifier = fitted("lp")
    model, text = classifier.model, "money loan account"
    found = explained(classifier, text)
    margins_S = (
        model.base_model(**classifier.tokenizer([text], return_tensors="pt")).last_hidden_state[0, 0]
        @ model.head.weight
        + model.head.bias
    ).detach()
    has_bank_S = model.head.label_sets[:, 0]
    best, other = margins_S.masked_fill(~has_bank_S, -9).argmax(), margins_S.masked_fill(has_bank_S, -9).argmax()
    names = [
        "{" + (", ".join(LABELS[label] for label in model.head.label_sets[number].nonzero()[:, 0]) or "no label") + "}"
        for number in (best, other)
    ]
    assert names[0] == "{" + ", ".join(answer.label for answer in found.answers if answer.predicted) + "}"
    assert found.trust(0).endswith(
        f"sum to the logit, {found.answers[0].logit:+.3f}: the label set {names[0]} against {names[1]}"
    )
    assert found.terms[0][-1].weight == pytest.approx(float((model.head.bias[best] - model.head.bias[other]).detach()))


@pytest.mark.parametrize(("has_label", "told"), [(True, "1 above the lowest"), (False, "1 below the lowest")])
def test_a_label_of_all_or_no_label_sets(fitted, has_label, told):
    head = fitted("lp").model.head
    kept = head.label_sets.clone()
    head.label_sets[:, 1] = has_label
    try:
        found = explained(fitted("lp"))
        assert f"{told} margin" in found.trust(1)
        assert found.total(1) == pytest.approx(found.answers[1].logit, abs=2e-6)
    finally:
        head.label_sets.copy_(kept)


@pytest.mark.parametrize("method", ["br", "cc", "lp"])
def test_calibrated_logits(fitted, method):
    classifier = fitted(method)
    text = "money loan account bread soup apple"
    plain = explained(classifier, text)
    classifier.model.config.calibration = {"method": "platt", "scale": [2.0, 0.5, 3.0], "offset": [-1.0, 0.25, 5.0]}
    try:
        found = explained(classifier, text)
    finally:
        classifier.model.config.calibration = None
    for row, (scale, offset) in enumerate([(2.0, -1.0), (0.5, 0.25), (3.0, 5.0)]):
        assert found.total(row) == pytest.approx(found.answers[row].logit, abs=1e-5)
        assert found.total(row) == pytest.approx(scale * plain.total(row) + offset, abs=1e-5)
        # The decisions of a chain are those on its margins.
        assert [term.name for term in found.terms[row]] == [term.name for term in plain.terms[row]]
    assert "contain the calibration" in found.description


def test_words_cut_off(fitted):
    classifier = fitted("br")
    kept, classifier.model.config.max_words = classifier.model.config.max_words, 2
    try:
        found = explained(classifier, "the ball ball")
        assert [(term.name, term.count) for term in found.terms[2]] == [
            ("the", 1),
            ("ball", 1),
            ("the ball", 1),
            ("bias", 1),
        ]
        assert found.weights_KW[2, 2] == 0
    finally:
        classifier.model.config.max_words = kept


def test_table_ends_with_the_sum(fitted):
    found = explained(fitted("br"), " ".join(row["text"] for row in make_documents(5, 3)))
    header, *rows = found.highest(0)
    names = [row[0] for row in rows]
    assert len(names) == 13
    assert names[10].endswith(" others")
    assert names[11:] == ["bias", "sum: the logit"]
    sizes = [abs(float(row[-1])) for row in rows[:10]]
    assert sizes == sorted(sizes, reverse=True)
    assert sum(float(row[-1]) for row in rows[:12]) == pytest.approx(float(rows[12][-1]), abs=0.01)
    assert [header[0], header[-1]] == ["Word or pair", "Adds"]


def test_the_same_on_every_label(fitted):
    one = explained(fitted("br"), labels=[2])
    all_labels = explained(fitted("br"))
    np.testing.assert_array_equal(one.weights_KW[0], all_labels.weights_KW[2])
    assert torch.is_grad_enabled()
