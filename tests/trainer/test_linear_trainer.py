# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Fitted models give what scikit-learn's own estimators give."""

from itertools import pairwise

import datasets
import numpy as np
import pytest
import torch
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.multiclass import OneVsRestClassifier
from sklearn.multioutput import ClassifierChain
from sklearn.svm import LinearSVC

from labelwise import LinearTrainer, LinearTrainingArguments, TfidfLinearConfig, make_linear_model
from labelwise.errors import UserInputError

UNK, SEP = 1, 2


def ngrams(ids: list[int]) -> list[str]:
    words = [word for word in ids if word != SEP]
    pairs = [f"{one} {other}" for one, other in pairwise(words) if UNK not in (one, other)]
    return [str(word) for word in words if word != UNK] + pairs


@pytest.fixture(scope="module")
def corpus(planted_corpus):
    """Training and test documents, some words of them unknown, and one document empty."""

    def with_unknown(ids):
        return [UNK if word in (30, 31) else word for word in ids]

    corpus = [
        planted_corpus(number, seed).map(lambda row: {"input_ids": with_unknown(row["input_ids"])})
        for number, seed in ((120, 0), (40, 1))
    ]
    rows = corpus[1].to_dict()
    return corpus[0], datasets.Dataset.from_dict(
        {"input_ids": [*rows["input_ids"], []], "labels": [*rows["labels"], [0] * 4]}
    )


@pytest.fixture
def fit(tmp_path, word_tokenizer):
    def fit(documents, method, num_labels=4, C=3.0, workers=0, **settings):
        config = TfidfLinearConfig(method=method, vocab_size=60, num_labels=num_labels, **settings)
        args = LinearTrainingArguments(
            str(tmp_path),
            C=C,
            dataloader_num_workers=workers,
            eval_strategy="no",
            load_best_model_at_end=False,
            disable_tqdm=True,
            report_to=[],
        )
        model = make_linear_model(config, documents, UNK)
        trainer = LinearTrainer(model, args, train_dataset=documents, processing_class=word_tokenizer)
        trainer.train()
        return trainer

    return fit


@pytest.fixture(scope="module")
def features(corpus):
    vectorizer = TfidfVectorizer(analyzer=ngrams, min_df=2)
    return vectorizer.fit_transform(corpus[0]["input_ids"]), vectorizer.transform(corpus[1]["input_ids"])


def machine(C=3.0):
    return LinearSVC(C=C, random_state=42)


def logits_of(trainer, documents):
    return trainer.predict(documents).predictions


@pytest.mark.slow
@pytest.mark.parametrize("method", ["br", "cc", "lp"])
def test_several_processes_fit_the_same_bits(corpus, fit, method):
    labels = np.array(corpus[0]["labels"])
    labels[3:9, 1] = -100
    documents = corpus[0].remove_columns("labels").add_column("labels", labels.tolist())
    one, two = (fit(documents, method, workers=workers).model for workers in (0, 2))
    for first, second in zip(one.state_dict().values(), two.state_dict().values(), strict=True):
        assert first.equal(second)


def test_tf_idf_is_that_of_scikit_learn(corpus, features, fit):
    model = fit(corpus[0], "br").model
    for row, ids in enumerate(corpus[1]["input_ids"]):
        vector = model.tfidf_linear(torch.tensor([ids], dtype=torch.long)).last_hidden_state[0, 0]
        expected = features[1][row].toarray()[0]
        assert len(vector) == len(expected)
        # the order of the n-grams is another
        np.testing.assert_allclose(np.sort(vector.detach().numpy()), np.sort(expected), atol=1e-6)


@pytest.mark.parametrize("C", [0.1, 3.0])
def test_binary_relevance(corpus, features, fit, C):
    expected = OneVsRestClassifier(machine(C)).fit(features[0], np.array(corpus[0]["labels"]))
    np.testing.assert_allclose(
        logits_of(fit(corpus[0], "br", C=C), corpus[1]), expected.decision_function(features[1]), atol=1e-5
    )


@pytest.mark.parametrize("order", [None, [2, 0, 3, 1]])
def test_classifier_chain(corpus, features, fit, order):
    expected = ClassifierChain(machine(), order=order).fit(features[0], np.array(corpus[0]["labels"]))
    found = logits_of(fit(corpus[0], "cc", chain_order=order), corpus[1])
    np.testing.assert_allclose(found, expected.decision_function(features[1]), atol=1e-5)
    assert ((found > 0) == expected.predict(features[1])).all()


def test_label_powerset(corpus, features, fit):
    label_sets, classes = np.unique(corpus[0]["labels"], axis=0, return_inverse=True)
    expected = OneVsRestClassifier(machine()).fit(features[0], classes)
    found = logits_of(fit(corpus[0], "lp"), corpus[1])
    assert ((found > 0) == label_sets[expected.predict(features[1])]).all()


def documents_with(labels):
    ids = [[3, 4], [3, 5], [4, 5], [5, 4, 3]]
    return datasets.Dataset.from_dict({"input_ids": ids, "labels": labels})


@pytest.mark.parametrize("method", ["br", "cc", "lp"])
def test_labels_that_hold_everywhere_or_nowhere(fit, method):
    documents = documents_with([[1, 0, 1], [1, 0, 0], [1, 0, 1], [1, 0, 0]])
    found = logits_of(fit(documents, method, num_labels=3), documents)
    assert (found[:, 0] > 0).all() and (found[:, 1] < 0).all()
    assert (found[:, 2] > 0).tolist() == [True, False, True, False]


@pytest.mark.parametrize("method", ["br", "cc"])
def test_unknown_labels_are_left_out(fit, method):
    """A label that nobody knows of a document is as if the document were not there for it."""
    known = documents_with([[1, 0], [0, 1], [1, 0], [0, 1]])
    guessed = documents_with([[-100, 0], [0, 1], [1, 0], [0, 1]])
    one, other = fit(known, method, num_labels=2), fit(guessed, method, num_labels=2)
    assert not np.allclose(logits_of(one, known)[:, 0], logits_of(other, known)[:, 0])
    nobody = documents_with([[-100, 0], [-100, 1], [-100, 0], [-100, 1]])
    assert (logits_of(fit(nobody, method, num_labels=2), known)[:, 0] == -1).all()


def test_label_powerset_leaves_out_documents_that_are_not_wholly_known(fit):
    trainer = fit(documents_with([[-100, 0], [0, 1], [1, 0], [0, 1]]), "lp", num_labels=2)
    assert trainer.model.head.label_sets.tolist() == [[False, True], [True, False]]
    with pytest.raises(UserInputError, match="all labels known"):
        fit(documents_with([[-100, 0]] * 4), "lp", num_labels=2)


def test_every_fit_is_the_same(corpus, fit):
    first, second = (fit(corpus[0], "cc").model.state_dict() for _ in range(2))
    assert all(first[name].equal(second[name]) for name in first)
