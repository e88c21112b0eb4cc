# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents on which models differ (LW-PT, Table 6)."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Case(NamedTuple):
    """One document.

    Attributes:
        id (`str`): Of the document.
        text (`str`): Its text.
        labels (`set[str]`): Its true labels.
        predicted (`list[set[str]]`): What each model predicts.
    """

    id: str
    text: str
    labels: set[str]
    predicted: list[set[str]]

    @property
    def is_gain(self) -> bool:
        """Whether the last model is right, all labels and no other, and the first is not."""
        return self.predicted[-1] == self.labels != self.predicted[0]

    @property
    def is_loss(self) -> bool:
        """Whether the first model is right and the last is not."""
        return self.predicted[0] == self.labels != self.predicted[-1]


def find_cases(cases: Sequence[Case]) -> list[Case]:
    """The cases whose predictions are not all the same, the most instructive first.

    Gains come first, as in the paper; then one case of each set of true labels before a second one, many labels before
    few, short texts before long ones. What is read off the first of them is no measure of how good a model is: count
    gains and losses over all of them.
    """
    differing = [case for case in cases if any(labels != case.predicted[0] for labels in case.predicted)]  # Table 6
    differing.sort(key=lambda case: (not case.is_gain, -len(case.labels), len(case.text)))
    seen, earlier = Counter(), {}
    for case in differing:
        earlier[id(case)] = seen[frozenset(case.labels)]
        seen[frozenset(case.labels)] += 1
    return sorted(differing, key=lambda case: (not case.is_gain, earlier[id(case)]))
