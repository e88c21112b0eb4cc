# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""F1 of labels and the bins of their frequencies."""

import numpy as np
import pandas as pd
import pytest

from labelwise import MultiLabelMetrics
from labelwise.analysis.f1_by_frequency import draw_f1_by_frequency, f1_by_frequency, f1_of_labels


def test_f1_of_labels():
    logits = np.array([[1.0, 1.0, -1.0, -1.0], [1.0, -1.0, -1.0, -1.0], [-1.0, 1.0, -1.0, -1.0], [1.0] * 4])
    labels = np.array([[1, 0, 0, 1], [1, 0, 0, 0], [0, 1, 0, 0], [0, -100, -100, -100]])
    found = f1_of_labels(logits, labels, 0.5)
    assert found == pytest.approx([2 * 2 / (3 + 2), 2 * 1 / (2 + 1), 0, 0])
    assert np.mean(found) == pytest.approx(
        MultiLabelMetrics().compute(predictions=logits, references=labels)["macro_f1"]
    )
    assert f1_of_labels(logits, labels, [0.5, 0.5, 0.5, 0.1])[3] == pytest.approx(2 * 1 / (3 + 1))


def test_bins_hold_equally_many_labels():
    frequency = pd.Series([100, 1, 3, 50, 2, 4], index=list("abcdef"))
    f1 = pd.DataFrame({"one": [0.9, 0.0, 0.4, 0.7, 0.2, 0.6], "two": [1.0] * 6}, index=frequency.index)
    found = f1_by_frequency(frequency, f1, bins=3)
    assert found.index.names == ["from", "to", "labels"]
    assert found.index.tolist() == [(1, 2, 2), (3, 4, 2), (50, 100, 2)]
    assert found["one"].tolist() == pytest.approx([0.1, 0.5, 0.8]) and found["two"].tolist() == [1.0] * 3


@pytest.mark.parametrize(
    ("frequency", "bins", "sizes"),
    [([5, 5, 5, 5], 3, [4]), ([1, 1, 1, 9], 2, [3, 1]), ([0, 2, 7], 10, [1, 1, 1]), ([3], 1, [1])],
)
def test_labels_of_one_frequency_stay_together(frequency, bins, sizes):
    frequency = pd.Series(frequency)
    found = f1_by_frequency(frequency, pd.DataFrame({"m": np.linspace(0, 1, len(frequency))}), bins)
    assert found.index.get_level_values("labels").tolist() == sizes and found["m"].notna().all()


def test_a_line_a_model_and_the_bins_named():
    bins = pd.MultiIndex.from_tuples([(1, 1, 4), (3, 9, 5)], names=["from", "to", "labels"])
    table = pd.DataFrame({"lstm": [0.1, 0.5], "lw-lstm": [0.2, 0.6]}, index=bins)
    axes = draw_f1_by_frequency(table, "corpus, test").axes[0]
    assert [line.get_ydata().tolist() for line in axes.lines[:2]] == [[0.1, 0.5], [0.2, 0.6]]
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["1\n(4)", "3 to 9\n(5)"]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["lstm", "lw-lstm"]
    assert axes.get_ylabel() == "mean F1"
