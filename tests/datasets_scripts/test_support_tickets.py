# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
import hashlib
import json
import random
import re
from string import Formatter

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.multiclass import OneVsRestClassifier

from labelwise.datasets_scripts import load_corpus
from labelwise.datasets_scripts.support_tickets import write_ticket
from labelwise.datasets_scripts.support_tickets_templates import (
    COMPANIONS,
    DENIED,
    MAIN,
    NEUTRAL,
    PLAIN,
    SLOTS,
    VAGUE,
)
from labelwise.errors import UserInputError


@pytest.fixture(scope="module")
def tickets(tmp_path_factory):
    return load_corpus("support_tickets", cache_dir=str(tmp_path_factory.mktemp("cache")))


def indicators(dataset):
    labels_NL = np.zeros((len(dataset), 12), dtype=int)
    for row, labels in enumerate(dataset["labels"]):
        labels_NL[row, labels] = 1
    return labels_NL


def test_sizes_and_texts(tickets):
    assert {split: len(part) for split, part in tickets.items()} == {"train": 1600, "validation": 200, "test": 400}
    texts = [text for part in tickets.values() for text in part["text"]]
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert not re.search(r"[{}]|  ", text)
        assert 2 <= len(re.findall(r"[.?](?= [A-Z]|$)", text)) <= 6


def test_same_seed_same_tickets():
    one, two, other = ([write_ticket(rng, "x") for _ in range(50)] for rng in map(random.Random, (7, 7, 8)))
    assert one == two != other


def test_tickets_never_change(tickets):
    """Results in the docs are measured on these tickets: measure them again after a change of a template."""
    digest = hashlib.sha256(json.dumps(tickets["test"][:]).encode()).hexdigest()
    assert digest[:16] == "f59f8d5ce351bd01"


def test_labels_depend_on_each_other(tickets):
    labels_NL = indicators(tickets["train"])
    names = tickets["train"].features["labels"].feature.names
    billing, refund, crash = (labels_NL[:, names.index(name)] for name in ("billing", "refund", "crash"))
    assert refund[billing == 1].mean() > 1.5 * refund.mean()
    assert refund[crash == 1].mean() < 0.5 * refund.mean()
    frequencies = labels_NL.sum(axis=0)
    assert frequencies.max() > 5 * frequencies.min() > 5 * 30
    assert (labels_NL.sum(axis=1) == 0).any()


def test_neither_trivial_nor_hopeless(tickets):
    vectorizer = TfidfVectorizer()
    train = vectorizer.fit_transform(tickets["train"]["text"])
    classifier = OneVsRestClassifier(LogisticRegression(C=10)).fit(train, indicators(tickets["train"]))
    gold = indicators(tickets["test"])
    predicted = classifier.predict(vectorizer.transform(tickets["test"]["text"]))
    constant = np.zeros_like(gold)
    constant[:, indicators(tickets["train"]).sum(axis=0).argmax()] = 1
    assert 0.80 < f1_score(gold, predicted, average="micro") < 0.93
    assert f1_score(gold, constant, average="micro") < 0.3


def test_templates_fit_together():
    assert set(MAIN) == set(PLAIN)
    assert set(COMPANIONS) | {name for names in COMPANIONS.values() for name in names} <= set(MAIN)
    assert {name for names in VAGUE.values() for name in names} == set(MAIN)
    sentences = [*DENIED, *NEUTRAL, *VAGUE, *(sentence for group in PLAIN.values() for sentence in group)]
    assert len(set(sentences)) == len(sentences)
    assert {slot for sentence in sentences for _, slot, _, _ in Formatter().parse(sentence) if slot} == set(SLOTS)


def test_takes_no_folder(tmp_path):
    with pytest.raises(UserInputError, match="reads no files; leave data_dir out"):
        load_corpus("support_tickets", data_dir=str(tmp_path))
