# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Correlation between labels, against hand-made label sets and SciPy."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import spearmanr

from labelwise.analysis.label_correlation import (
    draw_label_correlation,
    label_correlation,
    most_correlated,
    order_by_clusters,
)

HOLDS = np.array(
    # a  b  c  d  never always
    [[1, 1, 0, 1, 0, 1], [1, 1, 0, 0, 0, 1], [0, 0, 1, 1, 0, 1], [0, 0, 1, 0, 0, 1]]
)
NAMES = ["a", "b", "c", "d", "never", "always"]


def test_hand_made_label_sets():
    found = label_correlation(HOLDS, NAMES)
    assert found.loc["a", "b"] == pytest.approx(1)
    assert found.loc["a", "c"] == pytest.approx(-1)
    assert found.loc["a", "d"] == pytest.approx(0)
    assert found.loc["never"].isna().all() and found["always"].isna().all()
    assert list(found) == list(found.index) == NAMES


def test_unknown_labels_are_left_out():
    labels = np.array([[1, 1, 0], [0, 0, 1], [1, 0, 1], [0, -100, 0], [-100, 1, 1], [-100, -100, 0]], dtype=np.int8)
    found = label_correlation(labels, ["a", "b", "c"])
    assert found.loc["a", "b"] == pytest.approx(np.corrcoef(labels[:3, 0], labels[:3, 1])[0, 1])
    assert found.loc["a", "c"] == pytest.approx(np.corrcoef(labels[:4, 0], labels[:4, 2])[0, 1])
    assert found.loc["c", "c"] == pytest.approx(1)


def test_pearson_and_spearman_are_one():
    rng = np.random.default_rng(0)
    holds = (rng.random((200, 5)) < [0.02, 0.1, 0.3, 0.5, 0.9]) | (rng.random((200, 1)) < 0.1)
    found = label_correlation(holds.astype(np.int8), list("abcde"))
    np.testing.assert_allclose(found, np.corrcoef(holds.T), atol=1e-12)
    np.testing.assert_allclose(found, spearmanr(holds).statistic, atol=1e-12)


def test_the_most_correlated():
    found = label_correlation(HOLDS, NAMES)
    assert most_correlated(found, 2) == ["a", "b"]
    assert most_correlated(found, 99) == NAMES


def test_labels_without_a_correlation_are_named():
    figure = draw_label_correlation(label_correlation(HOLDS, NAMES), "corpus, train")
    axes = figure.axes[0]
    assert axes.get_title() == "corpus, train"
    assert "in no document, or in all: never, always" in axes.get_xlabel()
    order = [tick.get_text() for tick in axes.get_yticklabels()]
    assert sorted(order) == sorted(NAMES)
    drawn = pd.DataFrame(axes.collections[0].get_array().reshape(6, 6).filled(np.nan), order, order)
    assert drawn.loc["never"].isna().all() and drawn.loc["a", "b"] == pytest.approx(1)
    assert axes.get_ylabel() == "label" and "Pearson = Spearman" in figure.axes[1].get_ylabel()


def test_labels_that_go_together_are_side_by_side():
    pairs = np.repeat(np.random.default_rng(0).integers(0, 2, (50, 3)), 2, axis=1)
    mixed = label_correlation(pairs, ["a", "b", "c", "d", "e", "f"])[["a", "c", "e", "b", "d", "f"]]
    order = order_by_clusters(mixed.loc[mixed.columns])
    assert sorted(order[:2]) in (["a", "b"], ["c", "d"], ["e", "f"])
    assert sorted(order[2:4]) in (["a", "b"], ["c", "d"], ["e", "f"])


def test_no_label_is_named_where_all_vary():
    figure = draw_label_correlation(label_correlation(HOLDS[:, :4], NAMES[:4]), "")
    assert figure.axes[0].get_xlabel() == "label"


def test_nothing_but_constants_can_be_drawn():
    draw_label_correlation(label_correlation(HOLDS[:, 4:], NAMES[4:]), "")
