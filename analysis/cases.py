# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Documents on which models differ (LW-PT, Table 6)."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Case(NamedTuple):
    """One document.

    Attributes:
        id (`str`): Id of the document.
        text (`str`): Its text.
        labels (`set[str]`): Its true labels.
        predicted (`list[set[str]]`): Labels that each model predicts, without those that are unknown of the document.
    """

    id: str
    text: str
    labels: set[str]
    predicted: list[set[str]]

    @property
    def is_gain(self) -> bool:
        """`True` if the last model predicts exactly the true labels, and the first does not."""
        return self.predicted[-1] == self.labels != self.predicted[0]

    @property
    def is_loss(self) -> bool:
        """`True` if the first model predicts exactly the true labels, and the last does not."""
        return self.predicted[0] == self.labels != self.predicted[-1]


def find_cases(cases: Sequence[Case]) -> list[Case]:
    """Return the cases on which models differ, the most instructive first.

    Gains come first, as in the paper; then one case of each set of true labels before a second one, many labels before
    few, short texts before long ones. The first cases do not measure the quality of a model: count gains and losses
    over all cases.

    Args:
        cases (`Sequence[Case]`): All documents of a split.
    """
    differing = [case for case in cases if any(labels != case.predicted[0] for labels in case.predicted)]  # Table 6
    differing.sort(key=lambda case: (not case.is_gain, -len(case.labels), len(case.text)))
    seen, earlier = Counter(), {}
    for case in differing:
        earlier[id(case)] = seen[frozenset(case.labels)]
        seen[frozenset(case.labels)] += 1
    return sorted(differing, key=lambda case: (not case.is_gain, earlier[id(case)]))
