# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Numbers of words, by size whatever their sign."""

import numpy as np
import pytest

from labelwise.analysis.explanation import MOST_SHOWN, Answer

from .explanations import MadeUp, lay_out


def make(weights_KW: list[list[float]]) -> MadeUp:
    words = [f"w{number}" for number in range(len(weights_KW[0]))]
    labels = [f"label {row}" for row in range(len(weights_KW))]
    return MadeUp.of(lay_out(words, np.zeros(len(words), dtype=int)), labels, np.array(weights_KW))


def test_shares_of_the_largest():
    explanation = make([[0.5, -2.0, 0.0], [0.0, 0.0, 0.0]])
    assert explanation.largest(0) == 2.0
    assert explanation.shares(0).tolist() == [0.25, -1.0, 0.0]
    assert explanation.shares(1).tolist() == [0.0, 0.0, 0.0]


def test_most_important_words():
    assert make([[0.5, -2.0, 0.0, 0.5]]).most_important(0) == [1, 0, 3]
    assert make([[0.0, 0.0]]).most_important(0) == []
    assert len(make([[1.0] * 20]).most_important(0)) == MOST_SHOWN


@pytest.mark.parametrize(("predicted", "told"), [(True, "predicted"), (False, "not predicted")])
def test_an_answer_in_words(predicted, told):
    assert str(Answer("tax", 0.4, 0.5986877, predicted)) == f"{told}, probability 0.599"
