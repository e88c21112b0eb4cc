# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Faults that are planted as they say."""

import numpy as np
import pytest

from benchmarks.planted_faults import flip_labels, plant_copies, plant_names
from labelwise.analysis.all_splits import join_splits
from labelwise.datasets_scripts import load_corpus


@pytest.fixture(scope="module")
def documents():
    return join_splits(load_corpus("support_tickets"))


def test_copies(documents):
    planted = plant_copies(documents, 40, seed=0)
    texts, labels_DL = planted.documents.texts, planted.documents.labels_DL
    assert len(texts) == len(documents.texts) + 40 == len(labels_DL) == len(planted.documents.ids)
    for source, copy, exact, other in zip(
        planted.source, planted.copy, planted.is_exact, planted.has_other_labels, strict=True
    ):
        assert (texts[source].split() == texts[copy].split()) == exact
        assert texts[source] != texts[copy]
        assert (labels_DL[source] != labels_DL[copy]).any() == other
    assert planted.is_exact.sum() == planted.has_other_labels.sum() == 20
    assert plant_copies(documents, 40, seed=0).documents.texts == texts
    assert plant_copies(documents, 40, seed=1).documents.texts != texts


def test_names():
    planted = plant_names(["refund", "crash report", "login"], 2, seed=0)
    assert [kind for _, _, kind in planted] == ["case"] * 2 + ["white space"] * 2 + ["plural"] * 2 + ["letter"] * 2
    assert all(name != other for name, other, _ in planted)
    assert all(len(other) == len(name) - 1 for name, other, kind in planted if kind == "letter")


def test_flips():
    labels_DL = (np.random.default_rng(0).random((2000, 3)) < [0.5, 0.2, 0.01]).astype(np.int8)
    moved_DL = flip_labels(labels_DL, "moved", 0.05, seed=0)
    assert (moved_DL.sum(axis=0) == labels_DL.sum(axis=0)).all()
    assert (moved_DL != labels_DL).sum() == pytest.approx(2 * 0.05 * labels_DL.sum(), rel=0.05)
    uniform_DL = flip_labels(labels_DL, "uniform", 0.05, seed=0)
    assert (uniform_DL != labels_DL).mean() == pytest.approx(0.05, abs=0.01)
    assert (flip_labels(labels_DL, "uniform", 0.05, seed=0) == uniform_DL).all()
